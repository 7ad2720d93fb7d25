"""What a newcomer's way consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise

from ortaq.demo import cast


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the story from an instant on: legs, and the stage to travel to afterwards."""

    begins: datetime
    legs: tuple[Leg, ...]
    onward: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """What one of the cast does on a page; `address` finds it in the story, `cite` names the clause by which it is done."""

    key: str
    text: Promise
    address: Callable[[], str]
    cite: str = ""

    @property
    def name(self) -> str:
        return cast.people()[self.key].name[1]


def page(name: str) -> Callable[[], str]:
    return lambda: reverse(name)
