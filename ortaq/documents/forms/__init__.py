"""Blank legal forms, read from `<instrument>/<edition>/<ID>.yaml` beside this file.

A new edition of a form is a copy of its file in a folder with a new name; nothing in the
code names a section or a column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml

from ortaq.law.text import Text

HERE = Path(__file__).parent
NOTHING = Text()

# What a cell holds: see ortaq.documents.filling for the values of each.
Type = Literal[
    "text", "int", "decimal", "money", "money_thousand", "percent", "date", "person", "months"
]
# fields:   fixed rows, one value each
# rows:     rows added by whoever fills the form
# estimate: a tree of cost items with subtotals
Shape = Literal["fields", "rows", "estimate"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; one with `columns` is a heading over those."""

    key: str
    label: Text
    width: int = 1  # relative to the other columns
    type: Type = "text"
    multiple: bool = False  # several values, each in its own row of the cell
    footnote: int | None = None
    columns: tuple[Column, ...] = ()

    def leaves(self) -> tuple[Column, ...]:
        """The columns that hold values: itself, or those under its heading."""
        return tuple(leaf for column in self.columns for leaf in column.leaves()) or (self,)


@dataclass(frozen=True, slots=True)
class Row:
    """A fixed row: one field of the form, or one item of the estimate."""

    key: str
    label: Text
    num: str = ""
    type: Type = "text"
    kind: str = "field"  # field; in an estimate group, line, repeat or total
    parent: str = ""
    unit: Text = NOTHING
    required: bool = False
    multiple: bool = False
    per_activity: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a form. `head` is a field printed above the columns; a `repeated` table is
    printed once for each task of the project, its title filled from the task.
    """

    key: str
    shape: Shape
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    title: Text = NOTHING
    head: Row | None = None
    repeated: bool = False

    def leaves(self) -> tuple[Column, ...]:
        """The columns that hold values, from left to right."""
        return tuple(leaf for column in self.columns for leaf in column.leaves())

    def row(self, key: str) -> Row:
        """The fixed row with this key; `LookupError` when the form has none."""
        return _one(self.rows, key, f"table {self.key}")

    def children(self, key: str) -> tuple[Row, ...]:
        """The items directly under an item of the estimate ("" for the top)."""
        return tuple(row for row in self.rows if row.parent == key)


@dataclass(frozen=True, slots=True)
class Footnote:
    num: int
    text: Text


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of a form: free text when it has no table."""

    key: str
    title: Text = NOTHING
    num: str = ""
    instruction: Text = NOTHING
    items: tuple[Text, ...] = ()  # printed as a list
    fixed: bool = False  # nothing to be filled in: the list is all
    orientation: str = "portrait"
    # When it is filled in: "local_plan" for topics of a local plan, "multi_year" for orders of
    # more than one financial year, "special_social_services".
    only_if: str = ""
    tables: tuple[Table, ...] = ()
    notes: tuple[Text, ...] = ()
    footnotes: tuple[Footnote, ...] = ()

    def table(self, key: str) -> Table:
        """The table with this key; `LookupError` when the section has none."""
        return _one(self.tables, key, f"section {self.key}")


@dataclass(frozen=True, slots=True)
class Blank:
    """A gap in the running text of a form, or a field of its head."""

    key: str
    label: Text = NOTHING
    hint: Text = NOTHING
    type: Type = "text"
    blank: Text = NOTHING  # what stands in the gap of an empty form


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: under a printed position, or one to be written above its hint."""

    key: str
    position: Text = NOTHING
    position_hint: Text = NOTHING
    signature_hint: Text = NOTHING
    name_hint: Text = NOTHING
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Who signs together: under one heading, in the order of the form."""

    key: str
    signatories: tuple[Signatory, ...]
    preamble: Text = NOTHING
    label: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Form:
    """One blank form in one edition."""

    id: str
    edition: str
    source: str
    title: Text
    annex: Text = NOTHING
    mark: Text = NOTHING
    orientation: str = "portrait"
    header: tuple[Blank, ...] = ()
    body: tuple[Text, ...] = ()
    blanks: tuple[Blank, ...] = ()
    sections: tuple[Section, ...] = ()
    foot: tuple[Text, ...] = ()  # below the tables, with gaps as the body has
    parties: tuple[Party, ...] = ()
    dated: Blank | None = None
    notes: tuple[Text, ...] = ()

    def section(self, key: str) -> Section:
        """The section with this key; `LookupError` when the form has none."""
        return _one(self.sections, key, f"form {self.id}")


@cache
def form(form_id: str, edition: str = "2020") -> Form:
    """The blank form `form_id` as its `edition` prints it; `LookupError` when there is none."""
    for path in HERE.glob("*/*/*.yaml"):
        if (path.parent.name, path.stem) == (edition, form_id):
            return _read(path)
    raise LookupError(f"There is no form {form_id} of edition {edition}.")


def forms() -> Iterator[Form]:
    """All blank forms of all editions, by instrument, edition and id."""
    for path in sorted(HERE.glob("*/*/*.yaml")):
        yield form(path.stem, path.parent.name)


Keyed = TypeVar("Keyed", Row, Table, Section)


def _one(things: tuple[Keyed, ...], key: str, place: str) -> Keyed:
    for thing in things:
        if thing.key == key:
            return thing
    raise LookupError(f"There is no {key!r} in {place}.")


# --- From YAML to the classes above ---------------------------------------------------------------


def _read(path: Path) -> Form:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if (data["id"], data["edition"]) != (path.stem, path.parent.name):
        raise ValueError(f"{path} says that it is {data['id']} of {data['edition']}.")
    return Form(
        **_texts(data, "title", "annex", "mark"),
        **_plain(data, "id", "edition", "source", "orientation"),
        header=tuple(map(_blank, data.get("header", ()))),
        body=tuple(map(Text.of, data.get("body", ()))),
        blanks=tuple(map(_blank, data.get("blanks", ()))),
        sections=tuple(map(_section, data.get("sections", ()))),
        foot=tuple(map(Text.of, data.get("foot", ()))),
        parties=tuple(map(_party, data.get("parties", ()))),
        dated=_blank(data["dated"]) if "dated" in data else None,
        notes=tuple(map(Text.of, data.get("notes", ()))),
    )


def _texts(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: Text.of(data.get(name, {})) for name in names}


def _plain(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data}


def _blank(data: Mapping[str, Any]) -> Blank:
    return Blank(**_texts(data, "label", "hint", "blank"), **_plain(data, "key", "type"))


def _section(data: Mapping[str, Any]) -> Section:
    return Section(
        **_texts(data, "title", "instruction"),
        **_plain(data, "key", "num", "fixed", "orientation", "only_if"),
        items=tuple(map(Text.of, data.get("items", ()))),
        tables=tuple(map(_table, data.get("tables", ()))),
        notes=tuple(map(Text.of, data.get("notes", ()))),
        footnotes=tuple(
            Footnote(note["num"], Text.of(note["text"])) for note in data.get("footnotes", ())
        ),
    )


def _table(data: Mapping[str, Any]) -> Table:
    return Table(
        **_texts(data, "title"),
        **_plain(data, "key", "shape", "repeated"),
        columns=tuple(map(_column, data.get("columns", ()))),
        rows=tuple(map(_row, data.get("rows", ()))),
        head=_row(data["head"]) if "head" in data else None,
    )


def _column(data: Mapping[str, Any]) -> Column:
    return Column(
        **_texts(data, "label"),
        **_plain(data, "key", "width", "type", "multiple", "footnote"),
        columns=tuple(map(_column, data.get("columns", ()))),
    )


def _row(data: Mapping[str, Any]) -> Row:
    return Row(
        **_texts(data, "label", "unit"),
        **_plain(
            data, "key", "num", "type", "kind", "parent", "required", "multiple", "per_activity"
        ),
    )


def _party(data: Mapping[str, Any]) -> Party:
    return Party(
        **_texts(data, "preamble", "label"),
        key=data["key"],
        signatories=tuple(
            Signatory(
                **_texts(one, "position", "position_hint", "signature_hint", "name_hint"),
                **_plain(one, "key", "seal"),
            )
            for one in data["signatories"]
        ),
    )
