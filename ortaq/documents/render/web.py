"""Papers as html: the preview beside the download.

A paper has hundreds of cells, so they are written here and not in templates, which take five times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from ortaq.documents import paper as model
from ortaq.documents.paper import Paper, RowKind

_STEPS = 20  # widths come as classes in steps of 5 %: the policy of the pages allows no style


def html(paper: Paper) -> SafeString:
    """An `<article>` for a page that links `documents/paper.css`."""
    blocks = "".join(map(_block, paper.blocks))
    footer = f'<p class="paper-footer">{escape(paper.footer)}</p>' if paper.footer else ""
    return mark_safe(  # noqa: S308 - every text in it has been escaped
        f'\n<article class="paper paper-{paper.orientation.value}" lang="{escape(paper.language)}">\n  {blocks}\n'
        f"  {footer}\n</article>\n"
    )


def _block(block: model.Block) -> str:
    if drawn := DRAWN.get(type(block)):
        return drawn(block)
    template = get_template(f"documents/blocks/{type(block).__name__.lower()}.html")
    return str(template.render({"block": block}))


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _pieces(pieces: Iterable[model.Piece]) -> str:
    said = (
        f'<a href="{escape(one.address)}">{_lines(one.text)}</a>'
        if one.target
        else _lines(one.text)
        for one in pieces
    )
    return "".join(said)


def _heading(block: model.Heading) -> str:
    said = _lines(block.text)
    if block.level == 1:
        return f'<h2 class="paper-title">{said}</h2>\n'
    level = 3 if block.level == 2 else 4
    return f"<h{level}>{said}</h{level}>\n"


def _paragraph(block: model.Paragraph) -> str:
    marks = "".join(
        f" paper-{name}" for name in ("bold", "small", "underlined") if getattr(block, name)
    )
    said = _pieces(block.pieces) if block.pieces else _lines(block.text)
    return f'<p class="paper-{block.align.value}{marks}">{said}</p>\n'


def _fields(block: model.Fields) -> str:
    lines = "".join(
        f"<div><dt>{escape(one.label)}</dt><dd>{_lines(one.value)}"
        f"{f'<small>{escape(one.hint)}</small>' if one.hint else ''}</dd></div>\n  "
        for one in block.fields
    )
    return f'<dl class="paper-fields">\n  {lines}\n</dl>\n'


def _footnotes(block: model.Footnotes) -> str:
    lines = "".join(f'<li value="{one.num}">{escape(one.text)}</li>\n  ' for one in block.notes)
    return f'<ol class="paper-footnotes">\n  {lines}\n</ol>\n'


def _break(_block: model.PageBreak) -> str:
    return '<hr class="paper-break">\n'


def _table(block: model.Table) -> str:
    leaves = block.leaves()
    whole = sum(column.width for column in leaves)
    widths = (max(1, round(_STEPS * column.width / whole)) for column in leaves)
    columns = "".join(f'<col class="paper-w-{width}">' for width in widths)
    rows: dict[int, list[model.Placed]] = {}
    for placed in block.placed():
        rows.setdefault(placed.row, []).append(placed)
    depth = block.head_depth()
    head = "".join(
        f"<tr>\n        {''.join(map(_head, cells))}</tr>\n      "
        for number, cells in rows.items()
        if number < depth
    )
    body = "".join(
        f"<tr{'' if cells[0].kind == RowKind.LINE else BOLD}>\n        "
        f"{''.join(_cell(one, leaves[one.column].align) for one in cells)}</tr>\n      "
        for number, cells in rows.items()
        if number >= depth
    )
    heads = f"<thead>\n      {head}\n    </thead>" if head else ""
    return (
        f'<div class="paper-table" tabindex="0">\n  <table>\n    <colgroup>{columns}</colgroup>\n    {heads}\n'
        f"    <tbody>\n      {body}\n    </tbody>\n  </table>\n</div>\n"
    )


BOLD = ' class="paper-bold"'


def _spans(cell: model.Cell) -> str:
    across = f' colspan="{cell.across}"' if cell.across > 1 else ""
    return f'{across} rowspan="{cell.down}"' if cell.down > 1 else across


def _head(placed: model.Placed) -> str:
    cell = placed.cell
    scope = "colgroup" if cell.across > 1 else "col"
    note = f"<sup>{placed.footnote}</sup>" if placed.footnote else ""
    return f'<th scope="{scope}"{_spans(cell)}>{_lines(cell.text)}{note}</th>\n        '


def _cell(placed: model.Placed, usual: model.Align) -> str:
    cell = placed.cell
    name = f' id="{escape(cell.id)}"' if cell.id else ""
    marks = f" paper-indent-{cell.indent}" if cell.indent else ""
    if cell.bold:
        marks += " paper-bold"
    said = _pieces(cell.pieces) if cell.pieces else _lines(cell.text)
    align = (cell.align or usual).value
    return f'<td{name} class="paper-{align}{marks}"{_spans(cell)}>{said}</td>\n        '


# Signatures and pictures, of which a paper has one or two, have templates.
DRAWN: dict[type, Callable[[Any], str]] = {
    model.Heading: _heading,
    model.Paragraph: _paragraph,
    model.Fields: _fields,
    model.Footnotes: _footnotes,
    model.PageBreak: _break,
    model.Table: _table,
}
