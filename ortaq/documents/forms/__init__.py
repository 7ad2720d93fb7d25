"""Blank legal forms, read from `<instrument>/<edition>/<ID>.yaml` beside this file.

A new edition of a form is a file in a folder with a new name: a copy, or `like: <edition>/<ID>` with
the parts that differ. Nothing in the code names a section or a column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml

from ortaq import law
from ortaq.law.rubric import Level
from ortaq.law.standard.words import joined
from ortaq.law.text import Text

HERE = Path(__file__).parent
# In C, where PyYAML was built with it: a tenth of the time.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# The one in C reads the forms in an eighth of the time; not every build of the library has it.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NOTHING = Text()
DASH = Text("–", "–", "–")

# What a cell holds: see ortaq.documents.filling for the values of each.
Type = Literal[
    "text", "int", "decimal", "money", "money_thousand", "percent", "date", "person", "months"
]
# fields:   fixed rows, one value each; where the form has columns of its own for what is filled in
#           (points and a comment, yes and no), a value for each of these
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
    lines: int = 2  # how high its cells are at least in an empty form, to be written in by hand
    required: bool = False  # in every row that is filled in
    choices: tuple[Choice, ...] = ()  # the words of which one is written
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
    kind: str = "field"  # field or total; in an estimate group, line, repeat or total
    parent: str = ""
    unit: Text = NOTHING
    required: bool = False
    multiple: bool = False
    per_activity: bool = False
    # Words that the form prints in columns of their own, by the column's key.
    printed: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a form. `head` is a field printed above the columns; a `repeated` table is
    printed once for each task of the project, its title filled from the task; a `numbered` one has
    "1 2 3" below its head. `groups` names the set of fields of the law under which an empty form
    prints its rows, headed and totalled by its fixed rows "field" and "total".
    """

    key: str
    shape: Shape
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    title: Text = NOTHING
    head: Row | None = None
    repeated: bool = False
    numbered: bool = False
    groups: str = ""

    def leaves(self) -> tuple[Column, ...]:
        """The columns that hold values, from left to right."""
        return tuple(leaf for column in self.columns for leaf in column.leaves())

    def own(self) -> tuple[Column, ...]:
        """The columns in which fixed rows leave a place to be filled in."""
        printed = {"num", "label", "unit", *(key for row in self.rows for key, _ in row.printed)}
        return tuple(column for column in self.leaves() if column.key not in printed)

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
class Choice:
    """One of several statements, of which whoever signs underlines one, or words to choose from."""

    key: str
    text: Text


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of a form: free text when it has neither tables nor choices."""

    key: str
    title: Text = NOTHING
    num: str = ""
    instruction: Text = NOTHING
    body: tuple[Text, ...] = ()  # running text, with gaps as the body of the form has
    items: tuple[Text, ...] = ()  # printed as a list
    fixed: bool = False  # nothing to be filled in: the list is all
    orientation: str = "portrait"
    # When it is filled in: "local_plan" for topics of a local plan, "multi_year" for orders of
    # more than one financial year, "special_social_services".
    only_if: str = ""
    choices: tuple[Choice, ...] = ()
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
    seal: Text = NOTHING


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
    align: str = "justify"  # of its running text: "center" for a diploma
    header: tuple[Blank, ...] = ()  # above the title
    particulars: tuple[Blank, ...] = ()  # below the title
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


@dataclass(frozen=True, slots=True)
class Named:
    """A form of an act in one edition. `source_id` is what the list of requirements calls it."""

    id: str
    edition: str
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """What the forms of a folder are for, with all forms that its acts and the guide name."""

    key: str
    title: Text
    forms: tuple[Named, ...]


@cache
def index() -> tuple[Instrument, ...]:
    """Which forms there must be, by instrument: `index.yaml`, kept apart from the files that are there."""
    data = _yaml(HERE / "index.yaml")
    return tuple(
        Instrument(
            key,
            Text.of(one["title"]),
            tuple(Named(*named) for named in one["forms"]),
        )
        for key, one in data.items()
    )


Keyed = TypeVar("Keyed", Row, Table, Section)


def _one(things: tuple[Keyed, ...], key: str, place: str) -> Keyed:
    for thing in things:
        if thing.key == key:
            return thing
    raise LookupError(f"There is no {key!r} in {place}.")


# --- From YAML to the classes above ---------------------------------------------------------------


def _yaml(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506 - safe, both
    return data


def _data(path: Path) -> dict[str, Any]:
    """What a file says; parts that it does not have are those of the form that it is `like`."""
    data = _yaml(path)
    if like := data.pop("like", ""):
        return _data(path.parent.parent / f"{like}.yaml") | data
    return data


def _read(path: Path) -> Form:
    data = _data(path)
    if (data["id"], data["edition"]) != (path.stem, path.parent.name):
        raise ValueError(f"{path} says that it is {data['id']} of {data['edition']}.")
    return Form(
        **_texts(data, "title", "annex", "mark"),
        **_plain(data, "id", "edition", "source", "orientation", "align"),
        header=tuple(map(_blank, data.get("header", ()))),
        particulars=tuple(map(_blank, data.get("particulars", ()))),
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
        body=tuple(map(Text.of, data.get("body", ()))),
        items=_items(data.get("items", ())),
        choices=_choices(data.get("choices", ())),
        tables=tuple(map(_table, data.get("tables", ()))),
        notes=tuple(map(Text.of, data.get("notes", ()))),
        footnotes=tuple(
            Footnote(note["num"], Text.of(note["text"])) for note in data.get("footnotes", ())
        ),
    )


def _choices(data: Any) -> tuple[Choice, ...]:
    """Statements or words to choose from, or the name of a set of fields of the law."""
    if isinstance(data, str):
        return tuple(Choice(field.key, field.text) for field in law.fields_of(data))
    return tuple(Choice(one["key"], Text.of(one["text"])) for one in data)


def _items(data: Any) -> tuple[Text, ...]:
    """The items of a list, or "SO-CI/2019": the lines of that checklist."""
    if not isinstance(data, str):
        return tuple(map(Text.of, data))
    tables = (table for one in form(*data.split("/")).sections for table in one.tables)
    return tuple(row.label for table in tables for row in table.rows)


def _table(data: Mapping[str, Any]) -> Table:
    rubric = _criteria(*data["rubric"].split("/")) if "rubric" in data else ()
    return Table(
        **_texts(data, "title"),
        **_plain(data, "key", "shape", "repeated", "numbered", "groups"),
        columns=tuple(map(_column, data.get("columns", ()))),
        rows=(*rubric, *map(_row, data.get("rows", ()))),
        head=_row(data["head"]) if "head" in data else None,
    )


def _criteria(act: str, edition: str, rubric: str) -> Iterator[Row]:
    """A row for each criterion of a rubric, which is law: its words, the points allowed, what they mean."""
    for number, one in enumerate(law.edition(act, edition).rubric(rubric).criteria, 1):
        about = [one.label, *([one.condition_text] if any(one.condition_text) else [])]
        about += [joined([DASH, item], " ") for item in one.sub_items]
        levels = [_level(level) for level in one.levels]
        whole = one.allowed == tuple(range(one.minimum, one.maximum + 1))
        allowed = f"{one.minimum}–{one.maximum}" if whole else ", ".join(map(str, one.allowed))
        yield Row(
            one.key,
            joined(about, "\n"),
            num=str(number),
            printed=(("allowed", _same(allowed)), ("meaning", joined(levels, "\n"))),
        )


def _level(level: Level) -> Text:
    said = joined([_same(str(level.points)), DASH, level.meaning], " ")
    return joined([said, level.note], ". ") if any(level.note) else said


def _same(text: str) -> Text:
    return Text(text, text, text)


def _column(data: Mapping[str, Any]) -> Column:
    return Column(
        **_texts(data, "label"),
        **_plain(data, "key", "width", "type", "multiple", "footnote", "lines", "required"),
        choices=_choices(data.get("choices", ())),
        columns=tuple(map(_column, data.get("columns", ()))),
    )


def _row(data: Mapping[str, Any]) -> Row:
    return Row(
        **_texts(data, "label", "unit"),
        **_plain(
            data, "key", "num", "type", "kind", "parent", "required", "multiple", "per_activity"
        ),
        printed=tuple((key, Text.of(text)) for key, text in data.get("printed", {}).items()),
    )


def _party(data: Mapping[str, Any]) -> Party:
    return Party(
        **_texts(data, "preamble", "label"),
        key=data["key"],
        signatories=tuple(
            Signatory(
                **_texts(one, "position", "position_hint", "signature_hint", "name_hint", "seal"),
                key=one["key"],
            )
            for one in data["signatories"]
        ),
    )
