"""Packages of releases and of records, as they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from ortaq.faces.public import marks
from ortaq.opendata import exact
from ortaq.opendata.models import Process, Release
from ortaq.opendata.packages import CHUNK, by_key, package, publisher

from .told import release_id

# Declared extensions, each by the address of its own description. Of bids only what is public.
EXTENSIONS = (
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_bid_extension/v1.1.5/extension.json",
)


def releases(year: int | None = None) -> QuerySet[Release]:
    """What everybody may read, of a year or of all."""
    rows = Release.objects.filter(process__withdrawn=False)
    return rows if year is None else rows.filter(year=year)


def processes() -> QuerySet[Process]:
    """Processes that are public."""
    return Process.objects.filter(withdrawn=False)


def state_of(rows: QuerySet[Release]) -> tuple[str, datetime | None]:
    """A mark that differs once anything was released or withdrawn, and the instant of what was released last; two queries, by
    indexes alone.
    """
    last = rows.order_by("-pk").values_list("pk", "at").first()
    if last is None:
        return "", None
    withdrawn = Process.objects.filter(withdrawn=True).count()
    return f"{last[0]}-{withdrawn}", last[1]


marks["releases"] = lambda: state_of(releases())[0]


def number() -> int:
    """How many processes are public; by indexes alone."""
    return Process.objects.count() - Process.objects.filter(withdrawn=True).count()


def years() -> list[int]:
    """The years in which something was released."""
    return list(releases().order_by("year").values_list("year", flat=True).distinct())


def head(uri: str, published: datetime) -> dict[str, Any]:
    """What stands in front of the rows. Published is what was changed last: the same content gives the same package."""
    return {
        "uri": uri,
        "version": "1.1",
        "extensions": list(EXTENSIONS),
        "publishedDate": exact.instant(published),
        "publisher": publisher(),
        "license": settings.ORTAQ_DATA_LICENCE_URL,
    }


def texts(rows: QuerySet[Release]) -> Iterator[str]:
    """The releases themselves, as they were written."""
    return (text for (text,) in by_key(rows, "content"))


def release_package(uri: str, published: datetime, rows: QuerySet[Release]) -> Iterator[str]:
    """All `rows` in one package, which must hold at least one."""
    return package(head(uri, published), "releases", texts(rows))


def record_package(uri: str, published: datetime, rows: QuerySet[Process], *, whole: bool) -> Iterator[str]:  # fmt: skip
    """A record for each process: its compiled release, and its releases (`whole`: themselves; else where each stands)."""
    return package(head(uri, published), "records", _records(rows, whole=whole))


def _records(rows: QuerySet[Process], *, whole: bool) -> Iterator[str]:
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = some[-1].pk
        told: dict[int, list[str]] = {}
        of_some = Release.objects.filter(process__in=some).order_by("at", "pk")
        if whole:
            for pk, content in of_some.values_list("process", "content"):
                told.setdefault(pk, []).append(content)
        else:
            where = {one.pk: exact.address("opendata:ocds_process", one.ocid) for one in some}
            names = {one.pk: one.ocid for one in some}
            for pk, event, revision, at, tag in of_some.values_list(
                "process", "event", "revision", "at", "tag"
            ):
                linked = {
                    "url": f"{where[pk]}#{release_id(names[pk], event, revision)}",
                    "date": exact.instant(at),
                    "tag": tag.split(),
                }
                told.setdefault(pk, []).append(exact.dumps(linked))
        for one in some:
            yield _record(one, told[one.pk])


def _record(one: Process, told: Iterable[str]) -> str:
    joined = ",".join(told)
    ocid = exact.dumps(one.ocid)
    return f'{{"ocid":{ocid},"releases":[{joined}],"compiledRelease":{one.compiled}}}'
