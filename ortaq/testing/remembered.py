"""Scenes that many tests begin with are walked once, and put back as rows ever after.

A scene begins in an empty database, or where another one ended and nobody has written since. That is known for certain: a
scene leaves a mark in the database, which a rollback takes away again, and the database itself counts what is written.
"""

from __future__ import annotations

import io
import pickle
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import is_dataclass
from functools import cache, wraps
from itertools import count
from typing import Any, NamedTuple, ParamSpec, TypeVar
from unittest import mock

import pytest
from django.apps import apps
from django.conf import UserSettingsHolder, settings
from django.db import connection, models, transaction
from django.utils import translation

from ortaq.core import clock as house_clock
from ortaq.testing import statements
from ortaq.testing.clock import TestClock

P = ParamSpec("P")
T = TypeVar("T")
# What Django itself writes into an empty database.
FURNITURE = {"contenttypes", "auth", "sites"}
# Beside these rows stands an index of their words on SQLite, which is none of Django's tables.
INDEXED = "gazette_publication"

# The rows of each table by their primary keys, each as the database itself would write it down.
Table = Mapping[Any, Any]
Rows = Mapping[str, Table]


class State(NamedTuple):
    """What stands in the database, under a number that no other state of this process has."""

    number: int
    rows: Rows
    # The highest number that each table has given, be its row still there or not; on PostgreSQL no number comes twice anyway.
    given: Mapping[str, int]


class Moved(NamedTuple):
    """Where a clock was put, and whether still nobody cares."""

    instant: Any
    untouched: bool


class Kept(NamedTuple):
    """What a scene left: pickled, what it gave back, what is to follow the commit, and what became of the objects that it
    was given; the clock, if it was moved; the state of the database; and the kinds of statements that were sent.
    """

    made: bytes
    moved: Moved | None
    state: State
    sent: statements.Kinds


class Standing(NamedTuple):
    """What the database said of itself when somebody knew what stands in it."""

    connection: Any
    ledger: tuple[Any, ...]
    state: State


EMPTY = State(0, {}, {})
_numbers = count(1)
_standing: Standing | None = None


def remembered(scene: Callable[P, T]) -> Callable[P, T]:
    """The same scene, whose steps are really walked the first time that this process needs it.

    Asked for again in the same state of the database, with the same arguments, in the same language, under the same settings
    and at the same instant of a clock that stands still, its rows are put back as they were and its objects are made anew;
    objects that it was given become what its steps had made of them. Where nobody knows what stands in the database, or
    where a test has put something else in the place of code, the scene is walked.

    A scene that is given the clock in an empty database must set it. A clock that no test has set stands at another second
    in each: it is put back to where the scene found it.
    """
    kept: dict[bytes, Kept] = {}

    @wraps(scene)
    def begin(*args: P.args, **kwargs: P.kwargs) -> T:
        global _standing  # noqa: PLW0603 - there is one database
        before = None if patched() else known()
        asked = Asked(before, (args, kwargs)) if before else None
        if before is None or asked is None or asked.key is None:
            return scene(*args, **kwargs)
        found = kept.get(asked.key)
        if found is None:
            asked.watch()
            with statements.apart() as sent:
                walked = scene(*args, **kwargs)
            found = asked.left(walked, before, sent)
            if found is None:
                return walked
            kept[asked.key] = found
            again: T = asked.alive(found.made)[0]
        else:
            statements.hear_again(found.sent)
            put_back(found.state, before.rows)
            asked.set_clock(found.moved)
            again, hooks = asked.alive(found.made)
            for hook, robust in hooks:
                transaction.on_commit(hook, robust=robust)
        _standing = noted(found.state)
        return again

    return begin


class Asked:
    """A scene is asked for: what it is known by, and the objects that it can change (`held`)."""

    def __init__(self, before: State, given: tuple[Sequence[Any], Mapping[str, Any]]) -> None:
        args, kwargs = given
        self.given = args, sorted(kwargs.items())
        first = next((one for one in (*args, *kwargs.values()) if isinstance(one, TestClock)), None)
        at = house_clock.standing()
        free = TestClock.untouched
        if free and free[0] != at:
            free = None
        # A clock that the scene sets, and one that nobody minds, may stand anywhere before the first scene.
        self.sets = bool(first and before is EMPTY)
        self.free = bool(free and not first)
        when = None if before is EMPTY and (self.sets or self.free) else at
        self.stood = _stands()
        self.hooks: list[Any] = list(connection.run_on_commit)
        circumstances = (
            before.number,
            when,
            self.free,
            translation.get_language(),
            connection.in_atomic_block,
            [getattr(hook, "__qualname__", "") for _points, hook, _robust in self.hooks],
            overridden(),
        )
        writer = Writer()
        self.key: bytes | None
        try:
            self.key = writer.written((circumstances, self.given))
        except (pickle.PicklingError, AttributeError, TypeError):
            self.key = None  # nobody could tell it from others
            return
        self.held = list(writer.met.values())
        self.clock = writer.clock or (free and free[1])

    def watch(self) -> None:
        """Remember how everything was that the scene is given: its steps are about to be walked."""
        self.form = self._written(self.given)
        self.were = [self._written(state_of(one)) for one in self.held]

    def left(self, made: object, before: State, sent: statements.Kinds) -> Kept | None:
        """What is kept of the scene that was just walked; None where putting it back would be something else."""
        hooks: list[Any] = list(connection.run_on_commit)
        if self._written(self.given) != self.form or hooks[: len(self.hooks)] != self.hooks:
            return None
        now = rows(before.rows)
        if connection.vendor == "sqlite" and _differs(now, before.rows, INDEXED):
            return None
        changed = {
            number: state
            for number, (state, was) in enumerate(
                zip(map(state_of, self.held), self.were, strict=True)
            )
            if self._written(state) != was
        }
        follow = [(hook, robust) for _points, hook, robust in hooks[len(self.hooks) :]]
        stands = _stands()
        moved = self.sets or self.free or stands != self.stood
        content = self._written((made, follow, changed))
        state = State(next(_numbers), now, numbers_given())
        return Kept(content, stands if moved else None, state, sent)

    def alive(self, content: bytes) -> tuple[Any, Any]:
        """What the scene gave back and what is to follow the commit; what it was given becomes what the steps made of it."""
        made, follow, changed = Reader(content, self.held, self.clock).load()
        for number, state in changed.items():
            one: Any = self.held[number]
            vars(one).clear()
            if hasattr(one, "__setstate__"):  # a model's
                one.__setstate__(state)
            else:
                vars(one).update(state)
        return made, follow

    def set_clock(self, moved: Moved | None) -> None:
        if moved is None or self.clock is None:
            return
        if moved.untouched and TestClock.untouched:
            self.clock.begin(moved.instant)
        else:
            self.clock.set(moved.instant)

    def _written(self, thing: object) -> bytes:
        return Writer(self.held).written(thing)


def _stands() -> Moved:
    return Moved(TestClock.instant, TestClock.untouched is not None)


def _differs(now: Rows, before: Rows, name: str) -> bool:
    table = connection.ops.quote_name(name)
    return now.get(table) != before.get(table)


# --- Objects -------------------------------------------------------------------------------------------


class Writer(pickle.Pickler):
    """Pickles; in place of the test's clock, and of objects that are `held`, stands only which one it was."""

    def __init__(self, held: Sequence[object] = ()) -> None:
        self.stream = io.BytesIO()
        super().__init__(self.stream)
        self.held = {id(one): number for number, one in enumerate(held)}
        self.met: dict[int, object] = {}
        self.clock: TestClock | None = None

    def written(self, thing: object) -> bytes:
        self.dump(thing)
        return self.stream.getvalue()

    def persistent_id(self, part: Any) -> str | int | None:
        kind = type(part)  # asking a lazy object itself would wake it
        if kind is TestClock:
            self.clock = part
            return "clock"
        if (number := self.held.get(id(part))) is not None:
            return number
        if issubclass(kind, models.Model) or is_dataclass(kind):
            self.met.setdefault(id(part), part)
        return None


class Reader(pickle.Unpickler):
    """Reads what `Writer` has written, with the objects held and the clock of now."""

    def __init__(self, content: bytes, held: Sequence[object], clock: TestClock | None) -> None:
        super().__init__(io.BytesIO(content))  # written above, by this process
        self.held, self.clock = held, clock

    def persistent_load(self, name: Any) -> Any:
        return self.clock if name == "clock" else self.held[name]


def state_of(one: Any) -> dict[str, Any] | None:
    """What can change of an object; None of one that cannot."""
    if isinstance(one, models.Model):
        reduced: Any = one.__reduce__()
        return dict(reduced[2])
    return dict(vars(one)) if hasattr(one, "__dict__") else None


# --- Circumstances -------------------------------------------------------------------------------------


def overridden() -> dict[str, Any]:
    """The settings that a test has changed."""
    found: dict[str, Any] = {}
    holder: Any = vars(settings)["_wrapped"]
    while isinstance(holder, UserSettingsHolder):
        mine = {name: value for name, value in vars(holder).items() if name.isupper()}
        found = dict.fromkeys(vars(holder)["_deleted"]) | mine | found
        holder = holder.default_settings
    return dict(sorted(found.items()))


_patches = {"of this test": 0, "open": 0}


def patched() -> bool:
    """Whether something stands in the place of code: what a scene leaves then is of no use to others."""
    return any(_patches.values())


def begin() -> None:
    """A test begins, in which nothing is patched yet but what is patched for all."""
    _patches.update(dict.fromkeys(_patches, 0))


@contextmanager
def of_no_matter() -> Iterator[None]:
    """What is patched within changes nothing that a scene leaves."""
    before = dict(_patches)
    yield
    _patches.update(before)


def watch() -> None:
    """Notice from now on what is patched."""

    def counted(where: Any, name: str, which: str, step: int) -> None:
        usual = getattr(where, name)

        @wraps(usual)
        def act(*args: Any, **kwargs: Any) -> Any:
            done = usual(*args, **kwargs)
            if getattr(args[0], "attribute", "") != "ensure_connection":  # of Django, in every test
                _patches[which] += step
            return done

        setattr(where, name, act)

    for name in ("setattr", "delattr", "setitem", "delitem"):
        counted(pytest.MonkeyPatch, name, "of this test", 1)
    kinds: Any = vars(mock)["_patch"], vars(mock)["_patch_dict"]
    for kind in kinds:
        counted(kind, "__enter__", "open", 1)
        counted(kind, "__exit__", "open", -1)


# --- The state of the database -------------------------------------------------------------------------


def known() -> State | None:
    """What stands in the database; None if nobody knows."""
    if (
        _standing is not None
        and _standing.connection is connection.connection
        and in_a_test()
        and ledger() == _standing.ledger
    ):
        return _standing.state
    return EMPTY if database_is_empty() else None


def in_a_test() -> bool:
    """Whether all is undone at the end: no other connection sees what is written, and none writes beside it."""
    blocks: Any = connection.atomic_blocks
    return bool(blocks) and blocks[0]._from_testcase  # noqa: SLF001


def noted(state: State) -> Standing | None:
    """The database stands in this state, and will say so until somebody writes or what was written is undone."""
    if not in_a_test():
        return None
    mark = next(_numbers)
    if connection.vendor == "postgresql":
        told(f"SELECT set_config('ortaq.scene', '{mark}', true)")
    else:
        told(f"PRAGMA user_version = {mark}")
    return Standing(connection.connection, ledger(), state)


def ledger() -> tuple[Any, ...]:
    """The mark of the last scene, and how many rows were ever written, those that are undone included."""
    if connection.vendor == "postgresql":
        (found,) = told(WRITTEN)
        return tuple(found)
    ((mark,),) = told("PRAGMA user_version")
    driver: Any = connection.connection
    return mark, driver.total_changes


WRITTEN = """
    SELECT current_setting('ortaq.scene', true), sum(
        pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid)
    ) FROM pg_class WHERE relkind = 'r'
"""


def told(sql: str) -> list[Any]:
    """What the database answers. Not by Django's cursor: nobody who counts the statements of a test means these."""
    driver: Any = connection.connection
    with closing(driver.cursor()) as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


@cache
def tables() -> dict[str, tuple[list[str], int]]:
    """The tables that a test can fill: their columns, and which is the primary key."""
    found = {}
    quoted: Any = connection.ops.quote_name
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.app_label in FURNITURE or not meta.managed or meta.proxy:
            continue
        fields = [one for one in meta.local_concrete_fields if not one.generated]
        columns = [quoted(one.column) for one in fields]
        assert meta.pk is not None
        found[quoted(meta.db_table)] = columns, columns.index(quoted(meta.pk.column))
    return dict(sorted(found.items()))


def database_is_empty() -> bool:
    filled = " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in tables())
    connection.ensure_connection()
    return not told(f"SELECT {filled}")[0][0]


def rows(before: Rows = EMPTY.rows) -> Rows:
    """What stands in every table that is not empty; a table that is as it was `before` is the very same."""
    found = {}
    (filled,) = told("SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM {table})" for table in tables()))
    for (table, (columns, key)), any_row in zip(tables().items(), filled, strict=True):
        if any_row:
            content = _content(table, columns, key)
            was = before.get(table, {})
            found[table] = was if was == content else content
    return found


def _content(table: str, columns: Sequence[str], key: int) -> Table:
    if connection.vendor == "postgresql":
        driver: Any = connection.connection
        copied = f"COPY {table} ({', '.join(columns)}) TO STDOUT"
        with closing(driver.cursor()) as cursor, cursor.copy(copied) as copy:
            lines = b"".join(copy).split(b"\n")[:-1]
        return {line.split(b"\t")[key]: line for line in lines}
    quoted = [f"quote({column})" for column in columns]
    found = told(f"SELECT {', '.join(quoted)} FROM {table}")
    return {row[key]: f"({','.join(row)})" for row in found}


def numbers_given() -> dict[str, int]:
    if connection.vendor == "postgresql":
        return {}
    return dict(told("SELECT name, seq FROM sqlite_sequence"))


def put_back(state: State, before: Rows = EMPTY.rows) -> None:
    """Make what stands in the database now out of what stood there `before`."""
    now = state.rows
    changed = {
        table: (before.get(table, {}), now.get(table, {}))
        for table in now.keys() | before.keys()
        if now.get(table) is not before.get(table)
    }
    with transaction.atomic():
        for table, (old, new) in sorted(changed.items()):
            if gone := [key for key, row in old.items() if new.get(key) != row]:
                _take_out(table, gone)
        for table, (old, new) in sorted(changed.items()):
            if came := [row for key, row in new.items() if old.get(key) != row]:
                _put_in(table, came)
        standing = numbers_given()
        for name, number in state.given.items():
            if name not in standing:
                told(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', {number})")
            elif standing[name] < number:
                told(f"UPDATE sqlite_sequence SET seq = {number} WHERE name = '{name}'")


def _take_out(table: str, keys: Sequence[Any]) -> None:
    columns, key = tables()[table]
    driver: Any = connection.connection
    with closing(driver.cursor()) as cursor:
        if connection.vendor == "postgresql":
            texts = [ESCAPED.sub(_letter, one).decode() for one in keys]
            cursor.execute(f"DELETE FROM {table} WHERE {columns[key]}::text = ANY(%s)", [texts])
        else:
            cursor.execute(f"DELETE FROM {table} WHERE {columns[key]} IN ({','.join(keys)})")


def _put_in(table: str, came: Sequence[Any]) -> None:
    columns = ", ".join(tables()[table][0])
    driver: Any = connection.connection
    with closing(driver.cursor()) as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write(b"".join(row + b"\n" for row in came))
        else:
            cursor.execute(f"INSERT INTO {table} ({columns}) VALUES {','.join(came)}")


# What COPY writes for some letters.
ESCAPED = re.compile(rb"\\(.)")
LETTERS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


def _letter(found: re.Match[bytes]) -> bytes:
    return LETTERS.get(found[1], found[1])
