"""The search through everything that is public; the same on every database.

What has all words in its title comes first, then what has them anywhere, each the newest first: an order that the
indexes give without looking at more than a page needs, however many publications have a frequent word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
COUNTED = 1000
# So many are put in order when they are found.
FEW = 2000
# A shorter word has too many neighbours to guess what was meant, and begins too many others.
GUESSED, BEGUN = 4, 3
ANYWHERE, TITLE, TEXT = 0, 1, 2
NOWHERE = -1  # no place is bounded by it
# By which letter the index knows each condition.
MARKS = {"kind": "k", "field": "f", "region": "r", "year": "y", "instrument": "i"}

# The words that are looked for: each as the stems that it may have; with "*" what a word begins with.
Question = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found. `instead`: it was found by other words than those that were typed, told where they are
    readable. `total` and how many there are of each kind (`kinds`) come with the first page only, and where there are `many`
    of a thousand of them alone.
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
    question = _question(text)
    if not question:
        return _everything(asked, page)
    found = _found(question, marks, page, asked)
    if found.page.rows:
        return found
    for attempt in _attempts(text, question):
        found = _found(attempt.question, marks, page, asked)
        if found.page.rows:
            return replace(found, instead=attempt.instead, typed_anew=attempt.typed_anew)
    return found


def _question(text: str) -> Question:
    return stems.asked(text)[:WORDS]


def _everything(asked: Mapping[str, Any], page: str) -> Found:
    known = {name: asked[name] for name in MARKS if asked.get(name)}
    year = str(known.pop("year", ""))
    rows = narrowed(published(), year=int(year) if year.isdigit() else None, **known)
    return Found(key_page(rows, {"page": page}, order=["-place"], size=PAGE))


# --- Looking -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a page begins: behind this place of this tier, or, `backwards`, where it ends: before it."""

    level: int
    place: int
    backwards: bool = False

    def __str__(self) -> str:
        return f"{'-' * self.backwards}{self.level}-{self.place}"


def _read(page: str) -> Edge | None:
    """None is the first page, and what is not ours."""
    level, _dash, place = page.removeprefix("-").partition("-")
    known = level in {str(TITLE), str(TEXT)} and place.isascii() and place.isdigit()
    return Edge(int(level), int(place), page.startswith("-")) if known and len(place) < 19 else None


def _found(question: Question, marks: Sequence[str], page: str, asked: Mapping[str, Any]) -> Found:
    edge = _read(page)
    near = _near(question, marks, edge, PAGE + 1)
    # Where fewer lie before it than make a page, that is the first one; so it is where nothing lies behind it any more.
    if edge and (len(near) <= PAGE if edge.backwards else not near):
        edge, near = None, _near(question, marks, None, PAGE + 1)
    backwards = edge is not None and edge.backwards
    shown = near[:PAGE][::-1] if backwards else near[:PAGE]
    rows = {row.place: row for row in published().filter(place__in=[one for _level, one in shown])}
    previous = after = ""
    if shown and edge:
        first, last = Edge(*shown[0], backwards=True), Edge(*shown[-1])
        # More was found than is shown in the direction that was asked for; in the other one it is looked for.
        behind = _near(question, marks, last if backwards else first, 1)
        there = len(near) > PAGE
        previous = str(first) if (there if backwards else behind) else ""
        after = str(last) if (behind if backwards else there) else ""
    elif len(near) > PAGE:
        after = str(Edge(*shown[-1]))
    found = KeyPage([rows[place] for _level, place in shown if place in rows], previous, after)
    if edge is not None or not found.rows:
        return Found(found)
    kinds = _kinds(question, marks)
    total = sum(kinds.values())
    if asked.get("kind"):  # what there is of other kinds
        kinds = _kinds(question, [one for one in marks if one != mark("k", asked["kind"])])
    return Found(found, total, kinds)


def _near(
    question: Question, marks: Sequence[str], edge: Edge | None, limit: int
) -> list[tuple[int, int]]:
    """(tier, place) of what has the words behind the edge, the nearest first; from the beginning where there is none."""
    backwards = edge is not None and edge.backwards
    found: list[tuple[int, int]] = []
    for level in (TEXT, TITLE) if backwards else (TITLE, TEXT):
        if edge and (level > edge.level if backwards else level < edge.level):
            continue
        if (wanted := limit - len(found)) > 0:
            within = edge if edge and edge.level == level else Edge(level, NOWHERE, backwards)
            found += [(level, place) for place in _places(question, marks, within, wanted)]
    return found


def _places(question: Question, marks: Sequence[str], edge: Edge, limit: int) -> list[int]:
    """The places of what has the words, in its title or only elsewhere, the newest first; backwards the oldest first."""
    condition, values = _condition(question, marks, edge.level)
    sqlite = connection.vendor == "sqlite"
    place = "rowid" if sqlite else "place"
    if edge.place != NOWHERE:
        sign = ">" if edge.backwards else "<"
        condition, values = f"{condition} AND {place} {sign} %s", [*values, edge.place]
    sql = f"SELECT {place} FROM {_table()} WHERE {condition}"  # noqa: S608
    with connection.cursor() as cursor:
        if not sqlite:
            # PostgreSQL takes words for more frequent than they are and then goes through everything from the newest on; so what
            # few have is not asked for in order.
            cursor.execute(f"{sql} LIMIT %s", [*values, FEW + 1])
            if len(found := cursor.fetchall()) <= FEW:
                return sorted((row[0] for row in found), reverse=not edge.backwards)[:limit]
        order = "ASC" if edge.backwards else "DESC"
        cursor.execute(f"{sql} ORDER BY {place} {order} LIMIT %s", [*values, limit])
        return [row[0] for row in cursor.fetchall()]


def _kinds(question: Question, marks: Sequence[str]) -> dict[str, int]:
    """How many of each kind have the words, among `COUNTED` + 1 at most that have them; one query."""
    condition, values = _condition(question, marks, ANYWHERE)
    some = f"SELECT kind FROM {_table()} WHERE {condition} LIMIT %s"  # noqa: S608
    if connection.vendor == "sqlite":  # its index knows words and places only
        newest = f"SELECT rowid FROM {_table()} WHERE {condition} ORDER BY rowid DESC LIMIT %s"  # noqa: S608
        some = f"SELECT kind FROM gazette_publication WHERE place IN ({newest})"  # noqa: S608
    sql = f"SELECT kind, count(*) FROM ({some}) AS found GROUP BY kind"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, COUNTED + 1])
        found = dict(cursor.fetchall())
    return {kind: found[kind] for kind in Publication.Kind.values if kind in found}


def _is_there(question: Question) -> bool:
    """Whether anything has the words; one query."""
    condition, values = _condition(question, (), ANYWHERE)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {_table()} WHERE {condition} LIMIT 1", values)  # noqa: S608
        return cursor.fetchone() is not None


def _table() -> str:
    return "gazette_search" if connection.vendor == "sqlite" else "gazette_publication"


def _condition(question: Question, marks: Sequence[str], level: int) -> tuple[str, list[Any]]:
    """What the database is asked: a condition and its values.

    Every word is letters and digits (`stems`, `mark`), so that none can be taken for an operator.
    """
    if connection.vendor == "sqlite":
        words = " AND ".join(
            "(" + " OR ".join(f'"{one.rstrip("*")}"{"*" * one.endswith("*")}' for one in word) + ")"
            for word in question
        )
        narrow = "".join(f' AND marks : "{one}"' for one in marks)
        asked = {
            ANYWHERE: f"words : ({words}){narrow}",
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


@dataclass(frozen=True, slots=True)
class Attempt:
    """What may have been meant; `typed_anew` is how it would have been typed, where that can be read."""

    question: Question
    instead: bool = True
    typed_anew: str = ""


def _attempts(text: str, question: Question) -> Iterator[Attempt]:
    """What may have been meant by words that find nothing, the likeliest first."""
    if begun := _begun(text, question):
        yield Attempt(begun, instead=False)
    retyped = spelling.other_keyboard(text)
    if (other := _question(retyped)) and other != question:
        yield Attempt(other, typed_anew=retyped)
        if begun := _begun(retyped, other):
            yield Attempt(begun, typed_anew=retyped)
    near = _nearest(text, question)
    if near != question:
        yield Attempt(near)


def _begun(text: str, question: Question) -> Question | None:
    """The question whose last word is only begun."""
    last = spelling.words(text)[-1:]
    if not last or len(last[0]) < BEGUN:
        return None
    return [*question[:-1], (*question[-1], f"{last[0][: stems.LONGEST_WORD]}*")]


def _nearest(text: str, question: Question) -> Question:
    """The question with each word that nothing has replaced by those that are one slip from it; two queries for each word at most."""
    known = [_is_there([word]) for word in question]
    words = [one[0] for one in stems.words_of(text)[: len(question)]]
    doubted = {
        typed
        for typed, has in zip(words, known, strict=False)
        if not has and len(typed) >= GUESSED and typed.isalpha()
    }
    near = {typed: _slips(typed) for typed in doubted}
    return [
        near[typed] if near.get(typed) else word
        for typed, word in zip(words, question, strict=False)
    ]


def _slips(typed: str) -> tuple[str, ...]:
    """The stems of the words that are one slip from this one; one query.

    A slip leaves one half of the word as it is. Ranges are asked for, which the index of words knows: LIKE would go through all of
    them on SQLite; so it does for the second half, but only where the first one gives nothing.
    """
    half = len(typed) // 2
    begin = Word.objects.filter(word__gte=typed[:half], word__lt=f"{typed[:half]}~")
    if (
        connection.vendor == "postgresql"
    ):  # which orders words by a language, and has an index for beginnings
        begin = Word.objects.filter(word__startswith=typed[:half])
    for rows in (begin, Word.objects.filter(word__endswith=typed[half:])):
        near = [
            stem
            for word, found in rows.values_list("word", "stems")[:20_000]
            if spelling.is_near(word, typed)
            for stem in found.split()
        ]
        if near:
            return tuple(dict.fromkeys(near))[:20]
    return ()
