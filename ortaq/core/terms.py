"""The law's terms and thresholds on the calendar and the index values of this installation.

Both are the shipped tables with what an official added here, as known on a day. What is
computed is stored where it is used, so a later change moves no term that has begun.
"""

from __future__ import annotations

from datetime import date, datetime

from ortaq.law.calendar import Day, DayKind, WorkingCalendar, effective, shipped_rows
from ortaq.law.editions import Edition
from ortaq.law.findings import Finding
from ortaq.law.mci import Mci, known_values, shipped_values
from ortaq.law.mci import threshold as threshold_of
from ortaq.law.terms import due
from ortaq.law.text import Text

from . import clock
from .models import CalendarDay, IndexValue


def working_calendar(as_of: date | None = None) -> WorkingCalendar:
    """The calendar as known on `as_of` (default: today); one query."""
    added = [
        Day(
            on=row.day,
            kind=DayKind(row.kind),
            name=Text(),
            source=_act(row.source_act),
            confirmed=True,
            known_from=row.known_from,
        )
        for row in CalendarDay.objects.order_by("known_from", "id")
    ]
    return WorkingCalendar(effective([*shipped_rows(), *added], as_of or clock.today()))


def index_values(as_of: date | None = None) -> tuple[Mci, ...]:
    """The values of the index as known on `as_of` (default: today), the first one first; one query."""
    added = [
        Mci(
            valid_from=row.valid_from,
            amount_tiyn=row.amount_tiyn,
            source=_act(row.source_act),
            confirmed=True,
            known_from=row.known_from,
        )
        for row in IndexValue.objects.order_by("known_from", "id")
    ]
    return known_values([*shipped_values(), *added], as_of or clock.today())


def due_at(edition: Edition, term: str, start: datetime) -> datetime:
    """The last second (Asia/Almaty) of the day on which `term` ends when it starts at `start`."""
    ends = due(edition.term(term), clock.day_of(start), working_calendar(clock.day_of(start)))
    return clock.end_of(ends.due_on)


def threshold(
    name: str, on: date, *, amount_tiyn: int | None = None, edition: Edition | None = None
) -> list[Finding]:
    """`law.threshold` with the index values of this installation; one query."""
    table = index_values()
    return threshold_of(name, on, amount_tiyn=amount_tiyn, edition=edition, table=table)


def _act(words: str) -> Text:
    """An act as an official named it, the same in every language."""
    return Text(words, words, words)
