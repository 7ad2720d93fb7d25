"""How a room tells what is public: drafts of its nouns, and which subjects of the journal touch them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

Keys = Collection[int]


@dataclass(frozen=True, slots=True)
class Draft:
    """One public thing as its room tells it; fields as in `Publication`.

    `pk` is that of the noun, `regions` are codes. Without `published_at`, where no room knows the instant, it is when
    the gazette first met the thing.
    """

    pk: int
    address: str
    title_kk: str
    title_ru: str = ""
    published_at: datetime | None = None
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
    """A kind of publication of one noun, whose keys are "<noun>:<primary key>".

    `public` is the room's own public visibility; `tell` says what is public of some of its rows, in a fixed number of
    queries, and may leave out a row that is not. `follows` says, for the label of each journal subject that touches the
    noun ("grants.competition"; "organisation" for an organisation), which of its primary keys are meant: a function
    from the subjects' own.
    """

    kind: str
    noun: str
    public: Callable[[], QuerySet[Any]]
    tell: Callable[[Sequence[Any]], Iterable[Draft]]
    follows: Mapping[str, Callable[[Keys], Iterable[int]]]

    def key(self, pk: int) -> str:
        return f"{self.noun}:{pk}"

    def drafts(self, keys: Keys) -> list[Draft]:
        """What is public now among the nouns with these primary keys."""
        rows = list(self.public().filter(pk__in=keys))
        return list(self.tell(rows)) if rows else []


def same(keys: Keys) -> Keys:
    """For a journal subject that is the noun itself."""
    return keys


def through(rows: QuerySet[Any], path: str, pk: str = "pk") -> Callable[[Keys], Iterable[int]]:
    """For a journal subject that lies at the end of `path` from the noun: the nouns of `rows` that lead to it.

    `pk` is where, from a row of `rows`, the noun's primary key stands.
    """

    def nouns(keys: Keys) -> Iterable[int]:
        found = rows.filter(**{f"{path}__in": keys}).order_by().values_list(pk, flat=True)
        return [one for one in found.distinct() if one is not None]

    return nouns
