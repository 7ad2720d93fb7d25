"""Forms of the schedule of reports, of the results that are published, of the act."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.core.files import SCANS, store
from ortaq.core.models import StoredFile
from ortaq.core.money import MoneyField
from ortaq.faces.widgets import DateInput
from ortaq.people.models import User
from ortaq.projects.models import Act, Presentation
from ortaq.projects.procedure.schedule import Round

from .blocks import EARLIEST, LATEST

LONG = 20_000
MOST_ROUNDS = 24


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=DateInput())


class RoundForm(forms.Form):
    """One period with the day on which its reports are due."""

    begins = _day(_("Period from"))
    ends = _day(_("Period to"))
    due = _day(_("Due on"), required=False)

    def clean(self) -> dict[str, Any]:
        """No day of another century: a slip of the finger."""
        found = super().clean() or {}
        for name, day in found.items():
            if hasattr(day, "year") and not EARLIEST <= day <= LATEST:
                self.add_error(name, ValidationError(_("Check the year."), code="year"))
        return found


RoundRows = forms.formset_factory(
    RoundForm, extra=1, can_delete=True, max_num=MOST_ROUNDS, validate_max=True
)


class ScheduleForm:
    """The interim rounds as rows, the final one below them."""

    def __init__(self, data: Any = None, *, rounds: list[Round]) -> None:
        def initial(one: Round) -> dict[str, Any]:
            return {"begins": one.begins, "ends": one.ends, "due": one.due}

        interim = [initial(one) for one in rounds if not one.is_final]
        final = next((initial(one) for one in rounds if one.is_final), None)
        self.rows = RoundRows(data, prefix="rounds", initial=interim)
        self.final = RoundForm(data, prefix="final", initial=final)

    def is_valid(self) -> bool:
        return all([self.rows.is_valid(), self.final.is_valid()])

    def rounds(self) -> list[Round]:
        """What was typed; rows left empty or ticked for removal are left out."""
        rows = [
            form.cleaned_data
            for form in self.rows
            if form.cleaned_data.get("begins") and not form.cleaned_data.get("DELETE")
        ]
        final = self.final.cleaned_data
        return [
            *(Round(False, row["begins"], row["ends"], row["due"]) for row in rows),
            Round(True, final["begins"], final["ends"], final["due"]),
        ]


class ResultsForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """What everybody reads about the results."""

    class Meta:
        model = Presentation
        fields = ("summary_kk", "summary_ru")
        widgets = {
            name: forms.Textarea({"rows": 8, "maxlength": LONG})
            for name in ("summary_kk", "summary_ru")
        }


class ActForm(forms.ModelForm):  # type: ignore[type-arg]
    """Number, day, sum and services; saved by the step `edit`."""

    sum_tiyn = MoneyField(label=_("Sum"))

    class Meta:
        model = Act
        fields = ("number", "day", "sum_tiyn", "services")
        widgets = {
            "day": DateInput(),
            "services": forms.Textarea({"rows": 6, "maxlength": LONG}),
        }


class SignActForm(forms.Form):
    """The scan of the signed act, if there is one."""

    scan = forms.FileField(
        label=_("Scan of the signed act"),
        required=False,
        help_text=_("PDF, PNG or JPG, up to 20 MB."),
    )

    def stored(self, person: User | None) -> StoredFile | None:
        """Keep the scan; `ValidationError` when its content is none."""
        upload = self.cleaned_data["scan"]
        if not upload:
            return None
        return store(upload, name=upload.name, person=person, allowed=SCANS)
