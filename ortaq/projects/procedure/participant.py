"""Participants by telephone: registered once, rating once.

register   by anybody with the event's link; nobody twice
rate       by whoever holds the code that was shown after registering; who rates was there

Whoever knows a name and a contact may register in that name, as on paper; what is registered already gives its code to nobody again.

Lists of the NGO: `attendance`; who is who: `recognition`; who is erased: `forgetting`.
Whatever changes figures of the project takes its lock first, then the event's: so nobody waits for anybody in a circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from ortaq.core import clock, journal
from ortaq.core.procedure import locked
from ortaq.core.together import Together
from ortaq.projects import identity, retention
from ortaq.projects.models import Consumer, Event, Participation, Project
from ortaq.projects.policy import participant as times

from .recognition import Line, recognised
from .shared import note


@dataclass(frozen=True, slots=True)
class Registering:
    """Who registers at an event, with what `register` is told about them."""

    event: Event
    line: Line
    code: str
    known: str
    now: datetime


def register(
    event: Event, line: Line, *, code: str = "", known: str = "", now: datetime | None = None
) -> Participation:
    """Register a person at an event by telephone; sent again, the same registration.

    `code` (`identity.new_code`) becomes the secret of the registration: it is theirs when its `key` is the code's, and somebody else
    was registered under this name and contact before when it is not. `known` is the code of an earlier registration that the same
    telephone holds. The caller has asked `times.takes_registrations`. Nobody's number of queries depends on how many are registered.
    """
    return _in_a_rush(event.pk, Registering(event, line, code, known, now or clock.now()))


@transaction.atomic
def _registered(asked: Sequence[Registering]) -> list[Participation]:
    """All of one event; those who are there already are found, not made.

    Written in one order by every process: two that hold the same two people would wait for one another otherwise.
    """
    event, now = asked[0].event, asked[-1].now
    in_order = sorted(asked, key=lambda one: (one.line.contact, one.line.name))
    people, new = recognised(event.project, [one.line for one in in_order], now)
    fresh = {one.pk for one in new}
    known = [one.pk for one in people if one.pk not in fresh]
    there = Participation.objects.filter(event=event, consumer__in=known) if known else ()
    found = {one.consumer_id: one for one in there}
    made: dict[int, Participation] = {}
    answers: dict[Registering, Participation] = {}
    for person, one in zip(people, in_order, strict=True):
        if person.pk in found:
            _give_key(found[person.pk], one)
        elif person.pk not in made:
            made[person.pk] = _new(one, person, is_new=person.pk in fresh)
        answers[one] = found.get(person.pk) or made[person.pk]
    if made:
        Participation.objects.bulk_create(made.values())
        Event.objects.filter(pk=event.pk).update(registered=F("registered") + len(made))
    return [answers[one] for one in asked]


_in_a_rush = Together(_registered)


def _new(one: Registering, person: Consumer, *, is_new: bool) -> Participation:
    key = identity.key_of(one.code)
    return Participation(
        event=one.event,
        consumer=person,
        source=Participation.Source.PHONE,
        registered_at=one.now,
        consent=retention.CONSENT,
        key=key,
        holder=key if is_new else _holder(person, one.known) or key,
    )


def _give_key(found: Participation, one: Registering) -> None:
    """Who stands in a list and is in the hall gets a code to rate; it erases nothing that the list says."""
    if not found.key and found.points is None and times.has_begun(one.event, one.now):
        found.key = identity.key_of(one.code)
        found.save(update_fields=["key"])


def _holder(person: Consumer, known: str) -> str:
    """The telephone's first registration of this person, when it proves an earlier one by its code."""
    if not known:
        return ""
    earlier = Participation.objects.filter(key=identity.key_of(known), consumer=person)
    return earlier.values_list("holder", flat=True).first() or ""


@transaction.atomic
def rate(
    participation: Participation,
    points: int,
    *,
    applied: bool | None = None,
    review: str = "",
    now: datetime | None = None,
) -> bool:
    """A participant's rating; given again it replaces the first one. Whoever rates was there.

    Whether it is the first one. The caller has asked `times.takes_ratings`.
    """
    project = locked(Project, participation.event.project_id)
    fresh = locked(Participation, participation.pk)
    first, came = int(fresh.points is None), int(not fresh.attended)
    difference = points - (fresh.points or 0)
    fresh.points, fresh.applied, fresh.review = points, applied, review.strip()
    fresh.attended, fresh.rated_at = True, now or clock.now()
    fresh.save(update_fields=["points", "applied", "review", "attended", "rated_at"])
    known = Consumer.objects.filter(pk=fresh.consumer_id)
    covers = int(came and known.filter(attended=0).exists())
    if came:
        known.update(attended=F("attended") + 1)
    figures = {
        "attended": F("attended") + came,
        "answers": F("answers") + first,
        "points": F("points") + difference,
    }
    Event.objects.filter(pk=fresh.event_id).update(**figures)
    figures["attendances"] = F("attendances") + came
    del figures["attended"]
    Project.objects.filter(pk=project.pk).update(**figures, covered=F("covered") + covers)
    return bool(first)


# --- Reading ----------------------------------------------------------------------------------------


def note_reading(project: Project, actor: Any) -> None:
    """Write down, once a day for each person, that they read the list of participants (IM-039)."""
    now = clock.now()
    since = clock.at(clock.day_of(now), 0)
    today = journal.history(project).filter(step="people_read", actor=actor.key, at__gte=since)
    if today.exists():
        return
    with transaction.atomic():
        locked(Project, project.pk)
        note(project, "people_read", actor)
