"""What is typed into the calendar and the index."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import money, terms
from ortaq.core.models import CalendarDay, IndexValue
from ortaq.faces.widgets import DateInput
from ortaq.registry.queries import years_kept

SLIP = 3  # times larger or smaller


def _kept_then(day: date) -> date:
    """`day`, if the tables of the law are kept for it."""
    years = years_kept()
    if day.year not in years:
        raise ValidationError(
            _("Dates from %(first)s to %(last)s are kept here. Check the year."),
            code="year",
            params={"first": years[0], "last": years[-1]},
        )
    return day


class DayForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a day is, and the act that makes it so."""

    class Meta:
        model = CalendarDay
        fields = ("day", "kind", "source_act")
        widgets = {"day": DateInput()}

    def clean_day(self) -> date:
        return _kept_then(self.cleaned_data["day"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day, kind = cleaned.get("day"), cleaned.get("kind")
        if day and kind:
            known = terms.working_calendar().row(day)
            if kind == (known.kind.value if known else CalendarDay.Kind.ORDINARY):
                self.add_error("kind", _("The calendar says this of the day already."))
        return cleaned


class IndexForm(forms.ModelForm):  # type: ignore[type-arg]
    """The value of the index from a day on, and the act that sets it."""

    class Meta:
        model = IndexValue
        fields = ("valid_from", "amount_tiyn", "source_act")
        widgets = {"valid_from": DateInput()}

    def clean_valid_from(self) -> date:
        return _kept_then(self.cleaned_data["valid_from"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, amount = cleaned.get("valid_from"), cleaned.get("amount_tiyn")
        if since is None or amount is None:
            return cleaned
        before = law.mci_on(since, terms.index_values())
        if (before.valid_from, before.amount_tiyn) == (since, amount):
            self.add_error("amount_tiyn", _("The table says this already."))
        # The index grows by some per cent a year: what is far off has a digit too few or too many.
        elif before.amount_tiyn and not amount < before.amount_tiyn * SLIP < amount * SLIP**2:
            message = _(
                "The value before it is %(before)s: this one has a digit too few or too many."
            )
            shown = money.show(before.amount_tiyn)
            self.add_error("amount_tiyn", ValidationError(message, "slip", {"before": shown}))
        return cleaned
