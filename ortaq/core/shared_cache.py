"""A cache that all processes of all hosts see at once: one table, in which every change is one statement.

Limits are counted in it, and what allauth remembers of attempts. Django's own cache in the database reads a number, adds to
it and writes it back, so that two hosts count two requests as one; here the database itself adds. Values are JSON: whoever
can write into the table makes no process run anything.

It always asks the primary. Where that does not answer, callers that must go on count for themselves (see `core.limits`).
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import DEFAULT_DB_ALIAS, connections

# Every so many new rows the outdated ones are thrown out, at most so many at a time.
SELDOM, MOST = 500, 5000
FOREVER = 2**53  # an expiry that never comes, in milliseconds since 1970

KEEP = """
    INSERT INTO core_shared (key, number, value, expires) VALUES (%s, %s, %s, %s)
    ON CONFLICT (key) DO UPDATE
    SET number = excluded.number, value = excluded.value, expires = excluded.expires"""
COUNT = """
    INSERT INTO core_shared (key, number, value, expires) VALUES (%s, 1, '', %s)
    ON CONFLICT (key) DO UPDATE SET
        number = CASE WHEN core_shared.expires > %s THEN core_shared.number + 1 ELSE 1 END,
        expires = CASE WHEN core_shared.expires > %s THEN core_shared.expires ELSE excluded.expires END
    RETURNING number"""


class SharedCache(BaseCache):
    """Django's cache over the table of `core.models.Shared`; keys of up to 250 characters."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    # --- Reading --------------------------------------------------------------------------------

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self.get_many([key], version).get(key, default)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        names = {self.make_and_validate_key(key, version=version): key for key in keys}
        if not names:
            return {}
        places = ", ".join(["%s"] * len(names))
        rows = self._rows(
            f"SELECT key, number, value FROM core_shared WHERE key IN ({places}) AND expires > %s",  # noqa: S608 - only places for values
            [*names, _now()],
        )
        return {
            names[key]: number if number is not None else json.loads(value)
            for key, number, value in rows
        }

    def has_key(self, key: str, version: int | None = None) -> bool:
        return key in self.get_many([key], version)

    # --- Writing --------------------------------------------------------------------------------

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._change(KEEP, self._row(key, value, timeout, version))
        self._cull()

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Only one of all who add the same key at once is told that it was theirs."""
        statement = f"{KEEP} WHERE core_shared.expires <= %s"
        added = self._change(statement, [*self._row(key, value, timeout, version), _now()])
        self._cull()
        return added > 0

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        name = self.make_and_validate_key(key, version=version)
        rows = self._rows(
            "UPDATE core_shared SET number = number + %s "
            "WHERE key = %s AND expires > %s AND number IS NOT NULL RETURNING number",
            [delta, name, _now()],
        )
        if not rows:
            raise ValueError(f"Key '{key}' not found")
        return int(rows[0][0])

    def counted(self, key: str, seconds: float) -> int:
        """One more of `key`, of which the first was at most `seconds` ago; in one statement. How many they are now."""
        name, now = self.make_and_validate_key(key), _now()
        rows = self._rows(COUNT, [name, now + int(seconds * 1000), now, now])
        self._cull()
        return int(rows[0][0])

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        name = self.make_and_validate_key(key, version=version)
        statement = "UPDATE core_shared SET expires = %s WHERE key = %s AND expires > %s"
        return self._change(statement, [self._expiry(timeout), name, _now()]) > 0

    def delete(self, key: str, version: int | None = None) -> bool:
        name = self.make_and_validate_key(key, version=version)
        return self._change("DELETE FROM core_shared WHERE key = %s", [name]) > 0

    def clear(self) -> None:
        self._change("DELETE FROM core_shared", [])

    def clear_expired(self) -> int:
        """Throw out what is outdated, at most `MOST` rows; how many there were."""
        return self._change(
            "DELETE FROM core_shared WHERE key IN "
            "(SELECT key FROM core_shared WHERE expires <= %s ORDER BY expires LIMIT %s)",
            [_now(), MOST],
        )

    # --- Statements -----------------------------------------------------------------------------

    def _row(self, key: str, value: Any, timeout: Any, version: int | None) -> list[Any]:
        name = self.make_and_validate_key(key, version=version)
        if type(value) is int:
            return [name, value, "", self._expiry(timeout)]
        return [name, None, json.dumps(value), self._expiry(timeout)]

    def _expiry(self, timeout: Any) -> int:
        at = self.get_backend_timeout(timeout)
        return FOREVER if at is None else int(at * 1000)

    def _cull(self) -> None:
        if random.randrange(SELDOM) == 0:  # noqa: S311 - how often, not a secret
            self.clear_expired()

    @staticmethod
    def _rows(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(statement, parameters)
            return list(cursor.fetchall())

    @staticmethod
    def _change(statement: str, parameters: list[Any]) -> int:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(statement, parameters)
            return int(cursor.rowcount)


def _now() -> int:
    """Milliseconds since 1970 in real time: a clock that a demonstration sets would let everybody through, or nobody."""
    return int(time.time() * 1000)
