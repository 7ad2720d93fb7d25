"""What is signed: a small canonical JSON, and never a big file (Streebog takes seconds for a megabyte).

    {"content": {"sha256": …}, "context": "projects.contract", "files": [{"name": …, "sha256": …, "size": …}],
     "format": "ortaq-manifest/1", "object": "projects.contract:5", "parties": [{"bin": …, "key": "grantee"}],
     "site": "ortaq.example.kz", "title": {"kk": …, "ru": …}, "version": 3}

Site, context, object and version make a signature worthless on any other object; the parties say who has to sign,
so that an archive cannot leave one of them out. There is no personal data in it: a person is the key of their
part, and content stands in it as a hash. The bytes that were signed are kept for ever, since written anew they
might differ. Pure Python: `ortaq verify` reads manifests without Django.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ortaq.core.canonical import canonical, sha256

FORMAT = "ortaq-manifest/1"
MOST = 256 * 1024  # bytes: thousands of files; more is no manifest
FIELDS = {
    "format", "site", "object", "version", "context", "title", "parties", "content", "files",
}  # fmt: skip
DIGITS = frozenset("0123456789abcdef")


class Unreadable(ValueError):
    """These bytes are no manifest."""


@dataclass(frozen=True, slots=True)
class NamedFile:
    """One signed file: its name, SHA-256 (64 hexadecimal digits) and size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class NamedParty:
    """Who has to sign: the key of the part, and the BIN where an organisation takes it ("" for a person)."""

    key: str
    bin: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A manifest as its bytes say it."""

    site: str
    subject: str
    version: int | str
    context: str
    title: Mapping[str, str]
    parties: tuple[NamedParty, ...]
    content: str
    files: tuple[NamedFile, ...]


def build(
    *,
    site: str,
    subject: str,
    version: int | str,
    context: str,
    title: Mapping[str, str],
    parties: Sequence[NamedParty],
    content: object | None,
    files: Sequence[NamedFile] = (),
) -> bytes:
    """The bytes to be signed. `content` is what `core.canonical` takes (no floats), or None when only files
    are signed; `site` the host of the installation; `subject` a key (`core.keys`); `title` what a person reads, by
    language; `parties` in the order in which the object names them. `ValueError` for more than a manifest holds.
    """
    made = canonical(
        {
            "format": FORMAT,
            "site": site,
            "object": subject,
            "version": version,
            "context": context,
            "title": dict(title),
            "parties": [{"key": p.key, "bin": p.bin} for p in parties],
            "content": None if content is None else {"sha256": sha256(content)},
            "files": [{"name": f.name, "sha256": f.sha256, "size": f.size} for f in files],
        }
    )
    if len(made) > MOST:
        raise ValueError(f"A manifest of {len(made)} bytes is more than {MOST}.")
    return made


def read(data: bytes) -> Read:
    """What a manifest says; `Unreadable` for anything that `build` does not write."""
    try:
        found = json.loads(data) if len(data) <= MOST else None
        if not isinstance(found, dict) or set(found) != FIELDS or found["format"] != FORMAT:
            raise Unreadable
        files = tuple(_file(row) for row in found["files"])
        parties = tuple(_party(row) for row in found["parties"])
        content = found["content"]
        digest = "" if content is None else _digest(content["sha256"])
        texts = (found["site"], found["object"], found["context"], *found["title"].values())
        if not all(isinstance(text, str) for text in texts) or type(found["version"]) not in (
            int,
            str,
        ):
            raise Unreadable
        if canonical(found) != data:
            raise Unreadable
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable("These bytes are not a manifest of Ortaq.") from error
    return Read(
        found["site"],
        found["object"],
        found["version"],
        found["context"],
        found["title"],
        parties,
        digest,
        files,
    )


def _party(row: Any) -> NamedParty:
    if set(row) != {"key", "bin"} or not all(isinstance(text, str) for text in row.values()):
        raise Unreadable
    return NamedParty(row["key"], row["bin"])


def _file(row: Any) -> NamedFile:
    if set(row) != {"name", "sha256", "size"} or type(row["size"]) is not int or row["size"] < 0:
        raise Unreadable
    if not isinstance(row["name"], str):
        raise Unreadable
    return NamedFile(row["name"], _digest(row["sha256"]), row["size"])


def _digest(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 64 or not set(value) <= DIGITS:
        raise Unreadable
    return value
