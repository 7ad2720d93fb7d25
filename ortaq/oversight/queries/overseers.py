"""Oversight over overseers, for the authorised body alone: how scorers score, how bodies keep their terms, whose conflicts were found
afterwards. All of it in a fixed number of queries, whatever there is; exact, no floats.

How far a sheet lies from the others. Of a dossier with n sheets whose totals add up to S, the mean of the others beside a total t is
(S - t) / (n - 1), so t lies (n t - S) / (n - 1) from it. A sum of these over sheets of dossiers with the same n is one whole number over
n - 1; the database adds the whole numbers, and the fractions are added here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import BigIntegerField, Count, F, Max, Min, QuerySet, Sum
from django.db.models.functions import Abs, Cast, ExtractYear
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.kazakh import fold
from ortaq.faces import say as show
from ortaq.people.models import User
from ortaq.review import scoring
from ortaq.review.models import SCALE, Panel, ScoreSheet
from ortaq.review.procedure.sheet import COUNTED

# What a panel scores, by the act under which it works.
ACTS = {
    "grants_rules": _("commissions on grants"),
    "rules_social_order": _("expert councils"),
}
# Whoever lies so far from the others in the mean of at least so many sheets is worth a look; part of the range of the rubric, half of
# what is told to a member of a single sheet (`scoring.FAR`). Our own measure: no act sets one.
FAR = scoring.FAR / 2
FEWEST = 5
FURTHEST = 20


@dataclass(slots=True)
class Apart:
    """How far sheets lie from the means of the others on the same dossiers, as parts of the range of the rubric.

    `sum` is with signs, `distance` without; `low` and `high` are the furthest below and above.
    """

    sheets: int = 0
    sum: Fraction = Fraction(0)
    distance: Fraction = Fraction(0)
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def mean(self) -> Fraction:
        """Below zero: scores lower than the others."""
        return self.sum / self.sheets if self.sheets else Fraction(0)

    @property
    def usual(self) -> Fraction:
        """How far a sheet lies from the others, whichever way."""
        return self.distance / self.sheets if self.sheets else Fraction(0)

    @property
    def spread(self) -> Fraction:
        """From the furthest below to the furthest above."""
        return (self.high or Fraction(0)) - (self.low or Fraction(0))

    @property
    def is_far(self) -> bool:
        return self.sheets >= FEWEST and abs(self.mean) > FAR

    @property
    def shown(self) -> tuple[str, str, str]:
        """Mean, usual distance and spread as pages write them."""
        return percent(self.mean, signed=True), percent(self.usual), percent(self.spread)

    def add(self, other: Apart) -> None:
        self.sheets += other.sheets
        self.sum += other.sum
        self.distance += other.distance
        lows = [one for one in (self.low, other.low) if one is not None]
        highs = [one for one in (self.high, other.high) if one is not None]
        self.low, self.high = min(lows, default=None), max(highs, default=None)


def percent(part: Fraction, *, signed: bool = False) -> str:
    """`+4,25 %`: a part of the whole, rounded to two places for reading only."""
    sign = "+" if part > 0 else "−"
    return f"{sign if signed and part else ''}{show.number(abs(part) * 100)}\N{NO-BREAK SPACE}%"


@dataclass(slots=True)
class Scorer:
    """Somebody who scored, over all the years and by year."""

    person: User
    whole: Apart = field(default_factory=Apart)
    years: dict[int, Apart] = field(default_factory=dict)


def compared() -> QuerySet[ScoreSheet]:
    """Sheets that can be compared: they count, the work of the panel is finished, and somebody else scored the dossier too. Points of a
    panel that is not finished are known to nobody but their authors.
    """
    return ScoreSheet.objects.filter(
        COUNTED, dossier__panel__state=Panel.State.CLOSED, dossier__sheets__gt=1
    )


_OFF = F("dossier__sheets") * F("total") - F("dossier__points")
_GROUP = ("seat__person", "dossier__panel__act", "dossier__panel__edition",
          "dossier__panel__local_budget", "dossier__sheets")  # fmt: skip


def _summed(rows: QuerySet[ScoreSheet]) -> Iterable[tuple[dict[str, Any], Apart]]:
    """Groups of sheets of one person, year, rubric and number of sheets on the dossier, with how far they lie apart; one query."""
    grouped = (
        rows.order_by()
        .values(*_GROUP, year=ExtractYear("signed_at"))
        .annotate(
            number=Count("pk"), off=Sum(_OFF), far=Sum(Abs(_OFF)), least=Min(_OFF), most=Max(_OFF)
        )
    )
    for row in grouped:
        part = (row["dossier__sheets"] - 1) * _range(row)
        yield (
            row,
            Apart(
                row["number"],
                Fraction(row["off"], part),
                Fraction(row["far"], part),
                Fraction(row["least"], part),
                Fraction(row["most"], part),
            ),
        )


def _range(row: Mapping[str, Any]) -> int:
    """From the least total of the rubric to the greatest."""
    panel = Panel(
        act=row["dossier__panel__act"],
        edition=row["dossier__panel__edition"],
        local_budget=row["dossier__panel__local_budget"],
    )
    rubric = scoring.rubric_of(panel)
    return rubric.maximum - rubric.minimum


def scorers(asked: Mapping[str, Any]) -> list[Scorer]:
    """Everybody who scored beside others, the furthest from them first; two queries.

    `asked` may have `q` (the name), `act` (one of `ACTS`) and `year`.
    """
    rows = compared()
    if asked.get("act") in ACTS:
        rows = rows.filter(dossier__panel__act=asked["act"])
    if year := year_in(asked):
        rows = rows.filter(signed_at__year=year)
    if words := fold(str(asked.get("q", ""))[:200]):
        rows = rows.filter(seat__person__search__contains=words)
    found: dict[int, Scorer] = {}
    sums = list(_summed(rows))
    people = User.objects.in_bulk({row["seat__person"] for row, _apart in sums})
    for row, apart in sums:
        one = found.setdefault(row["seat__person"], Scorer(people[row["seat__person"]]))
        one.whole.add(apart)
        one.years.setdefault(row["year"], Apart()).add(apart)
    return sorted(found.values(), key=lambda one: (-abs(one.whole.mean), one.person.sort))


def lines() -> int:
    """How many years of how many persons there are; one query."""
    found = compared().order_by().values("seat__person", year=ExtractYear("signed_at"))
    return found.distinct().count()


def year_in(asked: Mapping[str, Any]) -> int | None:
    year = str(asked.get("year", ""))
    return int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None


def years() -> list[int]:
    """From the year of the last comparable sheet back to that of the first; one query."""
    return spanned(compared().aggregate(first=Min("signed_at"), last=Max("signed_at")))


def spanned(ends: Mapping[str, datetime | None]) -> list[int]:
    """The years from `first` to `last`, the last one first; none where there is nothing."""
    first, last = ends["first"], ends["last"]
    if first is None or last is None:
        return []
    return list(range(clock.day_of(last).year, clock.day_of(first).year - 1, -1))


# --- One scorer --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One year of a scorer under one rubric; `range` is how many points lie between its least total and its greatest."""

    year: int
    act: Any
    range: int
    apart: Apart

    @property
    def points(self) -> Fraction:
        """How far in the mean, in points without the sign."""
        return abs(self.apart.mean * self.range)


@dataclass(frozen=True, slots=True)
class Far:
    """A sheet far from the others: its total, the mean of the others, and how far in points."""

    sheet: ScoreSheet
    others: Fraction

    @property
    def off(self) -> str:
        """In points, with its sign."""
        far = (self.sheet.total or 0) - self.others
        sign, figure = "+" if far > 0 else "−" if far else "", show.points(abs(far))
        return f"≈ {sign}{figure[1:].strip()}" if figure.startswith("≈") else f"{sign}{figure}"


def lines_of(person: User) -> list[Line]:
    """Year by year and rubric by rubric, the last first; one query."""
    found: dict[tuple[int, str, int], Apart] = {}
    for row, apart in _summed(compared().filter(seat__person=person)):
        key = (row["year"], row["dossier__panel__act"], _range(row))
        found.setdefault(key, Apart()).add(apart)
    return [
        Line(year, ACTS.get(act, act), scale, apart)
        for (year, act, scale), apart in sorted(found.items(), reverse=True)
    ]


def furthest_of(person: User) -> Sequence[Far]:
    """The sheets of a scorer that lie furthest from the others, in points; one query."""
    gap = Cast(Abs(_OFF), BigIntegerField()) * SCALE / (F("dossier__sheets") - 1)
    rows = (
        compared()
        .filter(seat__person=person)
        .annotate(gap=gap)
        .select_related("dossier__organisation", "dossier__panel")
        .order_by("-gap", "-signed_at", "pk")
    )
    return [
        Far(
            sheet,
            Fraction(sheet.dossier.points - (sheet.total or 0), sheet.dossier.sheets - 1),
        )
        for sheet in rows[:FURTHEST]
    ]
