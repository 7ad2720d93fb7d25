"""What `ortaq check` asks of open data: releases as they were published, processes that follow from them, and nothing left out."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Max

from ortaq.core import audit
from ortaq.core.audit import Fault, Faults
from ortaq.gazette.models import Publication

from . import exact
from .models import Process, Release, Watermark
from .ocds import keeping
from .ocds.merging import merged
from .ocds.parts import Part
from .ocds.told import release_id

COPIES = (
    "Who copied the data has them as they were published (the daily archives too): restore the rows from a backup and "
    "compare with an archive."
)
ANEW = "`ortaq releases --all` compares everything and publishes what is missing."


def faults(*, quick: bool = False) -> Faults:
    """Releases that were changed or are missing."""
    yield from _kept(quick=quick)
    for ocid in keeping.behind(quick=quick):
        yield Fault(ocid, "what is public of it was not released", ANEW)
    last = Publication.objects.aggregate(last=Max("sequence"))["last"] or 0
    for mark in Watermark.objects.filter(sequence__gt=last):
        yield Fault(
            f"opendata.watermark:{mark.name}",
            f"it has read up to {mark.sequence}, the gazette is at {last}",
            ANEW,
        )


def _kept(*, quick: bool) -> Faults:
    for some in audit.pieces(Process.objects.all(), quick=quick):
        releases: dict[int, list[Release]] = defaultdict(list)
        rows = Release.objects.filter(process__in=some).order_by("at", "pk")
        for release in rows.iterator(chunk_size=audit.PIECE):
            releases[release.process_id].append(release)
        for process in some:
            yield from _process(process, releases[process.pk])


def _process(process: Process, releases: list[Release]) -> Faults:
    compiled: Part = {}
    told: dict[str, int] = defaultdict(int)
    for release in releases:
        body = exact.loads(release.content)
        told[release.event] += 1
        if release.revision != told[release.event]:
            yield Fault(
                process.ocid,
                f"a release of “{release.event}” is missing before №{release.revision}",
                COPIES,
            )
        named = (process.ocid, release_id(process.ocid, release.event, release.revision))
        if (body.get("ocid"), body.get("id")) != named:
            yield Fault(
                process.ocid,
                f"release №{release.revision} of “{release.event}” was changed",
                COPIES,
            )
            return
        compiled = merged(compiled, body)
    if not releases:
        yield Fault(process.ocid, "it is published without a release", COPIES)
    elif exact.dumps(compiled) != process.compiled:
        yield Fault(process.ocid, "what is compiled of it is not what its releases make", COPIES)
