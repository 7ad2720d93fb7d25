"""What a page sent: the edits of its units, and what could not be taken.

Every unit of the page carries its version under "v:<unit>", so that a form posted whole says
about each field what it was based on, and a box that is not ticked is told from one that was
not on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.law.findings import Finding, Severity

from . import paths, values
from .merge import Edit, RowStep
from .slots import MOST_ROWS, Layout, Slot

VERSION = "v:"


@dataclass(slots=True)
class Reading:
    edits: list[Edit] = field(default_factory=list)
    refused: dict[str, Finding] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


def read(posted: QueryDict, layout: Layout, data: Mapping[str, Any]) -> Reading:
    """The edits in `posted` to a part with `data`; what is over its limit is refused by path, all
    else is read.

    Names that the form does not have are passed over, and new rows in which nothing stands.
    """
    reading, too_long, flat = Reading(), {}, paths.flatten(data)
    for name in posted:
        if not name.startswith(VERSION):
            continue
        unit = name.removeprefix(VERSION)
        version = posted.get(name, "")
        if not (version.isascii() and version.isdecimal() and len(version) < 10):
            continue
        found: dict[str, Any] = {}
        for path, slot in layout.slots_of_unit(unit):
            typed = posted.getlist(path) if slot.kind == "months" else posted.get(path, "")
            if isinstance(typed, str) and len(typed) > slot.limit:
                reading.refused[path] = refused(path, slot, typed)
                too_long[path] = typed
                continue
            value = values.read(slot.kind, typed)
            if slot.kind == "choice" and value not in {choice for choice, _text in slot.choices}:
                value = None
            found[path] = value
        cells = {path.removeprefix(f"{unit}/"): value for path, value in found.items()}
        if _is_new(unit, flat) and not paths.is_written(cells):
            continue
        if _is_new(unit, flat) and _rows_of(unit, flat, reading.edits) >= MOST_ROWS:
            reading.refused[unit] = _full(unit)
        elif found:
            reading.edits.append(Edit(unit, int(version), found))
    reading.typed = too_long
    return reading


def step_of(posted: QueryDict, layout: Layout) -> RowStep | None:
    """What the button says to do with a row beyond saving: "remove:risks/~a", "up:…", "down:…"."""
    what, _colon, unit = posted.get("do", "").partition(":")
    is_row = paths.table_of(unit + "/") is not None and layout.slots_of_unit(unit)
    if what not in ("remove", "up", "down") or not is_row:
        return None
    version = posted.get(f"{VERSION}{unit}", "")
    known = int(version) if version.isdecimal() and len(version) < 10 else 0
    return RowStep(what, unit, known)


def _is_new(unit: str, flat: Mapping[str, Any]) -> bool:
    """Whether it is a row that the part does not have yet."""
    table = paths.table_of(unit + "/")
    if table is None:
        return False
    return unit.removeprefix(f"{table}/") not in flat.get(f"{table}/{paths.ORDER}", ())


def _rows_of(unit: str, flat: Mapping[str, Any], edits: list[Edit]) -> int:
    """How many rows the table has, with those that this very reading adds."""
    table = paths.table_of(unit + "/")
    new = [e for e in edits if paths.table_of(e.unit + "/") == table and _is_new(e.unit, flat)]
    return len(flat.get(f"{table}/{paths.ORDER}", ())) + len(new)


def _full(unit: str) -> Finding:
    return Finding(
        "too_many_rows",
        Severity.ERROR,
        format_lazy(
            _("This table takes up to {limit} rows; the new row was not saved. Join some rows."),
            limit=MOST_ROWS,
        ),
        numbers={"limit": MOST_ROWS},
        about=unit,
    )


def refused(path: str, slot: Slot, typed: str) -> Finding:
    """Why a text was not saved: its length and the limit."""
    return Finding(
        "too_long",
        Severity.ERROR,
        format_lazy(
            _(
                "This text has {length} characters; up to {limit} are taken here. It was not saved: "
                "the saved text stands as before. Shorten it, or add it as a file."
            ),
            length=len(typed),
            limit=slot.limit,
        ),
        numbers={"length": len(typed), "limit": slot.limit},
        about=path,
    )
