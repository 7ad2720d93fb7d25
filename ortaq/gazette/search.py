"""The search through everything that is public; the same on every database.

What has all words in its title comes first, then what has them anywhere, each the newest first: an order that the
indexes give without looking at more than a page needs, however many publications have a frequent word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from ortaq.core import spelling
from ortaq.faces.paging import KeyPage, key_page

from . import stems
from .index import mark
from .models import Publication, Word
from .queries import narrowed, published

PAGE = 20
# Longer texts and more words are no question; what comes after them is left out.
LONGEST, WORDS = 200, 8
# Counting goes no farther: "more than" says enough.
COUNTED, OF_A_KIND = 1000, 99
# A shorter word has too many neighbours to guess what was meant, and begins too many others.
GUESSED, BEGUN = 4, 3
TITLE, TEXT = 1, 2
# By which letter the index knows each condition.
MARKS = {"kind": "k", "field": "f", "region": "r", "year": "y", "instrument": "i"}

# The words that are looked for: each as the stems that it may have; with "*" what a word begins with.
Question = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found. `instead`: it was found by other words than those that were typed, told where they are
    readable. `kinds`: how many of each kind, at most `OF_A_KIND` + 1, with the first page only; so is `total`.
    """

    page: KeyPage[Publication]
    total: int | None = None
    kinds: Mapping[str, int] = field(default_factory=dict)
    instead: bool = False
    typed_anew: str = ""

    @property
    def many(self) -> bool:
        """Whether there are more than were counted."""
        return (self.total or 0) > COUNTED


def search(text: str, asked: Mapping[str, Any], page: str = "") -> Found:
    """What has all words of `text`, narrowed by `kind`, `field`, `region`, `year` and `instrument` ("" asks for nothing).

    Where nothing has them, the last word is taken as the beginning of one, then the same keys on the other keyboard are
    tried, then the nearest words. Without a word in `text` everything that is asked for, the newest first.
    """
    text = text.replace("\0", " ")[:LONGEST]
    marks = [mark(letter, asked[name]) for name, letter in MARKS.items() if asked.get(name)]
    question = [tuple(one) for one in stems.asked(text)[:WORDS]]
    if not question:
        return _everything(asked, page)
    found = _found(question, marks, page, asked)
    if found.page.rows or page:
        return found
    for attempt, typed_anew in _attempts(text, question):
        found = _found(attempt, marks, "", asked)
        if found.page.rows:
            by_beginning = attempt[:-1] == question[:-1] and attempt[-1][-1].endswith("*")
            return replace(found, instead=not by_beginning, typed_anew=typed_anew)
    return found


def _everything(asked: Mapping[str, Any], page: str) -> Found:
    known = {name: asked[name] for name in MARKS if asked.get(name)}
    year = str(known.pop("year", ""))
    rows = narrowed(published(), year=int(year) if year.isdigit() else None, **known)
    return Found(key_page(rows, {"page": page}, order=["-place"], size=PAGE))


# --- Looking -------------------------------------------------------------------------------------------


def _found(question: Question, marks: Sequence[str], page: str, asked: Mapping[str, Any]) -> Found:
    tier, before = _read(page)
    places: list[tuple[int, int]] = []
    for level in (TITLE, TEXT):
        if level >= tier and len(places) <= PAGE:
            wanted = PAGE + 1 - len(places)
            below = before if level == tier else None
            places += [(level, place) for place in _places(question, marks, level, below, wanted)]
    shown = places[:PAGE]
    rows = {row.place: row for row in published().filter(place__in=[one for _level, one in shown])}
    more = f"{shown[-1][0]}-{shown[-1][1]}" if len(places) > PAGE else ""
    found = KeyPage([rows[place] for _level, place in shown if place in rows], next=more)
    if before is not None or not found.rows:
        return Found(found)
    total = len(places) if len(places) <= PAGE else _count(question, marks, COUNTED + 1)
    unmarked = [one for one in marks if not asked.get("kind") or one != mark("k", asked["kind"])]
    return Found(found, total, _kinds(question, unmarked))


def _read(page: str) -> tuple[int, int | None]:
    """Where a page begins: after this place of this tier; the first page for what is not ours."""
    level, _dash, place = page.partition("-")
    known = level in {str(TITLE), str(TEXT)} and place.isascii() and place.isdigit()
    return (int(level), int(place)) if known and len(place) < 19 else (TITLE, None)


def _places(
    question: Question, marks: Sequence[str], level: int, below: int | None, limit: int
) -> list[int]:
    """The places of what has the words, in its title or only elsewhere, the newest first."""
    condition, values = _condition(question, marks, level)
    place = "rowid" if connection.vendor == "sqlite" else "place"
    if below is not None:
        condition, values = f"{condition} AND {place} < %s", [*values, below]
    sql = f"SELECT {place} FROM {_table()} WHERE {condition} ORDER BY {place} DESC LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, limit])
        return [row[0] for row in cursor.fetchall()]


def _count(question: Question, marks: Sequence[str], most: int) -> int:
    return sum(_counts([(question, marks)], most))


def _kinds(question: Question, marks: Sequence[str]) -> dict[str, int]:
    """How many of each kind have the words; one query."""
    kinds = Publication.Kind.values
    asked = [(question, [*marks, mark("k", kind)]) for kind in kinds]
    return {kind: n for kind, n in zip(kinds, _counts(asked, OF_A_KIND + 1), strict=True) if n}


def _counts(asked: Sequence[tuple[Question, Sequence[str]]], most: int) -> list[int]:
    parts, values = [], []
    for number, (question, marks) in enumerate(asked):
        condition, given = _condition(question, marks, 0)
        inner = f"SELECT 1 FROM {_table()} WHERE {condition} LIMIT {most:d}"  # noqa: S608
        parts.append(f"SELECT {number:d}, (SELECT count(*) FROM ({inner}) AS some)")  # noqa: S608
        values += given
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return [count for _number, count in sorted(cursor.fetchall())]


def _table() -> str:
    return "gazette_search" if connection.vendor == "sqlite" else "gazette_publication"


def _condition(question: Question, marks: Sequence[str], level: int) -> tuple[str, list[Any]]:
    """What the database is asked; `level` 0 asks for the words anywhere.

    Every word is letters and digits of ASCII (`stems`, `mark`), so that none can be taken for an operator.
    """
    if connection.vendor == "sqlite":
        words = " AND ".join(
            "(" + " OR ".join(f'"{one.rstrip("*")}"{"*" * one.endswith("*")}' for one in word) + ")"
            for word in question
        )
        narrow = "".join(f' AND marks : "{one}"' for one in marks)
        asked = {
            0: f"words : ({words}){narrow}",
            TITLE: f"heading : ({words}){narrow}",
            TEXT: f"(words : ({words}){narrow}) NOT heading : ({words})",
        }
        return "gazette_search MATCH %s", [asked[level]]
    words = " & ".join(
        "(" + " | ".join(f"'{one.rstrip('*')}'{':*' * one.endswith('*')}" for one in word) + ")"
        for word in question
    )
    query = " & ".join([words, *(f"'{one}'" for one in marks)])
    if level == TITLE:
        return "in_heading @@ %s::tsquery", [query]
    if level == TEXT:
        return "in_words @@ %s::tsquery AND NOT in_heading @@ %s::tsquery", [query, query]
    return "in_words @@ %s::tsquery", [query]


# --- Guessing ------------------------------------------------------------------------------------------


def _attempts(text: str, question: Question) -> list[tuple[Question, str]]:
    """What may have been meant by words that find nothing, the likeliest first, each with the text as it would be
    typed, where that differs from `text` and can be read; two queries.
    """
    found: list[tuple[Question, str]] = []
    typed = spelling.words(text)
    if typed and len(typed[-1]) >= BEGUN:
        found.append(([*question[:-1], (*question[-1], f"{typed[-1][: stems.LONGEST_WORD]}*")], ""))
    retyped = spelling.other_keyboard(text)
    if (other := [tuple(one) for one in stems.asked(retyped)[:WORDS]]) and other != question:
        found.append((other, retyped))
        last = spelling.words(retyped)
        if last and len(last[-1]) >= BEGUN:
            begun = f"{last[-1][: stems.LONGEST_WORD]}*"
            found.append(([*other[:-1], (*other[-1], begun)], retyped))
    if (near := _nearest(question)) != list(question):
        found.append((near, ""))
    return found


def _nearest(question: Question) -> list[tuple[str, ...]]:
    """The question with each word that nothing has replaced by those that are one slip from it; two queries."""
    every = {one for word in question for one in word}
    known = set(Word.objects.filter(word__in=every).values_list("word", flat=True))
    doubted = [word for word in question if not known.intersection(word) and _is_doubted(word)]
    if not doubted:
        return [tuple(word) for word in question]
    candidates = _with_a_half({one for word in doubted for one in word})
    found = []
    for word in question:
        near = [one for one in candidates if any(spelling.is_near(one, typed) for typed in word)]
        found.append(tuple(near[:20]) if word in doubted and near else tuple(word))
    return found


def _is_doubted(word: Sequence[str]) -> bool:
    return all(len(one) >= GUESSED and one.isalpha() for one in word)


def _with_a_half(typed: set[str]) -> list[str]:
    """The words of which one half is a half of one that was typed: one slip leaves one of both as it is."""
    rows = Word.objects.none()
    for one in sorted(typed)[:4]:
        half = len(one) // 2
        # Ranges, which the index of words knows; LIKE would go through all of them on SQLite.
        begins = Word.objects.filter(word__gte=one[:half], word__lt=f"{one[:half]}~")
        rows = rows | begins | Word.objects.filter(word__endswith=one[half:])
    return list(rows.order_by("word").values_list("word", flat=True)[:5000])
