"""The form of a series: one event on other days and at other places, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.faces.widgets import DateInput
from ortaq.projects.models import Event

from .event import EARLIEST, LATEST, MOST_PEOPLE, region_choices

ROWS, MOST_ROWS = 10, 100


class PlaceForm(forms.Form):
    """One date and place of a series."""

    day = forms.DateField(label=_("Day"), widget=DateInput())
    begins = forms.TimeField(
        label=_("Begins at"), widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    ends = forms.TimeField(label=_("Ends at"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    place = forms.CharField(label=_("Place"), max_length=500)
    region = forms.ChoiceField(label=_("Region"), required=False)
    expected_participants = forms.IntegerField(
        label=_("Participants"), min_value=1, max_value=MOST_PEOPLE
    )

    def __init__(
        self, *args: Any, pattern: Event, named: tuple[str, str] = ("", ""), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = region_choices(clock.today())  # type: ignore[attr-defined]
        # The pattern's own: an empty row is one in which nothing but this stands.
        self.initial = {
            "begins": pattern.starts_at.astimezone(clock.ALMATY).time(),
            "ends": pattern.ends_at.astimezone(clock.ALMATY).time(),
            "place": named[0],
            "region": named[1] or pattern.region,
            "expected_participants": pattern.expected_participants,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        begins, ends, day = data.get("begins"), data.get("ends"), data.get("day")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("The event ends before it begins."))
        if day and not EARLIEST <= day <= LATEST:
            self.add_error("day", _("Check the year."))
        return data

    def row(self) -> Mapping[str, Any]:
        data = self.cleaned_data
        return {
            "starts_at": datetime.combine(data["day"], data["begins"], tzinfo=clock.ALMATY),
            "ends_at": datetime.combine(data["day"], data["ends"], tzinfo=clock.ALMATY),
            "place": data["place"],
            "region": data["region"],
            "expected_participants": data["expected_participants"],
        }


class _Places(forms.BaseFormSet):  # type: ignore[type-arg]
    """Rows for the places that the plan names for the activity, then empty ones. A row without a day is left out."""

    def __init__(self, data: Any = None, *, pattern: Event, prefix: str = "row") -> None:
        named = pattern.activity.places.all() if pattern.activity else ()
        self.named = [(one.name, one.region) for one in named][:MOST_ROWS]
        self.extra = max(ROWS, len(self.named))
        super().__init__(data, prefix=prefix, form_kwargs={"pattern": pattern})

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs(index)
        known = index is not None and index < len(self.named)
        return {**kwargs, "named": self.named[index] if known and index is not None else ("", "")}

    def rows(self) -> list[Mapping[str, Any]]:
        return [form.row() for form in self.forms if form.has_changed()]


Places: Any = forms.formset_factory(
    PlaceForm, formset=_Places, extra=ROWS, max_num=MOST_ROWS, validate_max=True, absolute_max=110
)


def with_more_rows(sent: QueryDict) -> QueryDict:
    """What was sent of a series, with more empty rows below."""
    data = sent.copy()
    said = str(data.get("row-TOTAL_FORMS", ""))
    there = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0
    data["row-TOTAL_FORMS"] = str(min(there + ROWS, MOST_ROWS))
    return data
