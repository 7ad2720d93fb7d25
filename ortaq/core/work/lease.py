"""A row is worked at by one process at a time, and a killed process holds it for a minute at most.

Leases are counted by the clock of the database, the one clock that all hosts share: neither a host whose clock is wrong nor the
travelling clock of a demonstration makes two hosts do one thing. Claiming is one UPDATE with a condition, which both
databases decide for exactly one of those who try.
"""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from logging import getLogger
from typing import Any, TypeVar

from django.db import DatabaseError, connection, models
from django.db.models import F, Q
from django.db.models.functions import Now

from ortaq.core.models import Leased

Row = TypeVar("Row", bound=Leased)
log = getLogger(__name__)

# A lease is renewed four times before it ends: a pause of the machine or of the database does not lose it.
LEASE = timedelta(seconds=60)
BEAT = 15.0  # seconds
HOST = socket.gethostname()[:40]


def free() -> Q:
    """The rows that nobody holds, or whose holder has not been heard of."""
    return Q(held_until=None) | Q(held_until__lt=Now())


def holder() -> str:
    """A name for one claim: which host, which process, and no other claim ever."""
    return f"{HOST}:{os.getpid()}:{uuid.uuid4().hex[:12]}"


def claim(rows: models.QuerySet[Row], row: Row, **changes: Any) -> bool:
    """Take `row` if it is still among `rows` and free; whether it is ours now. `changes` are written with the claim."""
    row.holder = holder()
    mine = rows.filter(free(), pk=row.pk).update(
        holder=row.holder, held_until=Now() + LEASE, **changes
    )
    for name, value in changes.items():
        if not isinstance(value, (F, models.expressions.Combinable)):
            setattr(row, name, value)
    return bool(mine)


def finish(row: Leased, **changes: Any) -> bool:
    """Write how it ended and let go; False where the lease was lost meanwhile: then another holder writes that."""
    rows: models.QuerySet[Leased] = type(row)._default_manager.filter(pk=row.pk, holder=row.holder)
    ours = bool(rows.update(holder="", held_until=None, **changes))
    if not ours:
        log.warning("The lease of %s was lost before it was finished.", row)
    return ours


def renew(row: Leased, **changes: Any) -> bool:
    """Hold `row` for another while; whether it is still ours."""
    rows: models.QuerySet[Leased] = type(row)._default_manager.filter(pk=row.pk, holder=row.holder)
    return bool(rows.update(held_until=Now() + LEASE, **changes))


@contextmanager
def held(beat: Callable[[], None], every: float = BEAT) -> Iterator[None]:
    """Inside the block `beat` is called every so many seconds by a thread with a connection of its own, so that the lease
    of long work is renewed, and its progress seen, while its own transaction is open.
    """
    over = threading.Event()

    def go_on() -> None:
        try:
            while not over.wait(every):
                try:
                    beat()
                except DatabaseError:  # gone for a moment, or (SQLite) the work itself is writing
                    connection.close()
        finally:
            connection.close()

    thread = threading.Thread(target=go_on, name="ortaq-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
