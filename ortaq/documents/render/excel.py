"""Papers as xlsx, by XlsxWriter: each table on a worksheet of its own, with the text around it."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

import xlsxwriter

from ortaq.documents import paper as model
from ortaq.documents.paper import Align, Orientation, Paper, RowKind
from ortaq.documents.spreadsheet import fitting, sheet_name

from .archive import EPOCH
from .columns import WIDTH_MM, widths

FONT = "Times New Roman"
NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
PAGE_LETTERS = {Orientation.PORTRAIT: 84, Orientation.LANDSCAPE: 126}
LINE_POINTS = 14  # the height of a line of text
MOST_POINTS = 409  # the highest row that a worksheet can have


def xlsx(paper: Paper, *others: Paper) -> bytes:
    """The paper as a workbook; with `others`, the same in further languages, each worksheet is named by its language. Numbers are numbers;
    no text is ever read as a formula.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties({"title": paper.title[:255], "created": datetime(*EPOCH)})  # noqa: DTZ001 - a mark, not a moment
    formats = _Formats(book)
    names: set[str] = set()
    for one in (paper, *others):
        for orientation, blocks in _worksheets(one):
            title = next((b.text for b in blocks if isinstance(b, model.Heading)), one.title)
            title = NAMES[one.language] if others else title
            sheet = book.add_worksheet(sheet_name(title, names))
            _Writer(sheet, formats, blocks, orientation).write()
            sheet.set_footer(f"&C&8{one.footer.replace('&', '&&')[:200]}\n&P / &N")
    book.close()
    return content.getvalue()


def _worksheets(paper: Paper) -> list[tuple[Orientation, list[model.Block]]]:
    """The blocks cut before the text that leads to each further table."""
    sheets: list[tuple[Orientation, list[model.Block]]] = [(paper.orientation, [])]
    held: list[model.Block] = []  # text that belongs to whatever comes next
    for block in paper.blocks:
        if isinstance(block, model.PageBreak):
            sheets[-1][1].extend(held)
            held = []
            sheets.append((block.orientation, []))
        elif isinstance(block, model.Table):
            if any(isinstance(one, model.Table) for one in sheets[-1][1]):
                sheets.append((sheets[-1][0], []))
            sheets[-1][1].extend([*held, block])
            held = []
        elif isinstance(block, model.Heading) or held:
            held.append(block)
        else:
            sheets[-1][1].append(block)
    sheets[-1][1].extend(held)
    return [sheet for sheet in sheets if sheet[1]]


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            base = {"font_name": FONT, "font_size": 10, "text_wrap": True, "valign": "top"}
            self.made[key] = self.book.add_format(base | properties)
        return self.made[key]


class _Writer:
    """Writes the blocks of one worksheet from top to bottom."""

    def __init__(
        self, sheet: Any, formats: _Formats, blocks: list[model.Block], orientation: Orientation
    ) -> None:
        self.sheet, self.formats, self.blocks = sheet, formats, blocks
        self.row = 0
        self.letters = PAGE_LETTERS[orientation]
        table = next((b for b in blocks if isinstance(b, model.Table)), None)
        whole = WIDTH_MM[orientation]
        wide = widths(table, Decimal(whole)) if table else [Decimal(whole)]
        self.widths = [max(3, int(self.letters * width / whole)) for width in wide]
        for at, width in enumerate(self.widths):
            sheet.set_column(at, at, width)
        sheet.set_paper(9)  # A4
        if orientation is Orientation.LANDSCAPE:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def write(self) -> None:
        for block in self.blocks:
            getattr(self, f"_{type(block).__name__.lower()}")(block)

    def _across(self, text: str, **properties: Any) -> None:
        """`text` over the whole width of the sheet, in a row as high as it needs."""
        self.sheet.set_row(self.row, _height(text, sum(self.widths)))
        chosen = self.formats(**properties)
        if len(self.widths) > 1:
            self.sheet.merge_range(self.row, 0, self.row, len(self.widths) - 1, "", chosen)
        self.sheet.write_string(self.row, 0, fitting(text), chosen)
        self.row += 1

    def _heading(self, block: model.Heading) -> None:
        self._across(block.text, bold=True, align="center" if block.level == 1 else "left")

    def _paragraph(self, block: model.Paragraph) -> None:
        align = "left" if block.align is Align.JUSTIFY else block.align.value
        self._across(block.text, bold=block.bold, align=align, underline=int(block.underlined))

    def _fields(self, block: model.Fields) -> None:
        for field in block.fields:
            self._across(" ".join(filter(None, (field.label, field.value, field.hint))))

    def _footnotes(self, block: model.Footnotes) -> None:
        for note in block.notes:
            self._across(f"{note.num} {note.text}", font_size=9)

    def _picture(self, block: model.Picture) -> None:
        options = {
            "image_data": io.BytesIO(block.content),
            "description": block.text,
            "object_position": 1,
        }
        self.sheet.insert_image(self.row, 0, "picture", options)
        self.row += block.width_mm // 4  # about as many rows as it is high

    def _signatures(self, block: model.Signatures) -> None:
        self.row += 1
        for party in block.parties:
            for text, bold in ((party.preamble, True), (party.label, False)):
                if text:
                    self._across(text, bold=bold)
            for one in party.signatories:
                written = (
                    one.position,
                    one.position_hint,
                    "______________",
                    one.signature_hint,
                    one.name,
                    one.name_hint,
                    one.seal,
                )
                self._across("  ".join(filter(None, written)))
        if block.dated:
            self._across(block.dated)

    def _table(self, block: model.Table) -> None:
        top, leaves = self.row, block.leaves()
        placed = block.placed()
        for number, cells in groupby(sorted(placed, key=lambda p: p.row), key=lambda p: p.row):
            highest = LINE_POINTS
            for one in cells:
                cell, across = one.cell, one.cell.across
                if cell.down == 1:
                    room = sum(self.widths[one.column : one.column + across])
                    highest = max(highest, _height(cell.text, room), LINE_POINTS * cell.lines)
                self._cell(top + number, one, leaves[one.column])
            self.sheet.set_row(top + number, highest)
        self.row = max((top + one.row + one.cell.down for one in placed), default=top)
        if block.head:
            self.sheet.repeat_rows(top, top + block.head_depth() - 1)

    def _cell(self, row: int, placed: model.Placed, column: model.Column) -> None:
        cell = placed.cell
        align = cell.align or column.align
        properties: dict[str, Any] = {
            "border": 1,
            "align": "left" if align is Align.JUSTIFY else align.value,
            "bold": cell.bold or placed.kind in {RowKind.GROUP, RowKind.TOTAL},
        }
        if cell.indent:
            properties["indent"] = cell.indent
        if cell.number is not None:
            whole = cell.number == cell.number.to_integral_value()
            properties["num_format"] = "#,##0" if whole else "#,##0.00"
        chosen = self.formats(**properties)
        if cell.across > 1 or cell.down > 1:
            bottom, right = row + cell.down - 1, placed.column + cell.across - 1
            self.sheet.merge_range(row, placed.column, bottom, right, "", chosen)
        if cell.number is not None:
            self.sheet.write_number(row, placed.column, cell.number, chosen)
        else:
            note = "" if placed.footnote is None else f" ({placed.footnote})"
            self.sheet.write_string(row, placed.column, fitting(cell.text + note), chosen)


def _height(text: str, letters: int) -> int:
    """Points for `text` in a cell that is `letters` wide: worksheets do not measure merged cells."""
    # A column's width counts wider letters than ours.
    rows = sum(1 + len(line) * 6 // (letters * 7) for line in text.split("\n"))
    return min(MOST_POINTS, LINE_POINTS * rows)
