"""What a search reads of a publication: words in one spelling, kept for each database by its own full-text index.

SQLite: a contentless FTS5 table beside the publications, whose row numbers are their places. PostgreSQL: two generated
columns with an inverted index each. Both get the same words, made here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from django.db import connection, transaction

from .models import Publication, Word
from .stems import words_of as words_of_text

# Longer texts than this are not searched to their end.
LONGEST = 20_000


class Words(NamedTuple):
    """The words of the title, of everything, and those by which a search is narrowed; each once, parted by spaces."""

    heading: str
    words: str
    marks: str


NOTHING = Words("", "", "")


Forms = dict[str, str]


def words_of(
    title: Iterable[str], texts: Iterable[str], marks: Collection[str], forms: Forms
) -> Words:
    """The words of a publication: its title and its other texts, each first in Kazakh and then in Russian.

    `forms` learns each word as it is written, with its stems.
    """
    heading, rest = _stems(title, forms), _stems(texts, forms)
    return Words(
        " ".join(heading),
        " ".join(dict.fromkeys([*heading, *rest])),
        " ".join(dict.fromkeys(marks)),
    )


def _stems(texts: Iterable[str], forms: Forms) -> list[str]:
    found: dict[str, None] = {}
    for text in texts:
        for word, stems in words_of_text(text[:LONGEST]):
            if word.isalpha():
                forms.setdefault(word, " ".join(stems))
            found.update(dict.fromkeys(stems))
    return list(found)


def learn(forms: Forms) -> None:
    """Keep the words that nobody has written before."""
    rows = [Word(word=word, stems=stems) for word, stems in sorted(forms.items())]
    Word.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)


def mark(what: str, value: object) -> str:
    """A word that nobody can type (no word of a text has "zz"): kind, field, region, year, instrument."""
    plain = "".join(
        letter for letter in str(value).lower() if letter.isascii() and letter.isalnum()
    )
    return f"zz{what}{plain}"


def marks_of(row: Publication, regions: Iterable[str]) -> list[str]:
    found = [mark("k", row.kind)]
    found += [mark("f", row.field)] if row.field else []
    found += [mark("y", row.year)] if row.year else []
    found += [mark("i", row.instrument)] if row.instrument else []
    return [*found, *(mark("r", region) for region in sorted(set(regions)))]


# --- Keeping the index ---------------------------------------------------------------------------------


def make(**_signal: Any) -> None:
    """The index of a database whose tables were made straight from the models, as tests on SQLite do: others get it
    by their migrations.
    """
    if connection.vendor == "sqlite":
        made = import_module("ortaq.gazette.migrations.0002_search")
        with connection.cursor() as cursor:
            for statement in made.SQLITE:
                cursor.execute(statement)


@transaction.atomic
def renew() -> None:
    """Make the index anew from the words of the publications."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO gazette_search(gazette_search) VALUES ('delete-all')")
            cursor.execute(
                "INSERT INTO gazette_search(rowid, heading, words, marks)"
                " SELECT place, heading, words, marks FROM gazette_publication WHERE NOT withdrawn ORDER BY place"
            )


def replace(before: Sequence[tuple[int, Words]], after: Sequence[tuple[int, Words]]) -> None:
    """Take what was told of some places out of the index and put in what is told now.

    The words `before` must be those that were put in: a contentless index knows nothing else of them.
    """
    if connection.vendor != "sqlite":
        return  # its columns are generated
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO gazette_search(gazette_search, rowid, heading, words, marks) VALUES ('delete', %s, %s, %s, %s)",
            [(place, *words) for place, words in before if words != NOTHING],
        )
        cursor.executemany(
            "INSERT INTO gazette_search(rowid, heading, words, marks) VALUES (%s, %s, %s, %s)",
            [(place, *words) for place, words in after],
        )
