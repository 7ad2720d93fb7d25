"""The data of the story: `data/competition.toml` and whoever applies in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from ortaq.demo import cast


@dataclass(frozen=True, slots=True)
class Entry:
    """An application of the story; see `data/competition.toml` for what the fields mean."""

    topic: str
    ngo: str
    title: str
    begun: datetime
    share: int
    number: int = 0
    language: str = "kk"
    submitted: datetime | None = None
    withdrawn: datetime | None = None
    again: datetime | None = None
    own: bool = False
    points: int = 0
    fails: dict[str, str] = field(default_factory=dict)


@cache
def competition() -> dict[str, Any]:
    return cast.table("competition.toml")


@cache
def entries() -> tuple[Entry, ...]:
    """Every application, in the order of the file."""
    rows = competition()["application"]
    return tuple(Entry(number=number, **row) for number, row in enumerate(rows))


def entry_of(topic: str, bin_of_ngo: str) -> Entry | None:
    """The entry of a topic and an NGO; None for an application that the story does not know."""
    found = (e for e in entries() if e.topic == topic and cast.bodies()[e.ngo].bin == bin_of_ngo)
    return next(found, None)
