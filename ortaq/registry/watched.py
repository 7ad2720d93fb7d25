"""What the standing watch looks at: rooms above hang here what an NGO may have running with them.

    watched.rooms.append(watched.Room("application", Text(…), "guide, grants", running, ("grants:application",)))

`running(organisations)` is given a query of organisations' numbers (to be used with `__in`), runs one query of its own and tells
what they have running as `Thing`s. What nobody may know of yet, such as a sealed bid, it does not tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ortaq.law.text import Text


@dataclass(frozen=True, slots=True)
class Thing:
    """Something running: its key (`core.keys`), whose it is, who is in charge of it (organisations' numbers), its name
    and the path of its page.
    """

    subject: str
    organisation: int
    body: int
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Room:
    """One kind of thing: `what` it is called in rows, its word for the reader, the clause that makes a body decide, and
    the names of the addresses on whose pages a flag is shown.
    """

    what: str
    word: Text
    cite: str
    running: Callable[[Any], Iterable[Thing]]
    pages: tuple[str, ...]


rooms: list[Room] = []


def room(what: str) -> Room | None:
    """The room that calls its things so; None when this installation no longer has it."""
    return next((one for one in rooms if one.what == what), None)


def word(what: str) -> Text:
    """How a kind of thing is called for the reader."""
    found = room(what)
    return found.word if found else Text(what, what, what)
