"""Annexes of a report: each event or kind of service is one (IM-051); numbers, files, references (IM-047)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from ortaq.documents.paper import Linked, Piece
from ortaq.projects.models import Evidence, Expense

from .words import Both

# "№3 қосымша", "3, 5 және 7-қосымшалар", "приложение № 3", "приложения 3–5", "annex 3", "[3]-қосымша".
_NUMBERS = r"№?\s*\[?\d{1,4}\]?(?:\s*(?:,|-|–|—|және|и|and)\s*№?\s*\[?\d{1,4}\]?)*"
_REFERENCES = (
    re.compile(rf"({_NUMBERS})[\s-]*(?:ші|шы)?[\s-]*қосымша", re.IGNORECASE),
    re.compile(
        rf"\b(?:приложени\w+|прил\.|annex(?:es)?)\s*(?:No\.?\s*)?({_NUMBERS})", re.IGNORECASE
    ),
)
_RANGE = re.compile(r"(\d+)\]?\s*[-–—]\s*№?\s*\[?(\d+)")
MOST_IN_A_RANGE = 500


@dataclass(frozen=True, slots=True)
class Annex:
    """One annex. `key` never changes, `number` is what the text refers to; `event` whose participants' list belongs to it."""

    key: str
    title: Both
    event: int | None = None
    people: int = 0
    files: list[dict[str, Any]] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    papers: Both = field(default_factory=lambda: {"kk": "", "ru": ""})

    def as_dict(self, number: int) -> dict[str, Any]:
        """Plain values for the frozen content."""
        return {
            "key": self.key,
            "number": number,
            "title": self.title,
            "event": self.event,
            "people": self.people,
            "files": self.files,
            "links": self.links,
            "papers": self.papers,
        }


def of_evidence(row: Evidence) -> dict[str, Any]:
    """A file of evidence: what it is, and by what it is proved."""
    assert row.file is not None
    return {
        "number": row.number,
        "kind": row.kind,
        "title": row.title,
        "file": row.file.pk,
        "name": f"{row.number:03d} {row.file.name}",
        "size": row.file.size,
        "sha256": row.file.sha256,
    }


def of_expense(row: Expense) -> dict[str, Any]:
    """A scan of the document that proves an expense."""
    assert row.scan is not None
    return {
        "number": row.number,
        "kind": row.document,
        "title": f"{row.document_number}, {row.spent_on:%d.%m.%Y}",
        "file": row.scan.pk,
        "name": f"{row.number:03d} {row.scan.name}",
        "size": row.scan.size,
        "sha256": row.scan.sha256,
    }


def numbered(kept: Sequence[str], present: Iterable[str]) -> list[str]:
    """The keys in the order of their numbers: what has a number keeps it, what is new goes to the end.

    A key that is gone leaves its number empty, so that no reference leads to another annex than its writer meant.
    """
    return [*kept, *(key for key in present if key not in set(kept))]


def references(text: str) -> set[int]:
    """The numbers of annexes that a text refers to."""
    found: set[int] = set()
    for pattern in _REFERENCES:
        for match in pattern.finditer(text):
            numbers = match[1]
            for first, last in _RANGE.findall(numbers):
                if int(first) <= int(last) <= int(first) + MOST_IN_A_RANGE:
                    found |= set(range(int(first), int(last) + 1))
            found |= {int(one) for one in re.findall(r"\d+", numbers)}
    return found


def cut(text: str, numbers: Collection[int]) -> list[tuple[str, int | None]]:
    """`text` in pieces: with each number of an annex that there is, where the text refers to it, apart."""
    places: dict[int, int] = {}
    for pattern in _REFERENCES:
        for match in pattern.finditer(text):
            for digits in re.finditer(r"\d+", match[1]):
                if int(digits[0]) in numbers:
                    places[match.start(1) + digits.start()] = match.start(1) + digits.end()
    pieces: list[tuple[str, int | None]] = []
    at = 0
    for start, end in sorted(places.items()):
        pieces += [(text[at:start], None), (text[start:end], int(text[start:end]))]
        at = end
    return [(piece, number) for piece, number in (*pieces, (text[at:], None)) if piece]


def linked(text: str, numbers: Collection[int]) -> SafeString:
    """`text` as safe HTML in which each reference to an annex that there is leads to its row on the page."""
    parts = [
        conditional_escape(piece)
        if number is None
        else format_html('<a href="#{}">{}</a>', row_id(number), number)
        for piece, number in cut(text, numbers)
    ]
    return mark_safe("".join(parts))  # noqa: S308 - all parts are escaped


def on_paper(text: str, numbers: Collection[int]) -> str | Linked:
    """`text` for a paper in which each reference to an annex that there is leads to its row in the list of annexes."""
    pieces = cut(text, numbers)
    if all(number is None for _piece, number in pieces):
        return text
    return Linked(
        tuple(
            Piece(piece, "" if number is None else f"#{row_id(number)}") for piece, number in pieces
        )
    )


def row_id(number: int) -> str:
    """The element of an annex in the table of annexes."""
    return f"annex-{number}"


def referred_to(texts: Mapping[str, str]) -> dict[int, str]:
    """Each number that the texts refer to, with the first path where it stands."""
    found: dict[int, str] = {}
    for path, text in texts.items():
        for number in references(text):
            found.setdefault(number, path)
    return found
