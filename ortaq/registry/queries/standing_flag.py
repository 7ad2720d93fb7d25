"""What the pages of the standing watch read."""

from __future__ import annotations

from django.db.models import QuerySet

from ortaq.core.kazakh import fold
from ortaq.people.actor import Actor
from ortaq.people.policy import responsible_for
from ortaq.registry.models import StandingFlag

State = StandingFlag.State
RUNNING = (State.OPEN, State.DECIDED)


def flags_visible_to(actor: Actor) -> QuerySet[StandingFlag]:
    """THE visibility of flags: the people of the body in charge of the flagged thing, and nobody else."""
    return StandingFlag.objects.filter(body__in=responsible_for(actor)).select_related(
        "standing", "organisation"
    )


def flags_list(actor: Actor, *, search: str = "", state: str = "") -> QuerySet[StandingFlag]:
    """The flags of the actor's bodies, the newest first; without a state those of what is running."""
    rows = flags_visible_to(actor)
    rows = rows.filter(state=state) if state else rows.filter(state__in=RUNNING)
    if words := fold(search):
        rows = rows.filter(organisation__search__contains=words)
    return rows.order_by("-id")


def flags_at(actor: Actor, address: str) -> list[StandingFlag]:
    """The flags on the thing whose page has this path, as far as the reader is in charge of it; one query."""
    rows = flags_visible_to(actor).filter(address=address, state__in=RUNNING)
    return list(rows.order_by("id"))
