"""What was sent beside the return of the year before, place by place: how the authorised body reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ortaq.core import money
from ortaq.documents.showing import day
from ortaq.documents.writing import paths, values
from ortaq.documents.writing.slots import Group, Slot
from ortaq.faces import say
from ortaq.registry.models import ReturnVersion

from .parts import PAPERS, whole_layout

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """One value beside that of the year before; `path` names it in remarks."""

    path: str
    label: Any
    now: str
    before: str
    changed: bool
    is_number: bool
    remark: str = ""


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row of a table; `path` names it in remarks."""

    path: str
    cells: Sequence[tuple[Any, str, bool]]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section of the return: its places, or its rows of both years."""

    section: Any
    places: Sequence[Place] = ()
    heads: Sequence[tuple[Any, bool]] = ()
    rows: Sequence[RowShown] = ()
    before: Sequence[RowShown] = ()
    remark: str = ""

    @property
    def is_table(self) -> bool:
        return bool(self.heads)


def sections(
    now: Content, before: Content | None, remarks: Mapping[str, str] | None = None
) -> list[SectionShown]:
    """The sections of what was sent (`ReturnVersion.content`), beside the content of the year before."""
    said = remarks or {}
    flat = paths.flatten(now.get("sections", {}))
    earlier = paths.flatten((before or {}).get("sections", {}))
    return [
        _section(group, flat, earlier, said, before is not None) for group in whole_layout().groups
    ]


def _section(
    group: Group,
    flat: Mapping[str, Any],
    earlier: Mapping[str, Any],
    said: Mapping[str, str],
    beside: bool,
) -> SectionShown:
    if table := group.rows:
        return SectionShown(
            group.section,
            heads=[(slot.label, slot.kind in ("money", "int")) for slot in table.slots],
            rows=_rows(table.path, table.slots, flat, said),
            before=_rows(table.path, table.slots, earlier, {}),
            remark=said.get(table.path, ""),
        )
    places = []
    for slot in group.slots:
        shown, was = show(slot, flat.get(slot.path)), show(slot, earlier.get(slot.path))
        number = slot.kind in ("money", "int")
        changed = beside and shown != was
        places.append(
            Place(slot.path, slot.label, shown, was, changed, number, said.get(slot.path, ""))
        )
    return SectionShown(group.section, places)


def _rows(
    table: str, slots: Iterable[Slot], flat: Mapping[str, Any], said: Mapping[str, str]
) -> list[RowShown]:
    found = []
    for row in flat.get(f"{table}/{paths.ORDER}", ()):
        unit = f"{table}/{row}"
        cells = [
            (slot.label, show(slot, flat.get(f"{unit}/{slot.path}")), slot.kind in ("money", "int"))
            for slot in slots
        ]
        found.append(RowShown(unit, cells, said.get(unit, "")))
    return found


def show(slot: Slot, value: Any) -> str:
    """A value as people read it, in the reader's language; "" for nothing."""
    if paths.is_empty(value):
        return ""
    if slot.kind == "choice":
        return next((say.text(text) for key, text in slot.choices if key == value), str(value))
    if slot.kind == "money" and values.is_sum(value):
        return money.show(value)
    if slot.kind == "date":
        return day(value)
    return say.number(value) if slot.kind == "int" and isinstance(value, int) else str(value)


def files_of(version: ReturnVersion) -> list[dict[str, Any]]:
    """The papers sent with a version, each with its row of the checklist."""
    rows = {slot.path.split("/")[1]: slot.label for group in whole_layout().groups if group.section.key == PAPERS for slot in group.slots}  # fmt: skip
    return [{**one, "label": rows.get(one["paper"], "")} for one in version.content["papers"]]
