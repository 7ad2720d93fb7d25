"""A paper as a list of blocks, before it becomes html, docx, xlsx or pdf.

Whoever issues a paper says what stands on it; the renderers know how it looks. All text is
plain: nothing that a person typed is read as markup by any renderer.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache
from operator import is_
from typing import Any
from urllib.parse import quote

from .text import printable


class Orientation(StrEnum):
    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


class RowKind(StrEnum):
    LINE = "line"
    GROUP = "group"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text. With a `target` it leads there: "#annex-3" is the place of this paper with that id, anything else a file
    beside the paper by its relative path, as in an archive.
    """

    text: str
    target: str = ""

    @property
    def address(self) -> str:
        """The target as an address; whatever else it may be, no scheme of a web address."""
        return self.target if self.target.startswith("#") else quote(self.target)


@dataclass(frozen=True, slots=True)
class Linked:
    """A value whose text has links in it, or that links lead to (`id`); what `fill` takes wherever it takes text."""

    pieces: tuple[Piece, ...]
    id: str = ""

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is the title of the paper, 2 a section, 3 a part of it."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. Line feeds are kept; `small` is for instructions and notes, `underlined` for what was
    chosen among several; `leads` keeps it on the page of what follows it.
    """

    text: str
    align: Align = Align.JUSTIFY
    bold: bool = False
    small: bool = False
    underlined: bool = False
    leads: bool = False
    pieces: tuple[Piece, ...] = ()  # the same text with its links, where it has some


@dataclass(frozen=True, slots=True)
class Field:
    """A label with its value; `hint` stands small below the value."""

    label: str
    value: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels and values without a frame, as in the head of a letter."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; one with `columns` is a heading over those."""

    header: str
    width: int = 1  # relative to the other columns
    align: Align = Align.LEFT
    footnote: int | None = None
    columns: tuple[Column, ...] = ()

    def leaves(self) -> tuple[Column, ...]:
        """The columns that hold cells: itself, or those under its heading."""
        return tuple(leaf for column in self.columns for leaf in column.leaves()) or (self,)

    def depth(self) -> int:
        """How many rows of the table's head it takes."""
        return 1 + max((column.depth() for column in self.columns), default=0)


@dataclass(frozen=True, slots=True)
class Cell:
    """`number` is the exact value of what `text` shows, for a spreadsheet to reckon with."""

    text: str = ""
    number: Decimal | None = None
    across: int = 1  # columns taken
    down: int = 1  # rows taken
    align: Align | None = None  # None: as its column
    bold: bool = False
    indent: int = 0
    lines: int = 1  # the least height, for an empty form filled in by hand
    pieces: tuple[Piece, ...] = ()  # the same text with its links, where it has some
    id: str = ""  # links lead here


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, without those that a cell above reaches down into."""

    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.LINE


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell with the row and column (from 0) of its upper left corner."""

    row: int
    column: int
    cell: Cell
    kind: RowKind | None  # None: in the table's head
    footnote: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with lines. Its head is repeated on every page; without `head` it has none."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    head: bool = True
    # Every text in it is safe to print: looked at once, also where several papers are bound together.
    checked: bool = field(default=False, init=False, repr=False, compare=False)

    def leaves(self) -> tuple[Column, ...]:
        """The columns that hold cells, from left to right."""
        return tuple(leaf for column in self.columns for leaf in column.leaves())

    def head_depth(self) -> int:
        """How many rows the head takes."""
        return max(column.depth() for column in self.columns) if self.head else 0

    def placed(self) -> list[Placed]:
        """All cells, head first, each with its place in the grid."""
        return [*self._head(self.columns, 0, 0), *self._body()] if self.head else self._body()

    def _head(self, columns: tuple[Column, ...], row: int, at: int) -> Iterable[Placed]:
        for column in columns:
            across = len(column.leaves())
            down = 1 if column.columns else self.head_depth() - row
            cell = Cell(column.header, across=across, down=down, align=Align.CENTER, bold=True)
            yield Placed(row, at, cell, None, column.footnote)
            yield from self._head(column.columns, row + 1, at)
            at += across

    def _body(self) -> list[Placed]:
        width, result = len(self.leaves()), []
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(self.rows, self.head_depth()):
            at = 0
            for cell in row.cells:
                while (number, at) in taken:
                    at += 1
                if at + cell.across > width:
                    raise ValueError(f"Row {number} has more cells than the table has columns.")
                result.append(Placed(number, at, cell, row.kind))
                taken |= {
                    (number + d, at + a) for d in range(cell.down) for a in range(cell.across)
                }
                at += cell.across
        return result


@dataclass(frozen=True, slots=True)
class Signatory:
    """The hints stand small below the lines. `seal` marks the place of the seal ("М.О.")."""

    position: str
    name: str = ""
    position_hint: str = ""
    signature_hint: str = ""
    name_hint: str = ""
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Who signs together. `preamble` stands first ("AGREED"), then the party's `label`."""

    signatories: tuple[Signatory, ...]
    preamble: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """The signatures, never parted by a page break: one party across the page, two side by side."""

    parties: tuple[Party, ...]
    dated: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page, from here on turned as said."""

    orientation: Orientation = Orientation.PORTRAIT


@dataclass(frozen=True, slots=True)
class Footnote:
    num: int
    text: str


@dataclass(frozen=True, slots=True)
class Footnotes:
    """What the small numbers in the heads of the tables above mean."""

    notes: tuple[Footnote, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A png or jpeg image in the middle of the page; `text` says what it shows to whoever cannot see it."""

    content: bytes
    width_mm: int
    text: str

    def address(self) -> str:
        """The image as an address that a page can show."""
        kind = "png" if self.content.startswith(b"\x89PNG") else "jpeg"
        return f"data:image/{kind};base64,{b64encode(self.content).decode()}"


Block = Heading | Paragraph | Fields | Table | Signatures | PageBreak | Footnotes | Picture


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. `footer` stands small at the foot of every page, beside "1 / 3"."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    orientation: Orientation = Orientation.PORTRAIT
    footer: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "blocks", "footer"):
            object.__setattr__(self, name, _printable(getattr(self, name)))


def bind(papers: Iterable[Paper], title: str, *, footer: str = "") -> Paper:
    """Several papers as one, each from a new page: an application with its annexes."""
    bound = list(papers)
    blocks: list[Block] = []
    for paper in bound:
        if blocks:
            blocks.append(PageBreak(paper.orientation))
        blocks += paper.blocks
    return Paper(title, bound[0].language, tuple(blocks), bound[0].orientation, footer)


def _printable(value: Any) -> Any:
    """`value` with every text in it, however deep, made safe to print; itself where nothing has to be changed."""
    kind: Any = type(value)
    if kind is str:
        return printable(value)
    if kind is tuple:
        made = tuple(map(_printable, value))
        return value if all(map(is_, made, value)) else made
    if kind is Table and value.checked:
        return value
    changed: dict[str, Any] = {}
    for name in _told(kind):
        before = getattr(value, name)
        if (after := _printable(before)) is not before:
            changed[name] = after
    if changed:
        value = replace(value, **changed)
    elif isinstance(value, str) and not isinstance(value, StrEnum):
        value = printable(value)
    if kind is Table:
        object.__setattr__(value, "checked", True)
    return value


# Fields of these types hold no text of anybody.
SILENT = {
    "int",
    "int | None",
    "bool",
    "bytes",
    "Decimal | None",
    "Align",
    "Align | None",
    "RowKind",
    "Orientation",
}


@cache
def _told(kind: Hashable) -> tuple[str, ...]:
    """The fields of a class in which texts stand; none where it is no class of ours."""
    if not is_dataclass(kind):
        return ()
    return tuple(one.name for one in fields(kind) if one.type not in SILENT)
