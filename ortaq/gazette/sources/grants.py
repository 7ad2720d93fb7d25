"""What is public of grants: plans, competitions, and the grants that they awarded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse

from ortaq.gazette.models import Publication
from ortaq.gazette.telling import Draft, Source, same, through
from ortaq.grants.models import Competition, Lot, Outcome, Plan, PlanVersion
from ortaq.grants.queries import competition as competitions
from ortaq.grants.queries import plan as plans
from ortaq.people.actor import PASSER_BY

from .said import distinct, iso, shorter, since, the_one, told

Kind = Publication.Kind
GRANT = Publication.Instrument.GRANT
State = Competition.State


def _versions() -> QuerySet[PlanVersion]:
    return plans.versions_visible_to(PASSER_BY)


def _plans() -> QuerySet[Plan]:
    return Plan.objects.filter(pk__in=_versions().values("plan")).select_related("body")


def _planned(rows: Sequence[Plan]) -> Iterator[Draft]:
    """A plan as its last public version has it."""
    seen = {row.plan_id: row for row in _versions().filter(plan__in=rows).order_by("number")}
    first = {row.plan_id: row for row in _versions().filter(plan__in=rows).order_by("-number")}
    topics = plans.topics_visible_to(PASSER_BY).filter(version__in=list(seen.values()))
    titles: dict[int, list[str]] = defaultdict(list)
    for plan, kk, ru in topics.values_list("version__plan", "title_kk", "title_ru"):
        titles[plan] += (kk, ru)
    sums = dict(
        topics.order_by()
        .values_list("version__plan")
        .annotate(sum_tiyn=Sum("amounts__amount_tiyn"))
        .values_list("version__plan", "sum_tiyn")
    )
    for row in rows:
        version, begun = seen[row.pk], first[row.pk]
        yield Draft(
            row.pk,
            reverse("grants:plan", args=[version.pk]),
            row.title_kk,
            row.title_ru,
            published_at=begun.approved_at or since(begun.act_date),
            summary_kk=shorter(row.basis_kk),
            summary_ru=shorter(row.basis_ru),
            instrument=GRANT,
            year=row.year,
            regions=distinct([row.region_code]),
            body=row.body_id,
            sum_tiyn=sums.get(row.pk),
            state=version.state,
            facts=told(
                level=row.level,
                version=version.number,
                act_number=version.act_number,
                act_date=iso(version.act_date),
                topics=len(titles[row.pk]) // 2,
            ),
            searched=tuple(titles[row.pk]),
        )


def _competitions() -> QuerySet[Competition]:
    rows = competitions.competitions_visible_to(PASSER_BY)
    return rows.select_related("version__plan", "operator")


def _announced(rows: Sequence[Competition]) -> Iterator[Draft]:
    lots: dict[int, list[Lot]] = defaultdict(list)
    found = Lot.objects.filter(competition__in=rows).select_related(
        "topic__field", "outcome__winner"
    )
    for lot in found.order_by("position"):
        lots[lot.competition_id].append(lot)
    for row in rows:
        mine, plan = lots[row.pk], row.version.plan
        yield Draft(
            row.pk,
            reverse("grants:competition", args=[row.pk]),
            row.title_kk,
            row.title_ru,
            published_at=row.announced_at,
            summary_kk=shorter(row.text_kk),
            summary_ru=shorter(row.text_ru),
            instrument=GRANT,
            year=plan.year,
            field=the_one(lot.topic.field.direction for lot in mine),
            regions=_regions(mine, plan),
            body=row.operator_id,
            sum_tiyn=sum(lot.amount_tiyn for lot in mine),
            opens_at=row.announced_at,
            closes_at=row.closes_at,
            state=row.state,
            facts=told(kind=row.kind, plan=plan.pk, lots=len(mine), **_ended(row, mine)),
            searched=tuple(
                text for lot in mine for text in (lot.topic.title_kk, lot.topic.title_ru)
            ),
        )


def _ended(row: Competition, lots: Sequence[Lot]) -> dict[str, Any]:
    """How its lots ended, once that is published."""
    if row.state != State.PUBLISHED:
        return {}
    known = [lot.outcome for lot in lots if lot.outcome.published_at is not None]
    won = [one.winner for one in known if one.winner is not None]
    return {
        "published_at": row.published_at and row.published_at.isoformat(),
        "won": len(won),
        "failed": len(known) - len(won),
        "submitted": sum(one.submitted for one in known),
        "awarded_tiyn": sum(one.grant_tiyn for one in won),
    }


def _regions(lots: Sequence[Lot], plan: Plan) -> tuple[str, ...]:
    return distinct(
        [plan.region_code]
        if plan.region_code
        else [code for lot in lots for code in lot.topic.regions]
    )


def _outcomes() -> QuerySet[Outcome]:
    return Outcome.objects.filter(
        winner__isnull=False,
        published_at__isnull=False,
        lot__competition__state=State.PUBLISHED,
        lot__competition__in=competitions.competitions_visible_to(PASSER_BY),
    ).select_related("winner__organisation", "lot__topic__field", "lot__competition__version__plan")


def _awarded(rows: Sequence[Outcome]) -> Iterator[Draft]:
    for row in rows:
        lot, winner = row.lot, row.winner
        assert winner is not None
        plan, topic = lot.competition.version.plan, lot.topic
        russian = winner.language == "ru"
        yield Draft(
            row.pk,
            f"{reverse('grants:results', args=[lot.competition_id])}#topic-{lot.pk}",
            (not russian and winner.title) or topic.title_kk,
            (russian and winner.title) or (not topic.title_kk and winner.title) or topic.title_ru,
            published_at=row.published_at,
            summary_kk=topic.title_kk if winner.title else "",
            summary_ru=topic.title_ru if winner.title else "",
            instrument=GRANT,
            year=plan.year,
            field=topic.field.direction,
            regions=_regions([lot], plan),
            body=lot.competition.operator_id,
            recipient=winner.organisation_id,
            sum_tiyn=winner.grant_tiyn,
            state=row.kind,
            facts=told(
                competition=lot.competition_id,
                lot=lot.pk,
                topic=topic.pk,
                application=winner.number,
                planned_tiyn=lot.amount_tiyn,
                total_tiyn=winner.total_tiyn,
                submitted=row.submitted,
                admitted=row.admitted,
                points=row.points,
                sheets=row.sheets,
                maximum=row.maximum,
                starts_on=iso(winner.starts_on),
                ends_on=iso(winner.ends_on),
            ),
        )


SOURCES = (
    Source(
        Kind.PLAN,
        "grants.plan",
        _plans,
        _planned,
        {
            "grants.plan": same,
            "grants.planversion": through(PlanVersion.objects.all(), "pk", "plan"),
        },
    ),
    Source(
        Kind.COMPETITION,
        "grants.competition",
        _competitions,
        _announced,
        {"grants.competition": same},
    ),
    Source(
        Kind.GRANT,
        "grants.outcome",
        _outcomes,
        _awarded,
        {"grants.competition": through(Outcome.objects.all(), "lot__competition")},
    ),
)
