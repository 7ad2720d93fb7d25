"""What is done after a test that commits for real: the tables that hold something are emptied, and no others.

Django empties every table and then tells each app that the tables are new, so that each writes down its permissions again, which
the house has no use for. On PostgreSQL a table emptied is a new file for it and for each of its indexes: a thousand of them after
each test.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.core.management.commands import flush
from django.core.management.sql import sql_flush
from django.db import connections


def lighten() -> None:
    """From now on, for all tests of this process."""
    flush.emit_post_migrate_signal = _nothing  # type: ignore[attr-defined]
    flush.sql_flush = _statements  # type: ignore[attr-defined]


def _nothing(*_given: Any) -> None:
    pass


def _statements(style: Any, connection: Any, **how: bool) -> list[str]:
    if connection.vendor != "postgresql":
        return sql_flush(style, connection, **how)
    with connection.cursor() as cursor:
        cursor.execute(_question(connection.alias))
        # Rows know each other: what one is owed by another must not keep it.
        return [
            "SET LOCAL session_replication_role = replica",
            *(f"DELETE FROM {connection.ops.quote_name(table)}" for (table,) in cursor.fetchall()),
        ]


@cache
def _question(alias: str) -> str:
    """Which tables hold something."""
    connection = connections[alias]
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM {connection.ops.quote_name(name)})"
        for name in names
    )
