"""Working days of Kazakhstan: our own dated table, editable without a release.

The table is an argument everywhere. `kazakhstan()` reads the one that is shipped,
`WorkingCalendar(rows)` takes any other, for example rows of a database.

A later change never moves a term that has ended, and this is by design and not by care:
a due date is computed once, when its term begins, and stored with the duty. Where a due
date must be computed anew for a day in the past, `effective(rows, as_of)` gives the
calendar as it was known on that day.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from .numbers import count
from .text import Text
from .wording import refused

FILE = Path(__file__).with_name("acts") / "calendar_kz.toml"
SATURDAY = 5
# Longer than any term of any act: what is above is a slip, and would be slow to count.
LONGEST_TERM_DAYS = 10_000


class DayKind(StrEnum):
    """How a day differs from what its weekday says."""

    HOLIDAY = "holiday"
    DAY_OFF = "day_off"
    WORKING_DAY = "working_day"
    # Takes an earlier row back: nothing is special about the day.
    ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class Day:
    """One row of the calendar. `known_from` is empty for what was known all along."""

    on: date
    kind: DayKind
    name: Text
    source: Text
    confirmed: bool = False
    known_from: date | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "date": self.on.isoformat(),
            "kind": self.kind.value,
            "name": self.name.as_dict(),
            "source": self.source.as_dict(),
            "confirmed": self.confirmed,
        }


def effective(rows: Iterable[Day], as_of: date) -> list[Day]:
    """The rows as known on the day `as_of`: per date the one that became known last.

    Rows without `known_from` were known all along; rows of one date and one `known_from`
    follow their order, the later one wins.
    """
    known = [row for row in rows if row.known_from is None or row.known_from <= as_of]
    # Stable: of two rows that became known together the later in the table wins.
    known.sort(key=lambda row: row.known_from or date.min)
    return sorted({row.on: row for row in known}.values(), key=lambda row: row.on)


class WorkingCalendar:
    """Answers which days are working days.

    A day with a row is what its row says; any other, and one whose row takes an earlier
    row back, is a working day from Monday to Friday. Years in which the table has no row at all are not known: `knows(year)` is
    false, and a term that touches them says so.
    """

    def __init__(self, rows: Iterable[Day]) -> None:
        self._rows = {row.on: row for row in rows}
        special = (row for row in self._rows.values() if row.kind is not DayKind.ORDINARY)
        self.years = frozenset(row.on.year for row in special)

    def row(self, day: date) -> Day | None:
        """The row of `day`, or `None` for an ordinary day."""
        return self._rows.get(day)

    @property
    def rows(self) -> list[Day]:
        """All rows by date."""
        return [self._rows[day] for day in sorted(self._rows)]

    def knows(self, year: int) -> bool:
        """Whether the table covers `year`."""
        return year in self.years

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day."""
        if (row := self._rows.get(day)) and row.kind is not DayKind.ORDINARY:
            return row.kind is DayKind.WORKING_DAY
        return day.weekday() < SATURDAY

    def add(self, start: date, days: int) -> date:
        """The last of `days` working days that follow `start` (itself not counted).

        With `days` = 0 it is `start`. `Refused` for negative, for unreasonably long terms
        and beyond the last day of the calendar.
        """
        wanted = count(days, "days")
        if wanted > LONGEST_TERM_DAYS:
            raise refused("term_too_long", most=LONGEST_TERM_DAYS)
        day = start
        while wanted:
            day = shift(day, 1)
            wanted -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days follow `start`, up to and with `end`; 0 if `end` is not later."""
        length = (end - start).days
        if length > LONGEST_TERM_DAYS * 2:
            raise refused("term_too_long", most=LONGEST_TERM_DAYS)
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, length + 1))


def shift(day: date, days: int) -> date:
    """`day` moved by calendar days; `Refused` where the calendar ends (year 9999)."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise refused("date_out_of_range") from None


@cache
def shipped_rows() -> tuple[Day, ...]:
    """The rows of the shipped table, `acts/calendar_kz.toml`."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    sources = {key: Text.of(text) for key, text in data["sources"].items()}
    names = {key: Text.of(text) for key, text in data["names"].items()}
    return tuple(
        Day(
            on=row["date"],
            kind=DayKind(row["kind"]),
            name=names[row["name"]],
            source=sources[row["source"]],
            confirmed=row.get("confirmed", False),
            known_from=row.get("known_from"),
        )
        for row in data["day"]
    )


@cache
def kazakhstan() -> WorkingCalendar:
    """The shipped calendar of Kazakhstan, all its rows taken as known."""
    return WorkingCalendar(effective(shipped_rows(), date.max))
