"""The pages of an annual return, and what each asks for: sections of a form that is data (NG-010, NG-017).

The form is `documents/forms/ngo_database`; here stands what the printed form does not say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.documents import forms
from ortaq.documents.writing.slots import CELL, LINE, LONG, Group, Layout, Rows, Slot

FORM, EDITION = "NGO-R", "2018"
PAPERS = "attached"
# Answers that grow; all others are of one line.
TEXTS = ("purpose", "done", "education")
# Tables that need a row; the law names the founders, and a return tells of the activity of the year.
AT_LEAST = {"founders": 1, "activity": 1}
BOTH = ("_kk", "_ru")


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the return with some sections of the form."""

    key: str
    title: Any
    sections: tuple[str, ...]


PARTS = (
    Part("organisation", _("Organisation and head"), ("identity", "head")),
    Part("founders", _("Founders and branches"), ("founders", "branches")),
    Part("activity", _("Activity of the year"), ("activity",)),
    Part("projects", _("Projects and contracts"), ("projects",)),
    Part("money", _("Money"), ("income", "spending")),
    Part("property", _("Property"), ("property",)),
    Part("people", _("People"), ("people",)),
    Part("papers", _("Bank and papers"), ("bank", PAPERS)),
)


def part(key: str) -> Part | None:
    """The page with this key."""
    return next((one for one in PARTS if one.key == key), None)


def part_of(section: str) -> Part:
    """The page on which a section of the form stands."""
    return next(one for one in PARTS if section in one.sections)


def after(one: Part) -> Part | None:
    """The page that follows; None after the last."""
    place = PARTS.index(one) + 1
    return PARTS[place] if place < len(PARTS) else None


def form() -> forms.Form:
    """The blank form."""
    return forms.form(FORM, EDITION)


def layout(one: Part) -> Layout:
    """What a page asks for."""
    return Layout(tuple(_group(form().section(key)) for key in one.sections))


def whole_layout() -> Layout:
    """What all pages ask for."""
    return Layout(tuple(_group(section) for section in form().sections))


def paper_rows() -> tuple[forms.Row, ...]:
    """The checklist of papers (NG-009)."""
    return form().section(PAPERS).tables[0].rows


def stem_of(path: str) -> tuple[str, str]:
    """A path without its language, and the language: "identity/name_kk" → ("identity/name", "kk")."""
    return (path[:-3], path[-2:]) if path.endswith(BOTH) else (path, "")


def _group(section: forms.Section) -> Group:
    table = section.tables[0]
    if table.shape == "rows":
        cells = tuple(_column(column) for column in table.leaves() if column.key != "num")
        return Group(section, rows=Rows(section.key, cells, AT_LEAST.get(section.key, 0)))
    if table.columns:
        return Group(section, tuple(_checklist(section, table)))
    slots = tuple(
        _slot(f"{section.key}/{row.key}", row.label, row.type, required=row.required)
        for row in table.rows
    )
    return Group(section, slots)


def _checklist(section: forms.Section, table: forms.Table) -> Iterator[Slot]:
    """One choice for each paper: there or not; its sheets are counted on paper only."""
    choices = tuple((one.key, one.text) for one in table.own()[0].choices)
    for row in table.rows:
        path = f"{section.key}/{row.key}/there"
        yield Slot(path, row.label, "choice", LINE, False, choices)


def _slot(path: str, label: Any, kind: str, *, required: bool) -> Slot:
    name = stem_of(path)[0].rpartition("/")[2]
    if path == "identity/bin":
        return Slot(path, label, "bin", LINE, required)
    if kind != "text":
        return Slot(path, label, kind, LINE, required)
    long = name in TEXTS
    return Slot(path, label, "text" if long else "line", LONG if long else LINE, required)


def _column(column: forms.Column) -> Slot:
    if column.choices:
        choices = tuple((one.key, one.text) for one in column.choices)
        return Slot(column.key, column.label, "choice", LINE, column.required, choices)
    if column.type != "text":
        return Slot(column.key, column.label, column.type, LINE, column.required)
    long = stem_of(column.key)[0] in TEXTS
    kind, limit = ("text", CELL) if long else ("line", LINE)
    return Slot(column.key, column.label, kind, limit, column.required)
