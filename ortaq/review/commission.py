"""Who sits on an appointed commission, and what the law says of it (SO-T-065..071)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from ortaq.law import commission as rules
from ortaq.law.findings import Finding

from .composition import edition_of
from .models import Panel, Seat


def sitting(panel: Panel) -> QuerySet[Seat]:
    """Who sits on the commission at present, members first in the order in which they came."""
    seats = panel.seats.filter(until=None).select_related("person")
    return seats.order_by("role", "id")


def sat(panel: int | None, at: datetime | None) -> QuerySet[Seat]:
    """Who sat on a commission (its number) at an instant, in the order in which they came; without one who sits now.
    Those who sign a protocol are those of its day, whoever leaves or comes later.
    """
    seats = Seat.objects.filter(panel=panel).select_related("person").order_by("id")
    if at is None:
        return seats.filter(until=None)
    return seats.filter(Q(until=None) | Q(until__gt=at), since__lte=at)


def tied(panel: Panel) -> set[int]:
    """The people on the commission who are tied to a bidder (SO-T-071); one query."""
    here = panel.seats.filter(until=None, role=Seat.Role.MEMBER).values("person")
    return set(panel.conflicts.filter(person__in=here).values_list("person", flat=True))


def by_law(panel: Panel, **instead: Any) -> list[Finding]:
    """What the law says of the composition; `instead` are facts to look at in place of the present."""
    seats = list(sitting(panel))
    found = {
        "members": sum(seat.role == Seat.Role.MEMBER for seat in seats),
        "chair": any(seat.office == Seat.Office.CHAIR for seat in seats),
        "secretary": any(seat.role == Seat.Role.SECRETARY for seat in seats),
        **instead,
    }
    return rules.composition(
        edition_of(panel), rules.Composition(**found), single_organiser=panel.single_organiser
    )


def findings(panel: Panel) -> list[Finding]:
    """Everything that is wrong with the present composition; two queries."""
    found = by_law(panel)
    found += [
        rules.against(edition_of(panel), "conflict_of_interest", about=f"person:{person}")
        for person in sorted(tied(panel))
    ]
    return found
