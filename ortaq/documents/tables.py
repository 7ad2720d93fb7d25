"""The tables of a form as blocks of a paper: what of them is printed, what was filled in, what is left to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from ortaq import law
from ortaq.law.text import Text

from . import forms, paper
from .estimate import Estimate
from .paper import Align, Cell, RowKind
from .showing import listed, show

Values = Mapping[str, Any]

BLANK_ROWS = 3  # in a table of an empty form
BLANK_GROUP_ROWS = 2  # under each field of the law
MOST_MONTHS = 36  # a project lasts up to three years
LEAST_MONTHS = 6  # as many as the blank form prints
VALUE = forms.Column("value", Text())  # of fixed rows, where the form names no columns
NUMERIC = {"int", "decimal", "money", "money_thousand", "percent"}
GAP = "_" * 24  # in a line, to be filled in by hand


class Tables:
    """The tables of one form in one language; `blank` when nothing of the form is filled in.

    The head of `ortaq.documents.filling` tells the values of a table.
    """

    def __init__(self, language: str, *, blank: bool) -> None:
        self.language, self.is_blank = language, blank

    def say(self, text: Text) -> str:
        return text.say(self.language)

    def blocks(self, table: forms.Table, value: Any) -> Iterator[paper.Block]:
        """A table with its title, or one for each task; `LookupError` for a key that it does not have."""
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
            know(value, (table.head.key, "rows"), table.key)
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
        know(value, (row.key for row in table.rows), table.key)
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
        know(value, (column.key for column in own), row.key)
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


def know(given: Values, known: Iterable[str], place: str) -> None:
    """`LookupError` when a key of `given` is none of those `known` in `place`: a slip is no gap."""
    if unknown := sorted(set(given) - set(known)):
        raise LookupError(f"{place} has no {', '.join(unknown)}.")


def _months(table: forms.Table, value: Sequence[Values]) -> int:
    keys = [column.key for column in table.columns if column.type == "months"]
    marked = (n for row in value for key in keys for n in row.get(key) or ())
    return min(MOST_MONTHS, max([LEAST_MONTHS, *marked])) if keys else 0


def _without(values: Values, key: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != key}
