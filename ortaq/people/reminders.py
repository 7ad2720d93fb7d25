"""Letters about duties that are due soon: three working days before, and in the last 24 hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import IntEnum

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from ortaq.core import clock, letters
from ortaq.core.models import Duty
from ortaq.core.terms import working_calendar
from ortaq.law.calendar import WorkingCalendar

from . import policy, queries
from .models import User

LAST_DAY = timedelta(days=1)
# No run of days off is longer than this, so three working days always lie within it.
HORIZON = timedelta(days=30)


class Stage(IntEnum):
    """How near the end is: the working days of the first letter, or the last day."""

    SOON = 3
    LAST = 1


def remind(now: datetime | None = None) -> tuple[int, int]:
    """Write what is to be written at `now`; how many duties, how many letters. Safe to run often."""
    now = now or clock.now()
    calendar = working_calendar(clock.day_of(now))
    due = Duty.objects.filter(done_at=None, due_at__gt=now, due_at__lte=now + HORIZON)
    reminded = written = 0
    for duty in due.order_by("due_at", "id"):
        stage = stage_of(duty, now, calendar)
        if stage is not None:
            written += _write(duty, stage, now)
            reminded += 1
    return reminded, written


def stage_of(duty: Duty, now: datetime, calendar: WorkingCalendar) -> Stage | None:
    """The letter that `duty` is ripe for and has not had, or None."""
    assert duty.due_at is not None
    starts = {
        Stage.LAST: duty.due_at - LAST_DAY,
        Stage.SOON: clock.at(_days_before(clock.day_of(duty.due_at), Stage.SOON, calendar)),
    }
    for stage, start in starts.items():
        if now >= start:
            had = duty.reminded_at is not None and duty.reminded_at >= start
            return None if had else stage
    return None


def _days_before(day: date, working_days: int, calendar: WorkingCalendar) -> date:
    """The last day from which `working_days` working days lead to `day` or earlier."""
    start = day
    while calendar.add(start, working_days) > day:
        start -= timedelta(days=1)
    return start


def _write(duty: Duty, stage: Stage, now: datetime) -> int:
    with transaction.atomic():
        written = letters.prepare(
            duty,
            f"remind-{stage.name.lower()}-{duty.due_at:%Y-%m-%d}",
            bearers_of(duty),
            "people/letters/duty.txt",
            {"address": f"{settings.SITE_URL}{duty.address}"},
            release=True,
        )
        duty.reminded_at = now
        duty.save(update_fields=["reminded_at"])
    return len(written)


def bearers_of(duty: Duty) -> QuerySet[User]:
    """The people whom a duty concerns: the person, or an organisation's responsible people."""
    kind, _, pk = duty.bearer.partition(":")
    if kind == "person":
        return User.objects.filter(pk=pk, is_active=True)
    return queries.people_of(int(pk), *policy.RESPONSIBLE)
