"""What is public of prizes: the prize of a year, and its recipients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ortaq.gazette.models import Publication
from ortaq.gazette.telling import Draft, Source, same, through
from ortaq.people.actor import PASSER_BY
from ortaq.prizes.models import Award, Direction, Round
from ortaq.prizes.queries import award as awards
from ortaq.prizes.queries import round as rounds

from .said import both, distinct, iso, shorter, told

Kind = Publication.Kind
PRIZE = Publication.Instrument.PRIZE


def _prize(year: int) -> str:
    return _("Prize for NGOs of %(year)s") % {"year": year}


def _rounds(rows: Sequence[Round]) -> Iterator[Draft]:
    directions: dict[int, list[Direction]] = defaultdict(list)
    for one in Direction.objects.filter(round__in=rows).order_by("position"):
        directions[one.round_id].append(one)
    for row in rows:
        mine = directions[row.pk]
        title_kk, title_ru = both(_prize, row.year)
        yield Draft(
            row.pk,
            reverse("prizes:round", args=[row.year]),
            title_kk,
            title_ru,
            published_at=row.announced_at,
            summary_kk=shorter(row.text_kk),
            summary_ru=shorter(row.text_ru),
            instrument=PRIZE,
            year=row.year,
            body=row.organiser_id,
            sum_tiyn=sum(one.amount_tiyn for one in mine),
            opens_at=row.announced_at,
            closes_at=row.apply_until,
            state=row.state,
            facts=told(
                directions=len(mine),
                listed_at=row.listed_at and row.listed_at.isoformat(),
                published_at=row.published_at and row.published_at.isoformat(),
            ),
            searched=tuple(text for one in mine for text in (one.label.kk, one.label.ru)),
        )


def _awards() -> QuerySet[Award]:
    return awards.published().select_related("application__organisation", "direction__round")


def _laureates(rows: Sequence[Award]) -> Iterator[Draft]:
    for row in rows:
        year, who = row.direction.round, row.application.organisation
        label: Any = row.direction.label
        yield Draft(
            row.pk,
            reverse("prizes:results", args=[year.year]),
            who.name_kk,
            who.name_ru,
            published_at=year.published_at,
            summary_kk=label.kk,
            summary_ru=label.ru,
            instrument=PRIZE,
            year=year.year,
            field=row.direction.field,
            regions=distinct([who.region_code]),
            body=year.organiser_id,
            recipient=who.pk,
            sum_tiyn=row.share_tiyn,
            facts=told(
                round=year.pk,
                paid_on=iso(row.paid_on),
                paid_tiyn=row.paid_tiyn,
            ),
        )


SOURCES = (
    Source(
        Kind.PRIZE,
        "prizes.round",
        lambda: rounds.rounds_visible_to(PASSER_BY),
        _rounds,
        {"prizes.round": same},
    ),
    Source(
        Kind.LAUREATE,
        "prizes.award",
        _awards,
        _laureates,
        {
            "prizes.award": same,
            "prizes.round": through(Award.objects.all(), "direction__round"),
            "organisation": through(Award.objects.all(), "application__organisation"),
        },
    ),
)
