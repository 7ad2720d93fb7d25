"""Terms as data, and the day on which a term ends.

The day of the event is not counted (SO-X-25, GR-A-03): ten working days from Monday end
on the Monday after next, and 14 May to 3 June are exactly 20 calendar days. A term that
ends on a day off is not moved, since no act at hand says so; the finding tells it.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from .calendar import SATURDAY, WorkingCalendar, kazakhstan, shift
from .findings import Citation, Finding, Severity
from .text import EMPTY, Text
from .wording import refused, wording

Inclusive = bool | Literal["unknown"]
UNITS = ("working_day", "calendar_day", "month", "year", "fixed_date")
MONTHS_PER_YEAR = 12


@dataclass(frozen=True, slots=True)
class Term:
    """A term of an act.

    `amount` is in `unit`s; a `fixed_date` has `month` and `day` instead and comes every
    year. `at_least` marks a shortest time (a discussion is open for at least ten days), else
    the term is the longest one. `inclusive` says whether the named day itself belongs
    to the term; "unknown" is treated as yes, with a reminder the day before (SO-X-02).
    """

    key: str
    unit: str
    amount: int
    starts: Text
    label: Text
    cite: Citation
    at_least: bool = False
    inclusive: Inclusive = True
    month: int = 0
    day: int = 0
    requirement: str = ""
    remark: Text = EMPTY

    @classmethod
    def of(cls, key: str, row: Mapping[str, Any], amount: int, cite: Citation) -> Term:
        """Read a term as it stands in an edition's file."""
        return cls(
            key=key,
            unit=row["unit"],
            amount=amount,
            starts=Text.of(row.get("from", {})),
            label=Text.of(row["label"]),
            cite=cite,
            at_least=row.get("at_least", False),
            inclusive=row.get("inclusive", True),
            month=row.get("month", 0),
            day=row.get("day", 0),
            requirement=row.get("requirement", ""),
            remark=Text.of(row.get("remark", {})),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "term": self.key,
            "label": self.label.as_dict(),
            "unit": self.unit,
            "amount": self.amount or None,
            "month_day": f"{self.month:02}-{self.day:02}" if self.month else None,
            "from": self.starts.as_dict(),
            "at_least": self.at_least,
            "inclusive": self.inclusive,
            "cite": self.cite.as_dict(),
            "requirement": self.requirement,
            "remark": self.remark.as_dict() if any(self.remark) else None,
        }


@dataclass(frozen=True, slots=True)
class Due:
    """When a term ends. `due_on` is its last day; late is only what comes after that day.

    For a shortest term (`term.at_least`) `due_on` is the first last day that is lawful.
    `remind_on` is the day before where the act leaves open whether the day is included.
    """

    term: Term
    start: date
    due_on: date
    remind_on: date
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "term": self.term.as_dict(),
            "start": self.start.isoformat(),
            "due_on": self.due_on.isoformat(),
            "remind_on": self.remind_on.isoformat(),
            "findings": [finding.as_dict() for finding in self.findings],
        }


def due(term: Term, start: date, calendar: WorkingCalendar | None = None) -> Due:
    """The day on which `term` ends when its event happened on `start`.

    `calendar` counts working days, the shipped one by default. A fixed date gives its
    first coming on or after `start`. Raises `Refused` beyond the year 9999.
    """
    calendar = calendar or kazakhstan()
    if term.unit == "fixed_date":
        last = _next_fixed(term, start)
    elif term.unit == "working_day":
        last = calendar.add(start, term.amount)
    elif term.unit == "calendar_day":
        last = shift(start, term.amount)
    else:
        last = add_months(start, term.amount * (MONTHS_PER_YEAR if term.unit == "year" else 1))
    unsure = term.inclusive == "unknown"
    return Due(
        term=term,
        start=start,
        due_on=last,
        remind_on=shift(last, -1) if unsure else last,
        findings=tuple(_remarks(term, start, last, calendar)),
    )


def add_months(start: date, amount: int) -> date:
    """`start` moved by whole months; the 31st becomes the last day of a shorter month."""
    whole = start.year * MONTHS_PER_YEAR + start.month - 1 + amount
    year, month = whole // MONTHS_PER_YEAR, whole % MONTHS_PER_YEAR + 1
    if not date.min.year <= year <= date.max.year:
        raise refused("date_out_of_range")
    return date(year, month, min(start.day, months.monthrange(year, month)[1]))


def _next_fixed(term: Term, start: date) -> date:
    for year in (start.year, start.year + 1):
        if year > date.max.year:
            break
        last = date(year, term.month, term.day)
        if term.inclusive is False:
            last = shift(last, -1)
        if last >= start:
            return last
    raise refused("date_out_of_range")


def _remarks(term: Term, start: date, last: date, calendar: WorkingCalendar) -> list[Finding]:
    """What a careful reader should know about this due date."""
    numbers: dict[str, object] = {"start": start, "due_on": last, "unit": term.unit}
    if term.amount:
        numbers["amount"] = term.amount
    said = "at_least" if term.at_least else "at_most"
    found = [
        Finding(
            f"due_{said}",
            Severity.OK,
            wording(f"terms.{said}", label=term.label, due_on=last),
            term.cite,
            numbers,
        )
    ]
    if term.inclusive == "unknown":
        found.append(
            Finding(
                "inclusive_unknown",
                Severity.NOTICE,
                wording("terms.inclusive_unknown", due_on=last),
                term.cite,
            )
        )
    if not calendar.is_working(last):
        row = calendar.row(last)
        found.append(
            Finding(
                "ends_on_day_off",
                Severity.NOTICE,
                wording("terms.ends_on_day_off", due_on=last),
                term.cite,
                {"day": row.as_dict() if row else last},
            )
        )
    if term.unit == "working_day":
        unknown = [y for y in range(start.year, last.year + 1) if not calendar.knows(y)]
        if unknown:
            years = ", ".join(str(year) for year in unknown)
            found.append(
                Finding(
                    "calendar_unknown",
                    Severity.WARNING,
                    wording("terms.calendar_unknown", years=years),
                    numbers={"years": unknown},
                )
            )
        if unsure := _unconfirmed(start, last, calendar):
            found.append(
                Finding(
                    "calendar_unconfirmed",
                    Severity.NOTICE,
                    wording("terms.calendar_unconfirmed", days=", ".join(map(str, unsure))),
                    numbers={"days": unsure},
                )
            )
    return found


def _unconfirmed(start: date, last: date, calendar: WorkingCalendar) -> list[date]:
    """Days within the term that differ from their weekday by a row nobody has confirmed."""
    days = (shift(start, n) for n in range(1, (last - start).days + 1))
    return [
        day
        for day in days
        if (row := calendar.row(day))
        and not row.confirmed
        and calendar.is_working(day) != (day.weekday() < SATURDAY)
    ]


@dataclass(frozen=True, slots=True)
class Window:
    """A span that the act bounds from both sides, in calendar days."""

    key: str
    least: int
    most: int
    label: Text
    cite: Citation

    def check(self, opens: date, closes: date) -> Finding:
        """Whether `opens` to `closes` lies within the window; the first day is not counted.

        Shorter is an error (`window_too_short`), longer a warning (`window_too_long`,
        GR-A-03), else `window_in_order`.
        """
        days = (closes - opens).days
        numbers: dict[str, object] = {"days": days, "least": self.least, "most": self.most}
        if days < self.least:
            code, severity = "window_too_short", Severity.ERROR
            numbers["earliest_close"] = shift(opens, self.least)
        elif days > self.most:
            code, severity = "window_too_long", Severity.WARNING
        else:
            code, severity = "window_in_order", Severity.OK
        message = wording(
            f"terms.{code}", days=max(days, 0), least=self.least, most=self.most, label=self.label
        )
        return Finding(code, severity, message, self.cite, numbers, about="closes_at")
