"""Participants by telephone: registered once, rating once.

register   by anybody with the event's link; nobody twice
rate       by the participant; who rates was there

Lists of the NGO: `attendance`; who is who: `recognition`; who is erased: `forgetting`.
Whatever changes figures of the project takes its lock first, then the event's: so nobody waits for anybody in a circle.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from ortaq.core import clock, journal
from ortaq.core.procedure import locked
from ortaq.projects import identity, retention
from ortaq.projects.models import Consumer, Event, Participation, Project

from .recognition import Line, recognised
from .shared import note


def register(event: Event, line: Line, *, now: datetime | None = None) -> Participation:
    """Register a person at an event by telephone; sent again, the same registration.

    The caller has asked `times.takes_registrations`. Nobody's number of queries depends on how many are registered.
    """
    at = now or clock.now()
    try:
        return _registered(event, line, at)
    except IntegrityError:  # the same person, sent twice at one moment: the other one was first
        return _registered(event, line, at)


@transaction.atomic
def _registered(event: Event, line: Line, now: datetime) -> Participation:
    (person,), new = recognised(event.project, [line], now)
    if not new and (found := Participation.objects.filter(event=event, consumer=person).first()):
        return found
    made = Participation.objects.create(
        event=event,
        consumer=person,
        source=Participation.Source.PHONE,
        registered_at=now,
        consent=retention.CONSENT,
    )
    Event.objects.filter(pk=event.pk).update(registered=F("registered") + 1)
    return made


@transaction.atomic
def rate(
    participation: Participation,
    points: int,
    *,
    applied: bool | None = None,
    review: str = "",
    again: bool = True,
    now: datetime | None = None,
) -> bool:
    """A participant's rating; given again it replaces the first one (`again`), or is left aside. Whoever rates was there.

    Whether it is the first one. The caller has asked `times.takes_ratings`.
    """
    project = locked(Project, participation.event.project_id)
    fresh = locked(Participation, participation.pk)
    first, came = int(fresh.points is None), int(not fresh.attended)
    if not first and not again:
        return False
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


def rate_by_contact(
    event: Event, contact: str, points: int, *, applied: bool | None = None, review: str = ""
) -> None:
    """The rating of somebody who has lost their link: it counts for the registration with this contact that has none yet.

    Says nothing: whoever types another person's contact does not learn whether it is registered.
    """
    known = identity.contact_of(contact)
    if not known:
        return
    own = identity.identity_of(event.project, known, "", "")
    person = Q(consumer__contact=known) | Q(consumer__identity=own)
    aliases = Consumer.objects.filter(
        Q(contact=known) | Q(identity=own), project=event.project, merged_into__isnull=False
    ).values("merged_into")
    found = (
        Participation.objects.filter(
            person | Q(consumer__in=aliases), event=event, points=None, consumer__erased_at=None
        )
        .select_related("event")
        .order_by("pk")
        .first()
    )
    if found is not None:
        rate(found, points, applied=applied, review=review, again=False)


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
