"""Whether this process can serve: what a load balancer asks every few seconds, and the overview of the console.

What is looked at costs three small queries and one small file, and is remembered for `REMEMBERED` seconds in each process,
so that a storm of questions is no storm of queries. Names and words only: no secret, no path, no text of an error.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max

from ortaq.core import clock
from ortaq.core.models import Job
from ortaq.core.procedure import clock_behind

log = logging.getLogger(__name__)
REMEMBERED = 5.0  # seconds
# The shortest of what recurs is due every minute.
WORKER_SEEN = timedelta(minutes=10)
OK, FAILED, LATE = "ok", "failed", "late"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found, by name of the check: "ok", "failed" (cannot serve) or "late" (serves, and somebody should look)."""

    checks: dict[str, str]

    @property
    def ready(self) -> bool:
        return FAILED not in self.checks.values()


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def migrations() -> str:
    """The tables are those of this program. A database that is ahead of it is fine: that is how upgrades roll."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    return OK if leaves() <= applied else FAILED


@cache
def leaves() -> frozenset[tuple[str, str]]:
    """The last migration of every app, as this program brings them; reads no database."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def files() -> str:
    """The store of files takes what is handed in."""
    folder = getattr(default_storage, "base_location", None)
    if folder is not None:
        return writable(Path(folder))
    default_storage.exists("ready")  # raises when nobody answers
    return OK


def seals() -> str:
    return writable(Path(settings.ORTAQ_SEALS))


def writable(folder: Path) -> str:
    """Whether a file can be written there, or the folder be made when it is first needed."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        return FAILED
    with TemporaryFile(dir=folder) as file:
        file.write(b"ready")
        file.flush()
    return OK


def clock_is_sane() -> str:
    """Not behind what has been recorded already, by which no deadline could be judged."""
    return FAILED if clock_behind(here()) else OK


def here() -> datetime:
    """What time it is on this installation: a demonstration's clock travels, and probes are asked outside of its pages."""
    if settings.DEMO:
        from ortaq.demo import travel

        with clock.ahead(travel.ahead()):
            return clock.now()
    return clock.now()


def worker() -> str:
    """Whether what recurs has been done lately, by whichever host."""
    last = Job.objects.aggregate(last=Max("succeeded_at"))["last"]
    return OK if last and here() - last < WORKER_SEEN else LATE


# A worker that is gone is no reason to send readers away from a server that serves: it is never "failed".
CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "files": files,
    "seals": seals,
    "clock": clock_is_sane,
    "worker": worker,
}

_lock = threading.Lock()
_last: tuple[float, Readiness] | None = None


def readiness() -> Readiness:
    """What was found at most `REMEMBERED` seconds ago; one thread looks, the others wait for it."""
    global _last  # noqa: PLW0603 - one memory for each process
    with _lock:
        if _last is None or time.monotonic() - _last[0] > REMEMBERED:
            _last = time.monotonic(), look()
        return _last[1]


def look() -> Readiness:
    """Look now. What raises has failed; without a database nothing that needs it is asked."""
    found: dict[str, str] = {}
    for name, check in CHECKS.items():
        if found.get("database") == FAILED and name in NEED_DATABASE:
            found[name] = FAILED
            continue
        try:
            found[name] = check()
        except Exception:  # whatever it is, this server is not ready
            log.warning("readiness: %s failed", name, exc_info=True)
            found[name] = FAILED
    return Readiness(found)


NEED_DATABASE = frozenset({"migrations", "clock", "worker"})
