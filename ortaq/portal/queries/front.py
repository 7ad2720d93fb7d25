"""What the front page reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ortaq.core import clock
from ortaq.core import money as core_money
from ortaq.faces import parts
from ortaq.gazette.models import Publication
from ortaq.gazette.queries import published
from ortaq.portal.asking import Asked

from . import late, money, open_now
from .records import lines

Kind = Publication.Kind
# What somebody waited for: how a thing ended, or what it came to.
RESULTS = (Kind.GRANT, Kind.ORDER, Kind.LAUREATE, Kind.PROJECT, Kind.EVALUATION, Kind.REPORT)
NEWEST = 8


@dataclass(frozen=True, slots=True)
class Front:
    """The front page; four queries. `closed`: kinds of which nothing is open; `bars`: money of the present `year` at each moment."""

    open: Sequence[open_now.Group]
    closed: Sequence[open_now.Group]
    newest: Sequence[Publication]
    year: int
    bars: Sequence[parts.Bar]
    late: int


def front() -> Front:
    """What is open, what is new, the year's money, and how much is late."""
    year, groups = clock.today().year, open_now.groups()
    newest = lines(published().filter(kind__in=RESULTS)).order_by("-place")[:NEWEST]
    return Front(
        [group for group in groups if group.shown],
        [group for group in groups if not group.shown],
        list(newest),
        year,
        [
            parts.Bar(
                words,
                sum_tiyn,
                core_money.show(sum_tiyn),
                href=money.address_of(Asked(of, year=str(year))),
            )
            for of, words, sum_tiyn, _number in money.moments(Asked(year=str(year)))
        ],
        late.count(),
    )
