"""SQLite takes what PostgreSQL refuses; in tests it refuses too, in PostgreSQL's words.

A text longer than its column, a whole number beyond it, the letter NUL anywhere: on SQLite each of them goes through, and would be
an error on a real site. Whoever walks all forms with such things need not do so on PostgreSQL again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DataError, models
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3.base import SQLiteCursorWrapper

RANGES: dict[str, tuple[int, int]] = BaseDatabaseOperations.integer_field_ranges
NUL, NUL_IN_JSON = "\0", r"\u0000"


def as_postgresql_does() -> None:
    """From now on, for all tests of this process that run on SQLite."""
    fields: Any = models.Field
    json: Any = models.JSONField
    save, save_json = fields.get_db_prep_save, json.get_db_prep_save

    def get_db_prep_save(self: Any, value: Any, connection: Any) -> Any:
        ready = save(self, value, connection)
        if connection.vendor == "sqlite":
            if isinstance(ready, str):
                _fits(self, ready)
            elif isinstance(ready, int):
                _is_in_range(self, ready)
        return ready

    def get_db_prep_save_of_json(self: Any, value: Any, connection: Any) -> Any:
        ready = save_json(self, value, connection)
        if connection.vendor == "sqlite" and isinstance(ready, str) and NUL_IN_JSON in ready:
            raise DataError(f"unsupported Unicode escape sequence in {self}")
        return ready

    fields.get_db_prep_save, json.get_db_prep_save = get_db_prep_save, get_db_prep_save_of_json

    wrapper: Any = SQLiteCursorWrapper
    execute, executemany = wrapper.execute, wrapper.executemany

    def execute_one(self: Any, query: Any, params: Any = None) -> Any:
        _is_readable(params or ())
        return execute(self, query, params)

    def execute_many(self: Any, query: Any, param_list: Any) -> Any:
        rows = list(param_list)
        for params in rows:
            _is_readable(params)
        return executemany(self, query, rows)

    wrapper.execute, wrapper.executemany = execute_one, execute_many


def _fits(field: Any, text: str) -> None:
    most = field.max_length
    if most is not None and len(text) > most and field.get_internal_type() != "TextField":
        raise DataError(f"value too long for type character varying({most}): {field}")


def _is_in_range(field: Any, number: int) -> None:
    least, most = RANGES.get(field.get_internal_type(), (number, number))
    if not least <= number <= most:
        raise DataError(f"integer out of range: {field}")


def _is_readable(params: Sequence[Any]) -> None:
    values = params.values() if isinstance(params, dict) else params
    if any(type(one) is str and NUL in one for one in values):
        raise ValueError("A string literal cannot contain NUL (0x00) characters.")
