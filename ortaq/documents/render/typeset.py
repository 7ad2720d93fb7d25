"""Papers as PDF, by Typst. The paper goes in as JSON: no text of it is read as markup."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ortaq.documents.paper import PageBreak, Paper, Paragraph, Piece, RowKind, Table
from ortaq.documents.text import breakable, lines_of

from .columns import WIDTH_MM, em_of, is_bold, points, room_of, widths

TEMPLATE = Path(__file__).with_name("paper.typ")
MOST_WHOLE_LINES = 20  # a row of more lines may go on on the next page
# The least room for a word outside tables: that of a signature, a field, a line.
ROOM_EM = {"Signatures": Decimal(10), "Fields": Decimal(20)}
LINE_EM = Decimal(38)


def pdf(paper: Paper) -> bytes:
    """The paper as a PDF with its fonts inside, pages numbered "1 / 3"."""
    compiled = typst.compile(
        str(TEMPLATE), font_paths=fonts(), sys_inputs={"paper": json.dumps(_data(paper))}
    )
    return bytes(compiled)


@cache
def fonts() -> typst.Fonts:
    """The fonts of papers, loaded once for the process. Only our own: a server's must not change a paper."""
    folder = Path(settings.ORTAQ_NODE_MODULES) / "@expo-google-fonts" / "tinos"
    found = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]
    )
    if "Tinos" not in found.families():
        raise ImproperlyConfigured(f"The font of the papers is not in {folder}: run `make run`.")
    return found


def _data(paper: Paper) -> dict[str, Any]:
    return {
        "title": paper.title,
        "language": paper.language,
        "footer": paper.footer,
        "sheets": list(_sheets(paper)),
    }


def _places(paper: Paper) -> frozenset[str]:
    """The ids of this paper; Typst refuses a link that leads nowhere."""
    tables = (block for block in paper.blocks if isinstance(block, Table))
    return frozenset(cell.id for one in tables for row in one.rows for cell in row.cells if cell.id)


def _pieces(
    pieces: Iterable[Piece], places: Collection[str], room_em: Decimal
) -> list[dict[str, str]]:
    """The pieces with links to files beside the paper and to places that there are."""
    return [
        {
            "text": breakable(one.text, room_em),
            "target": one.address
            if not one.target.startswith("#") or one.target[1:] in places
            else "",
        }
        for one in pieces
    ]


def _sheets(paper: Paper) -> Iterator[dict[str, Any]]:
    """The blocks between page breaks, with the way the page is turned."""
    orientation, places = paper.orientation, _places(paper)
    blocks: list[dict[str, Any]] = []
    for block in paper.blocks:
        if isinstance(block, PageBreak):
            yield {"orientation": orientation, "blocks": blocks}
            orientation, blocks = block.orientation, []
        elif isinstance(block, Table):
            blocks.append({"block": "Table", **_table(block, WIDTH_MM[orientation], places)})
        else:
            name = type(block).__name__
            data = _breakable(asdict(block), ROOM_EM.get(name, LINE_EM))
            if isinstance(block, Paragraph):
                data["pieces"] = _pieces(block.pieces, places, LINE_EM)
            blocks.append({"block": name, **data})
    yield {"orientation": orientation, "blocks": blocks}


def _breakable(value: Any, room_em: Decimal) -> Any:
    if isinstance(value, StrEnum):
        return value
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, str):
        return breakable(value, room_em)
    if isinstance(value, tuple | list):
        return [_breakable(one, room_em) for one in value]
    if isinstance(value, dict):
        return {name: _breakable(one, room_em) for name, one in value.items()}
    return value


def _table(table: Table, width_mm: int, places: Collection[str]) -> dict[str, Any]:
    leaves = table.leaves()
    wide = widths(table, Decimal(width_mm))
    em = em_of(table)
    cells: list[dict[str, Any]] = []
    long: set[int] = set()  # rows that may go on on the next page
    for placed in table.placed():
        cell = placed.cell
        spanned = leaves[placed.column : placed.column + cell.across]
        room_em = room_of(placed, wide, em)
        if lines_of(cell.text, room_em) > MOST_WHOLE_LINES * cell.down:
            long.update(range(placed.row, placed.row + cell.down))
        cells.append(
            {
                "text": breakable(cell.text, room_em),
                "pieces": _pieces(cell.pieces, places, room_em),
                "id": cell.id,
                "across": cell.across,
                "down": cell.down,
                "align": cell.align or spanned[0].align,
                "bold": is_bold(placed),
                "middle": placed.kind is None,
                "heading": placed.kind is RowKind.GROUP and cell.across == len(leaves),
                "indent": cell.indent,
                "lines": cell.lines,
                "row": placed.row,
                "column": placed.column,
                "footnote": placed.footnote,
            }
        )
    # A row keeps together only when every cell of it does.
    cells = [cell | {"breakable": cell["down"] > 1 or cell["row"] in long} for cell in cells]
    _rank(cells)
    depth = table.head_depth()
    return {
        "points": points(table),
        "widths": [int(width * 100) for width in wide],  # only how they compare matters
        "head": [cell for cell in cells if cell["row"] < depth],
        "body": [cell for cell in cells if cell["row"] >= depth],
    }


def _rank(cells: list[dict[str, Any]]) -> None:
    """Make of `heading` the level of a head of Typst, 0 for a plain cell, and say with `again` whether it comes again on the next page:
    only a heading with lines below does. Typst fails on heads of one level that follow one another, so of several headings in a row the
    first ends what came again before, those between are plain, and the one with lines is of a lower level.
    """
    headings = {cell["row"] for cell in cells if cell["heading"]}
    last = max((cell["row"] for cell in cells), default=0)
    for cell in cells:
        row = cell["row"]
        cell["again"] = row in headings and row != last and row + 1 not in headings
        if row not in headings:
            cell["heading"] = 0
        elif cell["again"]:
            cell["heading"] = 3 if row - 1 in headings else 2
        else:
            cell["heading"] = 0 if row - 1 in headings or row == last else 2
