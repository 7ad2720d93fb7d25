"""What an indicator asks for in numbers, and whether what is attached reaches it (GR-I-06, GR-I-07).

exactly, at least, by hand   the sum of what the proofs say
at least, from each event    the same, times the events of its activity
two numbers ("6/1")          each number against its own sum
so many, at least so much in each ("1 (50)")   only proofs that have so much in each count
a scale (qualitative)        the highest level that a proof shows; levels are not added up
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from .models import Event, Evidence, Indicator, Place

Reading = Indicator.Reading


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, and the second one of a pair."""

    first: int = 0
    second: int | None = None

    def reaches(self, target: Amount | None) -> bool:
        """Whether this is enough. What has no number is reached by nothing but a person's word, so never."""
        return (
            target is not None
            and self.first >= max(target.first, 1)
            and (self.second or 0) >= (target.second or 0)
        )

    def part_of(self, target: Amount | None) -> Fraction:
        """How much of the target this is, 0 to 1; of a pair the number that is further behind."""
        if target is None:
            return Fraction(0)
        parts = [Fraction(self.first, max(target.first, 1))]
        if target.second:
            parts.append(Fraction(self.second or 0, target.second))
        return min(Fraction(1), *parts)


def target(reading: str, minimum: int | None, second: int | None, events: int) -> Amount | None:
    """What must be reached by an indicator so read, in an activity of `events` events; None: no number."""
    if minimum is None:
        return None
    if reading == Reading.PER_EVENT:
        return Amount(minimum * max(events, 1))
    return Amount(minimum, second if reading == Reading.PAIR else None)


def counted(
    indicators: QuerySet[Indicator], begins: date | None = None, ends: date | None = None
) -> Iterable[Mapping[str, Any]]:
    """For each indicator its `pk` and what its proofs say: all that is attached, and what is accepted.

    With a period only evidence of its days.
    """
    enough = ~Q(reading=Reading.WITHIN) | Q(proofs__second__gte=F("proofs__amount") * F("second"))
    if begins and ends:
        enough &= Q(proofs__evidence__day__range=(begins, ends))
    attached = enough & Q(
        proofs__evidence__state__in=(Evidence.State.ATTACHED, Evidence.State.ACCEPTED)
    )
    accepted = enough & Q(proofs__evidence__state=Evidence.State.ACCEPTED)
    return indicators.order_by().values("pk").annotate(
        done=Sum("proofs__amount", filter=attached),
        done_second=Sum("proofs__second", filter=attached),
        done_top=Max("proofs__amount", filter=attached),
        proved=Sum("proofs__amount", filter=accepted),
        proved_second=Sum("proofs__second", filter=accepted),
        proved_top=Max("proofs__amount", filter=accepted),
    )  # fmt: skip


def amounts(row: Mapping[str, Any], *, scale: bool) -> tuple[Amount, Amount]:
    """What a row of `counted` says is done, and what is proved."""

    def one(name: str) -> Amount:
        first = row[f"{name}_top" if scale else name]
        return Amount(first or 0, row[f"{name}_second"])

    return one("done"), one("proved")


def events_of(pks: list[int]) -> dict[int, int]:
    """The events of each activity of some projects: entered and not cancelled, or planned by place if more."""
    entered = (
        Event.objects.filter(project__in=pks, activity__isnull=False)
        .exclude(state=Event.State.CANCELLED)
        .order_by()
        .values_list("activity")
        .annotate(Count("id"))
    )
    planned = (
        Place.objects.filter(activity__contract__project__in=pks, events__gt=0)
        .order_by()
        .values_list("activity")
        .annotate(Sum("events"))
    )
    found = dict(planned)
    for activity, count in entered:
        found[activity] = max(found.get(activity, 0), count)
    return found
