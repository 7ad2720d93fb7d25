"""What is nobody's mistake and will pass: the database is gone or busy for too long or was just upgraded, the disk is full."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from .prepared import is_stale

FULL = {errno.ENOSPC, errno.EDQUOT}
# Of SQLite: busy, locked, read only, a fault of the disk, full, it cannot be opened.
SQLITE = {5, 6, 8, 10, 13, 14}
# Classes of PostgreSQL's states: no connection, nothing left to work with, shut down by somebody, the system's own faults.
POSTGRESQL = {"08", "53", "57", "58"}


def is_away(error: BaseException | None) -> bool:
    """Whether the request can be sent once more later as it is: nothing of it is wrong, and nothing of it was kept."""
    return any(map(_is_away, _causes(error)))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen = 0
    while error is not None and seen < 10:
        yield error
        error, seen = error.__cause__ or error.__context__, seen + 1


def _is_away(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return code & 0xFF in SQLITE
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return state[:2] in POSTGRESQL or is_stale(error)
    # A connection that never came about, or broke, has no state.
    return type(error).__module__.startswith("psycopg") and type(error).__name__ in {
        "OperationalError",
        "InterfaceError",
        "ConnectionTimeout",
        "PoolTimeout",
    }
