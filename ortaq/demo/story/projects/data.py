"""The data of what became of the projects: `data/running.toml`."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from ortaq.core import clock
from ortaq.demo import cast
from ortaq.projects.models import Contract

TENGE = 100
GRANT, ORDER = Contract.Instrument.GRANT, Contract.Instrument.SOCIAL_ORDER
# Of the story's own forms: whoever plays a beat twice makes nothing twice.
FORMS = uuid.UUID("00000000-0000-4000-8000-000000002020")


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of the story; see `data/running.toml` for what the fields mean."""

    ngo: str
    activity: str
    kind: str
    kk: str
    ru: str
    place: str
    at: datetime
    hours: int
    expected: int
    number: int
    order: bool = False
    came: int = 0
    phone: int = 0
    answers: tuple[int, ...] = ()
    proves: tuple[int, ...] = ()
    told_at: datetime | None = None
    why: str = ""

    @property
    def instrument(self) -> str:
        return ORDER if self.order else GRANT

    @property
    def begins(self) -> datetime:
        return self.at.replace(tzinfo=clock.ALMATY)

    @property
    def ends(self) -> datetime:
        return self.begins + timedelta(hours=self.hours)

    @property
    def told(self) -> datetime:
        """When the NGO records it: the same evening, if the story does not say otherwise."""
        return self.told_at or self.at + timedelta(hours=self.hours + 2)

    @property
    def form(self) -> uuid.UUID:
        return uuid.uuid5(FORMS, f"event {self.number}")

    @property
    def people(self) -> list[Somebody]:
        """Who came: those of the NGO's pool whose turn it is, so that some come to several events."""
        first = 1000 + 200 * cast.bodies()[self.ngo].number + 12 * self.number
        return [Somebody(first + n) for n in range(self.came)]

    def points(self, n: int) -> int | None:
        """What the n-th of them answers: first those who give 5, then 4, then 3."""
        for points, count in zip((5, 4, 3), self.answers, strict=False):
            if n < count:
                return points
            n -= count
        return None


@dataclass(frozen=True, slots=True)
class Somebody:
    """A participant, invented from a number."""

    number: int

    @property
    def name(self) -> str:
        return " ".join(cast.a_name(self.number))

    @property
    def workplace(self) -> str:
        places = running()["workplaces"]
        return str(places[self.number % len(places)])

    @property
    def contact(self) -> str:
        return f"q{self.number}@{cast.DOMAIN}"

    @property
    def is_woman(self) -> bool:
        return self.number % 2 == 1


@cache
def running() -> dict[str, Any]:
    return cast.table("running.toml")


@cache
def happenings() -> tuple[Happening, ...]:
    """Every event of the story, in the order of the file."""
    rows = running()["event"]
    return tuple(Happening(number=number, **row) for number, row in enumerate(rows, 1))
