"""What is written of a bid so far, as it lies encrypted: one document with its own history.

The names of files say as much about a bid as its content, so they are in here too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from ortaq.core.canonical import canonical
from ortaq.documents.writing import draft


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
class Draft(draft.Draft):
    """What is written, and the files."""

    files: list[FileOfDraft] = field(default_factory=list)
    # Stands in the content that is committed to; drawn with the first save, so that it can be signed before.
    nonce: str = ""

    def file(self, token: str) -> FileOfDraft | None:
        return next((one for one in self.files if one.token == token), None)

    def of_slots(self, slots: Iterable[str]) -> list[FileOfDraft]:
        return [one for one in self.files if one.slot in slots]

    def as_dict(self) -> dict[str, Any]:
        # No zero-argument super() in a class that slots make anew.
        own = {"files": [asdict(one) for one in self.files], "nonce": self.nonce}
        return draft.Draft.as_dict(self) | own

    def pack(self) -> bytes:
        return canonical(self.as_dict())

    @classmethod
    def unpack(cls, packed: bytes) -> Draft:
        """The draft as `pack` gave it; an empty one for nothing."""
        if not packed:
            return cls()
        found = json.loads(packed)
        made = cls(*cls.parts_of(found))
        made.files = [FileOfDraft(**one) for one in found["files"]]
        made.nonce = found.get("nonce", "")
        return made
