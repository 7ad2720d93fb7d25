"""Everything in one file: a zip written while it is sent, and one for each day, with its SHA-256, in the file store."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import default_storage

from ortaq.core import clock
from ortaq.core.files import put
from ortaq.faces.public import marks

from . import dictionary
from .codelists import CODELISTS
from .exact import dumps
from .tables import TABLES
from .writing import CSV, JSONL, written

FOLDER = "open-data"
FORMATS = (CSV, JSONL)
README = """\
Open data of {publisher}, made {made}.
Licence: {licence} ({address}). Questions: {contact}.

tables/       every table as CSV (UTF-8 with a byte order mark) and as JSON lines
codelists/    what the codes in the tables mean, in Kazakh, Russian and English
datapackage.json  the dictionary: each table and column (Data Package v2)

Sums are in tenge and exact. In CSV a text that a spreadsheet would run as a formula has an apostrophe before it.
"""


class _Piece(io.RawIOBase):
    """Where the zip is written: what has come in is taken out again at once."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting += data
        return len(data)

    def take(self) -> bytes:
        found = bytes(self.waiting)
        self.waiting.clear()
        return found


def pieces(sizes: dict[str, dict[str, int]] | None = None) -> Iterator[bytes]:
    """The archive in pieces, in flat memory. `sizes` is filled with the rows and bytes of each table."""
    out = _Piece()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(sizes if sizes is not None else {}):
            # Its size is not known when it begins: room for more than 4 GiB.
            with archive.open(_entry(name), "w", force_zip64=True) as entry:
                for piece in content:
                    entry.write(piece)
                    if len(out.waiting) > 1 << 16:
                        yield out.take()
            yield out.take()
    yield out.take()


def _entry(name: str) -> zipfile.ZipInfo:
    at = clock.now()
    info = zipfile.ZipInfo(name, at.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _files(sizes: dict[str, dict[str, int]]) -> Iterator[tuple[str, Iterator[bytes]]]:
    yield "README.txt", iter([_readme().encode()])
    yield "datapackage.json", iter([dumps(dictionary.package(local=True)).encode()])
    for one in CODELISTS.values():
        yield f"codelists/{one.slug}.csv", written(CSV, one.heads, one.rows(), {})
    for table in TABLES.values():
        for kind in FORMATS:
            counted = sizes.setdefault(table.slug, {"rows": 0})
            counted[kind] = 0
            rows = _counted(table.read(), counted if kind == FORMATS[0] else {"rows": 0})
            content = written(kind, table.codes, rows, {})
            yield f"tables/{table.slug}.{kind}", _measured(content, counted, kind)


def _counted(rows: Iterator[Any], counted: dict[str, int]) -> Iterator[Any]:
    for row in rows:
        counted["rows"] += 1
        yield row


def _measured(content: Iterator[bytes], counted: dict[str, int], kind: str) -> Iterator[bytes]:
    for piece in content:
        counted[kind] += len(piece)
        yield piece


def _readme() -> str:
    return README.format(
        publisher=settings.ORTAQ_DATA_PUBLISHER,
        made=clock.now().isoformat(timespec="seconds"),
        licence=settings.ORTAQ_DATA_LICENCE,
        address=settings.ORTAQ_DATA_LICENCE_URL,
        contact=settings.ORTAQ_DATA_CONTACT,
    )


# --- The archive of a day -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Daily:
    """The archive of a day: `size` in bytes, `tables` with rows and bytes of each format."""

    day: date
    made_at: str
    size: int
    sha256: str
    tables: Mapping[str, Mapping[str, int]]

    @property
    def name(self) -> str:
        return f"{name_of(self.day)}.zip"


def name_of(day: date) -> str:
    return f"ortaq-{day.isoformat()}"


def make(day: date | None = None) -> Daily:
    """Write the archive of today in place of an earlier one of the same day; the oldest ones go."""
    day = day or clock.today()
    digest = hashlib.sha256()
    sizes: dict[str, dict[str, int]] = {}

    def hashed() -> Iterator[bytes]:
        for piece in pieces(sizes):
            digest.update(piece)
            yield piece

    size = put(f"{FOLDER}/{name_of(day)}.zip", hashed())
    made = Daily(day, clock.now().isoformat(timespec="seconds"), size, digest.hexdigest(), sizes)
    said = {name: getattr(made, name) for name in ("made_at", "size", "sha256", "tables")}
    # Last: whoever finds the description finds the archive.
    put(_description(day), [json.dumps(said).encode()])
    for old in days()[settings.ORTAQ_DATA_DAYS :]:
        default_storage.delete(_description(old))
        default_storage.delete(f"{FOLDER}/{name_of(old)}.zip")
    return made


def _description(day: date) -> str:
    return f"{FOLDER}/{name_of(day)}.json"


def days() -> list[date]:
    """The days of which there is an archive, the last first."""
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    found = (
        name.removeprefix("ortaq-").removesuffix(".json")
        for name in names
        if name.endswith(".json")
    )
    return sorted((date.fromisoformat(name) for name in found), reverse=True)


def of(day: date) -> Daily | None:
    """The archive of a day, if it is kept."""
    try:
        with default_storage.open(_description(day), "rb") as file:
            kept = json.loads(file.read())
    except FileNotFoundError:
        return None
    return Daily(day, **kept)


def last() -> Daily | None:
    """The newest archive."""
    known = days()
    return of(known[0]) if known else None


def opened(daily: Daily) -> IO[bytes] | None:
    """Its content; None where it went meanwhile."""
    try:
        return default_storage.open(f"{FOLDER}/{daily.name}", "rb")
    except FileNotFoundError:
        return None


def mark() -> str:
    """Another one with each archive that is made: see `faces.public`."""
    try:
        return "".join(
            f"{day} {default_storage.get_modified_time(_description(day))}" for day in days()[:1]
        )
    except FileNotFoundError:  # it went meanwhile
        return ""


marks["archive"] = mark
