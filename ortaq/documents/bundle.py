"""Many files as one zip archive, written while it is sent: memory stays flat however much there is."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage

from ortaq.core.files import CHUNK, safe_name

from .render.archive import EPOCH

HASHES = "SHA256SUMS.txt"
# What is packed already gains nothing from being packed again.
PACKED = (".pdf", ".png", ".jpg", ".jpeg", ".docx", ".xlsx", ".zip", ".mp4")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive: its path there, and its content in pieces, made only when its turn has come."""

    path: str
    content: Callable[[], Iterable[bytes]]


def made(path: str, make: Callable[[], bytes]) -> Entry:
    """A file that is made when its turn has come."""
    return Entry(path, lambda: [make()])


def stored(path: str, place: str) -> Entry:
    """A file from the storage; one whose content is gone is told by an empty file, and the archive goes on."""

    def read() -> Iterator[bytes]:
        try:
            with default_storage.open(place, "rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except FileNotFoundError:
            return

    return Entry(path, read)


def folder(number: int, title: str) -> str:
    """A folder's name that every system can unpack: "003 Семинар"."""
    return f"{number:03d} {safe_name(title)[:60].strip(' .')}"


def stream(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The archive in pieces; at its end the SHA-256 of every file, as `sha256sum --check` reads it."""
    sink, hashes = _Sink(), []
    with zipfile.ZipFile(sink, "w") as archive:
        for entry in entries:
            digest = hashlib.sha256()
            with archive.open(_head(entry.path), "w") as target:
                for chunk in entry.content():
                    digest.update(chunk)
                    target.write(chunk)
                    yield sink.taken()
            hashes.append(f"{digest.hexdigest()}  {entry.path}\n")
        archive.writestr(_head(HASHES), "".join(hashes))
    yield sink.taken()


def _head(path: str) -> zipfile.ZipInfo:
    head = zipfile.ZipInfo(path, EPOCH)
    packed = path.lower().endswith(PACKED)
    head.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    return head


class _Sink(io.RawIOBase):
    """Where the archive is written: nothing stays longer than until the next piece is taken."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._held += content
        return len(content)

    def taken(self) -> bytes:
        held, self._held = bytes(self._held), bytearray()
        return held
