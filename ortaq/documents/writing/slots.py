"""What a form asks for: every place for a value, its type, its limit, whether it must be filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ortaq.documents.forms import Section

from . import paths

LONG, CELL, LINE = 20_000, 3_000, 500  # characters
MOST_ROWS = 300  # of one table


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one value. `path` is its address in the form; in a row only its last step.

    `kind`: text, line, bin, int, decimal, money, date, month, months, flag, choice.
    """

    path: str
    label: Any
    kind: str
    limit: int
    required: bool
    choices: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """A table to which rows are added: its path, the slots of a row, how many rows it needs."""

    path: str
    slots: tuple[Slot, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a section that no form prints."""

    key: str
    title: Any
    num: str = ""
    instruction: Any = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the form: its single places, and its table if it has one."""

    section: Section | Heading
    slots: tuple[Slot, ...] = ()
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """All that one form asks for."""

    groups: tuple[Group, ...]

    def slot(self, path: str) -> Slot | None:
        """The slot that a path of the filled form belongs to; None for a path of no slot."""
        table = paths.table_of(path)
        for group in self.groups:
            if table is None:
                found = (slot for slot in group.slots if slot.path == path)
            elif group.rows and group.rows.path == table:
                column = path.removeprefix(paths.unit_of(path) + "/")
                found = (slot for slot in group.rows.slots if slot.path == column)
            else:
                continue
            if slot := next(found, None):
                return slot
        return None

    def slots_of_unit(self, unit: str) -> list[tuple[str, Slot]]:
        """(path, slot) of everything that is saved together under `unit`; empty: no such unit."""
        table = paths.table_of(unit + "/")
        if table is None:
            slot = self.slot(unit)
            return [(unit, slot)] if slot else []
        if not paths.ROW_ID.fullmatch(unit.removeprefix(f"{table}/")):
            return []
        rows = self.rows(table)
        return [(f"{unit}/{slot.path}", slot) for slot in rows.slots] if rows else []

    def rows(self, table: str) -> Rows | None:
        """The table with this path."""
        return next((g.rows for g in self.groups if g.rows and g.rows.path == table), None)
