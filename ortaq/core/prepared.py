"""Statements that PostgreSQL keeps planned in a connection, when an upgrade changes a table under them.

A column more changes nothing, since every statement names its own. A text that may be longer changes the kind of what a kept
statement gives, and PostgreSQL refuses it from then on ("cached plan must not change result type"): the old release, which is to
go on over the new tables, would break for as long as a connection lives. So a refused statement is planned and asked anew. Within
a transaction that cannot be; there the request is told to come again (`core.away`). Whichever connection of a process meets it
first, the others forget what they have kept before they meet it too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import NotSupportedError

# What PostgreSQL says of itself, in whatever language its sentences are.
STATE, PLACE = "0A000", "RevalidateCachedQuery"
PART_OF_A_TEXT = " LIKE "


class Tables:
    """What this process knows of the tables: how often it has met one that was changed."""

    changed = 0


def is_stale(error: BaseException | None) -> bool:
    """Whether a kept statement was refused because its table is another one now. Nothing of it was done."""
    return (
        getattr(error, "sqlstate", None) == STATE
        and getattr(getattr(error, "diag", None), "source_function", None) == PLACE
    )


def watch_connection(connection: Any, **_sender: Any) -> None:
    """A new connection to a database (`connection_created`) has kept nothing yet."""
    if connection.vendor != "postgresql":
        return
    connection.tables_known = Tables.changed
    if planned_anew not in connection.execute_wrappers:
        connection.execute_wrappers.append(planned_anew)


def planned_anew(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Around each statement: one that was planned for a table as it was is planned again."""
    connection = context["connection"]
    if connection.tables_known != Tables.changed:
        forget(connection)
    if PART_OF_A_TEXT in sql:
        with nothing_kept(connection.connection):
            return execute(sql, params, many, context)
    try:
        return execute(sql, params, many, context)
    except NotSupportedError as error:
        if not is_stale(error.__cause__):
            raise
        Tables.changed += 1
        if connection.in_atomic_block:
            raise
        forget(connection)
        return execute(sql, params, many, context)


@contextmanager
def nothing_kept(found: Any) -> Iterator[None]:
    """What is asked in here is planned for the values it has, and then forgotten."""
    threshold = found.prepare_threshold
    found.prepare_threshold = None
    try:
        yield
    finally:
        found.prepare_threshold = threshold


def forget(connection: Any) -> None:
    """Let go of all statements that are kept in a connection; one in a broken transaction does so when that is rolled back."""
    known, found = Tables.changed, connection.connection
    if found.info.transaction_status.name != "INERROR":
        found.execute("DEALLOCATE ALL")
    connection.tables_known = known
