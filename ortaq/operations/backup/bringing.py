"""Bringing a picture back: everything is read and opened before anything is changed; the files come first and the database
last, so that a machine looks whole only when it is.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from pyrage import x25519

from ortaq.core import clock, files, journal, keyfolder
from ortaq.core.models import Letter
from ortaq.operations.backup import (
    Trouble,
    contents,
    envelope,
    manifest,
    schema,
    secrets,
    taking,
    verifying,
)
from ortaq.operations.backup.envelope import Damaged, WrongIdentity
from ortaq.operations.backup.manifest import Manifest
from ortaq.operations.backup.place import Place

Told = Callable[[str], object]
SHOWN = 20  # lines of what a check finds
DATABASE, FILES, KEYS = "database", "files", "keys"
PARTS = (FILES, KEYS, DATABASE)


def restore(
    place: Place,
    picture: Manifest,
    identities: list[x25519.Identity],
    *,
    only: Iterable[str] = PARTS,
    over: bool = False,
    migrate: bool = True,
    checked: bool = True,
    tell: Told = print,
) -> list[str]:
    """Bring back the chosen parts; the faults that were found afterwards, in sentences.

    The tables are brought to this program, unless `migrate` is false: then they stand as an older program left them. What
    the installation's own check takes (`checked`) grows with what it holds, and may come later.

    `Trouble` before anything is changed: a damaged part, a wrong identity, another kind of database, a newer program, a machine
    that is not empty (unless `over`), too little space. Files already there are left when they are whole.
    """
    chosen = [part for part in PARTS if part in set(only)]
    kind = taking.kind()
    tell(f"The picture shows the site of {_when(picture)}.")
    if DATABASE in chosen:
        if picture.database != kind.KIND:
            raise Trouble(
                f"The picture is of {picture.database}, this installation is set to {kind.KIND} (ORTAQ_DATABASE_URL): "
                "restore into the same kind of database."
            )
        schema.refuse_newer(picture.migrations, picture.program)
        kind.refuse_unusable(picture, over=over)
    refuse_small(picture, chosen)
    look_first(place, picture, identities, chosen)
    faults: list[str] = []
    if FILES in chosen:
        faults += bring_files(place, picture, identities, tell)
    if KEYS in chosen:
        for note in secrets.bring_back(_opened(place, picture, manifest.KEYS, identities)):
            tell(note)
        tell("The keys are here.")
    if DATABASE in chosen:
        for note in bring_database(place, picture, identities, kind):
            tell(note)
        rows = sum(picture.tables.values())
        tell(f"The database is here: {len(picture.tables)} tables, {rows} rows, as counted then.")
        faults += confirm(picture, tell, migrate=migrate, checked=checked)
    if picture.lost_count:
        tell(
            f"The site itself had lost {picture.lost_count} files when the picture was taken: "
            f"{'; '.join(picture.lost[:5])}."
        )
    return faults


def _when(picture: Manifest) -> str:
    at = picture.at.astimezone(clock.ALMATY)
    return f"{at:%d.%m.%Y %H:%M:%S} (Almaty), {age(clock.now() - picture.at)} ago: whatever was done since is not in it"


def age(span: timedelta) -> str:
    """How long a span is, for people: its two largest units."""
    minutes = max(int(span.total_seconds()), 0) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} days {hours} hours"
    return f"{hours} hours {minutes} minutes" if hours else f"{minutes} minutes"


# --- Before ------------------------------------------------------------------------------------------


def refuse_small(picture: Manifest, chosen: Iterable[str]) -> None:
    """`Trouble` when the disk would be full before the end."""
    needs: list[tuple[Path, int]] = []
    if FILES in chosen and isinstance(default_storage, FileSystemStorage):
        needs.append((Path(default_storage.location), picture.files_bytes))
    if DATABASE in chosen and picture.database == "sqlite":
        folder = Path(connection.settings_dict["NAME"]).parent
        needs.append((folder, picture.parts[manifest.DATABASE].content_bytes))
    disks: dict[int, list[tuple[Path, int]]] = {}
    for path, size in needs:
        there = next(one for one in (path, *path.parents) if one.exists())
        disks.setdefault(there.stat().st_dev, []).append((there, size))
    for found in disks.values():
        path, size = found[0][0], sum(size for _path, size in found)
        if (free := shutil.disk_usage(path).free) < size:
            raise Trouble(
                f"The disk of {path} has {taking.size_of(free)} free, the picture needs {taking.size_of(size)}. Nothing was "
                "changed. Make room, or restore elsewhere."
            )


def look_first(
    place: Place, picture: Manifest, identities: list[x25519.Identity], chosen: Iterable[str]
) -> None:
    """`Trouble` when a part is damaged or the identity is a wrong one, before anything is changed."""
    found = verifying.Verified()
    verifying.parts(place, picture, found)
    if found.faults:
        raise Damaged(
            f"{' '.join(found.faults)} Nothing was changed. Other parts can be restored by --only, other pictures by --picture."
        )
    try:
        if set(chosen) & {DATABASE, FILES}:
            _try_to_open(place, picture.name_of(manifest.DATABASE), identities)
        if KEYS in chosen:
            _try_to_open(place, picture.name_of(manifest.KEYS), identities)
    except WrongIdentity:
        raise WrongIdentity(
            "This identity opens nothing here. The picture was closed for "
            f"{', '.join(dict.fromkeys([*picture.recipients, *picture.keys_recipients]))}: the file of the identity says "
            "its public key in a comment. Keys may want an identity of their own: --identity may be said twice, or leave "
            "them out by --only database files. Nothing was changed."
        ) from None


class _Enough(Exception):
    """What was opened suffices to know."""


def _try_to_open(place: Place, name: str, identities: list[x25519.Identity]) -> None:
    def enough(_piece: bytes) -> None:
        raise _Enough

    with suppress(_Enough):
        envelope.open_to(place.read(name), enough, identities)


# --- Parts -------------------------------------------------------------------------------------------


def _opened(place: Place, picture: Manifest, part: str, identities: list[x25519.Identity]) -> bytes:
    """A small part, whole."""
    stream = BytesIO()
    _size, digest = envelope.open_to(place.read(picture.name_of(part)), stream.write, identities)
    refuse_other(digest, picture, part)
    return stream.getvalue()


def bring_database(
    place: Place, picture: Manifest, identities: list[x25519.Identity], kind: Any
) -> list[str]:
    """Put the database back; notes for the administrator. What was there stands until the new one is whole."""
    back = kind.Return(picture)
    try:
        opened = place.read(picture.name_of(manifest.DATABASE))
        _size, digest = envelope.open_to(opened, back, identities, pack=True)
        refuse_other(digest, picture, manifest.DATABASE)
        notes: list[str] = back.finish()
    except BaseException:
        back.give_up()
        raise
    return notes


def refuse_other(digest: str, picture: Manifest, part: str) -> None:
    if digest != picture.parts[part].content_sha256:
        raise Damaged(f"{picture.name_of(part)} holds something else than the manifest says.")


def bring_files(
    place: Place, picture: Manifest, identities: list[x25519.Identity], tell: Told
) -> list[str]:
    """Put the files back that are not there; every one that cannot be, in a sentence."""
    faults: list[str] = []
    brought = there = 0
    for line in contents.listed(place, picture):
        found = files.size_of(line.path)
        if found == size_in_storage(line):
            there += 1
            continue
        if found is not None:
            default_storage.delete(line.path)  # cut short by an earlier attempt
        try:
            _bring_file(place, line, identities)
            brought += 1
        except FileNotFoundError:
            faults.append(f"{line.path}: {line.name} is missing in {place}.")
        except (Damaged, WrongIdentity) as why:
            faults.append(f"{line.path}: {line.name} cannot be opened. {why}")
        if (brought + there) % 10_000 == 0:
            tell(f"{brought + there} of {picture.files} files are here.")
    os.sync()
    tell(f"Files: {brought} brought back, {there} were here already, {len(faults)} cannot be.")
    return faults


def size_in_storage(line: contents.Line) -> int:
    """Bytes: what lies encrypted is longer by its nonce and its tag."""
    sealed = len(line.key) != 64
    return line.size + (keyfolder.NONCE + 16 if sealed else 0)


def _bring_file(place: Place, line: contents.Line, identities: list[x25519.Identity]) -> None:
    with tempfile.TemporaryFile() as work:
        _size, digest = envelope.open_to(place.read(line.name), work.write, identities)
        if len(line.key) == 64 and digest != line.key:
            raise Damaged("It is not what was handed in.")
        work.seek(0)
        default_storage.save(line.path, File(work))


# --- Afterwards --------------------------------------------------------------------------------------


def confirm(picture: Manifest, tell: Told, *, migrate: bool, checked: bool) -> list[str]:
    """Compare what is here with the manifest, bring the tables to this program, let the installation check itself."""
    faults = []
    found = taking.journal_of(taking.live)
    if found == picture.journal:
        tell(
            f"The journal ends where it ended: {found.entries} entries, the last {found.last[:12]}."
        )
    else:
        faults.append(
            f"The journal is another one than the manifest says: {found.entries} entries instead of "
            f"{picture.journal.entries}."
        )
    if (behind := schema.forward()) and not migrate:
        tell(f"The tables stand as they stood: {behind} migrations of this program are not taken.")
        return faults
    if behind:
        tell(f"{behind} migrations bring the picture to this program, {schema.program()}.")
        call_command("migrate", verbosity=0)
    faults += [f"journal: {gap}" for gap in journal.verify()[:20]]
    if not faults:
        tell("The journal holds together.")
    if not checked:
        tell("Now run `ortaq check`.")
    else:
        if behind:
            publish_anew(tell)
        check(tell)
    if waiting := Letter.objects.filter(state=Letter.State.RELEASED).count():
        tell(
            f"{waiting} letters wait to be sent; some may have gone after the picture was taken. Look at them before the worker runs."
        )
    return faults


def publish_anew(tell: Told) -> None:
    """After a migration: this program may tell more of what is public than the one that wrote the publications."""
    said = StringIO()
    call_command("gazette", "--all", stdout=said)
    tell(said.getvalue().strip())


def check(tell: Told) -> None:
    """Let the installation check itself. What it finds may be older than the picture or the upgrade, and is told only."""
    said = StringIO()
    try:
        call_command("check", stdout=said, stderr=said)
        tell(said.getvalue().strip().rpartition("\n")[2])
    except CommandError as why:
        tell("What `ortaq check` finds now may have been so before:")
        *lines, last = [*said.getvalue().strip().split("\n"), str(why)]
        tell("\n".join([*lines[:SHOWN], *(["..."] if len(lines) > SHOWN else []), last]))
