"""What is written of a bid so far, as it lies encrypted: one document with its own history.

The saves that pages opened earlier are merged with, the texts two people wrote in one place and
the names of files say as much about a bid as its content, so all of it is in here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from ortaq.core.canonical import canonical
from ortaq.core.journal import instant

# Saves that are kept to merge pages opened earlier; older ones make every difference a conflict.
KEPT = 100


@dataclass(frozen=True, slots=True)
class Change:
    """A save: the version it made, what stood there before, who saved and when."""

    version: int
    before: dict[str, Any]
    person_id: int
    at: str


@dataclass(slots=True)
class Conflict:
    """What a person typed where another had changed the same field meanwhile."""

    base_version: int
    data: dict[str, Any]
    at: str


@dataclass(frozen=True, slots=True)
class FileOfDraft:
    """A file: its place, name, media type, and the key of its content in hexadecimal digits."""

    token: str
    slot: str
    name: str
    kind: str
    size: int
    sha256: str
    key: str

    @property
    def pk(self) -> str:
        return self.token


@dataclass(slots=True)
class Draft:
    """`data` is nested as in `documents.writing.paths`; `conflicts` are open ones by person."""

    data: dict[str, Any] = field(default_factory=dict)
    version: int = 0
    changes: list[Change] = field(default_factory=list)
    conflicts: dict[int, Conflict] = field(default_factory=dict)
    files: list[FileOfDraft] = field(default_factory=list)

    @property
    def edited_at(self) -> datetime | None:
        return datetime.fromisoformat(self.changes[-1].at) if self.changes else None

    def since(self, version: int) -> list[Change]:
        """The saves after a version, in their order."""
        return [change for change in self.changes if change.version > version]

    def record(
        self, data: dict[str, Any], before: Mapping[str, Any], person: int, at: datetime
    ) -> None:
        """A save that has made `data`."""
        self.data, self.version = data, self.version + 1
        self.changes.append(Change(self.version, dict(before), person, instant(at)))
        del self.changes[:-KEPT]

    def file(self, token: str) -> FileOfDraft | None:
        return next((one for one in self.files if one.token == token), None)

    def of_slots(self, slots: Iterable[str]) -> list[FileOfDraft]:
        return [one for one in self.files if one.slot in slots]

    def pack(self) -> bytes:
        return canonical(
            {
                "data": self.data,
                "version": self.version,
                "changes": [asdict(one) for one in self.changes],
                "conflicts": {str(key): asdict(one) for key, one in self.conflicts.items()},
                "files": [asdict(one) for one in self.files],
            }
        )

    @classmethod
    def unpack(cls, packed: bytes) -> Draft:
        """The draft as `pack` gave it; an empty one for nothing."""
        if not packed:
            return cls()
        found = json.loads(packed)
        return cls(
            found["data"],
            found["version"],
            [Change(**one) for one in found["changes"]],
            {int(key): Conflict(**one) for key, one in found["conflicts"].items()},
            [FileOfDraft(**one) for one in found["files"]],
        )
