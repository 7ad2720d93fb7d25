"""Blank forms and values become papers.

    fill(form("GRANT-A4"), {"sections": {"basics": {"goal": "..."}}}, "kk") -> Paper

The values follow the keys of the form; whatever is missing stays blank:

    {
        "fields": {key: value},            # the head, the gaps of the text, the date
        "sections": {section key: ...},    # see below
        "signatures": {signatory key: {"position": str, "name": str}},
    }

A section without a table holds its text, with choices the key of the one chosen; with one table that table's value; with several
tables a mapping of their values by table key. The value of a table:

    fields      {row key: value}, or {row key: {column key: value}} where the form has several columns to fill in
    rows        [{column key: value}, ...]
                with a head field:  {head key: value, "rows": [...]}
                repeated:           [{"task_text": str, "rows": [...]}, ...]; of fields "values": {...}
                {"group": str} (where no column is named so) and {"total": row key, column key: value} are rows across
    estimate    {"activities": [name, ...],
                 "lines": [{"row": key, "activity": number from 1 under direct costs,
                            "item": str, column key: value}, ...]}

One value: text as `str`; int as `int`; decimal as `Decimal`, `int` or `str`; money as `int`
tiyn; percent as a whole number; date as `date` or ISO text; person as a mapping (surname,
given_name, patronymic, position, phone_numbers, email); months as a list of numbers from 1;
`multiple` values as a list. Text is accepted everywhere and printed as it stands, so that a
draft can be printed before it is right. Keys that the form does not have raise `LookupError`,
except inside a row, where records may carry more than the form prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any

from ortaq import law
from ortaq.law.text import Text

from . import forms, paper, stamp
from .estimate import Estimate
from .paper import Align, Cell, Orientation, RowKind
from .showing import listed, show

Values = Mapping[str, Any]

BLANK_ROWS = 3  # in a table of an empty form
BLANK_GROUP_ROWS = 2
BLANK_LINES = 4  # for free text in an empty form
GAP = "_" * 24
MOST_MONTHS = 36  # a project lasts up to three years
LEAST_MONTHS = 6  # as many as the blank form prints
VALUE = forms.Column("value", Text())  # of fixed rows, where the form names no columns
NUMERIC = {"int", "decimal", "money", "money_thousand", "percent"}


def fill(
    form: forms.Form,
    values: Values,
    language: str,
    *,
    number: str = "",
    on: date | None = None,
    note: str = "",
) -> paper.Paper:
    """The form with its `values` (see above) as a paper in `language` (kk, ru, en).

    A paper that is registered has its `number` and day at its head. At the foot of every page stand
    `note`, the edition of the form and the hash of the values.
    """
    made = _Filler(form, values, language).make()
    blocks = made.blocks
    if head := stamp.head(number, on, language):
        blocks = (paper.Paragraph(head, align=Align.LEFT), *blocks)
    return replace(made, blocks=blocks, footer=stamp.foot(form, values, language, note))


def blank(form: forms.Form, language: str) -> paper.Paper:
    """The empty form, to be filled in by hand."""
    return fill(form, {}, language)


def title(form: forms.Form, language: str) -> str:
    """The title of the empty form."""
    return _Filler(form, {}, language).title()


class _Filler:
    def __init__(self, form: forms.Form, values: Values, language: str) -> None:
        self.form, self.language = form, language
        self.fields: Values = values.get("fields", {})
        self.sections: Values = values.get("sections", {})
        self.signatures: Values = values.get("signatures", {})
        self.is_blank = not any((self.fields, self.sections, self.signatures))
        _know(values, ("fields", "sections", "signatures"), form.id)
        _know(self.fields, (one.key for one in self._gaps()), form.id)
        _know(self.sections, (one.key for one in form.sections), form.id)

    def make(self) -> paper.Paper:
        title = self.title()
        orientation = Orientation(self.form.orientation)
        return paper.Paper(title, self.language, tuple(self._blocks(title)), orientation)

    def title(self) -> str:
        return self._filled(self.form.title)

    def say(self, text: Text) -> str:
        return text.say(self.language)

    # --- The parts of a form, from top to bottom ---

    def _blocks(self, title: str) -> Iterator[paper.Block]:
        form = self.form
        marks = [mark for mark in (self._filled(form.annex), self.say(form.mark)) if mark]
        if marks:
            yield paper.Paragraph("\n".join(marks), align=Align.RIGHT)
        if form.header:
            yield paper.Fields(tuple(self._header(one) for one in form.header))
        yield paper.Heading(title, level=1)
        if form.particulars:
            yield paper.Fields(tuple(self._header(one) for one in form.particulars))
        for text in form.body:
            yield paper.Paragraph(self._filled(text), align=Align(form.align))
        yield from self._all_sections()
        for text in form.foot:
            yield paper.Paragraph(self._filled(text))
        if form.parties:
            yield self._signatures()
        for note in form.notes:
            yield paper.Paragraph(self.say(note), small=True)

    def _all_sections(self) -> Iterator[paper.Block]:
        turned = self.form.orientation
        for section in self.form.sections:
            wanted = self.form.orientation
            if section.orientation == Orientation.LANDSCAPE:
                wanted = section.orientation
            if wanted != turned:
                yield paper.PageBreak(Orientation(wanted))
                turned = wanted
            yield from self._section(section)
        if turned != self.form.orientation:
            yield paper.PageBreak(Orientation(self.form.orientation))

    def _section(self, section: forms.Section) -> Iterator[paper.Block]:
        if title := self._filled(section.title):
            yield paper.Heading(f"{section.num}. {title}" if section.num else title)
        if instruction := self.say(section.instruction):
            yield paper.Paragraph(instruction, small=True, leads=True)
        for text in section.body:
            yield paper.Paragraph(self._filled(text))
        for item in section.items:
            yield paper.Paragraph(f"– {self.say(item)}")
        yield from self._content(section, self.sections.get(section.key))
        if section.footnotes:
            notes = (paper.Footnote(one.num, self.say(one.text)) for one in section.footnotes)
            yield paper.Footnotes(tuple(notes))
        for note in section.notes:
            yield paper.Paragraph(self.say(note), small=True)

    def _content(self, section: forms.Section, value: Any) -> Iterator[paper.Block]:
        if section.fixed:
            return
        if section.choices:
            _know({value: True} if value else {}, (one.key for one in section.choices), section.key)
            for choice in section.choices:
                yield paper.Paragraph(self.say(choice.text), underlined=choice.key == value)
        elif not section.tables:
            yield self._free_text(value)
        elif len(section.tables) == 1:
            yield from self._table(section.tables[0], value)
        else:
            _know(value or {}, (table.key for table in section.tables), section.key)
            for table in section.tables:
                yield from self._table(table, (value or {}).get(table.key))

    def _free_text(self, value: str | None) -> paper.Block:
        if value:
            return paper.Paragraph(str(value))
        lines = BLANK_LINES if self.is_blank else 1
        row = paper.Row((Cell(lines=lines),))
        return paper.Table((paper.Column(""),), (row,), head=False)

    def _signatures(self) -> paper.Signatures:
        parties = tuple(
            paper.Party(
                tuple(self._signatory(one) for one in party.signatories),
                preamble=self.say(party.preamble),
                label=self.say(party.label),
            )
            for party in self.form.parties
        )
        known = (one.key for party in self.form.parties for one in party.signatories)
        _know(self.signatures, known, self.form.id)
        dated = self.form.dated
        if dated is None:
            return paper.Signatures(parties)
        on = self._value(dated, self.fields.get(dated.key)) or self.say(dated.blank)
        label = self.say(dated.label)
        return paper.Signatures(parties, dated=f"{label}: {on}" if label else on)

    def _signatory(self, one: forms.Signatory) -> paper.Signatory:
        value = self.signatures.get(one.key, {})
        return paper.Signatory(
            position=value.get("position") or self.say(one.position),
            name=value.get("name", ""),
            position_hint=self.say(one.position_hint),
            signature_hint=self.say(one.signature_hint),
            name_hint=self.say(one.name_hint),
            seal=self.say(one.seal),
        )

    # --- Gaps in running text ---

    def _gaps(self) -> Iterable[forms.Blank]:
        dated = (self.form.dated,) if self.form.dated else ()
        return chain(self.form.header, self.form.particulars, self.form.blanks, dated)

    def _header(self, one: forms.Blank) -> paper.Field:
        value = self._value(one, self.fields.get(one.key))
        label, hint = self.say(one.label), self.say(one.hint)
        # Without a label only the hint below the line tells what stands on it.
        return paper.Field(label, value or GAP, "" if value and label else hint)

    def _filled(self, text: Text) -> str:
        gaps = {}
        for one in self.form.blanks:
            gap = self.say(one.blank) or GAP
            empty = " ".join(part for part in (gap, self.say(one.hint)) if part)
            gaps[one.key] = self._value(one, self.fields.get(one.key)) or empty
        return self.say(text.fill(**gaps))

    def _value(self, one: forms.Blank, value: Any) -> str:
        return self.show(value, one.type).text

    # --- Tables ---

    def _table(self, table: forms.Table, value: Any) -> Iterator[paper.Block]:
        if table.repeated:
            for number, task in enumerate(value or [{}], 1):
                title = self.say(table.title.fill(n=number, task_text=task.get("task_text") or GAP))
                yield paper.Heading(title, level=3)
                if table.shape == "fields":
                    yield self._fields(table, task.get("values") or {})
                else:
                    yield self._rows(table, task.get("rows"))
            return
        if title := self.say(table.title):
            yield paper.Heading(title, level=3)
        if table.shape == "fields":
            yield self._fields(table, value or {})
        elif table.shape == "estimate":
            rows = Estimate(table, value or {}, self.show, self.say, whole=self.is_blank).rows()
            yield paper.Table(self._columns(table), tuple(rows))
        elif table.head is None:
            yield self._rows(table, value)
        else:
            value = value or {}
            _know(value, (table.head.key, "rows"), table.key)
            head = f"{self.say(table.head.label)} {value.get(table.head.key) or ''}".strip()
            yield paper.Table((paper.Column(""),), (paper.Row((Cell(head),)),), head=False)
            yield self._rows(table, value.get("rows"))

    def _columns(self, table: forms.Table) -> tuple[paper.Column, ...]:
        return tuple(chain.from_iterable(map(self._column, table.columns)))

    def _column(self, column: forms.Column) -> Iterator[paper.Column]:
        yield paper.Column(
            self.say(column.label),
            column.width,
            Align.RIGHT if column.type in NUMERIC else Align.LEFT,
            column.footnote,
            tuple(chain.from_iterable(map(self._column, column.columns))),
        )

    def _fields(self, table: forms.Table, value: Values) -> paper.Table:
        _know(value, (row.key for row in table.rows), table.key)
        columns = self._columns(table) or (paper.Column("", 9), paper.Column("", 14))
        keys = [column.key for column in table.leaves()] or ["label", "value"]
        rows = []
        for row in table.rows:
            if row.kind == "group":
                heading = Cell(self.say(row.label), across=len(keys))
                rows.append(paper.Row((heading,), RowKind.GROUP))
                continue
            cells = {
                "num": Cell(row.num),
                "label": Cell(self.say(row.label), indent=1 if row.parent else 0),
                "unit": Cell(self.say(row.unit)),
                **{key: Cell(self.say(text)) for key, text in row.printed},
                **self._filled_in(table, row, value.get(row.key)),
            }
            kind = RowKind.TOTAL if row.kind == "total" else RowKind.LINE
            rows.append(paper.Row(tuple(cells.get(key, Cell()) for key in keys), kind))
        return paper.Table(columns, tuple(rows), head=any(column.header for column in columns))

    def _filled_in(self, table: forms.Table, row: forms.Row, value: Any) -> dict[str, Cell]:
        """The cells of a fixed row that are filled in: one value, or one for each column of its own."""
        own = table.own() or (VALUE,)
        if [column.key for column in own] == [VALUE.key]:
            return {VALUE.key: self._tall(self.show(value, row.type), own[0])}
        value = value or {}
        _know(value, (column.key for column in own), row.key)
        shown = ((column, self.show(value.get(column.key), column.type)) for column in own)
        return {column.key: self._tall(cell, column) for column, cell in shown}

    def _rows(self, table: forms.Table, value: Sequence[Values] | None) -> paper.Table:
        value = value or list(self._empty(table))
        months = _months(table, value)
        columns = []
        for column in table.columns:
            if column.type == "months":
                columns += [
                    paper.Column(self.say(column.label.fill(n=n)), 1, Align.CENTER)
                    for n in range(1, months + 1)
                ]
            else:
                columns += self._column(column)
        rows: list[paper.Row] = []
        number = 0
        for row in value:
            # Under each field of the law the lines are numbered anew.
            if _is_heading(table, row):
                number = 0 if table.groups else number
            elif "total" not in row:
                number += 1
            rows += self._row(table, row, number, months)
        head = _numbered(columns) if table.numbered else tuple(columns)
        return paper.Table(head, tuple(rows))

    def _empty(self, table: forms.Table) -> Iterator[Values]:
        """Rows to be filled in by hand; under each field of the law where the form prints them."""
        if not self.is_blank:
            yield {}
        elif not table.groups:
            yield from [{}] * BLANK_ROWS
            if any(row.key == "total" for row in table.rows):
                yield {"total": "total"}
        else:
            heading = table.row("field").label
            totalled = any(row.kind == "total" for row in table.rows)
            for number, field in enumerate(law.fields_of(table.groups), 1):
                words = heading.fill(number=number, field=self.say(field.text))
                yield {"group": self.say(words)}
                yield from ({"num": place} for place in range(1, BLANK_GROUP_ROWS + 1))
                if totalled:
                    yield {"total": "total"}

    def _row(
        self, table: forms.Table, value: Values, number: int, months: int
    ) -> Iterator[paper.Row]:
        leaves = table.leaves()
        if _is_heading(table, value):
            yield paper.Row((Cell(str(value["group"]), across=len(leaves)),), RowKind.GROUP)
        elif "total" in value:
            yield self._total(table, value)
        else:
            lists = {c.key: listed(value.get(c.key)) for c in leaves if c.multiple}
            height = max(map(len, lists.values()), default=1)
            for line in range(height):
                cells: list[Cell] = []
                for column in leaves:
                    if column.multiple:
                        several = lists[column.key]
                        one = several[line] if line < len(several) else None
                        cells.append(self._tall(self.show(one, column.type), column))
                    elif line == 0:
                        default = number if column.key == "num" else None
                        one = value.get(column.key, default)
                        cells += self._cells(column, one, height, months)
                yield paper.Row(tuple(cells))

    def _cells(self, column: forms.Column, value: Any, down: int, months: int) -> list[Cell]:
        if column.type == "months":
            marked = set(value or ())
            return [Cell("+" if n in marked else "", down=down) for n in range(1, months + 1)]
        return [replace(self._tall(self.show(value, column.type), column), down=down)]

    def _tall(self, cell: Cell, column: forms.Column) -> Cell:
        """With room to write by hand, in an empty form."""
        return replace(cell, lines=column.lines) if self.is_blank else cell

    def _total(self, table: forms.Table, value: Values) -> paper.Row:
        leaves = table.leaves()
        label = self.say(table.row(value["total"]).label.fill(**_without(value, "total")))
        summed = [n for n, c in enumerate(leaves) if value.get(c.key) is not None]
        summed += [n for n, c in enumerate(leaves) if c.type in NUMERIC]
        first = next(iter(summed), len(leaves))
        cells = [Cell(label, across=first or 1)]
        cells += [self.show(value.get(column.key), column.type) for column in leaves[first or 1 :]]
        return paper.Row(tuple(cells), RowKind.TOTAL)

    def show(self, value: Any, kind: forms.Type) -> Cell:
        return show(value, kind, self.language)


def _is_heading(table: forms.Table, row: Values) -> bool:
    return "group" in row and not any(column.key == "group" for column in table.leaves())


def _numbered(columns: Iterable[paper.Column]) -> tuple[paper.Column, ...]:
    """The columns with "1 2 3" below their heads, on every page as the heads themselves."""
    return tuple(
        replace(column, columns=(paper.Column(str(number), column.width, column.align),))
        for number, column in enumerate(columns, 1)
    )


def _know(given: Values, known: Iterable[str], place: str) -> None:
    if unknown := sorted(set(given) - set(known)):
        raise LookupError(f"{place} has no {', '.join(unknown)}.")


def _without(values: Values, key: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != key}


def _months(table: forms.Table, value: Sequence[Values]) -> int:
    keys = [column.key for column in table.columns if column.type == "months"]
    marked = (n for row in value for key in keys for n in row.get(key) or ())
    return min(MOST_MONTHS, max([LEAST_MONTHS, *marked])) if keys else 0
