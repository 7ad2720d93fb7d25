"""What stands in an empty database is the same, made quickly or in Django's own way."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connections, migrations, models
from django.db.migrations.state import ProjectState

from ortaq.core import migrating

HOUSE = "house"
seen: list[tuple[str, ...]] = []


def look(apps, _editor):
    """Models know each other in both directions, as a migration of rows expects."""
    author, book = apps.get_model(HOUSE, "Author"), apps.get_model(HOUSE, "Book")
    one = author.objects.create(name="Абай", born=1845)
    book.objects.create(author=one, pages=1, title="Қара сөздер").readers.add(one)
    seen.append(
        (
            *(part.name for part in author._meta.get_fields()),
            *author.objects.filter(book__pages=1, read__pages=1).values_list("name", flat=True),
            *(part.name for part in (*book._meta.indexes, *book._meta.constraints)),
        )
    )


OPERATIONS = [
    migrations.CreateModel(
        "Author", [("id", models.AutoField(primary_key=True)), ("name", models.TextField())]
    ),
    migrations.CreateModel(
        "Book",
        [
            ("id", models.AutoField(primary_key=True)),
            ("title", models.TextField()),
            ("pages", models.IntegerField()),
            ("author", models.ForeignKey("house.Author", models.CASCADE)),
            ("readers", models.ManyToManyField("house.Author", related_name="read")),
        ],
    ),
    migrations.AddIndex("book", models.Index(fields=["pages"], name="by_pages")),
    migrations.AddConstraint(
        "book", models.CheckConstraint(condition=models.Q(pages__gt=0), name="has_pages")
    ),
    migrations.AddConstraint(
        "book", models.UniqueConstraint(fields=["author", "title"], name="once")
    ),
    migrations.AddField("author", "teacher", models.ForeignKey("self", models.CASCADE, null=True)),
    migrations.AddField("author", "born", models.IntegerField(default=0), preserve_default=False),
    migrations.RunPython(look),
    migrations.AlterField("book", "pages", models.PositiveIntegerField()),
    migrations.RenameField("book", "title", "name"),
    migrations.RemoveIndex("book", "by_pages"),
    migrations.CreateModel("Shelf", [("books", models.ManyToManyField("house.Book"))]),
    migrations.DeleteModel("Shelf"),
]


def tables_made_by(operations, place):
    """The tables of a new database, and the models at the end."""
    own = connections["default"]
    other = own.copy()
    other.settings_dict["NAME"] = str(place)
    connections["default"] = other
    try:
        kind = type("Migration", (migrations.Migration,), {"operations": operations})
        migration = kind("0001", HOUSE)
        state = ProjectState()
        assert not state.apps.get_models()  # drawn before, as the command does
        with other.schema_editor() as editor:
            migration.apply(state, editor)
        with other.cursor() as cursor:
            cursor.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
            return cursor.fetchall(), state.models
    finally:
        connections["default"] = own
        other.close()


@pytest.mark.once
@pytest.mark.django_db
def test_what_is_made_quickly_is_what_django_makes(tmp_path):
    usual, seen_usually = tables_made_by(OPERATIONS, tmp_path / "usual"), [*seen]
    seen.clear()
    with migrating.quickly():
        quick = tables_made_by(OPERATIONS, tmp_path / "quick")

    assert seen_usually[0][-3:] == ("by_pages", "has_pages", "once")
    assert (quick, seen) == (usual, seen_usually)


@pytest.mark.django_db
def test_only_a_database_without_tables_is_made_quickly(monkeypatch):
    ways = []
    usual = ProjectState.add_model
    monkeypatch.setattr(
        "django.core.management.commands.migrate.Command.handle",
        lambda *_told, **_more: ways.append(ProjectState.add_model is usual),
    )
    call_command("migrate")
    monkeypatch.setattr(migrating, "is_empty", lambda _connection: True)
    call_command("migrate")
    assert ways == [True, False]
    assert ProjectState.add_model is usual
