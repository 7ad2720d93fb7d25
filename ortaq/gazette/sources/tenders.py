"""What is public of tenders: their announcement, and the result of each lot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from ortaq.gazette.models import Publication
from ortaq.gazette.telling import Draft, Source, same, through
from ortaq.people.actor import PASSER_BY
from ortaq.tenders.models import Bid, Lot, Tender
from ortaq.tenders.queries import tender as tenders
from ortaq.tenders.queries.review import PUBLISHED

from .said import distinct, iso, shorter, the_one, told, where

Kind = Publication.Kind
SOCIAL_ORDER = Publication.Instrument.SOCIAL_ORDER
OPENED = (Bid.State.OPENED, Bid.State.ADMITTED, Bid.State.NOT_ADMITTED)


def _announced(rows: Sequence[Tender]) -> Iterator[Draft]:
    lots: dict[int, list[Lot]] = defaultdict(list)
    found = Lot.objects.filter(tender__in=rows).select_related("topic__formation")
    for lot in found.order_by("position"):
        lots[lot.tender_id].append(lot)
    for row in rows:
        mine = lots[row.pk]
        regions = [code for lot in mine for code in where(lot.topic.region_code, row.customer)]
        ended: dict[str, Any] = {}
        if row.state in PUBLISHED:
            won = sum(lot.result == Lot.Result.WINNER for lot in mine)
            ended = {"won": won, "failed": len(mine) - won}
        yield Draft(
            row.pk,
            reverse("tenders:tender", args=[row.pk]),
            row.title_kk,
            row.title_ru,
            published_at=row.announced_at,
            summary_kk=shorter(row.conditions_kk),
            summary_ru=shorter(row.conditions_ru),
            instrument=SOCIAL_ORDER,
            year=the_one((lot.topic.formation.plan_year for lot in mine), None),
            field=the_one(lot.topic.field for lot in mine),
            regions=distinct(regions),
            body=row.customer_id,
            sum_tiyn=sum(lot.allocated_tiyn for lot in mine),
            opens_at=row.announced_at,
            closes_at=row.closes_at,
            state=row.state,
            facts=told(
                number=row.number,
                organiser=row.organiser_id,
                lots=len(mine),
                opened_at=row.opened_at and row.opened_at.isoformat(),
                published_at=row.published_at and row.published_at.isoformat(),
                **ended,
            ),
            searched=(
                row.number,
                *(text for lot in mine for text in (lot.topic.title_kk, lot.topic.title_ru)),
            ),
        )


def _decided() -> QuerySet[Lot]:
    shown = tenders.tenders_visible_to(PASSER_BY).filter(state__in=PUBLISHED)
    return Lot.objects.filter(tender__in=shown).select_related(
        "tender__customer", "topic__formation"
    )


def _results(rows: Sequence[Lot]) -> Iterator[Draft]:
    bids: dict[int, list[Bid]] = defaultdict(list)
    found = Bid.objects.filter(lot__in=rows, state__in=OPENED).defer("content", "draft", "sealed")
    for bid in found.order_by("id"):
        bids[bid.lot_id].append(bid)
    for row in rows:
        mine, tender = bids[row.pk], row.tender
        won = row.result == Lot.Result.WINNER
        admitted = [bid for bid in mine if bid.state == Bid.State.ADMITTED]
        winner = next((bid for bid in admitted if won and bid.place == 1), None)
        yield Draft(
            row.pk,
            f"{reverse('tenders:results', args=[tender.pk])}#lot-{row.pk}",
            row.topic.title_kk,
            row.topic.title_ru,
            published_at=tender.published_at,
            summary_kk=tender.title_kk,
            summary_ru=tender.title_ru,
            instrument=SOCIAL_ORDER,
            year=row.topic.formation.plan_year,
            field=row.topic.field,
            regions=where(row.topic.region_code, tender.customer),
            body=tender.customer_id,
            recipient=winner.organisation_id if winner else None,
            sum_tiyn=winner.price_tiyn if winner else None,
            state=row.result,
            facts=told(
                tender=tender.pk,
                number=tender.number,
                lot=row.position,
                topic=row.topic_id,
                allocated_tiyn=row.allocated_tiyn,
                bids=len(mine),
                admitted=len(admitted),
                points=sum(winner.scores.values()) if winner and winner.scores else None,
                starts_on=iso(row.starts_on),
                ends_on=iso(row.ends_on),
            ),
        )


SOURCES = (
    Source(
        Kind.TENDER,
        "tenders.tender",
        lambda: tenders.tenders_visible_to(PASSER_BY).select_related("customer"),
        _announced,
        {"tenders.tender": same},
    ),
    Source(
        Kind.ORDER,
        "tenders.lot",
        _decided,
        _results,
        {"tenders.tender": through(Lot.objects.all(), "tender")},
    ),
)
