"""Contents of files: known by the rows of the database, kept once in the target, whichever pictures know them.

An object's name says what it holds and how it lies there: `<content>-<SHA-256 of the closed object>.age`, where
`<content>` is the SHA-256 of a stored file or the token of a file of a bid. So a run needs no list of an earlier one.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import default_storage
from pyrage import x25519

from ortaq.core.files import path_of
from ortaq.operations.backup import envelope, manifest
from ortaq.operations.backup.place import PIECE, Place
from ortaq.tenders.procedure import bid_vault

Rows = Callable[[str, Sequence[object]], Iterable[tuple[Any, ...]]]
PREFIXES = [f"{number:02x}" for number in range(256)]
STORED = "SELECT sha256, max(size) FROM core_storedfile WHERE sha256 >= %s AND sha256 < %s GROUP BY sha256"
SEALED = "SELECT token, size FROM tenders_bidfile WHERE token >= %s AND token < %s"
NAMED = 100  # so many lost files are named, the others counted


@dataclass(frozen=True, slots=True)
class Content:
    """One content that rows know; `sha256` is empty for what lies encrypted in the storage too."""

    key: str
    path: str
    size: int
    sha256: str = ""


@dataclass(slots=True)
class Copied:
    """What a walk over all contents found and did."""

    files: int = 0
    bytes: int = 0
    copied: int = 0
    copied_bytes: int = 0
    lost: list[str] = field(default_factory=list)
    lost_count: int = 0

    def lose(self, content: Content, why: str) -> None:
        self.lost_count += 1
        if len(self.lost) < NAMED:
            self.lost.append(f"{content.path}: {why}")


def known(rows: Rows, prefix: str) -> Iterator[Content]:
    """The contents whose key begins with `prefix`, two hexadecimal digits."""
    between = [prefix, f"{prefix}g"]  # "g" follows all digits
    for sha256, size in rows(STORED, between):
        yield Content(sha256, path_of(sha256), size, sha256)
    for token, size in rows(SEALED, between):
        yield Content(token, bid_vault.path_of(token), size)


def objects(place: Place, folder: str, prefix: str) -> dict[str, str]:
    """The objects of this prefix: key and name."""
    found = {}
    for name in place.names(f"{folder}/{prefix}"):
        found[name.rpartition("/")[2].partition("-")[0]] = name
    return found


def walk(
    rows: Rows, place: Place, folder: str, recipients: list[x25519.Recipient], found: Copied
) -> Iterator[bytes]:
    """Close whatever the target has not yet, a line for each content in the order of keys; counted in `found`."""
    for prefix in PREFIXES:
        contents = sorted(known(rows, prefix), key=lambda one: one.key)
        there = objects(place, folder, prefix) if contents else {}
        for content in contents:
            name = there.get(content.key) or _closed(content, place, folder, recipients, found)
            if name:
                found.files += 1
                found.bytes += content.size
                yield f"{name}\t{content.size}\t{content.path}\n".encode()


def _closed(
    content: Content, place: Place, folder: str, recipients: list[x25519.Recipient], found: Copied
) -> str | None:
    """The name of the new object; None when the storage does not have the content whole."""
    work = place.work() / content.key
    try:
        with default_storage.open(content.path, "rb") as file:
            closed = envelope.close(pieces_of(file), work, recipients)
    except FileNotFoundError:
        found.lose(content, "is not in the storage")
        return None
    if content.sha256 and closed.content_sha256 != content.sha256:
        work.unlink()
        found.lose(content, "its content is not what was handed in")
        return None
    name = f"{folder}/{content.key[:2]}/{content.key}-{closed.sha256}.age"
    place.put(work, name)
    found.copied += 1
    found.copied_bytes += closed.bytes
    return name


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


# --- The list of a picture ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """An object of a picture, the size and the path of its content in the storage."""

    name: str
    size: int
    path: str

    @property
    def key(self) -> str:
        return Path(self.name).name.partition("-")[0]

    @property
    def closed_sha256(self) -> str:
        return Path(self.name).stem.rpartition("-")[2]


def listed(place: Place, picture: manifest.Manifest) -> Iterator[Line]:
    """The files of a picture in the order of their keys; `Damaged`."""
    packed = place.read(picture.name_of(manifest.FILES))
    for line in envelope.lines_of(envelope.unpacked(packed)):
        name, size, path = line.split("\t")
        yield Line(name, int(size), path)


def drop_unknown(place: Place, pictures: Sequence[manifest.Manifest]) -> int:
    """Delete the objects that none of these pictures, which are all that are kept, knows; how many."""
    dropped = 0
    folders: dict[str, list[manifest.Manifest]] = {}
    for picture in pictures:
        folders.setdefault(picture.objects, []).append(picture)
    there = {"/".join(name.split("/")[:2]) for name in place.names(manifest.OBJECTS)}
    for folder in sorted(there):
        lists = [_names(place, picture) for picture in folders.get(folder, [])]
        kept = groupby(heapq.merge(*lists), key=lambda name: name.split("/")[2])
        ahead = next(kept, None)
        for prefix in PREFIXES:
            known_here: set[str] = set()
            if ahead and ahead[0] == prefix:
                known_here = set(ahead[1])
                ahead = next(kept, None)
            for name in list(place.names(f"{folder}/{prefix}")):
                if name not in known_here:
                    place.drop(name)
                    dropped += 1
    return dropped


def _names(place: Place, picture: manifest.Manifest) -> Iterator[str]:
    for line in listed(place, picture):
        yield line.name
