"""Figures of many submissions added up (`annex9.figures`): by field, by region, by state body, and all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from ortaq.oversight.annex9 import fraction

Key = TypeVar("Key")
Line = TypeVar("Line")


@dataclass(slots=True)
class Sums:
    """What some rows of annex 9 add up to; sums in tiyn, `means` the sum of the means of those evaluated."""

    rows: int = 0
    planned: int = 0
    contracted: int = 0
    paid: int = 0
    visited: int = 0
    visits: int = 0
    scored: int = 0
    means: Fraction = Fraction()

    def add(self, figures: Mapping[str, Any]) -> None:
        """Add the figures of one field of one submission."""
        self.rows += figures["rows"]
        self.planned += figures["planned"]
        self.contracted += figures["contracted"]
        self.paid += figures["paid"]
        self.visited += figures["visited"]
        self.visits += figures["visits"]
        self.scored += figures["scored"]
        self.means += fraction(figures["means"]) or 0

    @property
    def mean(self) -> Fraction | None:
        """The mean of the means by criterion (1..5) of the projects evaluated, exact."""
        return self.means / self.scored if self.scored else None


def total(figures: Iterable[Mapping[str, Any]]) -> Sums:
    """Everything together."""
    found = Sums()
    for one in figures:
        found.add(one)
    return found


def grouped(
    lines: Iterable[Line],
    key: Callable[[Line], Key],
    figures: Callable[[Line], Mapping[str, Any]],
) -> dict[Key, Sums]:
    """The lines added up by `key`, in the order in which the keys come first."""
    found: dict[Key, Sums] = {}
    for line in lines:
        found.setdefault(key(line), Sums()).add(figures(line))
    return found
