"""Instruments of visits and what they came to, visit after visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from ortaq.core import clock
from ortaq.oversight.models import Instrument, Visit
from ortaq.oversight.tools.asked import exact
from ortaq.people.actor import Actor

from .visit import BEGUN, visits_visible_to


def instruments_of(visit: Visit) -> list[Instrument]:
    """The tools of a visit with who finished them; one query."""
    return list(visit.instruments.select_related("done_by"))


def instrument_of(actor: Actor, visit: int, tool: str) -> Instrument | None:
    """One tool of a visit that the actor knows of; one query. Whether its sheet opens to them is asked of `works_at`."""
    visits = visits_visible_to(actor).filter(state__in=BEGUN)
    found = visits.filter(pk=visit).first()
    if found is None:
        return None
    row = found.instruments.select_related("done_by").filter(tool=tool).first()
    if row is not None:
        row.visit = found
    return row


def questionnaire(code: str) -> Instrument | None:
    """The questionnaire of a short link that was opened to the public, with its project; one query."""
    rows: QuerySet[Instrument] = Instrument.objects.filter(
        code=code, tool="survey", open_until__isnull=False
    )
    return rows.select_related(
        "visit__plan__project__contract__grantee", "visit__plan__project__contract__grantor"
    ).first()


@dataclass(frozen=True, slots=True)
class Heard:
    """What one visit's questionnaire came to. `moved` is the difference to the one before it, in percentage points."""

    visit: Visit
    day: date
    answers: int
    satisfaction: Fraction | None
    moved: Fraction | None


def dynamics(row: Instrument, figures: dict[str, Any]) -> list[Heard]:
    """Satisfaction from visit to visit of the project up to this one, whose `figures` are those of this moment; one query."""
    begun = row.visit.started_at or clock.now()
    earlier = (
        Instrument.objects.filter(
            tool="survey",
            done_at__isnull=False,
            visit__plan__project=row.visit.plan.project_id,
            visit__started_at__lt=begun,
        )
        .select_related("visit__plan")
        .order_by("visit__started_at")
    )
    found: list[Heard] = []
    for one, came in [*((each, each.content["figures"]) for each in earlier), (row, figures)]:
        now = exact(came["satisfaction"])
        before = found[-1].satisfaction if found else None
        moved = now - before if now is not None and before is not None else None
        day = clock.day_of(one.visit.started_at or begun)
        found.append(Heard(one.visit, day, came["answers"], now, moved))
    return found
