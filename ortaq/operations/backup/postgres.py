"""One state of a PostgreSQL database: all rows as COPY gives them, read in one transaction that sees one instant.

The schema is not in it: migrations of the same program make it (`Manifest.migrations`). So neither end needs the programs
of PostgreSQL, and versions of its server may differ. What is written is a script that `psql` would take as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from ortaq.core import migrating
from ortaq.operations.backup import Trouble
from ortaq.operations.backup.envelope import Damaged
from ortaq.operations.backup.manifest import Manifest
from ortaq.operations.backup.schema import applied

KIND = "postgresql"
FIRST = "SET CONSTRAINTS ALL DEFERRED;"
END = b"\\.\n"
COPY = re.compile(r'COPY ("[^"]+") (\((?:"[^"]+",? ?)+\)) FROM stdin;')
SEQUENCE = re.compile(r"SELECT pg_catalog\.setval\('([^'\\]+)', (\d+), (true|false)\);")
# A database of another program in another schema is none of ours.
TABLES = """
    SELECT c.relname, array_agg(a.attname ORDER BY a.attnum)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname
"""
SEQUENCES = """
    SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL
    FROM pg_sequences WHERE schemaname = current_schema() ORDER BY sequencename
"""

KEYS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
"""
# Those that belong to no constraint: primary keys and uniqueness stay, and are looked at with every row.
INDEXES = """
    SELECT c.oid::regclass::text, pg_get_indexdef(c.oid)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = current_schema()::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = c.oid)
"""


class Picture:
    """The database as a transaction sees it that began at the instant of the picture."""

    kind = KIND

    def __init__(self, database: psycopg.Connection[Any]) -> None:
        self.database = database
        self.server = str(database.info.server_version // 10000)
        self.counts: dict[str, int] = {}

    def rows(self, sql: str, given: Sequence[object] = ()) -> Iterable[tuple[Any, ...]]:
        """Rows as they come: neither this process nor the server's answer is ever whole in memory."""
        with self.database.cursor("picture") as cursor:
            cursor.itersize = 5000
            cursor.execute(sql, list(given))
            yield from cursor

    def content(self) -> Iterator[bytes]:
        yield f"{FIRST}\n".encode()
        tables = list(self.rows(TABLES))
        for name, columns in tables:
            where = f"{quoted(name)} ({', '.join(map(quoted, columns))})"
            yield f"COPY {where} FROM stdin;\n".encode()
            with self.database.cursor() as cursor:
                with cursor.copy(f"COPY {where} TO STDOUT") as copy:
                    for piece in copy:
                        yield bytes(piece)
                self.counts[name] = cursor.rowcount
            yield END
        for name, last, called in list(self.rows(SEQUENCES)):
            yield f"SELECT pg_catalog.setval('{quoted(name)}', {last}, {str(called).lower()});\n".encode()

    def tables(self) -> dict[str, int]:
        """Rows of every table; known once `content` was read."""
        return self.counts


def quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


@contextmanager
def picture() -> Iterator[Picture]:
    """The database as it is at one moment; nobody waits for it."""
    own = connection.copy()
    own.connect()
    try:
        database = own.connection
        database.autocommit = False
        database.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        database.read_only = True
        # A limit that is meant for pages does not end a picture.
        database.execute("SET LOCAL statement_timeout = 0")
        database.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield Picture(database)
    finally:
        own.close()


# --- Return ----------------------------------------------------------------------------------------


class Return:
    """A sink for a picture's content. All rows come in by one transaction, which `finish` ends."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        prepare(manifest)
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.raw: Any = connection.connection
        self.raw.execute("SET LOCAL statement_timeout = 0")
        self.here = dict(self.raw.execute(TABLES).fetchall())
        self.later = take_indexes_away(self.raw)
        names = sql.SQL(", ").join(map(sql.Identifier, self.here))
        self.raw.execute(sql.SQL("TRUNCATE {}").format(names))
        self.found: dict[str, int] = {}
        self.strangers: list[str] = []
        self.rest = b""
        self.table = ""  # whose rows are coming
        self.cursor: Any = None
        self.copy: Any = None

    def __call__(self, piece: bytes) -> None:
        self.rest += piece
        while self._rows() if self.table else self._line():
            pass

    def _rows(self) -> bool:
        """Pass on the rows that have come whole; whether they were the last of their table."""
        at_once = self.rest.startswith(END)
        until = 0 if at_once else self.rest.find(b"\n" + END) + 1 or -1
        ended = until >= 0
        if not ended:
            until = self.rest.rfind(b"\n") + 1
        if self.copy and until:
            self.writer.write(self.rest[:until])
        self.rest = self.rest[until + len(END) * ended :]
        if ended and self.copy:
            self.copy.__exit__(None, None, None)
            self.found[self.table] = self.cursor.rowcount
            self.cursor.close()
        if ended:
            self.table, self.copy = "", None
        return ended

    def _line(self) -> bool:
        """Do what the next line says; whether one had come."""
        said, ended, rest = self.rest.partition(b"\n")
        if not ended:
            return False
        self.rest = rest
        line = said.decode()
        if found := COPY.fullmatch(line):
            self.table = found[1].strip('"')
            if self.table in self.here:
                self.cursor = self.raw.cursor()
                self.copy = self.cursor.copy(f"COPY {found[1]} {found[2]} FROM STDIN")
                self.writer = self.copy.__enter__()
            else:
                self.strangers.append(self.table)
        elif found := SEQUENCE.fullmatch(line):
            exists = self.raw.execute("SELECT to_regclass(%s) IS NOT NULL", [found[1]])
            if exists.fetchone()[0]:
                given = [found[1], int(found[2]), found[3] == "true"]
                self.raw.execute("SELECT pg_catalog.setval(%s, %s, %s)", given)
        elif line != FIRST:
            raise Damaged("The database of this picture is not what was written.")
        return True

    def finish(self) -> list[str]:
        """Put indexes and foreign keys back, which looks at every row, and end the transaction."""
        expected = {
            name: rows for name, rows in self.manifest.tables.items() if name not in self.strangers
        }
        if self.table or self.rest or self.found != expected:
            differing = [
                f"{name}: {self.found.get(name)} rows instead of {rows}"
                for name, rows in expected.items()
                if self.found.get(name) != rows
            ]
            raise Damaged(f"The database of this picture is not whole: {'; '.join(differing)}.")
        for statement in self.later:
            self.raw.execute(statement)
        self.atomic.__exit__(None, None, None)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return [f"Table {name} is not of this program and was left out." for name in self.strangers]

    def give_up(self) -> None:
        """All as before, but for empty tables."""
        if self.copy:
            with suppress(psycopg.Error):
                self.copy.__exit__(Damaged, Damaged("given up"), None)
        why = Damaged("given up")
        self.atomic.__exit__(Damaged, why, None)
        connection.close()


def take_indexes_away(database: Any) -> list[str]:
    """Drop foreign keys and indexes, which cost more at every row than once at the end; the statements that bring them back."""
    indexes, keys = (database.execute(query).fetchall() for query in (INDEXES, KEYS))
    for table, name, _made in keys:
        database.execute(f"ALTER TABLE {table} DROP CONSTRAINT {quoted(name)}")
    for name, _made in indexes:
        database.execute(f"DROP INDEX {name}")
    return [made for _name, made in indexes] + [
        f"ALTER TABLE {table} ADD CONSTRAINT {quoted(name)} {made}" for table, name, made in keys
    ]


def prepare(manifest: Manifest) -> None:
    """Empty tables as they stood when the picture was taken."""
    if applied() == manifest.migrations:
        return
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        if names := ", ".join(quoted(name) for name, _columns in cursor.fetchall()):
            cursor.execute(f"DROP TABLE {names} CASCADE")
    executor = MigrationExecutor(connection)
    with migrating.quickly():  # nothing stands there yet
        executor.migrate([(app, max(names)) for app, names in sorted(manifest.migrations.items())])


def is_empty() -> bool:
    """Whether there are no tables, or no people, journal and files in them."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in {"people_user", "core_journalentry", "core_storedfile"} & there:
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                return False
    return True


def refuse_unusable(manifest: Manifest, *, over: bool) -> None:
    """`Trouble` when this database may not take the picture in."""
    if not over and not is_empty():
        raise Trouble(
            f"This database is not empty: {connection.settings_dict['NAME']}. Make another one (createdb) and name it in "
            "ORTAQ_DATABASE_URL, or say --over: what is here is deleted then, and the picture takes its place."
        )
