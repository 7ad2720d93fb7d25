"""Where pictures lie: a folder of this machine (or mounted on it), or a bucket of an S3-compatible store."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from ortaq.core.stores import bucket_at
from ortaq.operations.backup import Trouble

PIECE = 1024 * 1024
FRESH = 1000  # files after which the disk is waited for
WORK = ".work"  # what is being written lies here, on the same disk as its place


class Place(Protocol):
    """A name is a path with "/", below the place. What `put` puts is there whole or not at all."""

    def __str__(self) -> str: ...

    def names(self, prefix: str) -> Iterator[str]:
        """The names that begin with `prefix` + "/", in order."""

    def read(self, name: str) -> Iterator[bytes]:
        """The content in pieces; `FileNotFoundError`."""

    def put(self, path: Path, name: str) -> None:
        """Take the finished file at `path` in under `name`; it is gone from `path` then."""

    def drop(self, name: str) -> None: ...

    def work(self) -> Path:
        """An existing folder in which files for `put` are written."""

    def settle(self) -> None:
        """What was put survives a power cut from now on."""

    def alone(self) -> Any:
        """A context in which no other run writes here; `Trouble` when one does."""


class Folder:
    """A folder; made when it is first written to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fresh: list[Path] = []  # may still be in memory only

    def __str__(self) -> str:
        return str(self.path)

    def names(self, prefix: str) -> Iterator[str]:
        begin = self.path / prefix
        for folder, folders, files in os.walk(begin):
            folders.sort()
            for name in sorted(files):
                yield (Path(folder) / name).relative_to(self.path).as_posix()

    def read(self, name: str) -> Iterator[bytes]:
        with (self.path / name).open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def put(self, path: Path, name: str) -> None:
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(target)
        self.fresh.append(target)
        if len(self.fresh) == FRESH:
            self.settle()

    def drop(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)
        folder = (self.path / name).parent
        while folder != self.path:
            try:
                folder.rmdir()
            except OSError:  # not empty
                return
            folder = folder.parent

    def work(self) -> Path:
        folder = self.path / WORK
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def settle(self) -> None:
        for path in [*self.fresh, *{path.parent for path in self.fresh}]:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        self.fresh.clear()

    @contextmanager
    def alone(self) -> Iterator[None]:
        with (self.work() / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Trouble(f"Another run writes into {self} right now. Wait for it.") from None
            for left in self.work().iterdir():  # of a run that was cut short
                if left.name != "lock":
                    left.unlink()
            yield


class Bucket:
    """A bucket of an S3-compatible store, or what is in it below a prefix."""

    def __init__(self, address: str) -> None:
        from storages.backends.s3 import S3Storage

        access = (
            settings.ORTAQ_BACKUP_KEY,
            settings.ORTAQ_BACKUP_SECRET,
            settings.ORTAQ_BACKUP_REGION,
        )
        options = bucket_at(address, *access)
        self.address, self.name = address, options["bucket_name"]
        self.prefix = f"{options['location']}/" if options["location"] else ""
        self.client = S3Storage(**options).connection.meta.client
        self.folder: Path | None = None

    def __str__(self) -> str:
        return self.address

    def names(self, prefix: str) -> Iterator[str]:
        pages = self.client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.name, Prefix=f"{self.prefix}{prefix}/"):
            for one in page.get("Contents", ()):
                yield one["Key"].removeprefix(self.prefix)

    def read(self, name: str) -> Iterator[bytes]:
        try:
            answer = self.client.get_object(Bucket=self.name, Key=self.prefix + name)
        except self.client.exceptions.NoSuchKey:
            raise FileNotFoundError(name) from None
        yield from answer["Body"].iter_chunks(PIECE)

    def put(self, path: Path, name: str) -> None:
        self.client.upload_file(str(path), self.name, self.prefix + name)
        path.unlink()

    def drop(self, name: str) -> None:
        self.client.delete_object(Bucket=self.name, Key=self.prefix + name)

    def work(self) -> Path:
        if self.folder is None:
            self.folder = Path(tempfile.mkdtemp(prefix="ortaq-backup-"))
        return self.folder

    def settle(self) -> None:
        """A store answers when it has kept what it was given."""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """A store knows no locks: the timer that begins the runs lets only one run at a time."""
        try:
            yield
        finally:
            if self.folder:
                shutil.rmtree(self.folder, ignore_errors=True)
                self.folder = None


def place_at(target: str) -> Place:
    """The place that `target` names: a path, or https://store/bucket/prefix."""
    if not target:
        raise Trouble(
            "Say where the backups lie: a folder or a bucket, or set ORTAQ_BACKUP_TARGET."
        )
    if target.startswith(("https://", "http://")):
        return Bucket(target)
    return Folder(Path(target).expanduser().resolve())
