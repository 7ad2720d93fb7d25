"""The plan of an event beside the fact: what differs, and so needs a reason (IM-036)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock
from ortaq.law.findings import Citation, Finding, Severity

from .checklist import GUIDE
from .models import Event, Project

PLAN_AND_FACT = "guide, SO annex 3"
Values = Mapping[str, Any]


def cite(place: str = PLAN_AND_FACT) -> Citation:
    """A place of the guide."""
    return law.edition(*GUIDE).cite(place)


def deviations(event: Event, values: Values) -> list[Finding]:
    """In what the event as held (`values`) misses its plan: day, place, number of people (IM-036)."""
    planned = plan_of(event)
    found: list[tuple[Any, str, Any]] = []
    held = values.get("starts_at", event.starts_at)
    if clock.day_of(held) != clock.day_of(planned["starts_at"]):
        found.append(
            (_("It was held on another day than planned."), "starts_at", clock.day_of(held))
        )
    if (place := values.get("place", event.place)).split() != planned["place"].split():
        found.append((_("It was held at another place than planned."), "place", place))
    there = max(
        event.attended, sum(values.get(sex, getattr(event, sex)) or 0 for sex in ("men", "women"))
    )
    if there < event.expected_participants:
        found.append((_("Fewer people came than planned."), "people", there))
    return [
        Finding("deviates", Severity.WARNING, message, cite(), {"value": value}, about)
        for message, about, value in found
    ]


def figures_differ(event: Event) -> Finding | None:
    """A warning where the men and women counted are not as many as the list marks as present."""
    counted = (event.men or 0) + (event.women or 0)
    unsaid = event.men is None and event.women is None
    if event.state != Event.State.HELD or unsaid or not event.attended or counted == event.attended:
        return None
    return Finding(
        "figures_differ",
        Severity.WARNING,
        _(
            "Men and women together are %(counted)s, but %(listed)s are marked as present in the list."
        )
        % {"counted": counted, "listed": event.attended},
        cite(),
        {"counted": counted, "listed": event.attended},
        "people",
    )


def plan_of(event: Event) -> dict[str, Any]:
    """Date and place as planned, which the event itself tells no more once it was held elsewhere or at another time."""
    kept = event.facts.get("planned") or {}
    return {
        "starts_at": datetime.fromisoformat(kept["starts_at"]) if kept else event.starts_at,
        "ends_at": datetime.fromisoformat(kept["ends_at"]) if kept else event.ends_at,
        "place": kept.get("place", event.place),
    }


def outside_term(project: Project, day: date) -> Finding | None:
    """A warning for an event on a day on which the contract does not run: its expenses may not be admitted."""
    contract = project.contract
    begins, ends = contract.starts_on, contract.ends_on
    if (begins is None or begins <= day) and (ends is None or day <= ends):
        return None
    return Finding(
        "outside_term",
        Severity.WARNING,
        _("The contract does not run on this day: ask for a change of the term first."),
        cite(),
        {"day": day},
        "starts_at",
    )
