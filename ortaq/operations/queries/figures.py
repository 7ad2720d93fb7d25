"""How an installation stands, in numbers: for the metrics and the overview. Numbers and ages only, nothing of anybody."""

from __future__ import annotations

import shutil
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, Sum

from ortaq.core import clock
from ortaq.core.models import Checkpoint, Duty, Job, Letter, StoredFile, Work
from ortaq.operations.models import BackupRun, Fault, Slow, Violation

REMEMBERED = 15.0  # seconds
SUM_REMEMBERED = 600.0  # a sum over all files is no question for every quarter of a minute


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts, sizes in bytes, ages in seconds; None where something has never happened."""

    duties_late: int
    letters_waiting: int
    letters_failed: int
    work_waiting: int
    work_running: int
    faults_open: int
    slow_open: int
    violations_open: int
    database_bytes: int
    files_bytes: int
    disk_free_bytes: int
    seal_age: float | None
    backup_age: float | None
    backup_bytes: int
    jobs: dict[str, float | None] = field(default_factory=dict)
    job_failures: dict[str, int] = field(default_factory=dict)

    @property
    def worker_age(self) -> float | None:
        """Seconds since anything that recurs went well; None: never."""
        ages = [age for age in self.jobs.values() if age is not None]
        return min(ages, default=None)


_lock = threading.Lock()
_last: tuple[float, Figures] | None = None
_files: tuple[float, int] | None = None


def figures() -> Figures:
    """What was found at most `REMEMBERED` seconds ago; a fixed number of queries."""
    global _last  # noqa: PLW0603 - one memory for each process
    with _lock:
        if _last is None or time.monotonic() - _last[0] > REMEMBERED:
            _last = time.monotonic(), count()
        return _last[1]


def count() -> Figures:
    """Count now."""
    now = clock.now()
    letters = Letter.objects.aggregate(
        waiting=Count("pk", filter=Q(state=Letter.State.RELEASED)),
        failed=Count("pk", filter=Q(state__in=(Letter.State.FAILED, Letter.State.GIVEN_UP))),
    )
    work = Work.objects.aggregate(
        waiting=Count("pk", filter=Q(state=Work.State.WAITING)),
        running=Count("pk", filter=Q(state=Work.State.RUNNING)),
    )
    jobs = list(Job.objects.all())
    sealed = Checkpoint.objects.order_by("-day").values_list("day", flat=True).first()
    backup = BackupRun.last_good()
    return Figures(
        duties_late=Duty.objects.filter(done_at=None, due_at__lt=now).count(),
        letters_waiting=letters["waiting"],
        letters_failed=letters["failed"],
        work_waiting=work["waiting"],
        work_running=work["running"],
        faults_open=Fault.objects.filter(settled_at=None).count(),
        slow_open=Slow.objects.filter(settled_at=None).count(),
        violations_open=Violation.objects.filter(settled_at=None).count(),
        database_bytes=database_bytes(),
        files_bytes=_files_bytes(),
        disk_free_bytes=shutil.disk_usage(_standing(Path(settings.VAR))).free,
        seal_age=_age(clock.end_of(sealed), now) if sealed else None,
        backup_age=_age(backup.ended_at, now) if backup else None,
        backup_bytes=backup.bytes if backup else 0,
        jobs={job.name: _age(job.succeeded_at, now) for job in jobs},
        job_failures={job.name: job.failures for job in jobs},
    )


def _age(at: datetime | None, now: datetime) -> float | None:
    return max(0.0, (now - at).total_seconds()) if at else None


def _standing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def database_bytes() -> int:
    """What the database takes on its disk."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])


def _files_bytes() -> int:
    """What people have handed in, each file once, as it was counted within ten minutes."""
    global _files  # noqa: PLW0603 - as above
    if _files is None or time.monotonic() - _files[0] > SUM_REMEMBERED:
        total = StoredFile.objects.aggregate(total=Sum("size"))["total"] or 0
        _files = time.monotonic(), total
    return _files[1]
