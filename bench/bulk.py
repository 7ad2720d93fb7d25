"""Rows by the million: streamed by COPY on PostgreSQL, by one prepared statement on SQLite.

Whatever a row does not name is as in a pattern. Nothing is checked: the bench asks for what steps would have left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from psycopg import sql

BATCH = 20_000
PLAIN = (models.IntegerField, models.CharField, models.TextField, models.ForeignKey)


@contextmanager
def loading() -> Iterator[None]:
    """One transaction in which no foreign key is looked up: on PostgreSQL that took longer than the rows."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
        yield


def load(pattern: models.Model, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write `rows`, each with values for `names` (columns as attributes of the model) and the rest of `pattern`."""
    model = type(pattern)
    fields = [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key and field.attname not in names)
    ]
    usual = [field.get_db_prep_save(field.pre_save(pattern, True), connection) for field in fields]
    at = [next(n for n, f in enumerate(fields) if f.attname == name) for name in names]
    prepare = [_prepared(fields[n]) for n in at]

    def filled() -> Iterator[list[Any]]:
        for row in rows:
            values = usual.copy()
            for n, value, ready in zip(at, row, prepare, strict=True):
                values[n] = ready(value) if ready else value
            yield values

    columns = [column for field in fields if (column := field.column)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            command = sql.SQL("COPY {} ({}) FROM STDIN").format(
                sql.Identifier(model._meta.db_table),
                sql.SQL(", ").join(sql.Identifier(column) for column in columns),
            )
            with cursor.cursor.copy(command) as copy:
                for values in filled():
                    copy.write_row(values)
            for reset in connection.ops.sequence_reset_sql(no_style(), [model]):
                cursor.execute(reset)
        else:
            quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
            places = ", ".join(["%s"] * len(columns))
            table = connection.ops.quote_name(model._meta.db_table)
            statement = f"INSERT INTO {table} ({quoted}) VALUES ({places})"
            ready = filled()
            while batch := list(islice(ready, BATCH)):
                cursor.executemany(statement, batch)


def _prepared(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """How the database wants a value of the field; None where it takes it as it is."""
    if isinstance(field, PLAIN):
        return None
    if isinstance(field, models.JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    return lru_cache(4096)(lambda value: field.get_db_prep_save(value, connection))
