"""What recurs: each job is claimed by one host, run, and due again; what fails is tried again with growing pauses."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from logging import getLogger
from typing import Any

from django.core.management import CommandError, call_command

from ortaq.core import clock
from ortaq.core.models import Job, JobRun

from . import lease

log = getLogger(__name__)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Recurring:
    """One job: the command with its options, and either how often (`every`) or at which time of the day in Almaty (`at`).

    Jobs of one `lane` run one after the other on one host, those of different lanes beside one another.
    """

    name: str
    title: Any
    command: tuple[str, ...]
    lane: str
    every: timedelta = DAY
    at: time | None = None

    def next_after(self, now: datetime) -> datetime:
        """When it is due again after it went well at `now`."""
        if self.at is None:
            return now + self.every
        day = clock.day_of(now)
        due = clock.at(day, self.at.hour, self.at.minute)
        return due if due > now else clock.at(day + DAY, self.at.hour, self.at.minute)

    def again_after(self, now: datetime, failures: int) -> datetime:
        """When it is tried again after it failed `failures` times in a row: 1, 2, 4 ... minutes, at most an hour, and at most five of
        its own periods, so that one competition that cannot be closed does not delay the others by an hour.
        """
        doubled: int = 2 ** min(failures - 1, 6)
        pause = min(MINUTE * doubled, HOUR, 5 * self.every)
        return min(now + max(pause, min(self.every, MINUTE)), self.next_after(now + pause))

    def is_due(self, row: Job, now: datetime) -> bool:
        """Also where the clock was set back by more than the job's own period: it would stand still for as long."""
        return row.due_at <= now or row.due_at > now + max(2 * self.every, HOUR)

    def is_late(self, row: Job | None, now: datetime) -> bool:
        """Whether it has not gone well for three of its periods (and ten minutes): somebody should look."""
        if row is None or row.succeeded_at is None:
            return True
        return now - row.succeeded_at > 3 * self.every + 10 * MINUTE


Schedule = Mapping[str, Recurring]


def rows_of(schedule: Schedule, rows: Iterable[Job], now: datetime) -> dict[str, Job]:
    """The row of each job; those that have none yet get one, due at once or at their next time of the day."""
    known = {row.name: row for row in rows if row.name in schedule}
    missing = [name for name in schedule if name not in known]
    if missing:
        begun = [
            Job(
                name=name,
                due_at=now if schedule[name].at is None else schedule[name].next_after(now),
            )
            for name in missing
        ]
        Job.objects.bulk_create(begun, ignore_conflicts=True)
        known |= {row.name: row for row in Job.objects.filter(name__in=missing)}
    return known


def run(job: Recurring, row: Job) -> bool | None:
    """Run the job if it is still due as `row` says and nobody else does; whether it went well, None where it was not ours."""
    now = clock.now()
    # What another host has run meanwhile is due at another instant.
    if not lease.claim(Job.objects.filter(due_at=row.due_at), row, started_at=now):
        return None
    out = io.StringIO()
    try:
        with lease.held(lambda: _renew(row)):
            call_command(*job.command, stdout=out, stderr=out, no_color=True)
    except CommandError as error:
        failed, said = True, str(error)
    except Exception as error:
        # Its words may hold what people wrote: they go to the log only.
        log.exception("%s failed.", job.name)
        failed, said = True, type(error).__name__
    else:
        failed, said = False, _last_line(out.getvalue())
    _finish(job, row, now, failed=failed, said=said[:300])
    return not failed


def _renew(row: Job) -> None:
    lease.renew(row)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""


def _finish(job: Recurring, row: Job, started: datetime, *, failed: bool, said: str) -> None:
    now = clock.now()
    host, before = row.holder.partition(":")[0], row.failures
    failures = before + 1 if failed else 0
    changes: dict[str, Any] = {"finished_at": now, "failures": failures, "said": said}
    if failed:
        changes["due_at"] = job.again_after(now, failures)
    else:
        changes |= {"due_at": job.next_after(started), "succeeded_at": now}
    if not lease.finish(row, **changes):
        return
    if failed or before or job.at is not None:
        JobRun.objects.create(
            job=job.name,
            host=host,
            started_at=started,
            finished_at=now,
            succeeded=not failed,
            said=said,
        )


def run_now(name: str) -> bool:
    """Make a job due at once; False where it is running or unknown."""
    rows = Job.objects.filter(lease.free(), name=name)
    return bool(rows.update(due_at=clock.now()))


def tidy(before: datetime) -> int:
    """Forget the runs that ended before; how many."""
    return JobRun.objects.filter(finished_at__lt=before).delete()[0]
