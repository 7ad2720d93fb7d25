"""Dates, places, partners and target groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.projects import changing, completeness, months
from ortaq.projects.changing import Row
from ortaq.projects.forms.rows import running

from .base import ChangeForm, Kind, area, day


class TermFields(forms.Form):
    months = forms.MultipleChoiceField(label=_("Months"), widget=forms.CheckboxSelectMultiple())
    term = forms.CharField(
        label=_("Term, as printed"),
        max_length=500,
        required=False,
        help_text=_("Left empty, it is written from the months."),
    )

    def offer_months(self, contract: Any, *more: str) -> None:
        field: Any = self.fields["months"]
        known = sorted({*running(contract), *more})
        field.choices = [(one, months.said([one], get_language() or "kk")) for one in known]

    def printed(self, contract: Any) -> str:
        """The term as typed, or in words from the months."""
        term = months.between(contract.starts_on, contract.ends_on)
        language = "ru" if contract.title_ru and not contract.title_kk else "kk"
        chosen = self.cleaned_data["months"]
        return self.cleaned_data["term"] or months.said(chosen, language, of=term)


class TermForm(TermFields, ChangeForm):
    kind = Kind.DATES
    title = _("The term of an activity")
    activity = forms.ChoiceField(label=_("Activity"))
    field_order = ["activity"]

    def prepare(self) -> None:
        self.choose("activity", self.plan.activities)
        self.offer_months(self.contract)

    def meant(self) -> Iterator[Row | None]:
        key = self.cleaned_data["activity"]
        yield self.plan.row(changing.ACTIVITY, key, "months", self.cleaned_data["months"])
        yield self.plan.row(changing.ACTIVITY, key, "term", self.printed(self.contract))


class EndForm(ChangeForm):
    kind = Kind.DATES
    title = _("The last day of the project")
    ends_on = day(_("New last day"))

    def meant(self) -> Iterator[Row | None]:
        ends = self.cleaned_data["ends_on"]
        yield self.plan.row(changing.CONTRACT, "", "ends_on", ends)
        # Block I prints the same period (GR-I-01).
        if self.contract.general.get("period") and self.contract.starts_on:
            period = f"{self.contract.starts_on:%d.%m.%Y} – {ends:%d.%m.%Y}"
            yield self.plan.row(changing.CONTRACT, "", "general.period", period)


class PlaceForm(ChangeForm):
    kind = Kind.PLACE
    title = _("The place of an activity")
    activity = forms.ChoiceField(label=_("Activity"))
    place = area(
        _("New place"),
        help_text=_(
            "Each place on its own line, with the number of events if it is planned: Көкшетау – 3 іс-шара."
        ),
    )

    def prepare(self) -> None:
        self.choose("activity", self.plan.activities)

    def meant(self) -> Iterator[Row | None]:
        data = self.cleaned_data
        yield self.plan.row(changing.ACTIVITY, data["activity"], "place", data["place"])


class GeneralForm(ChangeForm):
    """One row of block I."""

    block: ClassVar[str]
    text = area("", rows=6)

    def prepare(self) -> None:
        self.fields["text"].label = completeness.GENERAL[self.block]
        self.fields["text"].initial = self.contract.general.get(self.block, "")

    def meant(self) -> Iterator[Row | None]:
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        yield self.plan.row(changing.CONTRACT, "", f"general.{self.block}", text)


class TerritoryForm(GeneralForm):
    kind, block, title = Kind.PLACE, "territory", _("The territory of the project")


class TargetGroupForm(GeneralForm):
    kind, block, title = Kind.TARGET_GROUP, "target_group", _("The target groups")


class PartnerForm(GeneralForm):
    kind, block, title = Kind.PARTNER, "partners", _("The partners")

    def prepare(self) -> None:
        super().prepare()
        self.fields["text"].help_text = _("The number first, then each name on its own line.")
