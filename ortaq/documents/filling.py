"""Blank forms and values become papers.

    fill(form("GRANT-A4"), {"sections": {"basics": {"goal": "..."}}}, "kk") -> Paper

The values follow the keys of the form; whatever is missing stays blank:

    {
        "fields": {key: value},            # the head, the gaps of the text, the date
        "sections": {section key: ...},    # see below
        "signatures": {signatory key: {"position": str, "name": str}},
    }

A section without a table holds its text; with one table that table's value; with several
tables a mapping of their values by table key. The value of a table:

    fields      {row key: value}
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
`multiple` values as a list. A `paper.Linked` is a text with links in it. Text is accepted everywhere and printed as it stands, so that a
draft can be printed before it is right. Keys that the form does not have raise `LookupError`,
except inside a row, where records may carry more than the form prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from ortaq.core import money
from ortaq.law.text import Text

from . import forms, paper
from .estimate import Estimate
from .paper import Align, Cell, Orientation, RowKind

Values = Mapping[str, Any]

BLANK_ROWS = 3  # in a table of an empty form
BLANK_LINES = 4  # for free text in an empty form
GAP = "_" * 24
MOST_MONTHS = 36  # a project lasts up to three years
LEAST_MONTHS = 6  # as many as the blank form prints
NUMERIC = {"int", "decimal", "money", "money_thousand", "percent"}


def fill(form: forms.Form, values: Values, language: str) -> paper.Paper:
    """The form with its `values` (see above) as a paper in `language` (kk, ru, en)."""
    return _Filler(form, values, language).make()


def blank(form: forms.Form, language: str) -> paper.Paper:
    """The empty form, to be filled in by hand."""
    return fill(form, {}, language)


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
        title = self._filled(self.form.title)
        orientation = Orientation(self.form.orientation)
        return paper.Paper(title, self.language, tuple(self._blocks(title)), orientation)

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
        for text in form.body:
            yield paper.Paragraph(self._filled(text))
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
        if title := self.say(section.title):
            yield paper.Heading(f"{section.num}. {title}" if section.num else title)
        if instruction := self.say(section.instruction):
            yield paper.Paragraph(instruction, small=True)
        for item in section.items:
            yield paper.Paragraph(f"– {self.say(item)}")
        value = self.sections.get(section.key)
        if section.fixed:
            pass
        elif not section.tables:
            yield self._free_text(value)
        elif len(section.tables) == 1:
            yield from self._table(section.tables[0], value)
        else:
            _know(value or {}, (table.key for table in section.tables), section.key)
            for table in section.tables:
                yield from self._table(table, (value or {}).get(table.key))
        if section.footnotes:
            notes = (paper.Footnote(one.num, self.say(one.text)) for one in section.footnotes)
            yield paper.Footnotes(tuple(notes))
        for note in section.notes:
            yield paper.Paragraph(self.say(note), small=True)

    def _free_text(self, value: str | paper.Linked | None) -> paper.Block:
        if isinstance(value, paper.Linked):
            return paper.Paragraph(value.text, pieces=value.pieces)
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
        return paper.Signatures(parties, dated=f"{self.say(dated.label)}: {on}")

    def _signatory(self, one: forms.Signatory) -> paper.Signatory:
        value = self.signatures.get(one.key, {})
        return paper.Signatory(
            position=value.get("position") or self.say(one.position),
            name=value.get("name", ""),
            position_hint=self.say(one.position_hint),
            signature_hint=self.say(one.signature_hint),
            name_hint=self.say(one.name_hint),
            seal=one.seal,
        )

    # --- Gaps in running text ---

    def _gaps(self) -> Iterable[forms.Blank]:
        dated = (self.form.dated,) if self.form.dated else ()
        return chain(self.form.header, self.form.blanks, dated)

    def _header(self, one: forms.Blank) -> paper.Field:
        value = self._value(one, self.fields.get(one.key))
        return paper.Field(self.say(one.label), value or GAP, "" if value else self.say(one.hint))

    def _filled(self, text: Text) -> str:
        gaps = {}
        for one in self.form.blanks:
            empty = " ".join(part for part in (GAP, self.say(one.hint)) if part)
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
            cells = {
                "num": Cell(row.num),
                "label": Cell(self.say(row.label), indent=1 if row.parent else 0),
                "unit": Cell(self.say(row.unit)),
                "value": self.show(value.get(row.key), row.type),
            }
            rows.append(paper.Row(tuple(cells[key] for key in keys)))
        return paper.Table(columns, tuple(rows), head=bool(table.columns))

    def _rows(self, table: forms.Table, value: Sequence[Values] | None) -> paper.Table:
        value = value or [{}] * (BLANK_ROWS if self.is_blank else 1)
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
        rows = chain.from_iterable(
            self._row(table, row, number, months) for number, row in enumerate(value, 1)
        )
        return paper.Table(tuple(columns), tuple(rows))

    def _row(
        self, table: forms.Table, value: Values, number: int, months: int
    ) -> Iterator[paper.Row]:
        leaves = table.leaves()
        if "group" in value and not any(column.key == "group" for column in leaves):
            yield paper.Row((Cell(str(value["group"]), across=len(leaves)),), RowKind.GROUP)
        elif "total" in value:
            yield self._total(table, value)
        else:
            lists = {c.key: _several(value.get(c.key)) for c in leaves if c.multiple}
            height = max(map(len, lists.values()), default=1)
            for line in range(height):
                cells: list[Cell] = []
                for column in leaves:
                    if column.multiple:
                        several = lists[column.key]
                        one = several[line] if line < len(several) else None
                        cells.append(self._tall(self.show(one, column.type)))
                    elif line == 0:
                        default = number if column.key == "num" else None
                        one = value.get(column.key, default)
                        cells += self._cells(column, one, height, months)
                yield paper.Row(tuple(cells))

    def _cells(self, column: forms.Column, value: Any, down: int, months: int) -> list[Cell]:
        if column.type == "months":
            marked = set(value or ())
            return [Cell("+" if n in marked else "", down=down) for n in range(1, months + 1)]
        return [replace(self._tall(self.show(value, column.type)), down=down)]

    def _tall(self, cell: Cell) -> Cell:
        """With room to write by hand, in an empty form."""
        return replace(cell, lines=2) if self.is_blank else cell

    def _total(self, table: forms.Table, value: Values) -> paper.Row:
        leaves = table.leaves()
        label = self.say(table.row(value["total"]).label.fill(**_without(value, "total")))
        first = next((n for n, c in enumerate(leaves) if value.get(c.key) is not None), len(leaves))
        cells = [Cell(label, across=first or 1)]
        cells += [self.show(value.get(column.key), column.type) for column in leaves[first or 1 :]]
        return paper.Row(tuple(cells), RowKind.TOTAL)

    # --- One value ---

    def show(self, value: Any, kind: forms.Type) -> Cell:
        """`value` as a cell; see the head of this file for the values of each type."""
        if value is None or value == "":
            return Cell()
        if isinstance(value, paper.Linked):
            return Cell(value.text, pieces=value.pieces, id=value.id)
        if isinstance(value, list | tuple):
            return Cell("\n".join(self.show(one, kind).text for one in value))
        if kind == "person" and isinstance(value, Mapping):
            return Cell(_person(value))
        if kind == "date":
            return Cell(_date(value))
        if kind == "text" or isinstance(value, bool) or not isinstance(value, int | Decimal):
            return Cell(str(value))
        return self._reckoned(value, kind)

    def _reckoned(self, value: int | Decimal, kind: forms.Type) -> Cell:
        if kind == "money":
            shown = money.show(int(value), language=self.language, sign=False)
            return Cell(shown, Decimal(value) / money.TIYN)
        if kind == "money_thousand":
            thousands = Decimal(value) / (money.TIYN * 1000)
            return Cell(self._number(thousands), thousands)
        if kind == "percent":
            return Cell(f"{value}{money.NBSP}%")
        return Cell(self._number(Decimal(value)), Decimal(value))

    def _number(self, value: Decimal) -> str:
        text = f"{value:,f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        if self.language == "en":
            return text
        return text.replace(",", money.NBSP).replace(".", ",")


def _know(given: Values, known: Iterable[str], place: str) -> None:
    if unknown := sorted(set(given) - set(known)):
        raise LookupError(f"{place} has no {', '.join(unknown)}.")


def _without(values: Values, key: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != key}


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _months(table: forms.Table, value: Sequence[Values]) -> int:
    keys = [column.key for column in table.columns if column.type == "months"]
    marked = (n for row in value for key in keys for n in row.get(key) or ())
    return min(MOST_MONTHS, max([LEAST_MONTHS, *marked])) if keys else 0


def _person(value: Values) -> str:
    names = (value.get(part) for part in ("surname", "given_name", "patronymic"))
    lines = [" ".join(str(name) for name in names if name)]
    lines += [
        ", ".join(map(str, _several(value.get(part) or "")))
        for part in ("position", "phone_numbers", "mobile_phone", "email")
    ]
    return "\n".join(line for line in lines if line)


def _date(value: Any) -> str:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = value
    return f"{day:%d.%m.%Y}" if isinstance(day, date) else str(value)
