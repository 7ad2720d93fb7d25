"""A form as its page shows it: sections, tables, inputs with their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from ortaq.documents.forms import Section
from ortaq.faces.parts import Difference
from ortaq.law.findings import Finding

from . import paths, values
from .merge import RowStep
from .reading import Reading
from .slots import MOST_ROWS, Group, Heading, Layout, Rows, Slot


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
    section: Section | Heading
    fields: tuple[RowOfFields, ...]
    table: TableOfRows | None = None

    @property
    def id(self) -> str:
        return element_id(self.section.key)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the inputs hold: the saved values by path, and what was typed but refused."""

    flat: Mapping[str, Any]
    refused: Mapping[str, Finding] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


def element_id(path: str) -> str:
    """A path as an id of HTML."""
    return "f-" + path.replace("/", "-").replace("~", "_").replace("#", "order")


def anchor_of(posted: QueryDict, step: RowStep | None) -> str:
    """The element to come back to after a button beside a table; "" after plain saving."""
    if step is not None:
        return element_id(paths.table_of(step.unit + "/") or step.unit)
    what, _colon, table = posted.get("do", "").partition(":")
    return f"{element_id(table)}-new" if what == "add" else ""


def differences(
    layout: Layout, mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[Difference]:
    """What two people wrote in the same places, both by path, as the page shows it."""
    found = []
    for path, value in mine.items():
        if slot := layout.slot(path):
            typed, other = (values.typed(slot.kind, v) for v in (value, theirs.get(path)))
            found.append(Difference(slot.label, typed or "—", other or "—", path))
    return found


def shown_in(data: Mapping[str, Any], reading: Reading | None = None) -> Shown:
    """What the inputs of a form hold."""
    flat = paths.flatten(data)
    return Shown(flat, reading.refused, reading.typed) if reading else Shown(flat)


def sections(
    layout: Layout, data: Mapping[str, Any], *, person: int, reading: Reading | None = None
) -> list[SectionOfPage]:
    """The sections of a form with what stands in them; each table ends with an empty row.

    `reading`: what was sent and could not be taken stays in its inputs.
    """
    shown = shown_in(data, reading)
    return [_section(group, shown, person) for group in layout.groups]


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
