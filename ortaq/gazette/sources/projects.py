"""What is public of projects: contracts that follow a published result, results that were presented, small competitions.

A contract as such is known to its parties only. What everybody may know of it is what the page of its NGO tells: it
follows from a published result of a competition or tender, or its project has published results or a posted evaluation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from ortaq.core import clock
from ortaq.core.keys import key_of
from ortaq.gazette.models import Publication
from ortaq.gazette.telling import Draft, Source, same, through
from ortaq.law.fields import fields_by_name
from ortaq.oversight.models import Evaluation
from ortaq.oversight.queries import evaluation as evaluations
from ortaq.projects.models import (
    Contract,
    Event,
    Evidence,
    Expense,
    Project,
    Reach,
    Report,
    SmallCompetition,
    SmallGrant,
)
from ortaq.projects.queries import report as reports
from ortaq.projects.queries import small
from ortaq.projects.small_checks import GIVEN

from .grants import _outcomes, _regions
from .said import distinct, iso, shorter, told, where
from .tenders import _decided

Kind = Publication.Kind


@dataclass(frozen=True, slots=True)
class Origin:
    """The published result from which a contract follows."""

    key: str
    address: str
    year: int
    field: str
    regions: tuple[str, ...]


def _origins(contracts: Iterable[Contract]) -> dict[str, Origin]:
    """The published results that these contracts name as their source; at most two queries."""
    asked: dict[str, list[int]] = defaultdict(list)
    for contract in contracts:
        noun, _colon, pk = contract.source.partition(":")
        if pk.isascii() and pk.isdigit():
            asked[noun].append(int(pk))
    found = {}
    grants, orders = asked["grants.outcome"], asked["tenders.lot"]
    for outcome in _outcomes().filter(pk__in=grants) if grants else ():
        lot = outcome.lot
        plan, address = (
            lot.competition.version.plan,
            reverse("grants:results", args=[lot.competition_id]),
        )
        found[key_of(outcome)] = Origin(
            key_of(outcome),
            f"{address}#topic-{lot.pk}",
            plan.year,
            lot.topic.field.direction,
            _regions([lot], plan),
        )
    for row in _decided().filter(pk__in=orders) if orders else ():
        found[key_of(row)] = Origin(
            key_of(row),
            f"{reverse('tenders:results', args=[row.tender_id])}#lot-{row.pk}",
            row.topic.formation.plan_year,
            row.topic.field,
            where(row.topic.region_code, row.tender.customer),
        )
    return found


def _about(contract: Contract, origin: Origin | None) -> dict[str, Any]:
    """What every publication that rests on a contract has in common."""
    begins = contract.starts_on or contract.concluded_on
    return {
        "instrument": contract.instrument,
        "year": origin.year if origin else begins.year if begins else None,
        "field": origin.field if origin else fields_by_name().get(contract.direction_kk, ""),
        "regions": origin.regions if origin else where("", contract.grantor),
        "body": contract.grantor_id,
        "recipient": contract.grantee_id,
    }


def _contracts() -> QuerySet[Contract]:
    rows = Contract.objects.filter(state=Contract.State.SIGNED)
    return rows.select_related("grantor", "project__presentation").defer(
        "general", "social_effect", "search", "small_grants", "versions", "project__baseline"
    )


def _concluded(rows: Sequence[Contract]) -> Iterator[Draft]:
    origins = _origins(rows)
    judged = dict(
        evaluations.published()
        .filter(project__contract__in=rows)
        .values_list("project__contract", "pk")
    )
    for row in rows:
        origin, project = origins.get(row.source), getattr(row, "project", None)
        shown = getattr(project, "presentation", None)
        if origin is not None:
            address = origin.address
        elif project is not None and shown is not None and shown.published_at is not None:
            address = reverse("projects:results", args=[project.pk])
        elif row.pk in judged:
            address = reverse("oversight:public_evaluation", args=[judged[row.pk]])
        else:
            continue
        # Everybody may know of the end once they may read what came of it.
        reported = row.pk in judged or (shown is not None and shown.published_at is not None)
        ended = project.closed_at if project is not None and reported else None
        yield Draft(
            row.pk,
            address,
            row.title_kk,
            row.title_ru,
            published_at=row.signed_at,
            sum_tiyn=row.sum_tiyn,
            state=row.state,
            facts=told(
                number=row.number,
                source=origin.key if origin else None,
                project=project.pk if project else None,
                concluded_on=iso(row.concluded_on),
                paid_tiyn=project.paid_tiyn if project else None,
                starts_on=iso(row.starts_on),
                ends_on=iso(row.ends_on),
                ended_on=iso(ended and clock.day_of(ended)),
            ),
            **_about(row, origin),
        )


def _reached(rows: Iterable[Project]) -> Mapping[int, tuple[int, int]]:
    """People reached through the mass media and NGOs covered, by project; one query."""
    found = Reach.objects.filter(project__in=rows, struck="").order_by().values_list("project")
    counted = found.annotate(people=Sum("people"), ngos=Count("id", filter=Q(kind=Reach.Kind.NGO)))
    return {pk: (people or 0, ngos) for pk, people, ngos in counted}


def _presented(rows: Sequence[Project]) -> Iterator[Draft]:
    origins = _origins(row.contract for row in rows)
    reached = _reached(rows)
    for row in rows:
        contract, shown = row.contract, row.presentation
        indirect, ngos = reached.get(row.pk, (0, 0))
        yield Draft(
            row.pk,
            reverse("projects:results", args=[row.pk]),
            contract.title_kk,
            contract.title_ru,
            published_at=shown.published_at,
            summary_kk=shorter(shown.summary_kk),
            summary_ru=shorter(shown.summary_ru),
            sum_tiyn=contract.sum_tiyn,
            state=row.state,
            facts=told(
                contract=contract.pk,
                starts_on=iso(contract.starts_on),
                ends_on=iso(contract.ends_on),
                events=row.events,
                events_held=row.events_held,
                attendances=row.attendances,
                covered=row.covered,
                indirect=indirect,
                ngos=ngos,
                answers=row.answers,
                points=row.points,
                indicators=row.indicators,
                indicators_done=row.indicators_done,
                indicators_proved=row.indicators_proved,
                paid_tiyn=row.paid_tiyn,
                spent_tiyn=row.spent_tiyn,
                admitted_tiyn=row.admitted_tiyn,
            ),
            searched=(shown.summary_kk, shown.summary_ru),
            **_about(contract, origins.get(contract.source)),
        )


def _small(rows: Sequence[SmallCompetition]) -> Iterator[Draft]:
    contracts = [row.project.contract for row in rows]
    origins = _origins(contracts)
    given: dict[int, list[SmallGrant]] = defaultdict(list)
    decided = [row.pk for row in rows if row.state == SmallCompetition.State.DECIDED]
    chosen = SmallGrant.objects.filter(
        competition__in=decided, state__in=(*GIVEN, SmallGrant.State.RETURNED)
    )
    for one in chosen.only("competition", "region", "given_tiyn"):
        given[one.competition_id].append(one)
    for row, contract in zip(rows, contracts, strict=True):
        mine, about = given[row.pk], _about(contract, origins.get(contract.source))
        of_grants = distinct(one.region for one in mine)
        about["regions"] = of_grants or about["regions"]
        ended = (
            {"given": len(mine), "given_tiyn": sum(one.given_tiyn or 0 for one in mine)}
            if row.pk in decided
            else {}
        )
        yield Draft(
            row.pk,
            reverse("projects:small_grants_one", args=[row.code]),
            row.title_kk,
            row.title_ru,
            published_at=row.opens_at,
            summary_kk=shorter(row.announcement_kk),
            summary_ru=shorter(row.announcement_ru),
            sum_tiyn=ended.get("given_tiyn"),
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            state=row.state,
            facts=told(project=row.project_id, contract=contract.pk, **ended),
            **about,
        )


_of_contract = Contract.objects.all()
SOURCES = (
    Source(
        Kind.CONTRACT,
        "projects.contract",
        _contracts,
        _concluded,
        {
            "projects.contract": same,
            "projects.project": through(_of_contract, "project"),
            "oversight.evaluation": through(Evaluation.objects.all(), "pk", "project__contract"),
        },
    ),
    Source(
        Kind.PROJECT,
        "projects.project",
        reports.published,
        _presented,
        {
            "projects.project": same,
            "projects.contract": through(Project.objects.all(), "contract"),
            # Its figures go on after its results are published: expenses are admitted, events corrected.
            "projects.expense": through(Expense.objects.all(), "pk", "project"),
            "projects.event": through(Event.objects.all(), "pk", "project"),
            "projects.evidence": through(Evidence.objects.all(), "pk", "project"),
            "projects.report": through(Report.objects.all(), "pk", "project"),
        },
    ),
    Source(
        Kind.SMALL,
        "projects.smallcompetition",
        small.public_competitions,
        _small,
        {
            "projects.smallcompetition": same,
            "projects.smallgrant": through(SmallGrant.objects.all(), "pk", "competition"),
        },
    ),
)
