"""What was slow or broke is remembered: counted in memory at once, written into the database a little later by a thread of
its own.

So no request waits for it, none fails because of it, nothing of it is lost with the transaction that failed, and a database
that is away is told when it is back. In memory and in the database there is room for so many shapes and no more.
"""

from __future__ import annotations

import atexit
import hashlib
import logging
import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.http import UnreadablePostError

from ortaq.core import clock

from .logs import name_of, places, short
from .present import NO_ROUTE, present
from .violations import Violation

WAITING = 200  # shapes in memory
KEPT = 300  # rows of a kind in the database
REQUESTS = 10  # numbers of requests with each
SHAPE = 2000  # characters of a statement
SOON, LATER = 1.0, 30.0  # seconds until it is written, and until it is tried again
# A line that breaks off in the middle of an upload is no fault of the program.
NO_FAULTS = (UnreadablePostError,)
COMMAND = re.compile(r"[a-z_]{1,30}")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Note:
    """One shape of trouble and how often it came: `fixed` are the fields that make the shape, times are milliseconds."""

    model: str
    fingerprint: str
    fixed: dict[str, Any]
    first_at: datetime
    last_at: datetime
    count: int = 1
    requests: tuple[str, ...] = ()
    total_ms: int = 0
    longest_ms: int = 0

    def joined(self, later: Note) -> Note:
        return replace(
            self,
            last_at=max(self.last_at, later.last_at),
            count=self.count + later.count,
            requests=(*self.requests, *later.requests)[-REQUESTS:],
            total_ms=self.total_ms + later.total_ms,
            longest_ms=max(self.longest_ms, later.longest_ms),
        )


@dataclass
class Spool:
    """What waits to be written, by shape. What finds no room is counted in `lost` and gone."""

    waiting: dict[str, Note] = field(default_factory=dict)
    lost: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    writer: threading.Thread | None = None

    def put(self, note: Note) -> None:
        with self.lock:
            known = self.waiting.get(note.fingerprint)
            # What strangers may report takes no room from what we have seen ourselves.
            room = WAITING // 2 if note.model == "violation" else WAITING
            if known is None and len(self.waiting) >= room:
                self.lost += 1
                return
            self.waiting[note.fingerprint] = known.joined(note) if known else note
            # After a fork the thread of the parent is not alive here.
            if settings.ORTAQ_NOTICE and (self.writer is None or not self.writer.is_alive()):
                self.writer = threading.Thread(target=self._write, daemon=True, name="noticing")
                self.writer.start()

    def _write(self) -> None:
        time.sleep(SOON)
        while not self.flush():
            time.sleep(LATER)
        connection.close()

    def flush(self) -> bool:
        """Write all that waits; False when the database would not have it, and it waits on."""
        with self.lock:
            notes, self.waiting = self.waiting, {}
        done: set[str] = set()
        token = _writing.set(True)
        try:
            for note in notes.values():
                write(note)
                done.add(note.fingerprint)
        except Exception as error:  # noqa: BLE001 - whatever it is: nothing here may break anything else
            log.warning("Slow and broken things could not be written: %s", name_of(type(error)))
            with self.lock:
                for note in notes.values():
                    if note.fingerprint not in done:
                        newer = self.waiting.get(note.fingerprint)
                        self.waiting[note.fingerprint] = note.joined(newer) if newer else note
            return False
        finally:
            _writing.reset(token)
        return True


def write(note: Note) -> None:
    """Add a note to the row of its shape, which stands open again."""
    from .models import Fault, Slow, Violation

    model: Any = {"fault": Fault, "slow": Slow, "violation": Violation}[note.model]
    times = (
        {
            "total_ms": F("total_ms") + note.total_ms,
            "longest_ms": Greatest(F("longest_ms"), note.longest_ms),
        }
        if note.model == "slow"
        else {}
    )
    rows = model.objects.filter(fingerprint=note.fingerprint)
    earlier = rows.values_list("requests", flat=True).first()
    changed = {
        "count": F("count") + note.count,
        "last_at": note.last_at,
        "requests": [*(earlier or ()), *note.requests][-REQUESTS:],
        "settled_at": None,
        "settled_by": None,
        **times,
    }
    if earlier is not None and rows.update(**changed):
        return
    first = {"total_ms": note.total_ms, "longest_ms": note.longest_ms} if times else {}
    try:
        with transaction.atomic():
            model.objects.create(
                fingerprint=note.fingerprint,
                count=note.count,
                first_at=note.first_at,
                last_at=note.last_at,
                requests=list(note.requests),
                **first,
                **note.fixed,
            )
    except IntegrityError:  # another process was faster
        rows.update(**changed)
        return
    kept = model.objects.order_by("-last_at", "-id").values("pk")[:KEPT]
    if model.objects.count() > KEPT:
        model.objects.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()


spool = Spool()
atexit.register(lambda: spool.waiting and settings.ORTAQ_NOTICE and spool.flush())


class _Flag(threading.local):
    """Whether this thread is writing notes: of that nothing is noted."""

    on = False

    def set(self, value: bool) -> bool:
        before, self.on = self.on, value
        return before

    def reset(self, value: bool) -> None:
        self.on = value


_writing = _Flag()


def where() -> str:
    """The route of the present request, or the command of this process."""
    if watched := present.get():
        return watched.route
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    return f"command {word}" if COMMAND.fullmatch(word) else NO_ROUTE


def _noted(
    model: str,
    shape: tuple[str, ...],
    fixed: dict[str, Any],
    ms: int = 0,
    *,
    numbered: bool = True,
) -> None:
    now, watched = clock.now(), present.get() if numbered else None
    spool.put(
        Note(
            model=model,
            fingerprint=hashlib.sha256("\n".join((model, *shape)).encode()).hexdigest(),
            fixed=fixed,
            first_at=now,
            last_at=now,
            requests=(watched.number,) if watched else (),
            total_ms=ms,
            longest_ms=ms,
        )
    )


# --- What is slow ----------------------------------------------------------------------------------

_SHAPES = (
    (re.compile(r"'(?:[^']|'')*'"), "'…'"),
    (re.compile(r"(?<![\w\"])\d+(?:\.\d+)?(?![\w\"])"), "…"),
    # Names of savepoints differ from one to the next.
    (re.compile(r"\bs\d+_x\d+\b"), "s…"),
    (re.compile(r"\((?:%s|…|\?)(?:, (?:%s|…|\?))+\)"), "(…)"),
    (re.compile(r"\(…\)(?:, \(…\))+"), "(…), …"),
    (re.compile(r"\s+"), " "),
)


def shape_of(statement: str) -> str:
    """A statement without any value in it, the same however many values it was given."""
    for found, instead in _SHAPES:
        statement = found.sub(instead, statement[: 5 * SHAPE])
    return statement.strip()[:SHAPE]


def slow_query(statement: str, seconds: float) -> None:
    shape, route = shape_of(statement), where()
    fixed = {"kind": "query", "route": route, "shape": shape}
    _noted("slow", ("query", route, shape), fixed, round(seconds * 1000))


def slow_request(method: str, route: str, seconds: float) -> None:
    fixed = {"kind": "request", "route": route, "shape": method}
    _noted("slow", ("request", route, method), fixed, round(seconds * 1000))


def watch_statement(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Around each statement: how long it took, for the request and, if too long, for the list."""
    begun = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        seconds = time.perf_counter() - begun
        if watched := present.get():
            watched.queries += 1
            watched.database_seconds += seconds
        if 0 < settings.ORTAQ_SLOW_QUERY_MS <= seconds * 1000 and not _writing.on:
            slow_query(sql, seconds)


def watch_connection(connection: Any, **_sender: Any) -> None:
    """A new connection to a database (`connection_created`): its statements are watched from now on."""
    if watch_statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(watch_statement)


# --- What breaks -----------------------------------------------------------------------------------


class Faults(logging.Handler):
    """Every exception that is logged as an error: of a page (Django logs it), of work in the background, of a thread."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is None or _writing.on or isinstance(error, NO_FAULTS):
            return
        # What strangers try with wrong names of hosts and the like breaks nothing.
        if record.name.startswith("django.security"):
            return
        try:
            note_fault(error)
        except Exception:  # noqa: BLE001 - as every handler does
            self.handleError(record)


def note_fault(error: BaseException) -> None:
    """One more of this exception at this place."""
    trace = places(error.__traceback__)
    own = [place for place in trace if place.startswith("ortaq/")]
    place = (own or trace or [short("unknown")])[-1][:300]
    kind, route = name_of(type(error))[:200], where()
    # The number of the line changes with every version, the name of the function hardly.
    file, _, rest = place.partition(":")
    fixed = {"error": kind, "place": place, "route": route, "trace": trace}
    _noted("fault", (kind, file, rest.partition(" ")[2], route), fixed)


# --- What browsers refused -------------------------------------------------------------------------


def note_violation(told: Violation) -> None:
    """One more report; without the number of its request, which would lead to its reader in the log."""
    fixed = {"directive": told.directive, "blocked": told.blocked, "route": told.route}
    _noted("violation", tuple(fixed.values()), fixed, numbered=False)
