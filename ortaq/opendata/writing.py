"""A table as CSV, JSON or JSON lines: bytes, a row at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ortaq.documents.spreadsheet import Value, csv_lines

from .exact import dumps

CSV, JSON, JSONL = "csv", "json", "jsonl"
MEDIA = {
    CSV: "text/csv; charset=utf-8",
    JSON: "application/json",
    JSONL: "application/x-ndjson",
}
# So many rows go out at once: a piece of an answer for each costs more than the row itself.
TOGETHER = 200

Rows = Iterable[Sequence[Value]]


def written(
    kind: str, codes: Sequence[str], rows: Rows, head: Mapping[str, Any]
) -> Iterator[bytes]:
    """The bytes of a table in one of the formats of `MEDIA`; `head` stands in JSON before the rows."""
    makers: dict[str, Callable[[], Iterator[bytes]]] = {
        CSV: lambda: csv_lines(codes, rows),
        JSONL: lambda: (line + b"\n" for line in _objects(codes, rows)),
        JSON: lambda: _json(codes, rows, head),
    }
    return _together(makers[kind]())


def _json(codes: Sequence[str], rows: Rows, head: Mapping[str, Any]) -> Iterator[bytes]:
    yield dumps(head).encode()[:-1] + (b"," if head else b"") + b'"rows":['
    between = b"\n"
    for line in _objects(codes, rows):
        yield between + line
        between = b",\n"
    yield b"\n]}\n"


def _objects(codes: Sequence[str], rows: Rows) -> Iterator[bytes]:
    for row in rows:
        yield dumps(dict(zip(codes, map(plain, row), strict=True))).encode()


def plain(value: Value) -> Any:
    """A value as JSON has it: days and instants as ISO 8601, numbers as numbers."""
    return value.isoformat() if isinstance(value, date) else value


def _together(pieces: Iterator[bytes]) -> Iterator[bytes]:
    waiting: list[bytes] = []
    for piece in pieces:
        waiting.append(piece)
        if len(waiting) == TOGETHER:
            yield b"".join(waiting)
            waiting.clear()
    if waiting:
        yield b"".join(waiting)
