"""What releases are made of: topics with all that followed from them, in a fixed number of queries for each chunk.

Each query begins with what the room itself shows to everybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from ortaq.core.keys import key_of
from ortaq.core.models import JournalEntry
from ortaq.oversight.models import Evaluation
from ortaq.oversight.queries import evaluation as evaluations
from ortaq.people.actor import PASSER_BY
from ortaq.planning.models import Assessment, BudgetRequest, Service, Topic
from ortaq.planning.queries.formation import topics_visible_to
from ortaq.planning.queries.needs import assessments_visible_to
from ortaq.projects.models import Contract, Presentation, Project, Tranche
from ortaq.projects.queries import report as results
from ortaq.tenders.models import Bid, Lot
from ortaq.tenders.queries.bid import OPEN
from ortaq.tenders.queries.review import PUBLISHED
from ortaq.tenders.queries.tender import lots_visible_to

TOPIC, LOT, CONTRACT = "planning.topic", "tenders.lot", "projects.contract"
# Which steps of the journal say when something became public that has no instant of its own.
STEPS = ("form_list", "budget", "decline", "pay_tranche")


@dataclass(slots=True)
class Deal:
    """A contract and what is public of its project."""

    contract: Contract
    project: Project | None = None
    paid: Sequence[Tranche] = ()
    presentation: Presentation | None = None
    evaluation: Evaluation | None = None

    @property
    def is_reported(self) -> bool:
        """Whether everybody may read what came of it."""
        return self.presentation is not None or self.evaluation is not None


@dataclass(slots=True)
class Offer:
    """An announced lot: what is bought, who bid once that is known, and the contract."""

    lot: Lot
    services: Sequence[Service] = ()
    bids: Sequence[Bid] = ()
    deal: Deal | None = None


@dataclass(slots=True)
class Family:
    """A topic with its announced lots, in the order of their announcement; or a contract concluded elsewhere."""

    key: str
    topic: Topic | None = None
    assessments: Sequence[Assessment] = ()
    request: BudgetRequest | None = None
    offers: list[Offer] = field(default_factory=list)
    deal: Deal | None = None
    # (subject, step) or (subject, step, number) of the journal: when it was taken last.
    instants: Mapping[tuple[str, ...], datetime] = field(default_factory=dict)


def topics() -> QuerySet[Topic]:
    """The topics that everybody may know."""
    return topics_visible_to(PASSER_BY)


def contracts_elsewhere() -> QuerySet[Contract]:
    """Social orders that no tender of this site led to: known to everybody by their published results alone."""
    shown = results.published().order_by().values("pk")
    judged = evaluations.published().order_by().values("project")
    public = Q(project__in=shown) | Q(project__in=judged)
    return Contract.objects.filter(
        public,
        instrument=Contract.Instrument.SOCIAL_ORDER,
        state=Contract.State.SIGNED,
        order__isnull=True,
    )


def of_topics(pks: Collection[int]) -> Iterator[Family]:
    """The public families among these topics; at most fourteen queries."""
    assessed = assessments_visible_to(PASSER_BY).defer("answers", "search")
    rows = list(
        topics()
        .filter(pk__in=pks)
        .select_related("formation__body")
        .prefetch_related(Prefetch("assessments", assessed, to_attr="assessed"))
        .defer("search")
        .order_by("pk")
    )
    if not rows:
        return
    requests = {
        one.topic_id: one for one in BudgetRequest.objects.filter(topic__in=rows).defer("content")
    }
    offers = _offers(rows)
    deals = [offer.deal for some in offers.values() for offer in some if offer.deal]
    instants = _instants(
        [
            *{key_of(row.formation) for row in rows},
            *(key_of(deal.contract) for deal in deals),
            *(key_of(deal.project) for deal in deals if deal.project),
        ]
    )
    for row in rows:
        yield Family(
            key_of(row),
            row,
            row.assessed,
            requests.get(row.pk),
            offers.get(row.pk, []),
            instants=instants,
        )


def of_contracts(pks: Collection[int]) -> Iterator[Family]:
    """The public families among contracts concluded elsewhere; at most six queries."""
    if not pks:
        return
    rows = contracts_elsewhere().filter(pk__in=pks).select_related("grantor", "grantee")
    deals = _deals(list(rows.defer("general", "social_effect", "search").order_by("pk")))
    instants = _instants([key_of(deal.project) for deal in deals.values() if deal.project])
    for deal in deals.values():
        yield Family(key_of(deal.contract), deal=deal, instants=instants)


def _offers(rows: Sequence[Topic]) -> dict[int, list[Offer]]:
    lots = list(
        lots_visible_to(PASSER_BY)
        .filter(topic__in=rows, tender__announced_at__isnull=False)
        .select_related("tender__customer", "tender__organiser")
        .order_by("tender__announced_at", "pk")
    )
    services: dict[int, list[Service]] = {}
    wanted = {lot.specification_id for lot in lots}
    for service in Service.objects.filter(specification__in=wanted).order_by("position", "id"):
        services.setdefault(service.specification_id, []).append(service)
    # Sealed bids are not even counted: what is asked for is what the protocol of opening lists.
    bids: dict[int, list[Bid]] = {}
    opened = Bid.objects.filter(
        lot__in=[lot for lot in lots if lot.tender.opened_at],
        state__in=(*OPEN, Bid.State.SUBMITTED),
    ).select_related("organisation")
    for bid in opened.defer("content", "draft", "sealed").order_by("submitted_at", "id"):
        bids.setdefault(bid.lot_id, []).append(bid)
    decided = {lot.pk: lot for lot in lots if lot.tender.state in PUBLISHED}
    contracts = Contract.objects.filter(
        order__lot__in=decided, state__in=(Contract.State.SIGNED, Contract.State.DECLINED)
    ).select_related("grantor", "grantee", "order")
    deals = _deals(list(contracts.defer("general", "social_effect", "search")))
    of_lot = {deal.contract.order.lot_id: deal for deal in deals.values()}
    found: dict[int, list[Offer]] = {}
    for lot in lots:
        offer = Offer(
            lot, services.get(lot.specification_id, ()), bids.get(lot.pk, ()), of_lot.get(lot.pk)
        )
        found.setdefault(lot.topic_id, []).append(offer)
    return found


def _deals(contracts: Sequence[Contract]) -> dict[int, Deal]:
    """By primary key of the contract; five queries."""
    deals = {one.pk: Deal(one) for one in contracts}
    if not deals:
        return deals
    projects = {one.pk: one for one in Project.objects.filter(contract__in=deals).defer("baseline")}
    for project in projects.values():
        deals[project.contract_id].project = project
    paid: dict[int, list[Tranche]] = {}
    for one in Tranche.objects.filter(project__in=projects, paid_on__isnull=False):
        paid.setdefault(one.project_id, []).append(one)
    shown = Presentation.objects.filter(
        Exists(results.published().filter(pk=OuterRef("project"))), project__in=projects
    )
    presentations = {one.project_id: one for one in shown}
    judged = evaluations.published().filter(project__in=projects)
    posted = {one.project_id: one for one in judged.order_by("pk")}
    for pk, project in projects.items():
        deal = deals[project.contract_id]
        deal.paid = paid.get(pk, ())
        deal.presentation, deal.evaluation = presentations.get(pk), posted.get(pk)
    return deals


def _instants(subjects: Collection[str]) -> dict[tuple[str, ...], datetime]:
    """When steps were taken last, by subject and step, and by the number that they say; one query."""
    found: dict[tuple[str, ...], datetime] = {}
    rows = JournalEntry.objects.filter(subject__in=subjects, step__in=STEPS).order_by("number")
    for subject, step, at, facts in rows.values_list("subject", "step", "at", "facts"):
        found[subject, step] = at
        if "number" in facts:
            found[subject, step, str(facts["number"])] = at
    return found
