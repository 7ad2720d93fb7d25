"""Forms of the evaluation: a comment on a preliminary report, and what is decided on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.oversight.procedure.discussion import LONGEST


class CommentForm(forms.Form):
    """A comment of anybody, without an account."""

    author = forms.CharField(
        label=_("Your name"),
        max_length=250,
        help_text=_("Only the state body sees it. It is not published."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    text = forms.CharField(
        label=_("Comment or proposal"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST}),
    )
    # Programs fill in what people do not see.
    website = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
        label=_("Leave this field empty"),
    )

    @property
    def is_trap_sprung(self) -> bool:
        """Whether a program filled in the field that nobody sees."""
        return bool(self.cleaned_data.get("website"))


class DecisionForm(forms.Form):
    """Whether a comment is accepted, and why."""

    accepted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("accepted")), ("no", _("not accepted"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reasons"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}),
    )

    def given(self) -> dict[str, Any]:
        """What the step takes."""
        return {name: self.cleaned_data[name] for name in ("accepted", "reason")}
