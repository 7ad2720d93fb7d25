"""When people register at an event and rate it. Who may see and record participants: `policy.project`.

No source sets these times; they are our proposal: registration until two hours after the end, when the hall has emptied; rating
from the beginning until 30 days after the end, when what was learnt has had time to be applied.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ortaq.projects.models import Event

from .project import OPEN

LATE_AT_THE_DOOR = timedelta(hours=2)
TO_RATE = timedelta(days=30)
# Beyond this nobody registers by telephone any more: some joker's program is at work.
MOST = 500
MOST_OF_EXPECTED = 5


def takes_people(event: Event) -> bool:
    """An event of a project that is not over, not cancelled."""
    return event.state != Event.State.CANCELLED and event.project.state in OPEN


def takes_registrations(event: Event, now: datetime) -> bool:
    """Whether somebody can register by telephone."""
    return takes_people(event) and now <= event.ends_at + LATE_AT_THE_DOOR


def takes_ratings(event: Event, now: datetime) -> bool:
    """Whether a participant can rate the event."""
    return takes_people(event) and event.starts_at <= now <= event.ends_at + TO_RATE


def has_begun(event: Event, now: datetime) -> bool:
    """Nobody has attended what has not begun."""
    return event.starts_at <= now


def most(event: Event) -> int:
    """So many registrations one event takes by telephone; the NGO enters more by list."""
    return MOST + MOST_OF_EXPECTED * event.expected_participants
