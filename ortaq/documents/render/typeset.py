"""Papers as PDF, by Typst. The paper goes in as JSON: no text of it is read as markup."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ..paper import Orientation, PageBreak, Paper, Table
from ..text import breakable

TEMPLATE = Path(__file__).with_name("paper.typ")
WIDTH_MM = {Orientation.PORTRAIT: 170, Orientation.LANDSCAPE: 257}
MM_PER_LETTER = 2.1  # a wide Cyrillic letter at the size of a table
PADDING_MM = 3


def pdf(paper: Paper) -> bytes:
    """The paper as a PDF with its fonts inside, pages numbered "1 / 3"."""
    compiled = typst.compile(
        str(TEMPLATE), font_paths=_fonts(), sys_inputs={"paper": json.dumps(_data(paper))}
    )
    return bytes(compiled)


@cache
def _fonts() -> typst.Fonts:
    """Loaded once for the process. Only our own fonts: a server's must not change a paper."""
    folder = Path(settings.ORTAQ_NODE_MODULES) / "@expo-google-fonts" / "tinos"
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]
    )
    if "Tinos" not in fonts.families():
        raise ImproperlyConfigured(f"The font of the papers is not in {folder}: run `make run`.")
    return fonts


def _data(paper: Paper) -> dict[str, Any]:
    sheets = [{"orientation": paper.orientation, "blocks": (blocks := [])}]
    for block in paper.blocks:
        if isinstance(block, PageBreak):
            sheets.append({"orientation": block.orientation, "blocks": (blocks := [])})
        elif isinstance(block, Table):
            width = WIDTH_MM[Orientation(sheets[-1]["orientation"])]
            blocks.append({"block": "Table", **_table(block, width)})
        else:
            blocks.append({"block": type(block).__name__, **asdict(block)})
    return {
        "title": paper.title,
        "language": paper.language,
        "footer": paper.footer,
        "sheets": sheets,
    }


def _table(table: Table, width_mm: int) -> dict[str, Any]:
    leaves = table.leaves()
    share = width_mm / sum(column.width for column in leaves)
    cells = []
    for placed in table.placed():
        cell = placed.cell
        spanned = leaves[placed.column : placed.column + cell.across]
        room_mm = share * sum(column.width for column in spanned) - PADDING_MM
        cells.append(
            {
                "text": breakable(cell.text, max(2, int(room_mm / MM_PER_LETTER))),
                "across": cell.across,
                "down": cell.down,
                "align": cell.align or spanned[0].align,
                "bold": cell.bold or placed.kind in {"group", "total"},
                "indent": cell.indent,
                "lines": cell.lines,
                "row": placed.row,
                "column": placed.column,
                "footnote": placed.footnote,
            }
        )
    return {
        "widths": [column.width for column in leaves],
        "head": [cell for cell in cells if cell["row"] < table.head_depth()],
        "body": [cell for cell in cells if cell["row"] >= table.head_depth()],
    }
