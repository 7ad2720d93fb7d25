"""The cost estimate (annex 5): exact sums of lines, items and activities.

A line's total is quantity × unit cost. Its grant money may be left empty: then it is what own
contribution and other sources leave of the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ortaq.documents import forms
from ortaq.documents.writing import values

SOURCES = ("own_contribution", "other_cofinancing", "grant")
MATERIAL_SUPPORT, DIRECT = "material_support", "direct"


@dataclass(frozen=True, slots=True)
class Sums:
    """Money in tiyn by source."""

    own_contribution: int = 0
    other_cofinancing: int = 0
    grant: int = 0
    total: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.own_contribution + other.own_contribution,
            self.other_cofinancing + other.other_cofinancing,
            self.grant + other.grant,
            self.total + other.total,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the estimate as it was filled in. `activity` is the id of a row of the calendar
    plan, empty outside direct costs.
    """

    id: str
    row: str
    activity: str
    item: str
    data: Mapping[str, Any]

    @property
    def exact_total(self) -> Fraction | None:
        """Quantity × unit cost in tiyn, exact; None while one of them is missing."""
        quantity, cost = values.quantity(self.data.get("quantity")), self.data.get("unit_cost")
        if quantity is None or not values.is_sum(cost):
            return None
        return Fraction(quantity) * cost

    @property
    def total(self) -> int:
        """The total in whole tiyn; 0 while it is not known or not whole."""
        exact = self.exact_total
        return exact.numerator if exact is not None and exact.denominator == 1 else 0

    def typed(self, source: str) -> int | None:
        """A sum that was filled in, in tiyn."""
        value = self.data.get(source)
        return value if values.is_sum(value) else None

    @property
    def rest(self) -> int:
        """What own contribution and other sources leave for the grant; may be below nought."""
        return (
            self.total
            - (self.typed("own_contribution") or 0)
            - (self.typed("other_cofinancing") or 0)
        )

    @property
    def sums(self) -> Sums:
        grant = self.typed("grant")
        return Sums(
            self.typed("own_contribution") or 0,
            self.typed("other_cofinancing") or 0,
            max(self.rest, 0) if grant is None else grant,
            self.total,
        )

    @property
    def adds_up(self) -> bool:
        """Whether the three sources make the total."""
        sums = self.sums
        return sums.own_contribution + sums.other_cofinancing + sums.grant == sums.total


class Estimate:
    """One year's estimate: its lines, and sums of whatever is asked for."""

    def __init__(self, table: forms.Table, lines: Iterable[Mapping[str, Any]]) -> None:
        self.table = table
        known = {row.key for row in table.rows}
        self.lines = [
            Line(line["id"], line["row"], line.get("activity", ""), str(line.get("item", "")), line)
            for line in lines
            if line.get("row") in known
        ]
        self._parents = {row.key: row.parent for row in table.rows}

    def under(self, item: str, activity: str | None = None) -> Iterator[Line]:
        """The lines of a cost item and of everything below it; of one activity if given."""
        for line in self.lines:
            if item in self._above(line.row) and activity in (None, line.activity):
                yield line

    def _above(self, row: str) -> Iterator[str]:
        while row:
            yield row
            row = self._parents[row]

    def sums(self, item: str = "", activity: str | None = None) -> Sums:
        """The money of a cost item (default: of the whole estimate)."""
        lines = self.under(item, activity) if item else self.lines
        return sum((line.sums for line in lines), Sums())

    @property
    def activities(self) -> set[str]:
        """The ids of the activities that have costs."""
        return {line.activity for line in self.lines if line.activity}


def estimate_of(form: forms.Form, data: Mapping[str, Any]) -> Estimate:
    """The estimate in the `sections` of a filled annex 5."""
    table = form.sections[0].tables[0]
    lines = (data.get("budget") or {}).get("lines") or ()
    return Estimate(table, lines)
