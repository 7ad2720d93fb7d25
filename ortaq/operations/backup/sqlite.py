"""One state of an SQLite database: a copy that the database itself makes while others write."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connection

from ortaq.core import clock
from ortaq.operations.backup import Trouble
from ortaq.operations.backup.envelope import PIECE, Damaged
from ortaq.operations.backup.manifest import Manifest, stamp

KIND = "sqlite"


def path() -> Path:
    return Path(connection.settings_dict["NAME"])


def reading(file: Path) -> closing[sqlite3.Connection]:
    """A connection that changes nothing."""
    return closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True))


class Picture:
    """A copy of the whole database, which nobody changes any more."""

    kind = KIND

    def __init__(self, file: Path, database: sqlite3.Connection) -> None:
        self.file, self.database = file, database
        self.server = sqlite3.sqlite_version

    def rows(self, sql: str, given: Sequence[object] = ()) -> Iterable[tuple[Any, ...]]:
        return self.database.execute(sql.replace("%s", "?"), list(given))

    def content(self) -> Iterator[bytes]:
        with self.file.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def tables(self) -> dict[str, int]:
        return counts(self.database)


@contextmanager
def picture() -> Iterator[Picture]:
    """The database as it is at one moment. Its copy needs as much space beside the database as that does, for a while."""
    with tempfile.TemporaryDirectory(dir=path().parent, prefix="ortaq-backup-") as folder:
        copy = Path(folder) / "copy.sqlite3"
        with reading(path()) as live, closing(sqlite3.connect(copy)) as target:
            live.backup(target)  # in one go: one state, and writers do not wait (WAL)
            target.execute("PRAGMA journal_mode=DELETE")
        with reading(copy) as database:
            refuse_broken(database, "The database of this installation is damaged")
            yield Picture(copy, database)


def refuse_broken(database: sqlite3.Connection, what: str) -> None:
    try:
        said = database.execute("PRAGMA quick_check(3)").fetchall()
    except sqlite3.DatabaseError as error:
        said = [(str(error),)]
    if said != [("ok",)]:
        raise Damaged(f"{what}: {'; '.join(line for (line,) in said)}.")


def counts(database: sqlite3.Connection) -> dict[str, int]:
    """Rows of every table but those of SQLite itself and the shadows of an index of words."""
    named = (
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name"
    )
    tables = [name for (name,) in database.execute(named) if not name.startswith("sqlite_")]
    one = 'SELECT count(*) FROM "{}"'
    return {name: database.execute(one.format(name)).fetchone()[0] for name in tables}


class Return:
    """A sink for a picture's content: the database in a file beside the old one, until `finish`."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        path().parent.mkdir(parents=True, exist_ok=True)
        self.file = path().with_name(f"{path().name}.restoring")
        self.stream = self.file.open("wb")

    def __call__(self, piece: bytes) -> None:
        self.stream.write(piece)

    def finish(self) -> list[str]:
        """Put the database into its place once it is known to be whole; what was there stays beside it."""
        self.stream.flush()
        os.fsync(self.stream.fileno())
        self.stream.close()
        with reading(self.file) as database:
            refuse_broken(database, "The database of this picture is damaged")
            found = counts(database)
        differing = [
            f"{name}: {found.get(name)} rows instead of {rows}"
            for name, rows in self.manifest.tables.items()
            if found.get(name) != rows
        ]
        if differing:
            raise Damaged(f"The database of this picture is not whole: {'; '.join(differing)}.")
        connection.close()
        aside = path().with_name(f"{path().name}.before-{stamp(clock.now())}")
        notes = []
        if path().exists():
            notes.append(f"The database that was here lies now in {aside}.")
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{path()}{ending}").rename(f"{aside}{ending}")
        self.file.replace(path())
        return notes

    def give_up(self) -> None:
        self.stream.close()
        self.file.unlink(missing_ok=True)


def is_empty() -> bool:
    """Whether there is no database, or one without people, journal and files."""
    if not path().exists():
        return True
    with reading(path()) as database:
        for table in ("people_user", "core_journalentry", "core_storedfile"):
            with suppress(sqlite3.OperationalError):  # no such table
                if database.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():  # noqa: S608
                    return False
    return True


def refuse_unusable(manifest: Manifest, *, over: bool) -> None:
    """`Trouble` when this database may not take the picture in."""
    if not over and not is_empty():
        raise Trouble(
            f"This database is not empty: {path()}. Restore into an empty machine, or say --over: "
            "what is here is moved aside then, and the picture takes its place."
        )
