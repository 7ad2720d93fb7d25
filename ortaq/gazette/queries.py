"""What everybody reads of publications: by what they are, by whom, when, and in the order in which they changed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Q, QuerySet

from ortaq.people.models import Organisation

from .models import Publication, PublicationRegion


def published() -> QuerySet[Publication]:
    """Everything that is public, the newest first; without the words that are searched."""
    return _rows().filter(withdrawn=False).order_by("-place")


def _rows() -> QuerySet[Publication]:
    rows = Publication.objects.select_related("body", "recipient")
    return rows.defer("heading", "words", "marks", "body__search", "recipient__search")


def narrowed(
    rows: QuerySet[Publication],
    *,
    kind: str = "",
    field: str = "",
    region: str = "",
    body: Organisation | int | None = None,
    recipient: Organisation | int | None = None,
    year: int | None = None,
    instrument: str = "",
) -> QuerySet[Publication]:
    """Those of `rows` with all that is asked; "" and None ask for nothing."""
    equal = {"kind": kind, "field": field, "instrument": instrument}
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    if region:
        rows = rows.filter(in_region(region))
    if body is not None:
        rows = rows.filter(body=body)
    if recipient is not None:
        rows = rows.filter(recipient=recipient)
    return rows if year is None else rows.filter(year=year)


def in_region(code: str) -> Q:
    """The condition that a publication is about a region, alone or among others."""
    return Q(pk__in=PublicationRegion.objects.filter(region=code).values("publication"))


def open_on(now: datetime) -> QuerySet[Publication]:
    """What can be taken part in at `now`, the first to close first: applications, bids, comments, nominations."""
    rows = _rows().filter(withdrawn=False, closes_at__gte=now)
    begun = Q(opens_at=None) | Q(opens_at__lte=now)
    return rows.filter(begun, state__in=OPEN).order_by("closes_at", "place")


# The states in which something is taken, of all kinds together.
OPEN = ("announced", "discussion", "open", "discussed")


def since(sequence: int, limit: int) -> QuerySet[Publication]:
    """What changed after the number `sequence`, in the order of numbers, withdrawn ones included; at most `limit`.

    Whoever goes on from the last number that they got misses nothing.
    """
    return _rows().filter(sequence__gt=sequence).order_by("sequence")[:limit]


def watermark() -> int:
    """The last number given; 0 before the first."""
    return Publication.objects.aggregate(last=Max("sequence"))["last"] or 0
