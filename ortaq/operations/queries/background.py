"""What the console shows of jobs, long work and letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ortaq.core import clock
from ortaq.core.models import Job, JobRun, Letter, Work
from ortaq.core.work.jobs import HOUR, MINUTE, Recurring
from ortaq.operations.schedule import SCHEDULE

RUNS = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One job of the schedule as a person reads it; `row` is None before a worker has ever run."""

    job: Recurring
    row: Job | None
    how_often: str
    late: bool

    @property
    def outcome(self) -> tuple[str, str]:
        """In words and tone how it stands."""
        if self.row is None or not self.row.finished_at:
            return (_("runs now"), "progress") if self._runs else (_("did not run yet"), "neutral")
        if self._runs:
            return _("runs now"), "progress"
        if self.row.failures == 1:
            return pgettext("run", "failed"), "bad"
        if self.row.failures:
            told = _("failed %(number)s times in a row") % {"number": self.row.failures}
            return told, "bad"
        return (_("late"), "warning") if self.late else (_("in order"), "good")

    @property
    def _runs(self) -> bool:
        return self.row is not None and bool(self.row.holder)


def schedule() -> list[Line]:
    """All jobs in the order of the schedule; one query."""
    rows = {row.name: row for row in Job.objects.filter(name__in=SCHEDULE)}
    now = clock.now()
    return [
        Line(job, rows.get(name), _how_often(job), job.is_late(rows.get(name), now))
        for name, job in SCHEDULE.items()
    ]


def _how_often(job: Recurring) -> str:
    if job.at is not None:
        return _("every day at %(time)s") % {"time": f"{job.at:%H:%M}"}
    if job.every in {MINUTE, HOUR}:
        return _("every minute") if job.every == MINUTE else _("every hour")
    return _("every %(number)s minutes") % {"number": job.every // MINUTE}


def runs() -> list[tuple[Any, JobRun]]:
    """The last runs worth remembering, with what the job is called; one query."""
    rows = JobRun.objects.order_by("-id")[:RUNS]
    return [(SCHEDULE[row.job].title if row.job in SCHEDULE else row.job, row) for row in rows]


def works(state: str = "", number: str = "") -> QuerySet[Work]:
    """Long work of everybody, without what it is about and what came of it."""
    rows = Work.objects.select_related("asked_by").defer("arguments", "about", "error")
    if state in Work.State:
        rows = rows.filter(state=state)
    if number:
        try:
            rows = rows.filter(pk=UUID(number.strip()))
        except ValueError:
            rows = rows.none()
    return rows


def letters(state: str = "", address: str = "") -> QuerySet[Letter]:
    """Letters without what they say, of a state, to an address typed in whole."""
    rows = Letter.objects.defer("body", "unsubscribe")
    if state in Letter.State:
        rows = rows.filter(state=state)
    if typed := address.replace("\0", "").strip():
        rows = rows.filter(address__in={typed, typed.lower()})
    return rows


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many letters are on their way and since when the oldest of them, and how many could not be sent."""

    released: int
    oldest: datetime | None
    failed: int


def waiting() -> Waiting:
    """Two queries over indexes of the open ones."""
    released = Letter.objects.filter(state=Letter.State.RELEASED)
    return Waiting(
        released.count(),
        released.aggregate(oldest=Min("created_at"))["oldest"],
        Letter.objects.filter(state=Letter.State.FAILED).count(),
    )
