"""Scenes that many tests begin with are walked once, and put back as rows ever after."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.utils import translation

from ortaq.core import clock as house_clock
from ortaq.testing import statements
from ortaq.testing.clock import TestClock

P = ParamSpec("P")
T = TypeVar("T")
# What Django itself writes into an empty database.
FURNITURE = {"contenttypes", "auth", "sites"}


class Kept(NamedTuple):
    """What a scene gave back, the instant at which it ended, the rows that it left, and the kinds of
    statements that it sent.
    """

    made: bytes
    instant: Any
    rows: dict[str, Any]
    sent: statements.Kinds


def remembered(scene: Callable[P, T]) -> Callable[P, T]:
    """The same scene, whose steps are really walked the first time that this process needs it.

    Asked for again with the same arguments, in the same language and at the same instant of a
    clock that stands still, its rows are put back as they were and its objects are made anew. A scene that is
    given the clock must set it. Where the database holds anything already, the scene is walked. A clock that no test
    has set stands at another second in each: it is put back to where the scene found it.
    """
    kept: dict[bytes, Kept] = {}

    @wraps(scene)
    def begin(*args: P.args, **kwargs: P.kwargs) -> T:
        given = (*args, *kwargs.values())
        clock = next((one for one in given if isinstance(one, TestClock)), None)
        if not database_is_empty():
            return scene(*args, **kwargs)
        instant = None if clock else house_clock.standing()
        untouched = TestClock.untouched if instant else None
        if untouched and untouched[0] != instant:
            untouched = None
        when = "untouched" if untouched else instant
        key = dumped((args, sorted(kwargs.items()), when, translation.get_language()))
        if key not in kept:
            with statements.apart() as sent:
                made = scene(*args, **kwargs)
            kept[key] = Kept(dumped(made), TestClock.instant, rows(), sent)
            return made
        found = kept[key]
        statements.hear_again(found.sent)
        put_back(found.rows)
        if clock:
            clock.set(found.instant)
        elif untouched:
            untouched[1].begin(found.instant)
        again: T = loaded(found.made, clock)
        return again

    return begin


def dumped(thing: object) -> bytes:
    """Pickled; in place of the test's clock stands only that it was there."""
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream)
    pickler.persistent_id = lambda part: "clock" if isinstance(part, TestClock) else None  # type: ignore[method-assign]
    pickler.dump(thing)
    return stream.getvalue()


def loaded(content: bytes, clock: TestClock | None) -> Any:
    unpickler = pickle.Unpickler(io.BytesIO(content))  # noqa: S301 - dumped above, by this process
    unpickler.persistent_load = lambda _name: clock  # type: ignore[method-assign]
    return unpickler.load()


def tables() -> list[str]:
    """The tables that a test can fill."""
    models = apps.get_models(include_auto_created=True)
    return sorted(
        {
            connection.ops.quote_name(model._meta.db_table)
            for model in models
            if model._meta.app_label not in FURNITURE
            and model._meta.managed
            and not model._meta.proxy
        }
    )


def database_is_empty() -> bool:
    filled = " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in tables())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {filled}")
        return not cursor.fetchone()[0]


def rows() -> dict[str, Any]:
    """What stands in every table, as the database itself would write it down."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                    content: Any = b"".join(copy)
            else:
                cursor.execute(f"PRAGMA table_info({table})")
                columns = [f'quote("{column[1]}")' for column in cursor.fetchall()]
                cursor.execute(f"SELECT {', '.join(columns)} FROM {table}")
                content = [f"({','.join(row)})" for row in cursor.fetchall()]
            if content:
                found[table] = content
    return found


def put_back(rows: dict[str, Any]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, content in rows.items():
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(content)
            else:
                cursor.execute(f"INSERT INTO {table} VALUES {','.join(content)}")
