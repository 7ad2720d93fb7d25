"""A database of the previous release, with a row in every table, is brought to this program, and nothing is lost."""

from __future__ import annotations

import datetime as dt
import tomllib
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection, connections, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from ortaq.testing import upgrade

# The tables are made by the same migrations on PostgreSQL, which `make upgrade-trial` can be told to use.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
AT = dt.datetime(2025, 12, 1, 9, tzinfo=dt.UTC)
BY_KIND: dict[str, Any] = {
    "BooleanField": True,
    "DateField": AT.date(),
    "DateTimeField": AT,
    "TimeField": AT.time(),
    "DurationField": dt.timedelta(hours=1),
    "DecimalField": Decimal(1),
    "UUIDField": uuid.UUID(int=1),
    "JSONField": {"kept": [1]},
    "BinaryField": b"kept",
}
# Rooms of libraries that were there in that release.
MADE_BY_OTHERS = {"account", "auth", "axes", "contenttypes", "mfa", "sessions"}
NUMBERS = ("Integer", "Auto")


@pytest.fixture
def empty(tmp_path, settings):
    """A database without a table, in which this process works for a while."""
    own = connections["default"]
    other: Any = own.copy()
    other.settings_dict["NAME"] = str(tmp_path / "old.sqlite3")
    settings.MIGRATION_MODULES = {}  # whatever the suite runs without
    connections["default"] = other
    yield
    connections["default"] = own
    other.close()


def value(field: models.Field[Any, Any], rows: dict[str, Any]) -> Any:
    """Something that this column can hold: never nothing, where there is a choice."""
    if isinstance(field, models.ForeignKey):
        return rows.get(field.related_model._meta.label)
    kind = field.get_internal_type()
    if kind in BY_KIND:
        return BY_KIND[kind]
    return 1 if any(word in kind for word in NUMBERS) else "kept"[: field.max_length]


def fill(apps: Any) -> int:
    """A row in every table of an earlier program; how many."""
    rows: dict[str, Any] = {}
    waiting = [one for one in apps.get_models(include_auto_created=True) if one._meta.managed]
    while waiting:
        ready = [one for one in waiting if needs(one) <= rows.keys() | {one._meta.label}]
        assert ready, [one._meta.label for one in waiting]
        for model in ready:
            rows[model._meta.label] = insert(model, rows)
        waiting = [one for one in waiting if one not in ready]
    return len(rows)


def insert(model: Any, rows: dict[str, Any]) -> Any:
    """Write a row as it comes: what a column says of itself before it is saved is the present program's. Its key."""
    columns = [
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, models.GeneratedField)
    ]
    values = {field: value(field, rows) for field in columns}
    names = ", ".join(connection.ops.quote_name(field.column) for field in columns)
    given = [field.get_db_prep_save(one, connection) for field, one in values.items()]
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        holes = ", ".join(["%s"] * len(columns))
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({holes})", given)  # noqa: S608
    return values[model._meta.pk]


def needs(model: Any) -> set[str]:
    """The tables that must have a row before this one can."""
    return {
        field.related_model._meta.label
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and not field.null
    }


def test_a_row_in_every_table_of_the_previous_release_stays_what_it_was(empty):
    if connection.vendor != "sqlite":
        pytest.skip("once is enough")
    said = tomllib.loads((site.BASE_DIR / "pyproject.toml").read_text())
    loader = MigrationLoader(connection)
    then = said["tool"]["ortaq"]["previous"]["migrations"]
    theirs = [node for node in loader.graph.leaf_nodes() if node[0] in MADE_BY_OTHERS]
    state = loader.project_state([*then.items(), *theirs])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("PRAGMA ignore_check_constraints = ON")  # invented rows make no sense
    with connection.schema_editor() as editor:  # in one go: the way there was tried when it was new
        for model in state.apps.get_models():
            if model._meta.managed:
                editor.create_model(model)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in {
        node for leaf in [*then.items(), *theirs] for node in loader.graph.forwards_plan(leaf)
    }:
        recorder.record_applied(app, name)
    assert fill(state.apps) > 150
    was = upgrade.values()
    assert all(table["rows"] for table in was.values())
    now = MigrationExecutor(connection)
    now.migrate(now.loader.graph.leaf_nodes())
    assert upgrade.missing(was, upgrade.values()) == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_letter SET title = 'other'")
        cursor.execute("DELETE FROM core_duty")
    assert upgrade.missing(was, upgrade.values()) == [
        "Table core_duty has 0 rows instead of 1.",
        "Column core_letter.title is gone or holds other values.",
    ]
