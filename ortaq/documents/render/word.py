"""Papers as docx, by python-docx: what the law calls "one MS Word document"."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any
from zlib import crc32

import docx as library
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.run import Run

from ortaq.documents import paper as model
from ortaq.documents.paper import Align, Orientation, Paper, RowKind
from ortaq.documents.text import SOFT_HYPHEN, breakable

from . import columns
from .archive import timeless

FONT = "Times New Roman"
LOCALES = {"kk": "kk-KZ", "ru": "ru-RU", "en": "en-GB"}
LONG, SHORT = Mm(297), Mm(210)
MARGINS = {"left": Mm(25), "right": Mm(15), "top": Mm(15), "bottom": Mm(20)}
SHORT_LINE = "_" * 14  # to write on, where two parties stand side by side
TWIPS_PER_MM = Decimal(1440) / Decimal("25.4")
LINK_COLOUR = RGBColor(0x0B, 0x3D, 0x91)

_ALIGN = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTER: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
    Align.JUSTIFY: WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_JUSTIFICATION = {Align.JUSTIFY: "both"}


def docx(paper: Paper) -> bytes:
    """The paper as a Word document; the head of a table is repeated on every page."""
    document = library.Document()
    _set_styles(document, paper.language)
    _set_properties(document, paper)
    _turn(document.sections[0], paper.orientation)
    _footer(document.sections[0], paper.footer)
    writer = _Writer(document)
    for block in paper.blocks:
        writer.write(block)
    content = io.BytesIO()
    document.save(content)
    return timeless(content.getvalue())


class _Writer:
    def __init__(self, document: Any) -> None:
        self.document = document

    def write(self, block: model.Block) -> None:
        getattr(self, f"_{type(block).__name__.lower()}")(block)

    def _heading(self, block: model.Heading) -> None:
        paragraph = self.document.add_heading(level=block.level)
        _run(paragraph, block.text)
        if block.level == 1:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _paragraph(self, block: model.Paragraph) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = _ALIGN[block.align]
        size = 10 if block.small else None
        for piece in block.pieces or (model.Piece(block.text),):
            run = _run(paragraph, piece.text, bold=block.bold, size=size)
            run.underline = block.underlined or None
            if piece.target:
                _lead(run.element, piece, self.document.part)
        paragraph.paragraph_format.keep_with_next = block.leads or None

    def _fields(self, block: model.Fields) -> None:
        for field in block.fields:
            paragraph = self.document.add_paragraph()
            if field.label:
                _run(paragraph, f"{field.label} ", bold=True)
            _run(paragraph, field.value)
            if field.hint:
                paragraph.add_run().add_break(WD_BREAK.LINE)
                _run(paragraph, field.hint, size=9)

    def _pagebreak(self, block: model.PageBreak) -> None:
        _turn(self.document.add_section(WD_SECTION.NEW_PAGE), block.orientation)

    def _footnotes(self, block: model.Footnotes) -> None:
        for note in block.notes:
            paragraph = self.document.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(2)
            _run(paragraph, str(note.num), size=9).font.superscript = True
            _run(paragraph, f" {note.text}", size=9)

    def _picture(self, block: model.Picture) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run()
        run.add_picture(io.BytesIO(block.content), width=Mm(block.width_mm))
        run.element.xpath(".//wp:docPr")[0].set("descr", block.text)

    def _table(self, block: model.Table) -> None:
        section = self.document.sections[-1]
        room = section.page_width - section.left_margin - section.right_margin
        self._append(_table(block, Decimal(room) / Mm(1), self.document.part))

    def _append(self, element: Any) -> None:
        body = self.document.element.body
        body.insert(len(body) - 1, element)  # before the properties of the last section
        # Word joins tables that touch.
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)

    def _signatures(self, block: model.Signatures) -> None:
        across = len(block.parties) == 1
        table = self.document.add_table(rows=0, cols=3 if across else len(block.parties))
        if across:
            self._party_across(table, block.parties[0])
        else:
            self._parties_abreast(table, block.parties)
        _keep_together(self.document.element.body.findall(qn("w:tbl"))[-1])
        if block.dated:
            self.document.add_paragraph(block.dated)

    def _party_across(self, table: Any, party: model.Party) -> None:
        for text, bold in ((party.preamble, True), (party.label, False)):
            if text:
                cells = table.add_row().cells
                _run(cells[0].merge(cells[-1]).paragraphs[0], text, bold=bold)
        for one in party.signatories:
            position, signature, name = table.add_row().cells
            if one.position_hint:
                _line(position.paragraphs[0], one.position, one.position_hint)
            else:
                _run(position.paragraphs[0], one.position)
            _line(signature.paragraphs[0], "", one.signature_hint)
            _line(name.paragraphs[0], one.name, one.name_hint)
            if one.seal:
                _run(position.add_paragraph(), one.seal, size=9)

    def _parties_abreast(self, table: Any, parties: tuple[model.Party, ...]) -> None:
        for cell, party in zip(table.add_row().cells, parties, strict=True):
            paragraph = cell.paragraphs[0]
            _run(paragraph, party.preamble, bold=True)
            if party.label:
                _run(cell.add_paragraph(), party.label)
            for one in party.signatories:
                if one.position:
                    _run(cell.add_paragraph(), one.position)
                signature, name = cell.add_table(rows=1, cols=2).rows[0].cells
                _line(signature.paragraphs[0], "", one.signature_hint, SHORT_LINE)
                _line(name.paragraphs[0], one.name, one.name_hint, SHORT_LINE)
                if one.seal:  # in the paragraph that follows a table in a cell
                    _run(cell.paragraphs[-1], one.seal, size=9)


# --- Pieces ---------------------------------------------------------------------------------------


def _run(paragraph: Any, text: str, *, bold: bool = False, size: int | None = None) -> Any:
    run = paragraph.add_run(text)  # python-docx turns line feeds into line breaks
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    return run


def _line(paragraph: Any, text: str, hint: str, line: str = "_" * 20) -> None:
    """`text`, or a line to write on, above its hint."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text or line)
    if hint:
        _run(paragraph, f"\n{hint}", size=8)


def _keep_together(table: Any) -> None:
    for row in table.iter(qn("w:tr")):
        _add(row.get_or_add_trPr(), "w:cantSplit")
    for paragraph in table.iter(qn("w:p")):
        _add(paragraph.get_or_add_pPr(), "w:keepNext")


def _add(parent: Any, tag: str, **attributes: object) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    parent.append(element)
    return element


def _lead(run: Any, piece: model.Piece, part: Any) -> None:
    """Make a run a link: to a bookmark of this document, or to a file beside it."""
    link = OxmlElement("w:hyperlink")
    if piece.target.startswith("#"):
        link.set(qn("w:anchor"), _bookmark(piece.target[1:]))
    else:
        link.set(
            qn("r:id"),
            part.relate_to(piece.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True),
        )
    font = Run(run, part).font
    font.underline, font.color.rgb = True, LINK_COLOUR
    run.addprevious(link)
    link.append(run)


def _bookmark(place: str) -> str:
    """The name of a place as Word takes it: letters, digits and underscores, at most 40."""
    return re.sub(r"\W", "_", place)[:40]


def _table(table: model.Table, whole_mm: Decimal, part: Any) -> Any:
    """The `w:tbl` itself: python-docx walks the whole table for each cell it is asked for."""
    leaves = table.leaves()
    wide, em = columns.widths(table, whole_mm), columns.em_of(table)
    widths = [int(width * TWIPS_PER_MM) for width in wide]
    element = OxmlElement("w:tbl")
    properties = _add(element, "w:tblPr")
    _add(properties, "w:tblStyle", val="TableGrid")
    _add(properties, "w:tblW", w=sum(widths), type="dxa")
    _add(properties, "w:tblLayout", type="fixed")
    grid = _add(element, "w:tblGrid")
    for width in widths:
        _add(grid, "w:gridCol", w=width)

    size = columns.points(table) * 2  # half points
    depth = table.head_depth()
    for number, cells in enumerate(_whole_rows(table)):
        row = _add(element, "w:tr")
        row_properties = _add(row, "w:trPr")
        _add(row_properties, "w:cantSplit")
        if number < depth:
            _add(row_properties, "w:tblHeader")
        for at, placed in cells:
            width = sum(widths[at : at + placed.cell.across])
            goes_on = placed.row < number
            paragraph = _cell(row, placed, leaves[at], width, goes_on=goes_on)
            if not goes_on:
                _fill_in(paragraph, placed, size, columns.room_of(placed, wide, em), part)
    return element


def _whole_rows(table: model.Table) -> list[list[tuple[int, model.Placed]]]:
    """Every row with all of its cells, those that reach down from above included."""
    placed = table.placed()
    height = max((one.row + one.cell.down for one in placed), default=0)
    rows: list[list[tuple[int, model.Placed]]] = [[] for _ in range(height)]
    for one in placed:
        for down in range(one.cell.down):
            rows[one.row + down].append((one.column, one))
    return [sorted(row, key=lambda pair: pair[0]) for row in rows]


def _cell(
    row: Any, placed: model.Placed, column: model.Column, width: int, *, goes_on: bool
) -> Any:
    """The empty paragraph of a cell with its frame; `goes_on` from the row above."""
    cell = placed.cell
    element = _add(row, "w:tc")
    properties = _add(element, "w:tcPr")
    _add(properties, "w:tcW", w=width, type="dxa")
    if cell.across > 1:
        _add(properties, "w:gridSpan", val=cell.across)
    if cell.down > 1:
        _add(properties, "w:vMerge", val="continue" if goes_on else "restart")
    if placed.kind is None:
        _add(properties, "w:vAlign", val="center")
    paragraph = _cell_paragraph(element, cell.align or column.align, cell.indent)
    if placed.kind is RowKind.GROUP:  # a heading is never left at the foot of a page
        paragraph.find(qn("w:pPr")).insert(0, OxmlElement("w:keepNext"))
    return paragraph


def _fill_in(paragraph: Any, placed: model.Placed, size: int, room_em: Decimal, part: Any) -> None:
    """The text of a cell with its links, and the place to which others lead: words without room are hyphenated, an empty form has
    lines to write on.
    """
    cell, bold = placed.cell, columns.is_bold(placed)
    if cell.id:
        name = _bookmark(cell.id)
        at = crc32(name.encode())
        _add(paragraph, "w:bookmarkStart", id=at % 10**8, name=name)
        _add(paragraph, "w:bookmarkEnd", id=at % 10**8)
    lines = "\n" * (cell.lines - 1)
    for piece in cell.pieces or (model.Piece(cell.text + lines),):
        first, *others = breakable(piece.text, room_em, anywhere=False).split(SOFT_HYPHEN)
        runs = [_cell_run(paragraph, first, size, bold=bold)]
        for part_of_word in others:
            _add(runs[-1], "w:softHyphen")
            runs.append(_cell_run(paragraph, part_of_word, size, bold=bold))
        if piece.target:
            for run in runs:
                _lead(run, piece, part)
    if placed.footnote is not None:
        _cell_run(paragraph, str(placed.footnote), size, bold=bold, raised=True)


def _cell_paragraph(cell: Any, align: Align, indent: int) -> Any:
    paragraph = _add(cell, "w:p")
    properties = _add(paragraph, "w:pPr")
    _add(properties, "w:spacing", before=20, after=20, line=240, lineRule="auto")
    if indent:
        _add(properties, "w:ind", left=indent * 170)
    _add(properties, "w:jc", val=_JUSTIFICATION.get(align, align.value))
    return paragraph


def _cell_run(paragraph: Any, text: str, size: int, *, bold: bool, raised: bool = False) -> Any:
    run = _add(paragraph, "w:r")
    properties = _add(run, "w:rPr")
    if bold:
        _add(properties, "w:b")
    _add(properties, "w:sz", val=size)
    if raised:
        _add(properties, "w:vertAlign", val="superscript")
    run.text = text
    return run


# --- The document -----------------------------------------------------------------------------------


def _set_styles(document: Any, language: str) -> None:
    normal = document.styles["Normal"]
    normal.font.size = Pt(12)
    normal.paragraph_format.space_after = Pt(6)
    _set_font(normal)
    _add(
        normal.element.get_or_add_rPr(),
        "w:lang",
        **dict.fromkeys(("val", "eastAsia"), LOCALES[language]),
    )
    for level, size in ((1, 13), (2, 12), (3, 12)):
        style = document.styles[f"Heading {level}"]
        style.font.size, style.font.bold = Pt(size), True
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.space_before = Pt(12)
        style.paragraph_format.space_after = Pt(6)
        _set_font(style)


def _set_font(style: Any) -> None:
    style.font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), FONT)
        theme = qn(f"w:{kind}Theme" if kind != "cs" else "w:cstheme")
        if theme in fonts.attrib:  # a theme's font would win over the named one
            del fonts.attrib[theme]


def _set_properties(document: Any, paper: Paper) -> None:
    properties = document.core_properties
    properties.title = paper.title[:255]
    properties.language = LOCALES[paper.language]
    properties.author = properties.comments = ""
    core = properties._element  # noqa: SLF001 - the library can set these times, not remove them
    for made in ("created", "modified"):  # of the library's own template, not of this paper
        for element in core.findall(qn(f"dcterms:{made}")):
            core.remove(element)


def _turn(section: Any, orientation: Orientation) -> None:
    across = orientation is Orientation.LANDSCAPE
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (LONG, SHORT) if across else (SHORT, LONG)
    for side, size in MARGINS.items():
        setattr(section, f"{side}_margin", size)


def _footer(section: Any, text: str) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.style.font.size = Pt(9)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if text:
        _run(paragraph, f"{text}\n", size=8)
    _page_field(paragraph, "PAGE")
    _run(paragraph, " / ")
    _page_field(paragraph, "NUMPAGES")


def _page_field(paragraph: Any, instruction: str) -> None:
    run = _run(paragraph, "").element
    _add(run, "w:fldChar", fldCharType="begin")
    _add(run, "w:instrText").text = instruction
    _add(run, "w:fldChar", fldCharType="separate")
    _add(run, "w:t").text = "1"
    _add(run, "w:fldChar", fldCharType="end")
