"""Where publications come from: each room below says, by its own public visibility, what everybody may know.

A source never decides what is public: it starts from the room's query that does.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Draft:
    """One public thing as its room tells it; fields as in `Publication`. `regions` are codes."""

    key: str
    address: str
    title_kk: str
    published_at: datetime
    title_ru: str = ""
    summary_kk: str = ""
    summary_ru: str = ""
    instrument: str = ""
    year: int | None = None
    field: str = ""
    regions: tuple[str, ...] = ()
    body: int | None = None
    recipient: int | None = None
    sum_tiyn: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    state: str = ""
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    # Further texts that a search looks through: they are not shown.
    searched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of publication.

    `drafts(keys)` yields what is public now among the nouns with these primary keys (None: all), in bounded memory;
    `follows` says, for the label of each journal subject that touches it ("grants.competition"), which primary keys
    of the noun are meant: a function from the subjects' primary keys.
    """

    kind: str
    noun: str  # the noun's own label: its keys are "<noun>:<primary key>"
    drafts: Callable[[Collection[int] | None], Iterator[Draft]]
    follows: Mapping[str, Callable[[Collection[int]], Collection[int]]] = dataclasses.field(
        default_factory=dict
    )


sources: list[Source] = []
