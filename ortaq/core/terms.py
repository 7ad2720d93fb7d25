"""When a term of an act ends, as an instant: the law's terms on the calendar of this installation.

The calendar is the shipped table with the days that an official added here. What is computed
is stored where it is used, so a later change of the calendar moves no term that has begun.
"""

from __future__ import annotations

from datetime import date, datetime

from ortaq.law.calendar import Day, DayKind, WorkingCalendar, effective, shipped_rows
from ortaq.law.editions import Edition
from ortaq.law.terms import due
from ortaq.law.text import Text

from . import clock
from .models import CalendarDay


def working_calendar(as_of: date | None = None) -> WorkingCalendar:
    """The calendar as known on `as_of` (default: today); one query."""
    added = [
        Day(
            on=row.day,
            kind=DayKind(row.kind),
            name=Text(),
            source=Text(row.source_act, row.source_act, row.source_act),
            confirmed=True,
            known_from=row.known_from,
        )
        for row in CalendarDay.objects.order_by("known_from", "id")
    ]
    return WorkingCalendar(effective([*shipped_rows(), *added], as_of or clock.today()))


def due_at(edition: Edition, term: str, start: datetime) -> datetime:
    """The last second (Asia/Almaty) of the day on which `term` ends when it starts at `start`."""
    ends = due(edition.term(term), clock.day_of(start), working_calendar(clock.day_of(start)))
    return clock.end_of(ends.due_on)
