"""Which tests are worth repeating on PostgreSQL: the fewest that send every kind of statement.

While the suite runs on SQLite each worker writes down which kinds of statements a test sent. Of a plain
statement (columns, comparisons, joins, an order) each table and each column is a kind by itself, by the clause
in which it stands: put together otherwise it says nothing new to a database. Of any other a kind is the text
without its numbers and without how many values there were, whether rows were locked, and what error came of
it. What the tests of ten rooms send alike is then tried on PostgreSQL once.

Whatever else databases do differently (locks that wait, the order of letters, what fits into a
column) has tests that are always repeated: see `ortaq.testing.plugin.always_repeated`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.db.models.sql.compiler import SQLCompiler

Kinds = set[str]

# The kinds that whoever listens at present has heard, how many statements there were, and what came
# of earlier tests.
heard: Kinds = set()
count = 0
told: dict[str, tuple[int, list[str]]] = {}
# Files with tests that are repeated whatever they send.
always: set[str] = set()
FILES = "always.txt"

NUMBER = re.compile(r"\d+")
ROWS = re.compile(r"(\((?:%s|NULL)(?:, (?:%s|NULL))*\))(?:, ?\((?:%s|NULL)(?:, (?:%s|NULL))*\))+")
VALUES = re.compile(r"%s(?:, %s)+")
CASES = re.compile(r"(WHEN [^)]*\) THEN \S+ )(?:WHEN [^)]*\) THEN \S+ )+")
CLAUSES = frozenset(["SELECT", "UPDATE", "DELETE", "FROM", "JOIN", "ON", "SET", "WHERE", "ORDER"])
PLAIN = re.compile(
    r"[(),*=<>]|<=|>=|%s|\d+|INNER|LEFT|OUTER|AS|AND|OR|NOT|IN|IS|NULL|EXISTS|COUNT|BY|ASC|DESC|LIMIT|OFFSET"
)
ALIAS = re.compile(r'("\w+") ([A-Z]+\d+)\b')
WORD = re.compile(r'(?:"\w+"|\b[A-Z]+\d+)(?:\."\w+")?|%s|\w+|[<>=]+|\S')
# Of whoever puts rows back or opens a transaction, and of no room.
HOUSEHOLD = ("SAVEPOINT", "RELEASE", "ROLLBACK", "INSERT INTO", "PRAGMA")


@cache
def kinds_of(sql: str) -> frozenset[str]:
    """What a statement has in common with others like it, each shortened to a few letters."""
    return frozenset(
        blake2b(one.encode(), digest_size=6).hexdigest() for one in parts(sql) or [form(sql)]
    )


def form(sql: str) -> str:
    """A statement without its numbers and without how many values there were."""
    return NUMBER.sub("0", CASES.sub(r"\1", VALUES.sub("%s", ROWS.sub(r"\1", sql))))


def parts(sql: str) -> Kinds:
    """The tables and columns of a statement that consists of nothing but plain words, by the clauses they stand in;
    of any other nothing.
    """
    tables = {alias: table for table, alias in ALIAS.findall(sql)}
    verb = sql.partition(" ")[0]
    clause, found, last = verb, set(), ""
    for word in WORD.findall(sql):
        table, inside, column = word.partition(".")
        if inside:
            if clause != "ON":  # a key and what it points to are always of one type
                found.add(f"{clause} {tables.get(table, table)}.{column}")
        elif word in CLAUSES:
            clause = word
        elif word.startswith('"'):
            last = last if clause == "SET" else word
            found.add(f"{verb} {clause} {last} {word}")
        elif word not in tables and not PLAIN.fullmatch(word):
            return set()
    return found


def listen() -> None:
    """Hear every statement of this process from now on."""

    def told_of(usual: Any) -> Any:
        def execute(self: CursorWrapper, sql: Any, params: Any, *rest: Any) -> Any:
            if params is None and str(sql).startswith(HOUSEHOLD):
                return usual(self, sql, params, *rest)
            try:
                done = usual(self, sql, params, *rest)
            except Exception as error:
                hear(f"{sql} {type(error).__name__}")
                raise
            hear(str(sql))
            return done

        return execute

    compiled = SQLCompiler.as_sql

    def as_sql(self: SQLCompiler, *args: Any, **more: Any) -> Any:
        made = compiled(self, *args, **more)
        if self.query.select_for_update:  # SQLite locks no rows: its statement does not say so
            hear(f"{made[0]} FOR UPDATE")
        return made

    for name in ("_execute", "_executemany"):
        setattr(CursorWrapper, name, told_of(getattr(CursorWrapper, name)))
    SQLCompiler.as_sql = as_sql  # type: ignore[method-assign]


def hear(sql: str) -> None:
    global count  # noqa: PLW0603 - one listener for each process
    count += 1
    heard.update(kinds_of(sql))


@contextmanager
def apart() -> Iterator[Kinds]:
    """The kinds heard within, which whoever listens outside hears too, at no cost: they are of a
    scene that many tests share.
    """
    global heard, count  # noqa: PLW0603
    outside, before = heard, count
    heard = set()
    try:
        yield heard
    finally:
        outside |= heard
        heard, count = outside, before


def hear_again(known: Kinds) -> None:
    """As if the statements of a scene were sent, of which only the rows are put back."""
    heard.update(known)


def begin() -> None:
    """Forget what was heard: a test begins."""
    global heard, count
    heard, count = set(), 0


def end(name: str, *, repeated_anyway: bool) -> None:
    """What was heard is that of the test `name`, which costs nothing where it is repeated anyway."""
    if heard:
        told[name] = 0 if repeated_anyway else count, sorted(heard)


def write(folder: Path, worker: str) -> None:
    """What this process has heard; nothing of one that only hands out tests, lest it write that down over what the others know."""
    if not told:
        return
    (folder / f"{worker}.json").write_text(json.dumps(told))
    (folder / FILES).write_text("\n".join(sorted(always)))  # the same in every worker


def files(folder: Path, chosen: list[str]) -> list[str]:
    """Where the tests stand that are repeated: whoever runs them need not import all others."""
    noted = folder / FILES
    found = set(noted.read_text().split("\n")) if noted.exists() else set()
    return sorted({name.partition("::")[0] for name in chosen} | found - {""})


def read(folder: Path) -> dict[str, tuple[int, Kinds]]:
    """What all workers wrote: test → how many statements it sent, and of which kinds."""
    found = {}
    for file in sorted(folder.glob("*.json")):
        for name, (number, kinds) in json.loads(file.read_text()).items():
            found[name] = number, set(kinds)
    return found


def fewest(tests: dict[str, tuple[int, Kinds]]) -> list[str]:
    """Tests that together send every kind; those first that add most for what they cost. The same
    choice for the same tests.
    """
    left = set().union(*(kinds for _number, kinds in tests.values()))
    waiting = dict(sorted(tests.items()))
    chosen = []
    while left:
        worth = {
            name: len(kinds & left) / (20 + number) for name, (number, kinds) in waiting.items()
        }
        best = max(worth, key=worth.__getitem__)
        left -= waiting.pop(best)[1]
        chosen.append(best)
        waiting = {name: test for name, test in waiting.items() if worth[name]}
    return chosen
