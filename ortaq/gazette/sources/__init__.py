"""Where publications come from: each room below says, by its own public visibility, what everybody may know.

A source never decides what is public: it starts from the room's query that does.
"""

from __future__ import annotations

from ortaq.gazette.telling import Source

from . import exchange, grants, oversight, people, planning, prizes, projects, registry, tenders


def every() -> tuple[Source, ...]:
    """All sources, those of state bodies last: a body is told of because of what it publishes."""
    rooms = (planning, grants, tenders, projects, oversight, prizes, exchange, registry, people)
    return tuple(source for room in rooms for source in room.SOURCES)
