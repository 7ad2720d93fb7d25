"""How many queries a page runs, and how many rows they bring into Python."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper


@dataclass
class Counted:
    """What was counted inside the block."""

    queries: int = 0
    rows: int = 0


@contextmanager
def counting() -> Iterator[Counted]:
    """Count queries and fetched rows of this thread's connection."""
    counted = Counted()

    class Cursor(CursorWrapper):
        def _tell(self, rows: Any) -> Any:
            counted.rows += len(rows)
            return rows

        def fetchone(self, *args: Any) -> Any:
            row = self.cursor.fetchone(*args)
            counted.rows += row is not None
            return row

        def fetchmany(self, *args: Any) -> Any:
            return self._tell(self.cursor.fetchmany(*args))

        def fetchall(self, *args: Any) -> Any:
            return self._tell(self.cursor.fetchall(*args))

        def __iter__(self) -> Iterator[Any]:
            for row in self.cursor:
                counted.rows += 1
                yield row

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        counted.queries += 1
        return execute(sql, params, many, context)

    usual = connection.make_cursor
    connection.make_cursor = lambda cursor: Cursor(cursor, connection)  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(count):
            yield counted
    finally:
        connection.make_cursor = usual  # type: ignore[method-assign]
