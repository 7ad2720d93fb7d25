"""Public money, counted at one of three moments and by one property; each sum is that of a list of records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, QuerySet, Sum, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import regions
from ortaq.gazette.models import Publication
from ortaq.gazette.moments import COUNTED
from ortaq.people.models import Organisation
from ortaq.portal.asking import MOMENTS, NONE, Asked, fields

from .records import narrowed

FIELD, REGION, INSTRUMENT, RECIPIENT, BODY, YEAR = (
    "field",
    "region",
    "instrument",
    "recipient",
    "body",
    "year",
)
BY = {
    FIELD: _("By field"),
    REGION: _("By region"),
    INSTRUMENT: _("By instrument"),
    BODY: _("By state body"),
    RECIPIENT: _("By recipient"),
    YEAR: _("By year"),
}
HEADS = {
    FIELD: _("Field"),
    REGION: _("Region"),
    INSTRUMENT: _("Instrument"),
    BODY: _("State body"),
    RECIPIENT: _("Recipient"),
    YEAR: _("Year"),
}
UNNAMED = {
    FIELD: _("several fields, or none is named"),
    REGION: _("several regions or the whole country"),
    INSTRUMENT: _("not named"),
    BODY: _("not named"),
    RECIPIENT: _("nobody yet"),
    YEAR: _("not named"),
}
# A page of recipients, and how far one may turn pages: whoever wants all of them takes the table.
SIZE, DEEPEST = 100, 200
# So many lines of the whole table look up their organisations together.
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """Money of one value of the property; `address` leads to the records that add up to it."""

    value: str
    label: Any
    sum_tiyn: int
    count: int
    address: str
    organisation: Organisation | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """What a page of money shows. `moments`: (moment, its words, sum, number of records)."""

    lines: Sequence[Line]
    sum_tiyn: int
    count: int
    moments: Sequence[tuple[str, Any, int, int]]
    page: int
    pages: int


def address_of(asked: Asked) -> str:
    """The list of the records that are asked for."""
    return f"{reverse('portal:records')}?{asked.query()}"


def moments(asked: Asked) -> list[tuple[str, Any, int, int]]:
    """What is counted at each moment under the other filters of `asked`; one query."""
    rows = narrowed(replace(asked, of="", kind="", month="")).filter(
        kind__in=[kind for kinds in COUNTED.values() for kind in kinds], sum_tiyn__isnull=False
    )
    counted = {
        kind: (sum_tiyn, count)
        for kind, sum_tiyn, count in rows.order_by()
        .values_list("kind")
        .annotate(sum_of=Sum("sum_tiyn"), count_of=Count("pk"))
    }
    return [
        (
            of,
            words,
            *(sum(counted.get(kind, (0, 0))[part] for kind in COUNTED[of]) for part in (0, 1)),
        )
        for of, words in MOMENTS.items()
    ]


def money(asked: Asked, by: str, page: int = 1) -> Money:
    """Money at the moment `asked.of` by one property, the greatest sums first; at most four queries.

    `page` counts from 1; a page that is not there has no lines, and where nothing is there is one page.
    """
    # How many groups there are is counted with them, since each further count goes through all records once more.
    counted = _groups(asked, by).annotate(groups=Window(Count("*")))
    rows = list(counted[(page - 1) * SIZE : page * SIZE])
    groups = rows[0][3] if rows else 0
    of_all = moments(asked)
    return Money(
        list(_lines(asked, by, [row[:3] for row in rows])),
        *_total(asked, of_all),
        of_all,
        page,
        max(1, min(DEEPEST, -(-groups // SIZE))),
    )


def _total(asked: Asked, of_all: Sequence[tuple[str, Any, int, int]]) -> tuple[int, int]:
    """Sum and number of the records that are asked for; a query only where a filter is not that of the moments."""
    if not (asked.kind or asked.month):
        return next((sum_tiyn, count) for of, _words, sum_tiyn, count in of_all if of == asked.of)
    found = narrowed(asked).order_by().aggregate(sum_tiyn=Sum("sum_tiyn"), count=Count("pk"))
    return found["sum_tiyn"] or 0, found["count"]


def every_line(asked: Asked, by: str) -> Iterator[Line]:
    """All lines, for the table to take along."""
    groups = list(_groups(asked, by))
    for start in range(0, len(groups), AT_ONCE):
        yield from _lines(asked, by, groups[start : start + AT_ONCE])


def _column(by: str) -> str:
    return {BODY: "body", RECIPIENT: "recipient"}.get(by, by)


def _groups(asked: Asked, by: str) -> QuerySet[Publication, tuple[Any, int, int]]:
    """Value of the property, sum and number of records; there may be as many as NGOs, so the database sorts them."""
    return (
        narrowed(asked)
        .order_by()
        .values_list(_column(by))
        .annotate(sum_of=Sum("sum_tiyn"), count_of=Count("pk"))
        .order_by("-sum_of", _column(by))
    )


def _lines(asked: Asked, by: str, groups: Iterable[tuple[Any, int, int]]) -> Iterator[Line]:
    groups = list(groups)
    of_organisations = by in (BODY, RECIPIENT)
    known: dict[Any, Organisation] = (
        Organisation.objects.only("kind", "bin", "name_kk", "name_ru").in_bulk(
            [key for key, *_rest in groups if key]
        )
        if of_organisations
        else {}
    )
    words, records = _words(by), reverse("portal:records")
    for key, sum_tiyn, count in groups:
        organisation = known.get(key)
        value = organisation.bin if organisation else str(key or "") or NONE
        label = organisation.name if organisation else words.get(value, value)
        # A sum of one region counts what is about it alone; what is about several has a line of its own.
        narrower = {by: value} | ({"alone": "1"} if by == REGION and value != NONE else {})
        address = f"{records}?{asked.query(**narrower)}"
        yield Line(value, label, sum_tiyn, count, address, organisation)


def _words(by: str) -> dict[str, Any]:
    """What each value of a property is called."""
    named: dict[str, Any] = {NONE: UNNAMED[by]}
    if by == FIELD:
        return fields() | named
    if by == REGION:
        return {one.code: one.name for one in reversed(regions.every())} | named
    if by == INSTRUMENT:
        return dict(Publication.Instrument.choices) | named
    return named
