"""Where the story finds what it goes on with: the one competition, its commission, applications."""

from __future__ import annotations

from ortaq.demo import cast
from ortaq.grants.models import Application, Competition, Lot
from ortaq.review.models import Panel, Seat

from .data import Entry


def competition() -> Competition:
    """The competition of the story; `Competition.DoesNotExist` before it is announced."""
    found = Competition.objects.filter(operator=cast.body("operator")).order_by("id").first()
    if found is None:
        raise Competition.DoesNotExist
    return found


def lot(topic: str) -> Lot:
    return competition().lots.select_related("competition", "topic").get(topic__number=topic)


def panel() -> Panel:
    """The commission, fresh."""
    found: Panel = Panel.objects.get(competition=competition())
    return found


def seat(key: str) -> Seat:
    """The present seat of a person of the cast."""
    found: Seat = panel().seats.get(person=cast.user(key), until=None)
    return found


def application(entry: Entry, *states: str) -> Application | None:
    """The newest application of an entry in one of `states`; None where there is none."""
    found: Application | None = (
        Application.objects.filter(
            lot=lot(entry.topic), organisation=cast.body(entry.ngo), state__in=states
        )
        .order_by("-id")
        .first()
    )
    return found
