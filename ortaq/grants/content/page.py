"""A form of the application as its page shows it: sections, tables, inputs with their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ortaq.documents import forms
from ortaq.law.findings import Finding
from ortaq.law.text import Text

from . import paths, values
from .estimate import Estimate, Line, Sums
from .reading import Reading
from .slots import MOST_ROWS, Group, Rows, Slot
from .whole import Whole, Written


@dataclass(frozen=True, slots=True)
class Field:
    """One input. `name` is the path of its value; `id` is the same without signs CSS dislikes."""

    slot: Slot
    name: str
    value: Any
    text: str
    error: Finding | None = None

    @property
    def id(self) -> str:
        return element_id(self.name)


@dataclass(frozen=True, slots=True)
class RowOfFields:
    """A row of a table, or a single field: what is saved together. `number` 0: a new row."""

    unit: str
    fields: tuple[Field, ...]
    number: int = 0

    @property
    def id(self) -> str:
        return element_id(self.unit)


@dataclass(frozen=True, slots=True)
class TableOfRows:
    path: str
    rows: tuple[RowOfFields, ...]
    full: bool

    @property
    def id(self) -> str:
        return element_id(self.path)


@dataclass(frozen=True, slots=True)
class SectionOfPage:
    section: forms.Section
    fields: tuple[RowOfFields, ...]
    table: TableOfRows | None = None

    @property
    def id(self) -> str:
        return element_id(self.section.key)


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


@dataclass(frozen=True, slots=True)
class Shown:
    """What the inputs hold: the saved values by path, and what was typed but refused."""

    flat: Mapping[str, Any]
    refused: Mapping[str, Finding] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


def element_id(path: str) -> str:
    """A path as an id of HTML."""
    return "f-" + path.replace("/", "-").replace("~", "_").replace("#", "order")


def sections(
    written: Written, *, person: int, reading: Reading | None = None
) -> list[SectionOfPage]:
    """The sections of a form with what stands in them; each table ends with an empty row.

    `reading`: what was sent and could not be taken stays in its inputs.
    """
    shown = shown_in(written, reading)
    return [_section(group, shown, person) for group in written.layout.groups]


def shown_in(written: Written, reading: Reading | None) -> Shown:
    """What the inputs of a form hold."""
    flat = paths.flatten(written.row.data)
    return Shown(flat, reading.refused, reading.typed) if reading else Shown(flat)


def _section(group: Group, shown: Shown, person: int) -> SectionOfPage:
    fields = tuple(
        RowOfFields(slot.path, (_field(slot, slot.path, shown),)) for slot in group.slots
    )
    table = _table(group.rows, shown, person) if group.rows else None
    return SectionOfPage(group.section, fields, table)


def _table(rows: Rows, shown: Shown, person: int) -> TableOfRows:
    order = shown.flat.get(f"{rows.path}/{paths.ORDER}", [])
    found = [row_of(rows, row, shown, number) for number, row in enumerate(order, 1)]
    full = len(order) >= MOST_ROWS
    if not full:
        found.append(row_of(rows, next_row(order, person), shown))
    return TableOfRows(rows.path, tuple(found), full)


def next_row(order: Sequence[str], person: int, stem: str = "n") -> str:
    """The id of a row that this person may begin: the same when the page is loaded again, so that
    text kept in the browser finds its row; another one for every person.
    """
    number = 1
    while f"~p{person}{stem}{number}" in order:
        number += 1
    return f"~p{person}{stem}{number}"


def row_of(rows: Rows, row: str, shown: Shown, number: int = 0) -> RowOfFields:
    """The inputs of one row."""
    unit = f"{rows.path}/{row}"
    fields = (_field(slot, f"{unit}/{slot.path}", shown) for slot in rows.slots)
    return RowOfFields(unit, tuple(fields), number)


def _field(slot: Slot, path: str, shown: Shown) -> Field:
    value = shown.flat.get(path)
    text = shown.typed.get(path, values.typed(slot.kind, value))
    return Field(slot, path, value, text, shown.refused.get(path))


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
        self.shown = shown_in(written, reading)
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
