"""The cost estimate: a tree of cost items, printed with a subtotal for every group.

The tree is the form's; direct costs repeat one branch of it for each activity. Fixed items
are always printed, the branches of an activity only where money stands in them: not every
kind of cost has to appear (annex 5, note).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from ortaq.law.text import Text

from . import forms
from .paper import Cell, Row, RowKind

Line = Mapping[str, Any]
Place = tuple[str, int | None]  # key of the item, number of the activity


class Estimate:
    """The rows of one filled estimate. `whole` prints every item, as an empty form does.

    `value` is what `ortaq.documents.filling` describes. Raises `LookupError` for a line whose
    item the form does not have, and for a direct cost without its activity.
    """

    def __init__(
        self,
        table: forms.Table,
        value: Mapping[str, Any],
        show: Callable[[Any, forms.Type], Cell],
        say: Callable[[Text], str],
        *,
        whole: bool,
    ) -> None:
        self.table, self.show, self.say, self.whole = table, show, say, whole
        self.lines: dict[Place, list[Line]] = defaultdict(list)
        for line in value.get("lines", ()):
            self.lines[self._place(line)].append(line)
        named = list(value.get("activities") or ([""] * 2 if whole else []))
        most = max((number or 0 for _, number in self.lines), default=0)
        self.activities = named + [""] * (most - len(named))
        self.sums = [c for c in table.leaves() if c.type == "money" and c.key != "unit_cost"]

    def rows(self) -> Iterator[Row]:
        """The printed rows, in the order of the form."""
        for item in self.table.children(""):
            yield from self._item(item, None, 0)

    def _place(self, line: Line) -> Place:
        key = line["row"]
        item = self.table.row(key)
        while not item.per_activity and item.parent:
            item = self.table.row(item.parent)
        if not item.per_activity:
            return key, None
        if not line.get("activity"):
            raise LookupError(f"A line of {key!r} belongs to an activity, and names none.")
        return key, line["activity"]

    def _item(self, item: forms.Row, activity: int | None, depth: int) -> Iterator[Row]:
        if item.per_activity:
            for number, name in enumerate(self.activities, 1):
                label = self.say(item.label.fill(n=number))
                label = f"{label}. {name}" if name else label
                rows = self._group(item, number, depth, label)
                # An empty form shows the items of an activity once.
                yield from islice(rows, 1) if self.whole and number > 1 else rows
        elif item.kind == "total":
            yield self._sum(item, list(self._all()), 0, self.say(item.label), RowKind.TOTAL)
        elif item.kind == "group":
            if activity is None or self.whole or any(self._under(item, activity)):
                yield from self._group(item, activity, depth, self.say(item.label))
        else:
            yield from self._lines(item, activity, depth)

    def _group(
        self, item: forms.Row, activity: int | None, depth: int, label: str
    ) -> Iterator[Row]:
        yield self._sum(item, list(self._under(item, activity)), depth, label, RowKind.GROUP)
        for child in self.table.children(item.key):
            yield from self._item(child, activity, depth + 1)

    def _lines(self, item: forms.Row, activity: int | None, depth: int) -> Iterator[Row]:
        label, lines = self.say(item.label), self.lines[item.key, activity]
        wanted = self.whole or (item.kind == "line" and activity is None)
        for line in lines or ([{}] if wanted else []):
            text = ": ".join(part for part in (label, line.get("item") or "") if part) or "..."
            yield self._row(item, line, depth, text, RowKind.LINE)

    def _under(self, item: forms.Row, activity: int | None) -> Iterator[Line]:
        """The lines of an item and of everything below it."""
        numbers = [activity]
        if item.per_activity and activity is None:
            numbers = [None, *range(1, len(self.activities) + 1)]
        for number in numbers:
            yield from self.lines.get((item.key, number), ())
            for child in self.table.children(item.key):
                yield from self._under(child, number)

    def _all(self) -> Iterator[Line]:
        for item in self.table.children(""):
            yield from self._under(item, None)

    def _sum(
        self, item: forms.Row, lines: Sequence[Line], depth: int, label: str, kind: RowKind
    ) -> Row:
        sums: dict[str, int] = {}
        for column in self.sums:
            amounts = [line[column.key] for line in lines if _is_sum(line.get(column.key))]
            if amounts:
                sums[column.key] = sum(amounts)
        return self._row(item, sums, depth, label, kind)

    def _row(self, item: forms.Row, line: Line, depth: int, label: str, kind: RowKind) -> Row:
        first = {"num": Cell(item.num), "item": Cell(label, indent=depth)}
        cells = [
            first.get(column.key) or self.show(line.get(column.key), column.type)
            for column in self.table.leaves()
        ]
        return Row(tuple(cells), kind)


def _is_sum(value: Any) -> bool:
    """Whether it is an amount in tiyn; a draft may still hold text where a sum should be."""
    return isinstance(value, int) and not isinstance(value, bool)
