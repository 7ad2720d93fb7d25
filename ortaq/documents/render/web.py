"""Papers as html: the preview beside the download."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from ortaq.documents import paper as model
from ortaq.documents.paper import Paper

_STEPS = 20  # widths come as classes in steps of 5 %: the policy of the pages allows no style


def html(paper: Paper) -> SafeString:
    """An `<article>` for a page that links `documents/paper.css`."""
    blocks = [
        (f"documents/blocks/{type(block).__name__.lower()}.html", _content(block))
        for block in paper.blocks
    ]
    return render_to_string("documents/paper.html", {"paper": paper, "blocks": blocks})


def _content(block: model.Block) -> object:
    if not isinstance(block, model.Table):
        return block
    leaves = block.leaves()
    whole = sum(column.width for column in leaves)
    widths = [max(1, round(_STEPS * column.width / whole)) for column in leaves]
    rows: dict[int, list[tuple[model.Placed, str]]] = {}
    for placed in block.placed():
        align = (placed.cell.align or leaves[placed.column].align).value
        rows.setdefault(placed.row, []).append((placed, align))
    depth = block.head_depth()
    return {
        "widths": widths,
        "head": [cells for number, cells in rows.items() if number < depth],
        "body": [cells for number, cells in rows.items() if number >= depth],
    }
