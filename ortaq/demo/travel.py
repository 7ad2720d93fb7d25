"""Travelling: the story goes on until the new instant, then the clock stands there. Forward only.

What has happened is in the journal, and no step can be taken before it. So there is no way back
but to begin anew: `ortaq demo --fresh --stage ...`.
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, journal, letters
from ortaq.core.models import Duty
from ortaq.core.procedure import Refused, Step
from ortaq.gazette import keeping as gazette
from ortaq.grants.procedure import competition
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.opendata.ocds import keeping as releases
from ortaq.oversight.procedure import government, statutory
from ortaq.people import reminders
from ortaq.planning.procedure import formation
from ortaq.prizes.procedure import closing as prizes
from ortaq.projects.procedure.project import reckon_due
from ortaq.registry.procedure import standing_flag
from ortaq.tenders.procedure import opening

from . import story
from .models import Travel

log = logging.getLogger(__name__)
SECOND = timedelta(seconds=1)
# After so long a traveller who has not arrived is taken to be lost.
PATIENCE = timedelta(minutes=5)
# What a step says when visitors have made something else of the competition than the story did.
OVERTAKEN = (
    Refused,
    PermissionDenied,
    ValidationError,
    ObjectDoesNotExist,
    LookupError,
    ValueError,
)
ON = Step("travel", _("Travel in time"), (), None, by=lambda _actor, _subject: True)


def ahead() -> timedelta:
    """How far the demonstration's clock runs ahead of the system's; nought where there is none."""
    seconds = Travel.objects.values_list("seconds", flat=True).first()
    return timedelta(seconds=seconds or 0)


def while_nobody_travels() -> AbstractContextManager[None] | None:
    """The demonstration's time, for a step of the worker; None while somebody is on the way through it."""
    travel = Travel.objects.first()
    by = timedelta(seconds=travel.seconds if travel else 0)
    if travel and travel.moving_since is not None:
        with clock.ahead(by):
            if travel.moving_since > clock.now() - PATIENCE:
                return None
    return clock.ahead(by)


# --- Where to ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stop:
    """An instant worth travelling to: a deadline with what is due, or (no title) the story's next
    event.
    """

    at: datetime
    title: Text | None = None


def next_stop() -> Stop | None:
    """The next deadline that somebody has: a second after it one sees what follows. Where nobody
    has one, the story's next event; None after its end.
    """
    now = clock.now()
    duty = Duty.objects.filter(done_at=None, due_at__gt=now).order_by("due_at", "id").first()
    if duty is not None and duty.due_at is not None:
        title = Text(duty.title_kk, duty.title_ru, duty.title_en)
        return Stop(duty.due_at + SECOND, title)
    travel = Travel.objects.first()
    for beat in story.beats()[travel.beats if travel else 0 :]:
        if beat.at > now:
            return Stop(beat.at)
    return None


def stages_ahead() -> list[tuple[str, datetime]]:
    """The stages that still lie in the future, the nearest first."""
    now = clock.now()
    return [(name, at) for name, at in story.STAGES.items() if at > now]


# --- Going there -------------------------------------------------------------------------------------


@dataclass(slots=True)
class Told:
    """How many beats were played, and how many visitors had overtaken."""

    played: int = 0
    overtaken: int = 0


def go(to: datetime) -> Told:
    """Play the story up to `to` and set the clock there. Raises `Refused` for a way back, and while
    somebody else is on the way.
    """
    start = clock.now()
    if to <= start:
        raise Refused(ON, [_backwards(start, to)])
    _depart(start)
    try:
        told = tell(to)
        with clock.frozen(to):
            daily_work()
        arrive(to)
    finally:
        Travel.objects.update(moving_since=None)
    return told


def tell(until: datetime, *, strict: bool = False) -> Told:
    """Play the beats up to `until`, each in a transaction of its own.

    A beat that visitors have overtaken changes nothing; with `strict` it is an error.
    """
    told = Told()
    beats = story.beats()
    travel = Travel.objects.get()
    with translation.override("kk"):
        while travel.beats < len(beats) and beats[travel.beats].at <= until:
            beat = beats[travel.beats]
            latest = journal.latest_instant()
            try:
                with clock.frozen(max(beat.at, latest) if latest else beat.at):
                    with transaction.atomic():
                        beat.act()
                    if gazette.catch_up():
                        releases.catch_up()
            except OVERTAKEN as why:
                if strict:
                    raise
                log.info("The story was overtaken at %s: %s", beat.at, why)
                told.overtaken += 1
            else:
                told.played += 1
            travel.beats += 1
            Travel.objects.update(beats=travel.beats)
    return told


def arrive(at: datetime) -> None:
    """From now on the demonstration's clock runs from `at`, or a part of a second later."""
    with clock.ahead(timedelta()):
        # In UTC: between wall-clock times of 2020 and of today lies a change of the zone's offset.
        distance = at.astimezone(UTC) - clock.now().astimezone(UTC)
    Travel.objects.update(seconds=-(-distance // SECOND))


def daily_work() -> None:
    """What a server does by itself: end what is due, reckon how projects stand, look whose standing changed, remind, post, say what is public."""
    for due in (
        formation.close_due,
        competition.close_due,
        prizes.close_due,
        opening.open_due,
        reckon_due,
        statutory.open_due,
        government.open_due,
        standing_flag.settle,
    ):
        due()
    reminders.remind()
    letters.send_released()
    gazette.catch_up()
    releases.catch_up()


def _depart(now: datetime) -> None:
    free = Q(moving_since=None) | Q(moving_since__lt=now - PATIENCE)
    if not Travel.objects.filter(free).update(moving_since=now):
        raise Refused(
            ON,
            [
                Finding(
                    "somebody_travels",
                    Severity.ERROR,
                    _(
                        "Somebody else is moving the clock just now. Wait a moment, then look again."
                    ),
                )
            ],
        )


def _backwards(now: datetime, to: datetime) -> Finding:
    return Finding(
        "only_forward",
        Severity.ERROR,
        _(
            "The demonstration's clock goes only forward: what has happened stands in the journal. "
            "Choose a later instant."
        ),
        numbers={"now": now.isoformat(), "to": to.isoformat()},
    )
