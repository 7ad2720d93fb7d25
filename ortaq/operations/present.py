"""The request that is being answered, for whoever tells of it: the log, the figures, the lists of slow and broken things."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

NO_ROUTE = "unmatched"


@dataclass(slots=True)
class Watched:
    """One request while it is answered: its number and route, and what it has asked of the database."""

    number: str
    route: str = NO_ROUTE
    queries: int = 0
    database_seconds: float = 0.0


present: ContextVar[Watched | None] = ContextVar("watched", default=None)
