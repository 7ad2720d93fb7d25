"""Tables that somebody filled in elsewhere: which column is which, and what in them cannot be read, by row and column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ortaq.core.kazakh import fold

_BETWEEN_WORDS = re.compile(r"[^\w№]+")


@dataclass(frozen=True, slots=True)
class Unread:
    """One thing that could not be read: where (row 1 is the first), what stands there, what is expected."""

    row: int
    column: str
    found: str
    expected: Any


class TableRefused(Exception):
    """Nothing was imported; `unread` says row by row why."""

    def __init__(self, unread: Sequence[Unread]) -> None:
        self.unread = list(unread)
        super().__init__(f"{len(self.unread)} unread")


def plain(text: str) -> str:
    """What a cell says, without the apostrophe that our own export puts before a formula's sign."""
    text = text.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text


def head(text: str) -> str:
    """A heading as it is compared: its words, whatever their case and the marks between them."""
    return _BETWEEN_WORDS.sub(" ", fold(text)).strip()


def placed(header: Sequence[str], headings: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Where each column stands, by our name of it; `headings` are those under which files know it. The first of two
    columns with one name counts.
    """
    known = {head(title): name for name, titles in headings.items() for title in titles}
    columns: dict[str, int] = {}
    for at, title in enumerate(header):
        name = known.get(head(title))
        if name and name not in columns:
            columns[name] = at
    return columns


def lacking(header: Sequence[str], titles: Iterable[str], row: int = 1) -> list[Unread]:
    """A finding for each heading that a table has not, with those that it has."""
    found = ", ".join(title for title in header if title)[:300]
    return [Unread(row, title, found, _("a column with this heading")) for title in titles]
