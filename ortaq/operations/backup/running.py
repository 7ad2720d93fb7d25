"""The commands' runs: each leaves a row (`BackupRun`), well or not, by which doctor and metrics see when the last good one was."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from ortaq.core import clock
from ortaq.operations.backup import bringing, keeping, manifest, taking, verifying
from ortaq.operations.backup.manifest import Manifest
from ortaq.operations.backup.place import place_at
from ortaq.operations.models import BackupRun

Told = Callable[[str], object]
Kind = BackupRun.Kind


class _Noted:
    """What a run finds out about itself on its way."""

    picture: Manifest | None = None
    bytes = 0
    trouble = ""


@contextmanager
def noted(kind: str, target: str) -> Iterator[_Noted]:
    """A row of this run, once it has ended."""
    began, found = clock.now(), _Noted()
    try:
        yield found
    except BaseException as error:
        found.trouble = (
            explained(error) if isinstance(error, OSError) else str(error) or type(error).__name__
        )
        with suppress(DatabaseError):  # the first trouble is the one to tell
            _note(kind, target, began, found)
        raise
    _note(kind, target, began, found)


def _note(kind: str, target: str, began: datetime, found: _Noted) -> None:
    picture = found.picture
    # Before an upgrade, or where only files came back, there may be no table for these rows.
    if BackupRun._meta.db_table not in connection.introspection.table_names():
        return
    BackupRun.objects.create(
        kind=kind,
        began_at=began,
        ended_at=clock.now(),
        picture=picture.name if picture else "",
        instant=picture.at if picture else None,
        target=target[:300],
        bytes=found.bytes,
        files=picture.files if picture else 0,
        trouble=found.trouble[:500],
    )


def backup(target: str, rule: keeping.Rule, *, tell: Told = print) -> Manifest:
    """Take a picture and let old ones go. `Trouble` or `OSError` when there is none."""
    place = place_at(target)
    with noted(Kind.BACKUP, str(place)) as found:
        picture = found.picture = taking.take(
            place,
            recipients=settings.ORTAQ_BACKUP_RECIPIENTS,
            keys_recipients=settings.ORTAQ_BACKUP_KEYS_RECIPIENTS,
            tell=tell,
        )
        found.bytes = sum(part.bytes for part in picture.parts.values())
        if picture.lost_count:
            found.trouble = f"{picture.lost_count} files are lost: {picture.lost[0]}"
        tell(f"Picture {picture.name} is whole in {place}.")
        pictures, objects = keeping.prune(place, rule)
        if pictures or objects:
            tell(f"{pictures} old pictures and {objects} files that only they knew are gone.")
    return picture


def verify(target: str, name: str = "", *, tell: Told = print) -> verifying.Verified:
    """Read a picture again; its faults."""
    place = place_at(target)
    with noted(Kind.VERIFY, str(place)) as found:
        picture = found.picture = manifest.find(place, name)
        said = verifying.verify(place, picture, tell=tell)
        found.bytes = said.bytes
        found.trouble = f"{len(said.faults)} faults: {said.faults[0]}" if said.faults else ""
        if not said.faults:
            size = taking.size_of(said.bytes)
            tell(f"Picture {picture.name} reads as it was written: {said.objects} files, {size}.")
    return said


def restore(source: str, name: str, identities: list[Any], **how: Any) -> list[str]:
    """Bring a picture back (`bringing.restore`); the faults that were found afterwards."""
    place = place_at(source)
    picture = manifest.find(place, name)
    began, found = clock.now(), _Noted()
    faults = bringing.restore(place, picture, identities, **how)
    found.picture = picture
    found.trouble = f"{len(faults)} faults: {faults[0]}" if faults else ""
    _note(Kind.RESTORE, str(place), began, found)
    return faults


def explained(error: BaseException) -> str:
    """An error of a disk in a sentence."""
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return (
                f"The disk is full{where}. No half picture was left that looks whole, and a half restored machine does not look "
                "whole either. Make room and run the same command again."
            )
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            return (
                f"Not allowed{where}: {error.strerror}. Run it as the user whom the site runs as."
            )
        return f"{error.strerror or error}{where}."
    return str(error)
