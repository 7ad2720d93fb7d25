"""How wide the columns of a table are: as the form says, but no word is cut that can stay whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from ortaq.documents.paper import Orientation, Placed, RowKind, Table
from ortaq.documents.text import width_of

WIDTH_MM = {Orientation.PORTRAIT: 170, Orientation.LANDSCAPE: 257}
MOST_COLUMNS = 6  # more columns than these take smaller letters
PADDING_MM = 4  # of a cell, left and right together; Word's are the widest
MM_PER_POINT = Decimal("0.3528")
BOLDER = Decimal("1.07")  # how much wider bold letters are
# How much of the table one word may take: as much as all columns together have room for. What is wider
# (an address, a slip of the space bar) is broken.
MOST = tuple(map(Decimal, ("0.3", "0.2", "0.15", "0.12", "0.1", "0.08")))
WORD = re.compile(r"[^ \n\t/-]{3,}[/-]|[^ \n\t]+")  # "п/п" is one, "пояснения/комментарии" are two


def points(table: Table) -> int:
    """The size of the letters of a table."""
    return 9 if len(table.leaves()) > MOST_COLUMNS else 10


def em_of(table: Table) -> Decimal:
    """The size of the letters of a table in mm."""
    return points(table) * MM_PER_POINT


def room_of(placed: Placed, wide: Sequence[Decimal], em: Decimal) -> Decimal:
    """The room in em for the text of a cell, in columns `wide` mm wide; bold letters need more of it."""
    cell = placed.cell
    room = sum(wide[placed.column : placed.column + cell.across]) - PADDING_MM * (1 + cell.indent)
    return room / em / (BOLDER if is_bold(placed) else 1)


def is_bold(placed: Placed) -> bool:
    """Whether a cell is printed in bold letters."""
    return placed.cell.bold or placed.kind in {RowKind.GROUP, RowKind.TOTAL}


def widths(table: Table, whole: Decimal) -> list[Decimal]:
    """The widths in mm of the columns of a table that is `whole` mm wide."""
    leaves = table.leaves()
    parts = Decimal(sum(column.width for column in leaves))
    wanted = [whole * column.width / parts for column in leaves]
    longest = _needed(table, whole)
    for most in MOST:
        needed = [min(need, whole * most) for need in longest]
        if sum(needed) <= whole:
            return _fitted(wanted, needed, whole)
    return wanted


def _fitted(wanted: Sequence[Decimal], needed: Sequence[Decimal], whole: Decimal) -> list[Decimal]:
    """`wanted`, with the narrow ones widened to what they need at the cost of the others."""
    found = list(wanted)
    short: set[int] = set()
    while more := {n for n, width in enumerate(found) if width < needed[n]} - short:
        short |= more
        rest = whole - sum(needed[n] for n in short)
        free = sum(wanted[n] for n in range(len(wanted)) if n not in short)
        found = [needed[n] if n in short else width * rest / free for n, width in enumerate(wanted)]
    return found


def _needed(table: Table, whole: Decimal) -> list[Decimal]:
    """The width in mm of the longest word of each column."""
    most, size = whole * MOST[0], em_of(table)
    found = [Decimal(0)] * len(table.leaves())
    for placed in table.placed():
        cell = placed.cell
        if cell.across > 1:
            continue
        scale = size * (BOLDER if is_bold(placed) else 1)
        room = max(found[placed.column] - PADDING_MM, Decimal(0)) / scale
        widest = _widest(cell.text, room)
        if widest > room:
            need = widest * scale + PADDING_MM * (1 + cell.indent)
            found[placed.column] = max(found[placed.column], min(need, most))
    return found


def _widest(text: str, room: Decimal) -> Decimal:
    """The width in em of the widest word; only of words with so many letters that they may pass `room`."""
    least = int(room)
    return max(
        (width_of(word) for word in WORD.findall(text) if least < len(word) <= 80),
        default=Decimal(0),
    )
