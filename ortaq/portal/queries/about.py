"""One region, one state body or one field: what is open there, what is new, and its money by year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, QuerySet, Sum

from ortaq.gazette.models import Publication
from ortaq.gazette.moments import COUNTED
from ortaq.people.models import Organisation
from ortaq.portal.asking import MOMENTS, Asked

from . import late, money, open_now
from .records import lines, narrowed

Kind = Publication.Kind
NEWEST = 10
KINDS = Organisation.Kind
BODIES = (KINDS.STATE_BODY, KINDS.AUTHORISED_BODY, KINDS.OPERATOR)


@dataclass(frozen=True, slots=True)
class Year:
    """Money of a year at each moment: (sum, address of its records)."""

    year: int
    sums: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class About:
    """Everything that such a page shows; three queries. `counts`: (kind in words, how many, address of the list)."""

    open: Sequence[Publication]
    newest: Sequence[Publication]
    counts: Sequence[tuple[Any, int, str]]
    years: Sequence[Year]
    moments: Sequence[Any]
    late: late.Late | None = None


def bodies() -> QuerySet[Organisation]:
    """THE visibility of a body's page: state bodies, authorised bodies and the operator; no NGO and no other firm."""
    return Organisation.objects.filter(kind__in=BODIES)


def about(asked: Asked, body: Organisation | None = None) -> About:
    """What is public under one filter; with `body` also what it is late with."""
    rows = narrowed(asked)
    # Kind by kind and year by year: how much was published, and what it is worth together.
    grouped = list(
        rows.order_by()
        .values_list("kind", "year")
        .annotate(number=Count("pk"), sum_of=Sum("sum_tiyn"))
    )
    counted: Counter[str] = Counter()
    for kind, _year, number, _sum in grouped:
        counted[kind] += number
    words = dict(Kind.choices)
    mine = narrowed(asked, open_now.open_now())
    shown = rows.exclude(kind__in=(Kind.NGO, Kind.BODY))
    return About(
        list(lines(mine)[:NEWEST]),
        list(lines(shown).order_by("-place")[:NEWEST]),
        [
            (words[kind], number, money.address_of(replace(asked, kind=kind)))
            for kind, number in sorted(counted.items(), key=lambda one: list(words).index(one[0]))
            if kind != Kind.BODY
        ],
        _years(asked, grouped),
        list(MOMENTS.values()),
        late.late(body) if body else None,
    )


def _years(asked: Asked, grouped: Iterable[tuple[str, int | None, int, int | None]]) -> list[Year]:
    """Money by year, the last first; years without money have no line."""
    kinds = {kind for counted in COUNTED.values() for kind in counted}
    sums: dict[int, dict[str, int]] = {}
    for kind, year, _number, sum_tiyn in grouped:
        if kind in kinds and year is not None and sum_tiyn is not None:
            sums.setdefault(year, {})[kind] = sum_tiyn
    return [
        Year(
            year,
            [
                (
                    sum(sums[year].get(kind, 0) for kind in counted),
                    money.address_of(replace(asked, of=of, year=str(year))),
                )
                for of, counted in COUNTED.items()
            ],
        )
        for year in sorted(sums, reverse=True)
    ]
