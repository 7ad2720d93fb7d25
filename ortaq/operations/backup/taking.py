"""Taking a picture while the site runs.

Contents are never changed, so the files are copied first, then the database is pictured, then the few files that came
meanwhile are copied: whatever the picture's rows know is there. A file that was taken back between the picture and the
second walk (a file of a draft) makes the picture begin anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection

from ortaq.core import clock
from ortaq.operations.backup import (
    Trouble,
    contents,
    envelope,
    manifest,
    postgres,
    schema,
    secrets,
    sqlite,
)
from ortaq.operations.backup.manifest import Journal, Manifest, Part
from ortaq.operations.backup.place import Place

AGAIN = 3  # pictures begun anew before one is kept that misses what was taken back
Told = Callable[[str], object]
KINDS: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgres}


def kind() -> Any:
    """The module of this installation's kind of database; `Trouble` for one that has none."""
    try:
        return KINDS[connection.vendor]
    except KeyError:
        raise Trouble(f"Of a database of {connection.vendor} no picture can be taken.") from None


def take(
    place: Place,
    *,
    recipients: Iterable[str],
    keys_recipients: Iterable[str] = (),
    tell: Told = print,
) -> Manifest:
    """Take a picture into `place`; it is whole, and read again, when this returns.

    `recipients` are public keys of age; keys of seals may be closed for others (`keys_recipients`). `Trouble`, or an
    error of the disk or the database as it comes: no picture has been taken then.
    """
    whom = envelope.recipients_of(recipients)
    keys_whom = envelope.recipients_of(keys_recipients or map(str, whom))
    with place.alone():
        folder = f"{manifest.OBJECTS}/{envelope.for_whom(whom)}"
        first = contents.Copied()
        for _line in contents.walk(live, place, folder, whom, first):
            pass
        tell(
            f"Files: {first.files}, of which {first.copied} are new ({size_of(first.copied_bytes)})."
        )
        for attempt in range(1, AGAIN + 1):
            with kind().picture() as picture:
                made = _Making(picture, place, folder, whom, keys_whom)
                if made.write_files() and attempt < AGAIN:
                    continue
                made.write_rest(tell)
                return made.finish()
    raise AssertionError("the last attempt returns")


def live(sql: str, given: Sequence[object]) -> Iterable[tuple[Any, ...]]:
    """Rows of the database as it is now."""
    with connection.cursor() as cursor:
        cursor.execute(sql, tuple(given))  # type: ignore[arg-type]
        return list(cursor.fetchall())


class _Making:
    """A picture on its way: its parts are written, its manifest is not."""

    def __init__(
        self, picture: Any, place: Place, folder: str, whom: list[Any], keys_whom: list[Any]
    ) -> None:
        self.picture, self.place, self.folder = picture, place, folder
        self.whom, self.keys_whom = whom, keys_whom
        self.at = clock.now()
        self.name = manifest.stamp(self.at)
        if self.name in manifest.names(place):
            raise Trouble(f"There is a picture {self.name} already. Wait for a second.")
        self.parts: dict[str, Part] = {}
        self.migrations: dict[str, list[str]] = {}
        for app, name in picture.rows("SELECT app, name FROM django_migrations ORDER BY app, name"):
            self.migrations.setdefault(app, []).append(name)

    def write_files(self) -> bool:
        """Copy what is not there yet and write the list; whether something was taken back meanwhile."""
        self.copied = contents.Copied()
        lines = contents.walk(self.picture.rows, self.place, self.folder, self.whom, self.copied)
        plain = envelope.Counted(lines)
        written = envelope.Counted(envelope.packed(plain))
        with (self.place.work() / manifest.FILES).open("wb") as file:
            file.writelines(written)
        self.parts[manifest.FILES] = Part(
            written.bytes, written.hash.hexdigest(), plain.bytes, plain.hash.hexdigest()
        )
        return any(not _is_known(path.partition(":")[0]) for path in self.copied.lost)

    def write_rest(self, tell: Told) -> None:
        self.place.put(self.place.work() / manifest.FILES, self._name(manifest.FILES))
        self._close(manifest.DATABASE, self.picture.content(), self.whom, pack=True)
        # After the database: a key is made before the row that needs it.
        keys, count = secrets.content()
        self._close(manifest.KEYS, [keys], self.keys_whom)
        database = self.parts[manifest.DATABASE]
        tell(
            f"Database: {size_of(database.content_bytes)}, closed {size_of(database.bytes)}. Keys: {count}."
        )

    def _close(
        self, part: str, pieces: Iterable[bytes], whom: list[Any], *, pack: bool = False
    ) -> None:
        work = self.place.work() / part
        closed = envelope.close(pieces, work, whom, pack=pack)
        self.place.put(work, self._name(part))
        self.parts[part] = Part(
            closed.bytes, closed.sha256, closed.content_bytes, closed.content_sha256
        )

    def _name(self, part: str) -> str:
        return f"{manifest.PICTURES}/{self.name}/{part}"

    def finish(self) -> Manifest:
        """Read the parts again, and only then write the manifest, which makes the picture whole."""
        for part, said in self.parts.items():
            counted = envelope.Counted(self.place.read(self._name(part)))
            for _piece in counted:
                pass
            if counted.hash.hexdigest() != said.sha256:
                raise Trouble(
                    f"{self._name(part)} reads differently from what was written: the disk of {self.place} is damaged."
                )
        made = Manifest(
            name=self.name,
            instant=self.at.isoformat(timespec="seconds"),
            program=schema.program(),
            database=self.picture.kind,
            server=self.picture.server,
            migrations=self.migrations,
            tables=self.picture.tables(),
            journal=journal_of(self.picture.rows),
            parts=self.parts,
            objects=self.folder,
            files=self.copied.files,
            files_bytes=self.copied.bytes,
            lost=self.copied.lost,
            lost_count=self.copied.lost_count,
            recipients=[str(one) for one in self.whom],
            keys_recipients=[str(one) for one in self.keys_whom],
        )
        self.place.settle()
        work: Path = self.place.work() / manifest.MANIFEST
        work.write_bytes(made.dumped())
        self.place.put(work, self._name(manifest.MANIFEST))
        self.place.settle()
        return made


def journal_of(rows: contents.Rows) -> Journal:
    """The heads of a journal."""
    digest, count, last = hashlib.sha256(), 0, ""
    for count, (last,) in enumerate(  # noqa: B007
        rows("SELECT hash FROM core_journalentry ORDER BY id", []), 1
    ):
        digest.update(last.encode())
    points = list(rows("SELECT hash FROM core_checkpoint ORDER BY id DESC LIMIT 1", []))
    return Journal(count, last, digest.hexdigest(), points[0][0] if points else "")


def _is_known(path: str) -> bool:
    """Whether rows of the database as it is now still speak of this content."""
    key = path.rpartition("/")[2]
    return any(one.key == key for one in contents.known(live, key[:2]))


def size_of(count: int) -> str:
    """Bytes for people."""
    size, unit = Decimal(count), "bytes"
    for unit in ("bytes", "KB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if unit == "bytes" or size >= 100 else f"{size:.1f} {unit}"
