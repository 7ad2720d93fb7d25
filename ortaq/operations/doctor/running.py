"""What is behind the settings: database, keys, work in the background, copies, mail. Needs a Django that has started."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from .told import Trouble, advice

POSTGRESQL = 14
SQLITE = (3, 31)
MOST_OFF = timedelta(seconds=5)
BACKUP = timedelta(hours=26)
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def troubles(settings: Any) -> Iterator[Trouble]:
    found = list(database())
    yield from found
    if not any(one.stops for one in found):
        for check in (clock, keys, worker, backup, letters):
            yield from _asked(check, settings)
    yield from _asked(files, settings)
    yield from _asked(mail, settings)


def _asked(check: Callable[[Any], Iterator[Trouble]], settings: Any) -> Iterator[Trouble]:
    try:
        yield from check(settings)
    except Exception as error:  # noqa: BLE001 - one question that fails does not end the others
        yield Trouble(
            f"Whether {check.__name__} is in order could not be found out ({type(error).__name__}: {error}).",
            "Something here is broken in a way that is not known.",
            "Keep these words and ask those who gave you the program.",
        )


def database() -> Iterator[Trouble]:
    """It answers, is new enough, holds any letter, and has the tables of this version."""
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield Trouble(
            f"The database does not answer: {str(error).strip().splitlines()[0]}",
            "No page can be shown.",
            "Start it, or correct ORTAQ_DATABASE_URL (postgresql://user:password@host:5432/name).",
            stops=True,
        )
        return
    if connection.vendor == "postgresql":
        yield from _postgresql(connection)
    else:
        yield from _sqlite(connection)
    from ortaq.operations.readiness import leaves

    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    if "core_journalentry" not in tables:
        yield Trouble(
            "The database has no tables yet.",
            "No page can be shown.",
            "Type `ortaq migrate`.",
            stops=True,
        )
        return
    from django.db.migrations.recorder import MigrationRecorder

    missing = leaves() - set(MigrationRecorder(connection).applied_migrations())
    if missing:
        rooms = ", ".join(sorted({room for room, _name in missing}))
        yield Trouble(
            f"Tables are of an older version ({rooms}).",
            "Pages and commands of these rooms fail.",
            "Make a backup, then type `ortaq migrate`.",
            stops=True,
        )


def _postgresql(connection: Any) -> Iterator[Trouble]:
    version = connection.pg_version // 10_000
    if version < POSTGRESQL:
        yield Trouble(
            f"This is PostgreSQL {version}; {POSTGRESQL} or newer is needed.",
            "Commands fail in the middle.",
            "Upgrade the database server.",
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        answers = cursor.fetchone()[0]
        cursor.execute("SHOW server_encoding")
        encoding = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM pg_collation WHERE collprovider = 'i' AND collname LIKE 'kk%'"
        )
        kazakh = cursor.fetchone()[0]
    # Whoever stands between gives numbers of its own to its callers.
    pooled = answers != connection.connection.info.backend_pid
    if pooled and connection.settings_dict["OPTIONS"].get("prepare_threshold") is not None:
        yield Trouble(
            "Connections go through pgbouncer or the like, and ORTAQ_PGBOUNCER is off.",
            "What is kept in a connection is looked for in another one: now and then a page fails with “prepared statement … "
            "already exists”.",
            "Set ORTAQ_PGBOUNCER=1 (docs/deployment.md).",
        )
    if encoding != "UTF8":
        yield Trouble(
            f"The database keeps text as {encoding}.",
            "Kazakh letters cannot be kept in it.",
            "Make one with `createdb --encoding=UTF8 --template=template0` and restore a backup into it.",
        )
    if not kazakh:
        yield advice(
            "This PostgreSQL was built without ICU or without its Kazakh rules.",
            "Lists of this site are in Kazakh order all the same (it keeps keys of its own); those of other programs that read "
            "the database are not.",
            "If others read it, install PostgreSQL with ICU, as all distributions offer it.",
        )


def _sqlite(connection: Any) -> Iterator[Trouble]:
    import sqlite3

    if sqlite3.sqlite_version_info < SQLITE:
        yield Trouble(
            f"This is SQLite {sqlite3.sqlite_version}; 3.31 or newer is needed.",
            "Commands fail in the middle.",
            "Upgrade Python or the system.",
        )
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
    if mode not in ("wal", "memory"):
        yield Trouble(
            f"SQLite writes in mode “{mode}” and not “wal”: its folder is perhaps on a network.",
            "Readers and writers stop one another, and a database on a network can be damaged.",
            "Put ORTAQ_VAR on a disk of this machine, or use PostgreSQL.",
        )


def clock(settings: Any) -> Iterator[Trouble]:
    """The machine's clock agrees with the database's, and is not behind what has happened."""
    from django.db import connection

    from ortaq.core import clock as house_clock
    from ortaq.core.journal import latest_instant

    do = "Turn on the synchronisation of time: `timedatectl set-ntp true`"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            off = abs(cursor.fetchone()[0] - house_clock.now())
        if off > MOST_OFF:
            yield Trouble(
                f"The clocks of this machine and of the database are {off.total_seconds():.0f} s apart.",
                "Which application was in time depends on who is asked.",
                f"{do} on both machines.",
            )
    latest = latest_instant()
    if not settings.DEMO and latest and house_clock.now() < latest - MOST_OFF:
        yield Trouble(
            f"The machine's clock is behind the last recorded event ({latest:%Y-%m-%d %H:%M} UTC).",
            "No step that has a deadline is taken.",
            do,
        )


def keys(settings: Any) -> Iterator[Trouble]:
    """The keys of sealed bids are there and can be opened with the secret key of this installation."""
    from django.utils import translation

    from ortaq.operations.queries.keys import status

    with translation.override("en"):
        for one in status().remarks:
            if one.fault:
                yield Trouble(
                    str(one.text),
                    "What was closed with them stays closed.",
                    "Type `ortaq keys status` for the whole.",
                )


def worker(settings: Any) -> Iterator[Trouble]:
    """Somebody ends what is due and sends letters."""
    from ortaq.operations.readiness import LATE
    from ortaq.operations.readiness import worker as seen

    if seen() == LATE:
        yield Trouble(
            "No worker has been seen for ten minutes.",
            "Acceptance does not end by itself, bids are not opened, no letter leaves.",
            "Start `ortaq work` (docs/deployment.md has a unit for systemd), or `ortaq serve --work` on a small installation.",
        )


def backup(settings: Any) -> Iterator[Trouble]:
    """There is a copy, and it is not old."""
    from ortaq.core import clock as house_clock
    from ortaq.operations.models import BackupRun

    if settings.DEMO:
        return
    why = "Whatever was handed in since would be lost with this machine."
    last = BackupRun.last_good()
    if last is None:
        yield advice(
            "No backup has been made here yet.",
            why,
            "Type `ortaq backup --new-key`, then `ortaq backup`: docs/backup.md.",
        )
    elif house_clock.now() - last.ended_at > BACKUP:
        yield Trouble(
            f"The last good backup is of {last.ended_at:%Y-%m-%d %H:%M} UTC.",
            why,
            "Type `ortaq backup` and read what it says; then see why it does not run every night.",
        )


def letters(settings: Any) -> Iterator[Trouble]:
    """Nothing waits for ever."""
    from ortaq.core.models import Letter

    given_up = Letter.objects.filter(state=Letter.State.GIVEN_UP).count()
    if given_up:
        yield advice(
            f"{given_up} letters could not be sent, however often it was tried.",
            "Whoever should have read them does not know.",
            "See /console/ for the reasons; after the mail server is mended type `ortaq post --again`.",
        )


def files(settings: Any) -> Iterator[Trouble]:
    """A store of files on another machine answers."""
    if not settings.ORTAQ_FILES_URL:
        return
    from django.core.files.storage import default_storage

    try:
        default_storage.exists("ready")
    except Exception as error:  # noqa: BLE001 - every library of stores raises its own
        yield Trouble(
            f"The store of files does not answer ({type(error).__name__}).",
            "Nothing can be handed in, and no file be read.",
            "Look at ORTAQ_FILES_URL, ORTAQ_FILES_KEY and ORTAQ_FILES_SECRET, and whether the bucket is there.",
        )


def mail(settings: Any) -> Iterator[Trouble]:
    """Letters can leave."""
    if settings.EMAIL_BACKEND != SMTP:
        if not settings.DEMO and settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
            yield advice(
                f"Letters are only written into {settings.EMAIL_FILE_PATH}.",
                "Nobody gets one: no confirmation of an address, no reminder.",
                f"Set ORTAQ_EMAIL_BACKEND={SMTP} and ORTAQ_EMAIL_HOST.",
            )
        return
    from django.core.mail import get_connection

    try:
        connection = get_connection(
            SMTP, host=settings.EMAIL_HOST, port=settings.EMAIL_PORT, timeout=5
        )
        connection.open()
        connection.close()
    except OSError as error:  # also what smtplib raises
        yield Trouble(
            f"The mail server {settings.EMAIL_HOST}:{settings.EMAIL_PORT} refuses ({type(error).__name__}: "
            f"{getattr(error, 'strerror', None) or error}).",
            "No letter leaves: no confirmation of an address, no reminder. They wait and leave later.",
            "Look at ORTAQ_EMAIL_HOST, _PORT, _USER, _PASSWORD and _ENCRYPTION, and whether the server lets this machine in.",
        )
