"""What time it is. Domain code asks here and nowhere else.

Tests and the demo set the time; a server runs on the system's. An instant is an
aware `datetime`; a day is a `date` in Asia/Almaty, where the whole country has lived
on one time since 1 March 2024 (the zone's data knows the offset of every earlier day).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ALMATY = ZoneInfo("Asia/Almaty")

_frozen: ContextVar[datetime | None] = ContextVar("ortaq_clock_frozen", default=None)
_ahead: ContextVar[timedelta] = ContextVar("ortaq_clock_ahead", default=timedelta(0))
# How long what is being answered waited for its turn, and when (by the system's clock) its turn came.
_arrival: ContextVar[tuple[timedelta, datetime] | None] = ContextVar(
    "ortaq_clock_arrival", default=None
)


def now() -> datetime:
    """The present instant, in Asia/Almaty."""
    if (fixed := _frozen.get()) is not None:
        return fixed.astimezone(ALMATY)
    return (datetime.now(UTC) + _ahead.get()).astimezone(ALMATY)


def reached() -> datetime:
    """The instant at which what is being answered reached this server: `now`, less the time for which it waited.

    Whoever sent something before a deadline is not late because many others did too.
    """
    if (arrival := _arrival.get()) is None:
        return now()
    waited, since = arrival
    stood = timedelta(0) if _frozen.get() is not None else datetime.now(UTC) - since
    return now() - waited - max(stood, timedelta(0))


def standing() -> datetime | None:
    """The instant at which the clock stands still; None while it goes."""
    return _frozen.get()


def today() -> date:
    """The present day in Asia/Almaty."""
    return now().date()


def at(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """The instant of a wall-clock time in Asia/Almaty."""
    return datetime.combine(day, time(hour, minute, second), tzinfo=ALMATY)


def end_of(day: date) -> datetime:
    """The last second of `day` in Asia/Almaty: what arrives then is still of that day."""
    return at(day, 23, 59, 59)


def day_of(instant: datetime) -> date:
    """The day of an instant in Asia/Almaty."""
    return instant.astimezone(ALMATY).date()


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """Inside the block it is `instant`, which must be aware."""
    if instant.tzinfo is None:
        raise ValueError("The clock can only be set to an instant with a time zone.")
    token = _frozen.set(instant)
    try:
        yield
    finally:
        _frozen.reset(token)


@contextmanager
def ahead(by: timedelta) -> Iterator[None]:
    """Inside the block the clock runs ahead of the system's by `by` (the demo site)."""
    token = _ahead.set(by)
    try:
        yield
    finally:
        _ahead.reset(token)


@contextmanager
def arriving(waited: timedelta = timedelta(0)) -> Iterator[None]:
    """Inside the block a request is answered that has waited for its turn for as long as `waited`."""
    token = _arrival.set((waited, datetime.now(UTC)))
    try:
        yield
    finally:
        _arrival.reset(token)


def arrived_only_now() -> None:
    """The request that is being answered is whole only now: its sender took their time."""
    if _arrival.get() is not None:
        _arrival.set((timedelta(0), datetime.now(UTC)))
