"""Forms of whom a project reached beyond its events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.faces.widgets import DateInput
from ortaq.projects.procedure.reach import Reached

NAME, MOST_NAMES, MOST_PEOPLE = 500, 100, 20_000_000


class AudienceForm(forms.Form):
    """An audience that a publication or broadcast reached."""

    day = forms.DateField(label=_("Date"), widget=DateInput())
    name = forms.CharField(
        label=_("By what, and whose figure it is"),
        max_length=NAME,
        widget=forms.Textarea({"rows": 2, "maxlength": NAME}),
        help_text=_("For example: interview on the regional channel; audience by its own report."),
    )
    people = forms.IntegerField(label=_("People reached"), min_value=1, max_value=MOST_PEOPLE)

    def lines(self) -> list[Reached]:
        return [Reached(self.cleaned_data["name"], self.cleaned_data["people"])]


class NgosForm(forms.Form):
    """NGOs that took part in the project, one on each line; those named by participants are offered."""

    day = forms.DateField(label=_("Date"), widget=DateInput())
    names = forms.CharField(
        label=_("Names of NGOs, each on its own line"),
        max_length=NAME * MOST_NAMES,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, data: Any = None, *, offered: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if offered:
            self.initial["names"] = "\n".join(offered)
            self.fields["names"].help_text = _(
                "Participants named these organisations as their place of work. Take out those that are none."
            )

    def clean_names(self) -> list[str]:
        """The names, each once."""
        rows = (" ".join(line.split()) for line in self.cleaned_data["names"].splitlines())
        names = list(dict.fromkeys(row for row in rows if row))
        if len(names) > MOST_NAMES or any(len(name) > NAME for name in names):
            raise forms.ValidationError(
                _("Write at most %(count)s names of at most %(length)s characters each."),
                params={"count": MOST_NAMES, "length": NAME},
            )
        return names

    def lines(self) -> list[Reached]:
        return [Reached(name) for name in self.cleaned_data["names"]]
