"""What the front pages read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ortaq.core import clock, duties
from ortaq.core.models import Duty, Letter
from ortaq.people import queries as people
from ortaq.people.actor import Actor
from ortaq.people.models import Invitation, Organisation

# As many as a person can take in; the rest waits on its own page.
DUTIES_SHOWN = 50
LETTERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Task:
    """A duty as its bearer sees it: `organisation` is None for a duty of the person alone."""

    duty: Duty
    organisation: Organisation | None
    late: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """All that awaits a person; three queries whatever there is."""

    late: Sequence[Task]
    ahead: Sequence[Task]
    more: bool
    invitations: Sequence[Invitation]
    letters: Sequence[Letter]


def desk(actor: Actor) -> Desk:
    """What awaits a signed-in person and their organisations."""
    found = tasks(actor, limit=DUTIES_SHOWN + 1)
    shown = found[:DUTIES_SHOWN]
    letters = people.letters_to(actor.user)[:LETTERS_SHOWN] if actor.user else ()
    return Desk(
        late=[task for task in shown if task.late],
        ahead=[task for task in shown if not task.late],
        more=len(found) > DUTIES_SHOWN,
        invitations=list(people.invitations_to(actor.user)),
        letters=list(letters),
    )


def tasks(actor: Actor, *, limit: int, now: datetime | None = None) -> list[Task]:
    """The open duties of a person and their organisations, the most urgent first; one query."""
    now = now or clock.now()
    owners = {f"organisation:{each.pk}": each for each in actor.organisations}
    return [
        Task(duty, owners.get(duty.bearer), duty.due_at is not None and duty.due_at < now)
        for duty in duties.open_for(actor.bearers)[:limit]
    ]
