"""Two releases work side by side over one database while hosts are changed one by one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from ortaq.testing import rolling

pytestmark = pytest.mark.once


def test_no_migration_breaks_the_release_before(settings):
    settings.MIGRATION_MODULES = {}  # whatever the suite runs without
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    release = rolling.previous()
    old = graph.make_state(list(release.leaves.items()), at_end=True)
    found: list[str] = []
    for app, name in rolling.since(graph, release):
        state = graph.make_state([(app, name)], at_end=False)
        found += rolling.faults(graph.nodes[app, name].operations, app, state, old)
    unexpected = [one for one in found if one not in release.allowed]
    assert not unexpected, "\n".join(["See ortaq/testing/rolling.py; these break it:", *unexpected])
    assert set(release.allowed) <= set(found), "named in releases.toml, and no fault any more"


def before() -> ProjectState:
    state = ProjectState()
    fields: list[tuple[str, Any]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=50)),
        ("note", models.CharField(max_length=50, null=True)),
        ("size", models.PositiveIntegerField()),
    ]
    migrations.CreateModel("Thing", fields).state_forwards("room", state)
    return state


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (migrations.RemoveField("thing", "name"), "reads this column"),
        (migrations.RenameField("thing", "name", "title"), "by this name"),
        (migrations.DeleteModel("Thing"), "table is gone"),
        (migrations.RenameModel("Thing", "Item"), "table is gone"),
        (migrations.AlterModelTable("thing", "things"), "another table"),
        (migrations.AddField("thing", "colour", models.CharField(max_length=9, default="")), "without it"),
        (migrations.AlterField("thing", "name", models.CharField(max_length=9)), "longer texts"),
        (migrations.AlterField("thing", "note", models.CharField(max_length=50)), "leaves it empty"),
        (migrations.AlterField("thing", "name", models.CharField(max_length=50, unique=True)), "twice"),
        (migrations.AlterField("thing", "size", models.TextField()), "another kind"),
        (
            migrations.AddConstraint("thing", models.UniqueConstraint(fields=["name"], name="one_name")),
            "one_name",
        ),
        (
            migrations.SeparateDatabaseAndState(
                database_operations=[migrations.RemoveField("thing", "name")]
            ),
            "reads this column",
        ),
        (migrations.AddField("thing", "colour", models.CharField(max_length=9, null=True)), ""),
        (migrations.AddField("thing", "colour", models.CharField(max_length=9, db_default="")), ""),
        (migrations.AlterField("thing", "name", models.TextField()), ""),
        (migrations.AlterField("thing", "size", models.PositiveBigIntegerField()), ""),
        (migrations.AddIndex("thing", models.Index(fields=["name"], name="things_by_name")), ""),
        (migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]), ""),
    ],
)  # fmt: skip
def test_what_breaks_the_release_before_is_found_and_what_does_not_is_let_through(operation, why):
    found = list(rolling.faults([operation], "room", before(), before()))
    assert len(found) == bool(why)
    assert why in "".join(found)
