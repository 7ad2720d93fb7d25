"""Which migrations made the tables: what a picture needs of the program that brings it back."""

from __future__ import annotations

from importlib.metadata import version

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from ortaq.operations.backup import Trouble


def program() -> str:
    """The version of this program."""
    return version("ortaq")


def applied() -> dict[str, list[str]]:
    """The migrations that this database has, by app."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found


def refuse_newer(migrations: dict[str, list[str]], taken_by: str) -> None:
    """`Trouble` when there are migrations that this program does not have."""
    ours = set(MigrationLoader(None).disk_migrations)
    recorded = {(app, name) for app, names in migrations.items() for name in names}
    if unknown := sorted(recorded - ours):
        app, name = unknown[0]
        raise Trouble(
            f"The picture was taken by a newer program, {taken_by}; this is {program()} and does not know "
            f"{app}.{name} ({len(unknown)} such migrations). Install version {taken_by} and restore again."
        )


def forward() -> int:
    """How many migrations this program has beyond those of the database."""
    loader = MigrationLoader(connection)
    return len(set(loader.disk_migrations) - set(loader.applied_migrations))
