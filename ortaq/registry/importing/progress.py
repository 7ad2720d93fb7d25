"""How far a table is, in its own rows, while it passes through several hands: read, compared, written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

Row = TypeVar("Row")
# Whoever watches is told (rows done, all rows). They may raise, and then nothing has changed.
Progress = Callable[[int, int], None]
EVERY = 500  # rows: so often it is told


def silent(_done: int, _all: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of the work tells becomes what `whole` is told: it lies between `first` and `last` of `parts`, and
    the whole has so many `rows`.
    """

    whole: Progress
    rows: int
    first: int
    last: int
    parts: int

    def __call__(self, done: int, total: int) -> None:
        of = max(total, 1)
        gone = self.first * of + (self.last - self.first) * min(done, of)
        self.whole(self.rows * gone // (self.parts * of), self.rows)


def parts(whole: Progress, rows: int, number: int) -> list[Part]:
    """So many parts of equal length."""
    return [Part(whole, rows, one, one + 1, number) for one in range(number)]


def counted(rows: Sequence[Row], progress: Progress) -> Iterator[Row]:
    """These rows one by one, telling how many have gone by."""
    for number, row in enumerate(rows):
        if number % EVERY == 0:
            progress(number, len(rows))
        yield row


def portions(rows: Sequence[Row], size: int, progress: Progress) -> Iterator[Sequence[Row]]:
    """So many rows at a time, telling how many have gone by."""
    for start in range(0, len(rows), size):
        progress(start, len(rows))
        yield rows[start : start + size]
