"""What the pages of the calendar and the index read."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from ortaq import law
from ortaq.core import clock, terms
from ortaq.core.keys import key_of
from ortaq.core.models import CalendarDay, IndexValue, JournalEntry
from ortaq.law.calendar import WorkingCalendar
from ortaq.people.models import Organisation

YEARS_AHEAD = 3  # no act sets a day off or an index farther ahead


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of the law: built in (`row` is None) or entered by an official."""

    on: date
    what: Any
    name: Any
    source: Any
    confirmed: bool = True
    row: CalendarDay | IndexValue | None = None
    by: Organisation | None = None
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Month:
    """A month as a calendar shows it: weeks of (day or None, its tone), and its working days."""

    first: date
    weeks: Sequence[Sequence[tuple[date | None, str]]]
    working: int


def years_kept() -> range:
    """The years of the shipped calendar, and those to come of which an act may be known."""
    shipped = [row.on.year for row in law.shipped_rows()]
    return range(min(shipped), max(*shipped, clock.today().year + YEARS_AHEAD) + 1)


def calendar_lines(year: int) -> list[Line]:
    """Every row on a day of `year`, built in or entered, with those that no longer hold."""
    kinds = dict(CalendarDay.Kind.choices)
    shipped = [
        Line(row.on, kinds[row.kind.value], row.name, row.source, row.confirmed)
        for row in law.shipped_rows()
        if row.on.year == year
    ]
    rows = list(CalendarDay.objects.filter(day__year=year).order_by("id"))
    bodies = entered_by(rows)
    added = [
        Line(row.day, row.get_kind_display(), "", row.source_act, True, row, bodies.get(row.pk))
        for row in rows
    ]
    return _holding([*shipped, *added])


def index_lines() -> list[Line]:
    """Every value of the index, built in or entered, the newest first."""
    shipped = [
        Line(value.valid_from, value.amount_tiyn, "", value.source, value.confirmed)
        for value in law.shipped_values()
    ]
    rows = list(IndexValue.objects.order_by("id"))
    bodies = entered_by(rows)
    added = [
        Line(row.valid_from, row.amount_tiyn, "", row.source_act, True, row, bodies.get(row.pk))
        for row in rows
    ]
    return _holding([*shipped, *added])[::-1]


def _holding(lines: Iterable[Line]) -> list[Line]:
    """The lines by day; of one day only the last to be entered holds."""
    found: list[Line] = []
    for _day, same in groupby(sorted(lines, key=lambda line: line.on), key=lambda line: line.on):
        *replaced, last = same
        found += [replace(line, holds=False) for line in replaced] + [last]
    return found


def entered_by(rows: Sequence[CalendarDay | IndexValue]) -> dict[int, Organisation]:
    """For whom each row was entered, as the journal has it; two queries."""
    keys = {key_of(row): row.pk for row in rows}
    entries = JournalEntry.objects.filter(subject__in=keys, step="begin").values_list(
        "subject", "behalf"
    )
    bodies = {
        keys[subject]: int(behalf.rpartition(":")[2]) for subject, behalf in entries if behalf
    }
    known = Organisation.objects.in_bulk(set(bodies.values()))
    return {pk: known[body] for pk, body in bodies.items() if body in known}


def months(year: int) -> list[Month]:
    """The twelve months of `year` by the calendar as known today; one query."""
    known = terms.working_calendar()
    return [
        Month(
            first=date(year, month, 1),
            weeks=[
                [(day, _tone(day, known)) if day.month == month else (None, "") for day in week]
                for week in calendar.Calendar().monthdatescalendar(year, month)
            ],
            working=sum(
                known.is_working(date(year, month, day))
                for day in range(1, calendar.monthrange(year, month)[1] + 1)
            ),
        )
        for month in range(1, 13)
    ]


def _tone(day: date, known: WorkingCalendar) -> str:
    """How a day is drawn: by what it is, and a weekend like a weekend."""
    row = known.row(day)
    if row and row.kind is not law.DayKind.ORDINARY:
        return row.kind.value
    return "" if known.is_working(day) else "weekend"


def thresholds(on: date) -> list[tuple[law.Parameter, law.Finding]]:
    """What is stated in the index, in tenge on the day `on`; where an act has no rule then, nothing."""
    found = []
    for name in law.thresholds():
        try:
            finding = terms.threshold(name, on)[0]
        except law.Refused:
            continue
        assert finding.cite is not None
        edition = law.edition(finding.cite.act, finding.cite.edition)
        found.append((edition.parameter(name), finding))
    return found
