"""Where a source of an assessment came from, when another room entered it.

    origins.register(of_lessons)     in the `ready` of `oversight`

Officers write most sources themselves. Rooms above this one may enter some out of their records; they say here which records these are,
and whether this reader may open them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ortaq.people.actor import Actor

from .models import Source


@dataclass(frozen=True, slots=True)
class Origin:
    """What a source came from, in words, and its address for this reader ("": only the words)."""

    title: Any
    address: str = ""


Tells = Callable[[Sequence[Source], Actor], Mapping[int, Origin]]
_known: list[Tells] = []


def register(tells: Tells) -> None:
    """Let `tells` say of sources what they came from: sources and reader in, origins by the source's number out, in a fixed number of
    queries.
    """
    if tells not in _known:
        _known.append(tells)


def of(sources: Sequence[Source], actor: Actor) -> dict[int, Origin]:
    """Where these sources came from, by their numbers; those that an officer wrote are left out."""
    found: dict[int, Origin] = {}
    for tells in _known if sources else ():
        found |= tells(sources, actor)
    return found
