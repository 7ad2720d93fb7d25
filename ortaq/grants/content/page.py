"""A form of the application as its page shows it: sections, tables, inputs with their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ortaq.documents import forms
from ortaq.documents.writing import page, paths
from ortaq.documents.writing.page import (
    RowOfFields,
    SectionOfPage,
    Shown,
    element_id,
    next_row,
    row_of,
)
from ortaq.documents.writing.reading import Reading
from ortaq.documents.writing.slots import MOST_ROWS
from ortaq.law.text import Text

from .estimate import Estimate, Line, Sums
from .whole import Whole, Written


@dataclass(frozen=True, slots=True)
class LineOfEstimate:
    row: RowOfFields
    line: Line | None
    label: Text


@dataclass(frozen=True, slots=True)
class ItemOfEstimate:
    """A cost item with its lines and the items below it. `depth` 0 is a category."""

    key: str
    label: Any
    depth: int
    is_group: bool
    sums: Sums
    lines: tuple[LineOfEstimate, ...] = ()
    items: tuple[ItemOfEstimate, ...] = ()
    activity: str = ""

    @property
    def id(self) -> str:
        return element_id(f"{self.key}-{self.activity}" if self.activity else self.key)

    @property
    def has_money(self) -> bool:
        """Whether anything stands in it or below it."""
        return any(line.line for line in self.lines) or any(item.has_money for item in self.items)


def sections(
    written: Written, *, person: int, reading: Reading | None = None
) -> list[SectionOfPage]:
    """The sections of a form with what stands in them; each table ends with an empty row.

    `reading`: what was sent and could not be taken stays in its inputs.
    """
    return page.sections(written.layout, written.row.data, person=person, reading=reading)


# --- The estimate --------------------------------------------------------------------------------


class EstimatePage:
    """The grid of annex 5: fixed items, lines added to them, direct costs by activity."""

    def __init__(
        self, whole: Whole, written: Written, *, person: int, reading: Reading | None = None
    ) -> None:
        self.estimate = Estimate(written.form.sections[0].tables[0], _lines(written))
        self.table, self.person = self.estimate.table, person
        rows = written.layout.groups[0].rows
        assert rows is not None
        self.rows = rows
        self.shown = page.shown_in(written.row.data, reading)
        self.order: list[str] = self.shown.flat.get(f"{rows.path}/{paths.ORDER}", [])
        self.activities = whole.calendar(written.part.year)
        self.full = len(self.order) >= MOST_ROWS

    @property
    def sums(self) -> Sums:
        return self.estimate.sums()

    def items(self) -> list[ItemOfEstimate]:
        """The tree of cost items."""
        return [
            item for row in self.table.children("") if row.kind != "total"
            for item in self._item(row, "", 0)
        ]  # fmt: skip

    def _item(self, row: forms.Row, activity: str, depth: int) -> Iterator[ItemOfEstimate]:
        if row.per_activity:
            known = {one["id"] for one in self.activities}
            for number, one in enumerate(self.activities, 1):
                label = f"{number}) {one.get('activity', '')}"
                yield self._one(row, one["id"], depth, label)
            for lost in sorted(self.estimate.activities - known):
                yield self._one(row, lost, depth, "")
        else:
            yield self._one(row, activity, depth, row.label)

    def _one(self, row: forms.Row, activity: str, depth: int, label: Any) -> ItemOfEstimate:
        is_group = row.kind == "group"
        return ItemOfEstimate(
            row.key,
            label,
            depth,
            is_group,
            self.estimate.sums(row.key, activity or None),
            () if is_group else tuple(self._lines_of(row, activity)),
            tuple(
                item
                for child in self.table.children(row.key)
                for item in self._item(child, activity, depth + 1)
            ),
            activity,
        )

    def _lines_of(self, row: forms.Row, activity: str) -> Iterator[LineOfEstimate]:
        """The lines of an item, and an empty one: the only one of a fixed item, the next of others."""
        mine = [
            line for line in self.estimate.lines if (line.row, line.activity) == (row.key, activity)
        ]
        for line in mine:
            yield LineOfEstimate(row_of(self.rows, line.id, self.shown, 1), line, row.label)
        if not self.full and (row.kind == "repeat" or not mine):
            stem = f"-{row.key[:14]}{activity.replace('~', '-')}-"[:26]
            name = next_row(self.order, self.person, stem)
            preset = {
                f"{self.rows.path}/{name}/row": row.key,
                f"{self.rows.path}/{name}/activity": activity or None,
            }
            yield LineOfEstimate(row_of(self.rows, name, Shown(preset)), None, row.label)


def _lines(written: Written) -> list[dict[str, Any]]:
    return list((written.row.data.get("budget") or {}).get("lines") or [])
