"""How much there is of a project, and the keys and figures that follow from its number."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

OF_AN_NGO = 5  # projects
ACTIVITIES, INDICATORS = 4, 4  # indicators of each activity
LINES = 8
SUM = 6_000_000_00
SPENT = SUM // 2
PLANNED = 10  # of an indicator
BEFORE, LENGTH = 140, 240  # days: when the first event was, and until the last
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Shape:
    """How much there is of a project, and the figures that follow from it."""

    events: int
    people: int
    each: int  # people at an event
    expenses: int
    evidence: int

    @cached_property
    def held(self) -> int:
        return sum(day_of(self, n) < 0 for n in range(self.events))

    @cached_property
    def ratings(self) -> list[int | None]:
        """Of the people at an event, in their order: two of three answer."""
        return [None if k % 3 == 2 else 5 - k % 2 for k in range(self.each)]

    @property
    def answers(self) -> int:
        return self.each - self.ratings.count(None)

    @property
    def points(self) -> int:
        return sum(one or 0 for one in self.ratings)

    def person(self, event: int, k: int) -> int:
        """Who is the k-th at an event: all come in turn."""
        return (event * self.each + k) % self.people

    def attended(self, person: int) -> int:
        """How many events one person was at."""
        turns, rest = divmod(self.held * self.each, self.people)
        return turns + (person < rest)

    def reached(self, every: int) -> int:
        """How many indicators reach their number by each `every`-th piece of evidence."""
        shown = [0] * (ACTIVITIES * INDICATORS)
        for n in range(0, self.evidence, every):
            shown[n % len(shown)] += PLANNED // 2
        return sum(amount >= PLANNED for amount in shown)


COMMON = Shape(events=20, people=100, each=15, expenses=20, evidence=20)
LARGE = Shape(events=200, people=600, each=30, expenses=400, evidence=400)


def shape(project: int) -> Shape:
    """Of a project by its number, from 0."""
    return COMMON if project else LARGE


def first(project: int, noun: str) -> int:
    """The key of a project's first row of a noun: events, people, expenses, evidence."""
    large, common = getattr(LARGE, noun), getattr(COMMON, noun)
    return 1 + (large + (project - 1) * common if project else 0)


def day_of(of: Shape, event: int) -> int:
    """On which day from today an event is: negative when it is over."""
    return LENGTH * event // of.events - BEFORE


def once(project: int, number: int) -> uuid.UUID:
    return uuid.UUID(int=project << 40 | number)
