"""A streaming copy of the database answers those who only read what is public.

    page, from_replica = replica.answered(make)

While `make` runs every query that reads goes to the replica, all of them to the same one, so that what a page shows and the
marks by which it is kept (`faces.public`) come from one state of the data. Whoever writes reads the primary from then on.
Readers with a session, forms, commands and workers never come here: who has done something always sees it done.

How far a replica is behind is not asked of clocks. A process notes where the primary's log ends, at most once a second; the
replica that has replayed up to there is at least as fresh as that note. It is used while its note is younger than
`ORTAQ_REPLICA_LAG` seconds. Where the replica does not answer, the primary does, and it is left alone for a while. Where the
primary does not answer, the replica goes on alone: nothing newer can come from here.
"""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections

from .prepared import is_stale

ALIAS = "replica"
EVERY = 1.0  # seconds between two looks at how far it has come
AWAY = 10.0  # seconds for which a replica that did not answer is not asked
STEP = 90  # seconds within which a living installation writes something
NOTES = 120  # of the primary's log that are kept
GONE = (DatabaseError, InterfaceError)

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)
# Which database this thread reads from; None: the primary.
_reads: ContextVar[str | None] = ContextVar("ortaq_reads", default=None)


class Router:
    """Reads within `reading` go to the replica, everything else to the primary."""

    def db_for_read(self, _model: Any, **_hints: Any) -> str | None:
        return _reads.get()

    def db_for_write(self, _model: Any, **_hints: Any) -> str:
        if _reads.get() == ALIAS:
            _reads.set(DEFAULT_DB_ALIAS)
        return DEFAULT_DB_ALIAS

    def allow_relation(self, _one: Any, _other: Any, **_hints: Any) -> bool:
        return True  # the two hold the same rows

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        return db != ALIAS


@dataclass
class Freshness:
    """What one process knows of the replica."""

    clock: Callable[[], float] = time.monotonic
    asked_at: float | None = None
    away_until: float = -math.inf
    fresh_at: float = -math.inf  # it has everything that the primary had then
    alone: bool = False  # the primary did not answer when asked last
    notes: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=NOTES))
    lock: Lock = field(default_factory=Lock)

    def usable(self) -> bool:
        """Whether the replica may answer now; asks both databases if nobody has within the last second."""
        now = self.clock()
        if now < self.away_until:
            return False
        # One thread asks; the others go by what is known.
        due = self.asked_at is None or now - self.asked_at >= EVERY
        if due and self.lock.acquire(blocking=False):
            try:
                self._ask(now)
            finally:
                self.lock.release()
        if self.clock() < self.away_until:
            return False
        return self.alone or self.clock() - self.fresh_at <= settings.ORTAQ_REPLICA_LAG

    def _ask(self, now: float) -> None:
        self.asked_at = now
        try:
            ends = end_of_log(DEFAULT_DB_ALIAS)
        except GONE:
            # What it had when the primary was last heard of is the newest that there is.
            self.alone = self.alone or self._was_fresh(now)
            self.asked_at = now + AWAY - EVERY  # each question costs a reader seconds
        else:
            self.alone = False
            self.notes.append((now, ends))
        try:
            reached = end_of_log(ALIAS)
        except GONE as error:
            self.lost(error)
            return
        while self.notes and self.notes[0][1] <= reached:
            self.fresh_at = self.notes.popleft()[0]

    def _was_fresh(self, now: float) -> bool:
        """Whether the replica kept up until the primary was gone, by what this process knows or by its last step."""
        if now - self.fresh_at <= settings.ORTAQ_REPLICA_LAG + EVERY:
            return True
        try:
            age = age_of(ALIAS)
        except GONE:
            return False
        return age is not None and age < STEP

    def lost(self, error: Exception) -> None:
        """It did not answer: the primary is asked for a while."""
        self.away_until = self.clock() + AWAY
        self.alone = False
        self.fresh_at = -math.inf
        self.notes.clear()
        log.warning(
            "The replica does not answer, the primary does instead: %s", type(error).__name__
        )


def end_of_log(alias: str) -> int:
    """Up to which byte of the log a server has come: written on the primary, replayed on the replica."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() "
            "ELSE pg_current_wal_lsn() END - '0/0'::pg_lsn"
        )
        return int(cursor.fetchone()[0])


def age_of(alias: str) -> int | None:
    """Seconds since the last step that a replica has replayed, None if it has none yet; workers take one every few seconds."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - pg_last_xact_replay_timestamp())::int")
        age: int | None = cursor.fetchone()[0]
    return age


freshness = Freshness()


def present() -> bool:
    """Whether this installation has a replica."""
    return ALIAS in connections.settings


@contextmanager
def reading() -> Iterator[bool]:
    """Read from the replica within this block, if it is there and fresh; gives whether it is so.

    Blocks within one another read from what the outermost has chosen.
    """
    if not present() or _reads.get() is not None or not freshness.usable():
        yield _reads.get() == ALIAS
        return
    with _reading_from(ALIAS):
        yield True


@contextmanager
def _reading_from(alias: str) -> Iterator[None]:
    token = _reads.set(alias)
    try:
        yield
    finally:
        _reads.reset(token)


def answered(make: Callable[[], Answer]) -> tuple[Answer, bool]:
    """What `make` gives, and whether it was read from the replica; where that breaks off, it is read once more from the primary.

    For what only reads. Raises what `make` raises when it reads from the primary.
    """
    outside = _reads.get() is None
    with reading() as from_replica:
        try:
            return make(), _reads.get() == ALIAS
        except GONE as error:
            if not (outside and from_replica):
                raise
            _broke_off(error)
    return make(), False


def _broke_off(error: Exception) -> None:
    # A query that stood in the way of what is replayed, or was planned before an upgrade, says nothing against the server.
    if "conflict with recovery" not in str(error) and not is_stale(error.__cause__):
        freshness.lost(error)
    connections[ALIAS].close()


def streamed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces of a long answer that are made while it is sent, each read from the replica."""
    source = iter(pieces)
    while True:
        with _reading_from(ALIAS):
            try:
                piece = next(source, None)
            except GONE as error:  # what is sent is sent: the reader sees that it broke off
                _broke_off(error)
                raise
        if piece is None:
            return
        yield piece
