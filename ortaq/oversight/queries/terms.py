"""How state bodies and the operator keep their terms: duties done late or overdue, by kind and by days; reports late. For the authorised
body alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, StrIndex, Substr

from ortaq.core import keys
from ortaq.core.kazakh import fold
from ortaq.core.models import Duty
from ortaq.oversight.models import StatutoryReport
from ortaq.people.models import Organisation

from .overseers import spanned

KINDS = (
    Organisation.Kind.STATE_BODY,
    Organisation.Kind.AUTHORISED_BODY,
    Organisation.Kind.OPERATOR,
)
A_DAY = timedelta(days=1)


def days(late: timedelta) -> int:
    """Days begun: a minute late is one day late."""
    return -(-late // A_DAY)


@dataclass(slots=True)
class Kept:
    """How terms were kept: how many there were, how many were done late, how many are past their day and open."""

    owed: int = 0
    late: int = 0
    overdue: int = 0
    total: timedelta = timedelta()
    longest: timedelta = timedelta()

    @property
    def missed(self) -> int:
        return self.late + self.overdue

    @property
    def longest_days(self) -> int:
        return days(self.longest)

    @property
    def mean_days(self) -> Fraction | None:
        """Of those that were missed."""
        if not self.missed:
            return None
        return Fraction(self.total // timedelta(seconds=1), self.missed * 86_400)

    def add(self, other: Kept) -> None:
        self.owed += other.owed
        self.late += other.late
        self.overdue += other.overdue
        self.total += other.total
        self.longest = max(self.longest, other.longest)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of duty: named by the last one of it."""

    example: Duty
    kept: Kept


@dataclass(slots=True)
class Body:
    """A state body or the operator: all its terms, those by kind, and its reports on annex 9."""

    organisation: Organisation
    kept: Kept = field(default_factory=Kept)
    kinds: list[Kind] = field(default_factory=list)
    reports: Kept = field(default_factory=Kept)


def overseen(asked: Mapping[str, Any]) -> QuerySet[Organisation]:
    """State bodies, the authorised body itself and the operator; `asked` may have `q`."""
    rows = Organisation.objects.filter(kind__in=KINDS)
    if words := fold(str(asked.get("q", ""))[:200]):
        rows = rows.filter(search__contains=words)
    return rows


def bodies(asked: Mapping[str, Any], now: datetime) -> list[Body]:
    """Those with terms, the ones that missed most first; five queries. `asked` may have `q` and `year` (of the day on which it was due)."""
    found = {keys.organisation(one.pk): Body(one) for one in overseen(asked)}
    duties = Duty.objects.filter(bearer__in=found, due_at__isnull=False)
    reports = StatutoryReport.objects.filter(
        body__in=[one.organisation.pk for one in found.values()]
    )
    year = str(asked.get("year", ""))
    if year.isascii() and year.isdigit() and len(year) == 4:
        duties, reports = duties.filter(due_at__year=year), reports.filter(due_at__year=year)
    _count_duties(found, duties, now)
    _count_reports(found, reports, now)
    rows = [one for one in found.values() if one.kept.owed or one.reports.owed]
    return sorted(
        rows, key=lambda one: (-one.kept.missed, -one.reports.missed, one.organisation.sort)
    )


def _delay(done: str, now: datetime) -> Any:
    moment = Coalesce(done, Value(now, DateTimeField()))
    return ExpressionWrapper(moment - F("due_at"), DurationField())


def lines() -> int:
    """How many kinds of duties of how many bodies there are; two queries."""
    bearers = [keys.organisation(pk) for pk in overseen({}).values_list("pk", flat=True)]
    found = Duty.objects.filter(bearer__in=bearers, due_at__isnull=False)
    return _by_kind(found).distinct().count()


def _by_kind(duties: QuerySet[Duty]) -> QuerySet[Any, Any]:
    # A code means one kind of duty within the room of its subject: `planning.formation:5`.
    kind = Substr("subject", 1, StrIndex("subject", Value(":")) - 1)
    return duties.order_by().annotate(label=kind).values("bearer", "label", "code")


def _count_duties(found: Mapping[str, Body], duties: QuerySet[Duty], now: datetime) -> None:
    grouped = _by_kind(duties)
    counted: dict[tuple[str, str, str], Kept] = {}
    latest: dict[tuple[str, str], int] = {}
    for row in grouped.annotate(owed=Count("pk"), last=Max("pk")):
        counted[row["bearer"], row["label"], row["code"]] = Kept(row["owed"])
        named = (row["label"], row["code"])
        latest[named] = max(latest.get(named, 0), row["last"])
    missed = Q(done_at__gt=F("due_at")) | Q(done_at=None, due_at__lt=now)
    delay = _delay("done_at", now)
    for one in grouped.filter(missed).annotate(
        late=Count("done_at"), all=Count("pk"), total=Sum(delay), longest=Max(delay)
    ):
        kept = counted[one["bearer"], one["label"], one["code"]]
        kept.late, kept.overdue = one["late"], one["all"] - one["late"]
        kept.total, kept.longest = one["total"], one["longest"]
    examples = Duty.objects.in_bulk(latest.values())
    for (bearer, label, code), kept in counted.items():
        found[bearer].kept.add(kept)
        found[bearer].kinds.append(Kind(examples[latest[label, code]], kept))
    for body in found.values():
        body.kinds.sort(key=lambda one: (-one.kept.missed, -one.kept.owed, one.example.code))


def _count_reports(
    found: Mapping[str, Body], reports: QuerySet[StatutoryReport], now: datetime
) -> None:
    delay = _delay("first_submitted_at", now)
    missed = Q(first_submitted_at__gt=F("due_at")) | Q(first_submitted_at=None, due_at__lt=now)
    rows = reports.order_by().values("body")
    for row in rows.annotate(
        owed=Count("pk"),
        all=Count("pk", filter=missed),
        late=Count("first_submitted_at", filter=missed),
        total=Sum(delay, filter=missed),
        longest=Max(delay, filter=missed),
    ):
        found[keys.organisation(row["body"])].reports = Kept(
            row["owed"],
            row["late"],
            row["all"] - row["late"],
            row["total"] or timedelta(),
            row["longest"] or timedelta(),
        )


def years_due() -> list[int]:
    """From the year of the last term back to that of the first; one query."""
    return spanned(Duty.objects.aggregate(first=Min("due_at"), last=Max("due_at")))
