"""What a picture says of itself. Read by anybody who can read the target, so it tells no person's data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from ortaq.operations.backup import Trouble
from ortaq.operations.backup.envelope import Damaged
from ortaq.operations.backup.place import Place

FORMAT = 1
PICTURES, OBJECTS, DAMAGED, MANIFEST = "pictures", "objects", "damaged", "manifest.json"
DATABASE, FILES, KEYS = "database.age", "files.list.gz", "keys.age"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the picture: as it lies there, and what is in it."""

    bytes: int
    sha256: str
    content_bytes: int
    content_sha256: str


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal's heads: how many entries, the last of them, a digest of all their hashes, the last checkpoint."""

    entries: int
    last: str
    digest: str
    checkpoint: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A picture: whose program took it, of which instant it is, what it holds."""

    name: str
    instant: str  # ISO 8601
    program: str  # version
    database: str  # "sqlite" or "postgresql"
    server: str  # version of the database
    migrations: dict[str, list[str]]  # applied, by app
    tables: dict[str, int]  # rows
    journal: Journal
    parts: dict[str, Part]
    objects: str  # the folder of objects, below the target
    files: int
    files_bytes: int
    lost: list[str]  # rows speak of them, the storage does not have them whole
    lost_count: int
    recipients: list[str]
    keys_recipients: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.instant)

    def name_of(self, part: str) -> str:
        return f"{PICTURES}/{self.name}/{part}"

    def dumped(self) -> bytes:
        return (
            json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        ).encode()


def stamp(instant: datetime) -> str:
    """The name of a picture of this instant; names sort as time does."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")


def read(place: Place, name: str) -> Manifest:
    """The manifest of picture `name`; `Trouble` when there is none, or none that this program reads."""
    try:
        said: dict[str, Any] = json.loads(b"".join(place.read(f"{PICTURES}/{name}/{MANIFEST}")))
        if said["format"] > FORMAT:
            raise Trouble(
                f"Picture {name} was taken by a newer program ({said['program']}): install that one."
            )
        said["journal"] = Journal(**said["journal"])
        said["parts"] = {key: Part(**part) for key, part in said["parts"].items()}
        return Manifest(**{one.name: said[one.name] for one in fields(Manifest)})
    except FileNotFoundError:
        raise Trouble(f"There is no picture {name} in {place}.") from None
    except (ValueError, KeyError, TypeError):
        raise Damaged(f"The manifest of picture {name} is damaged. Take another picture.") from None


def names(place: Place) -> list[str]:
    """The names of whole pictures, the oldest first."""
    found = (name.split("/") for name in place.names(PICTURES))
    return sorted(parts[1] for parts in found if parts[2:] == [MANIFEST])


def find(place: Place, name: str = "") -> Manifest:
    """The picture of this name; without one the newest."""
    if name:
        return read(place, name)
    whole = names(place)
    if not whole:
        raise Trouble(f"There is no whole picture in {place}.")
    return read(place, whole[-1])


def unfinished(place: Place, before: str) -> Iterator[str]:
    """Files of pictures that never became whole and are older than the one named `before`."""
    whole = set(names(place))
    for name in list(place.names(PICTURES)):
        picture = name.split("/")[1]
        if picture not in whole and picture < before:
            yield name
