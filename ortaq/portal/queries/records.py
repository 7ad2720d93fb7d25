"""Publications, narrowed by what a reader asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum

from ortaq.core import clock
from ortaq.faces.paging import KeyPage, key_page
from ortaq.gazette.models import Publication
from ortaq.gazette.queries import in_region, published
from ortaq.people.models import Organisation
from ortaq.portal.asking import NONE, Asked

SIZE = 40
# What a line of a list shows.
SHOWN = (
    "kind", "key", "address", "title_kk", "title_ru", "instrument", "year", "field", "region", "sum_tiyn", "opens_at",
    "closes_at", "published_at", "state", "place",
    "body__kind", "body__bin", "body__name_kk", "body__name_ru",
    "recipient__kind", "recipient__bin", "recipient__name_kk", "recipient__name_ru",
)  # fmt: skip


def lines(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    """The rows with what a line of a list shows, in one query."""
    return rows.defer(None).only(*SHOWN)


def narrowed(asked: Asked, rows: QuerySet[Publication] | None = None) -> QuerySet[Publication]:
    """The publications that are asked for, of `rows` (default: of all)."""
    rows = published() if rows is None else rows
    if asked.of:
        rows = rows.filter(sum_tiyn__isnull=False)
    if asked.of or asked.kind:
        rows = rows.filter(kind__in=asked.kinds)
    if asked.year:
        rows = rows.filter(year=None if asked.year == NONE else int(asked.year))
    if asked.region and (asked.alone or asked.region == NONE):
        rows = rows.filter(region="" if asked.region == NONE else asked.region)
    elif asked.region:
        rows = rows.filter(in_region(asked.region))
    for name in ("field", "instrument"):
        if value := getattr(asked, name):
            rows = rows.filter(**{name: "" if value == NONE else value})
    for name in ("body", "recipient"):
        if value := getattr(asked, name):
            rows = rows.filter(**({name: None} if value == NONE else {f"{name}__bin": value}))
    if months := asked.months:
        rows = rows.filter(
            published_at__gte=clock.at(months[0]), published_at__lt=clock.at(months[1])
        )
    return rows


@dataclass(frozen=True, slots=True)
class Records:
    """A page of publications; `sum_tiyn` of all of them where money is counted, else None."""

    page: KeyPage[Publication]
    total: int
    sum_tiyn: int | None
    body: Organisation | None
    recipient: Organisation | None


def records(asked: Asked, given: Mapping[str, Any]) -> Records:
    """A page of what is asked for, the newest first; two queries, and one where an organisation is named."""
    rows = narrowed(asked)
    counted = rows.order_by().aggregate(total=Count("pk"), sum_tiyn=Sum("sum_tiyn"))
    named = [one for one in (asked.body, asked.recipient) if one and one != NONE]
    found = {one.bin: one for one in Organisation.objects.filter(bin__in=named)} if named else {}
    return Records(
        key_page(lines(rows), given, order=["-place"], size=SIZE, total=counted["total"]),
        counted["total"],
        (counted["sum_tiyn"] or 0) if asked.of else None,
        found.get(asked.body),
        found.get(asked.recipient),
    )
