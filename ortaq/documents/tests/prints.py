"""The approved prints: what every form says on paper, kept as text beside the suite.

    python -m ortaq.documents.tests.prints      (`make prints`)

writes them anew. Read the difference before it is committed: the words of an act stand in it. One
file for each form, in Kazakh and in Russian: the empty form line by line, then the lines that are
other or more once it is filled.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from ortaq.documents import filling, forms, paper, samples

FOLDER = Path(__file__).with_name("prints")
LANGUAGES = {"kk": "Мәтін", "ru": "Текст"}


def path_of(form: forms.Form) -> Path:
    """Where the approved print of a form lies."""
    return FOLDER / f"{form.id}-{form.edition}.txt"


def print_of(form: forms.Form) -> str:
    """What a form says, empty and filled, in both languages."""
    parts = []
    for language, text in LANGUAGES.items():
        empty = list(lines(filling.blank(form, language)))
        filled = lines(samples.filled(form, language, rows=1, text=text))
        more = [line for line in filled if line not in empty]
        parts += [f"== {language}", *empty, f"== {language}, filled", *more]
    return "\n".join(parts) + "\n"


def lines(made: paper.Paper) -> Iterator[str]:
    """A paper as lines of text: what stands on it, in which place, and what the renderers are told of it."""
    yield f"{made.orientation}: {made.title}"
    for block in made.blocks:
        for line in _block(block):
            yield line.replace("\n", " / ").rstrip()
    yield f"foot: {made.footer}"


LOOKS = ("bold", "small", "underlined")


def _block(block: paper.Block) -> Iterator[str]:
    match block:
        case paper.Heading(text, level):
            yield f"{'#' * level} {text}"
        case paper.Paragraph(text):
            looks = [block.align.value, *(look for look in LOOKS if getattr(block, look))]
            yield f"[{' '.join(looks)}] {text}"
        case paper.Fields(fields):
            yield from (f"{one.label} : {one.value} : {one.hint}" for one in fields)
        case paper.Table():
            yield "widths " + " ".join(str(column.width) for column in block.leaves())
            for _, cells in groupby(block.placed(), key=lambda one: one.row):
                yield "".join(map(_cell, cells))
        case paper.Signatures():
            yield from _signatures(block)
        case paper.PageBreak(orientation):
            yield f"--- {orientation}"
        case paper.Footnotes(notes):
            yield from (f"({note.num}) {note.text}" for note in notes)


def _signatures(block: paper.Signatures) -> Iterator[str]:
    for party in block.parties:
        yield f"signed {party.preamble} {party.label}"
        for one in party.signatories:
            hints = (one.position_hint, one.signature_hint, one.name_hint)
            yield "  " + " | ".join((one.position, one.name, *hints, one.seal))
    yield f"  {block.dated}"


def _cell(placed: paper.Placed) -> str:
    cell = placed.cell
    kind = {None: "^", paper.RowKind.GROUP: "*", paper.RowKind.TOTAL: "="}.get(placed.kind, "|")
    size = f"<{cell.across}x{cell.down}>" if (cell.across, cell.down) != (1, 1) else ""
    note = "" if placed.footnote is None else f"({placed.footnote})"
    return f"{kind}{size} {cell.text}{note} "


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for form in forms.forms():
        path_of(form).write_text(print_of(form), encoding="utf-8")


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ortaq.site.settings")
    django.setup()
    main()
