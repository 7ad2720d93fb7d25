"""Packages of a standard, written row by row: what is sent never stands in memory as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from . import exact

CHUNK = 500  # rows that one query brings
PIECE = 64 * 1024  # characters that are sent at once


def by_key(rows: QuerySet[Any], *names: str) -> Iterator[tuple[Any, ...]]:
    """The named columns of all rows in the order of their primary keys, a chunk for each query."""
    last = 0
    while True:
        some = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", *names)[:CHUNK])
        for pk, *row in some:
            yield tuple(row)
            last = pk
        if len(some) < CHUNK:
            return


def package(head: dict[str, Any], name: str, rows: Iterable[str]) -> Iterator[str]:
    """One JSON object: `head`, and under `name` the list of `rows`, each of which is JSON already."""
    yield f"{exact.dumps(head)[:-1]},{exact.dumps(name)}:["
    comma = ""
    for row in rows:
        yield f"{comma}{row}"
        comma = ",\n"
    yield "]}\n"


def lines(rows: Iterable[str]) -> Iterator[str]:
    """One JSON object a line."""
    for row in rows:
        yield f"{row}\n"


def sent(pieces: Iterable[str], *, kind: str = "application/json") -> StreamingHttpResponse:
    """An answer that is sent while it is made."""
    return StreamingHttpResponse(_gathered(pieces), content_type=f"{kind}; charset=utf-8")


def _gathered(pieces: Iterable[str]) -> Iterator[bytes]:
    """Small pieces together, so that the server does not send each alone."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield "".join(held).encode()
            held, size = [], 0
    if held:
        yield "".join(held).encode()


def publisher() -> dict[str, str]:
    """Who publishes, as OCDS says it."""
    found = {"name": settings.ORTAQ_DATA_PUBLISHER, "uri": settings.SITE_URL}
    if settings.ORTAQ_DATA_PUBLISHER_BIN:
        found |= {"scheme": "KZ-BIN", "uid": settings.ORTAQ_DATA_PUBLISHER_BIN}
    return found
