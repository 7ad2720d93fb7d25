"""One NGO with its whole life, for everybody: nothing here that a room's own public page keeps back.

The lines of public money are put together from what each room publishes: the award of a grant, the
winning bid, the contract that follows it, the results of its project, its evaluation. Personal data,
telephones and addresses have no place here (GAP-N-10).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, regions
from ortaq.core.keys import key_of
from ortaq.exchange.models import PastAward
from ortaq.exchange.queries.past import awards_of as past_awards_of
from ortaq.grants.models import Outcome
from ortaq.oversight.queries import evaluation as evaluations
from ortaq.people.models import Organisation, Standing
from ortaq.prizes.models import Award
from ortaq.prizes.queries.award import awards_of
from ortaq.projects.models import Contract, Project
from ortaq.projects.queries import report as results
from ortaq.projects.queries import small
from ortaq.registry import returns
from ortaq.registry.models import AnnualReturn, Ngo, NgoDirection
from ortaq.registry.queries import ngo as register
from ortaq.tenders.models import Bid
from ortaq.tenders.queries.review import PUBLISHED

State = Contract.State


@dataclass(frozen=True, slots=True)
class Filing:
    """The return on a year: its status in words, whether it is good, and the days behind it."""

    year: int
    status: str
    words: Any
    sent_on: date | None = None
    approved_on: date | None = None
    due_on: date | None = None


@dataclass(slots=True)
class Work:
    """What an NGO did, or shall do, with public money: from the award to the evaluation.

    `at` is when it became public; `links` are (address, words), the first the source of the rest.
    """

    instrument: Any
    title: str
    body: Organisation
    sum_tiyn: int
    at: datetime | None
    links: list[tuple[str, Any]] = field(default_factory=list)
    contract: Contract | None = None
    project: Project | None = None  # only where its results are published

    @property
    def satisfaction(self) -> str:
        """The average rating of those who took part; "" where none is published."""
        return (
            results.out_of_five(self.project.points, self.project.answers) if self.project else ""
        )


@dataclass(frozen=True, slots=True)
class Life:
    """All that the page of an NGO shows; at most thirteen queries whatever there is."""

    organisation: Organisation
    ngo: Ngo
    region: Any
    directions: Sequence[NgoDirection]
    size: Any
    filings: Sequence[Filing]
    standings: Sequence[Standing]
    works: Sequence[Work]
    bids: Sequence[Bid]
    prizes: Sequence[Award]
    past: Sequence[PastAward]

    @property
    def sum_tiyn(self) -> int:
        return sum(work.sum_tiyn for work in self.works)

    @property
    def _published(self) -> list[Project]:
        return [work.project for work in self.works if work.project]

    @property
    def satisfaction(self) -> str:
        """The average rating over all projects whose results are published."""
        rated = self._published
        return results.out_of_five(
            sum(one.points for one in rated), sum(one.answers for one in rated)
        )

    @property
    def answers(self) -> int:
        return sum(project.answers for project in self._published)

    @property
    def covered(self) -> int:
        """People who took part, of each project apart."""
        return sum(project.covered for project in self._published)


def ngos() -> QuerySet[Organisation]:
    """THE visibility of an NGO's page: whoever stands in the public register."""
    return Organisation.objects.filter(
        kind=Organisation.Kind.NGO, ngo__isnull=False
    ).select_related("ngo")


def life(organisation: Organisation) -> Life:
    """The life of an NGO that comes from `ngos`."""
    ngo = organisation.ngo
    held = Standing.objects.current().filter(organisation=organisation).order_by("-since", "id")
    known = regions.find(ngo.region_code) if ngo.region_code else None
    bids = list(_bids(organisation))
    return Life(
        organisation,
        ngo,
        known.name if known else "",
        list(ngo.directions.order_by("id")),
        register.size_words(ngo),
        _filings(organisation),
        list(held),
        _works(organisation, [bid for bid in bids if _won(bid)]),
        [bid for bid in bids if not _won(bid)],
        list(awards_of(organisation)),
        list(past_awards_of(organisation.bin)),
    )


# --- Returns -----------------------------------------------------------------------------------------


def _filings(organisation: Organisation) -> list[Filing]:
    """The last year and every year since the first of which a return is known, the last first."""
    last = register.year_asked()
    sent = AnnualReturn.objects.filter(organisation=organisation, sent_on__isnull=False)
    rows = {row.year: row for row in sent}
    years = range(min([last, *rows]), max([last, *rows]) + 1)
    return [
        _filing(organisation, year, rows.get(year))
        for year in reversed(years)
        if year in rows or returns.is_obliged(organisation, year)
    ]


def _filing(organisation: Organisation, year: int, row: AnnualReturn | None) -> Filing:
    due = returns.due_on(year)
    if row is None:
        if clock.today() <= due:
            return Filing(year, "not_due", register.NOT_DUE, due_on=due)
        return Filing(year, "absent", register.FILING["absent"], due_on=due)
    status = register.status_of(row)
    return Filing(year, status, register.FILING[status], row.sent_on, row.approved_on, due)


# --- Public money ------------------------------------------------------------------------------------


def _works(organisation: Organisation, won: Iterable[Bid]) -> list[Work]:
    works = {key_of(outcome): _grant(outcome) for outcome in _outcomes(organisation)}
    works |= {key_of(bid.lot): _order(bid) for bid in won}
    shown = {one.pk: one for one in results.published().filter(contract__grantee=organisation)}
    judged = {
        one.project_id: one
        for one in evaluations.published().filter(project__contract__grantee=organisation)
    }
    contracts = Contract.objects.filter(grantee=organisation, state=State.SIGNED)
    of_contract: dict[int, Work] = {}
    for contract in contracts.select_related("grantor", "project").defer(
        "general", "search", "project__baseline"
    ):
        project = getattr(contract, "project", None)
        public = project is not None and (project.pk in shown or project.pk in judged)
        work = works.get(contract.source)
        if work is None and public:  # concluded elsewhere: known by its results alone
            work = works[contract.source] = _elsewhere(contract)
        if work is None:
            continue
        work.contract, work.sum_tiyn = contract, contract.sum_tiyn
        follow = reverse("portal:tenge_contract", args=[contract.pk])
        work.links.append((follow, _("Follow the tenge")))
        if project is None:
            continue
        of_contract[project.pk] = work
        if found := shown.get(project.pk):
            work.project = found
            work.links.append(
                (reverse("projects:results", args=[project.pk]), _("Results of the project"))
            )
        if evaluation := judged.get(project.pk):
            address = reverse("oversight:public_evaluation", args=[evaluation.pk])
            work.links.append((address, _("Evaluation")))
    for competition in small.public_competitions().filter(project__in=list(of_contract)):
        address = reverse("projects:small_grants_one", args=[competition.code])
        of_contract[competition.project_id].links.append(
            (address, _("Small grants that it gave on"))
        )
    return sorted(works.values(), key=_when, reverse=True)


def _when(work: Work) -> date:
    concluded = work.contract.concluded_on if work.contract else None
    return concluded or (clock.day_of(work.at) if work.at else date.min)


def _outcomes(organisation: Organisation) -> QuerySet[Outcome]:
    """Grants awarded to an NGO, once their results are published."""
    rows = Outcome.objects.filter(
        winner__organisation=organisation,
        published_at__isnull=False,
        lot__competition__state="published",
    )
    return rows.select_related("winner", "lot__topic", "lot__competition__operator")


def _grant(outcome: Outcome) -> Work:
    assert outcome.winner is not None
    competition = outcome.lot.competition
    address = f"{reverse('grants:results', args=[competition.pk])}#topic-{outcome.lot_id}"
    return Work(
        Contract.Instrument.GRANT.label,
        outcome.winner.title or outcome.lot.topic.title,
        competition.operator,
        outcome.winner.grant_tiyn,
        outcome.published_at,
        [
            (reverse("grants:topic", args=[outcome.lot.topic_id]), _("Topic")),
            (address, _("Result of the competition")),
        ],
    )


def _bids(organisation: Organisation) -> QuerySet[Bid]:
    """Bids of an NGO in tenders whose results are published, the last one first."""
    rows = Bid.objects.filter(
        organisation=organisation,
        state__in=(Bid.State.ADMITTED, Bid.State.NOT_ADMITTED),
        lot__tender__state__in=PUBLISHED,
    )
    rows = rows.select_related("lot__topic", "lot__tender__customer").order_by("-id")
    return rows.defer("content", "draft", "sealed", "lot__topic__search")


def _won(bid: Bid) -> bool:
    return bid.state == Bid.State.ADMITTED and bid.place == 1


def _order(bid: Bid) -> Work:
    tender = bid.lot.tender
    address = f"{reverse('tenders:results', args=[tender.pk])}#lot-{bid.lot_id}"
    return Work(
        Contract.Instrument.SOCIAL_ORDER.label,
        bid.lot.topic.title,
        tender.customer,
        bid.price_tiyn or 0,
        tender.published_at,
        [
            (reverse("portal:way", args=[bid.lot.topic_id]), _("From need to contract")),
            (address, _("Result of the tender")),
        ],
    )


def _elsewhere(contract: Contract) -> Work:
    instrument = Contract.Instrument(contract.instrument).label
    return Work(instrument, contract.title, contract.grantor, contract.sum_tiyn, contract.signed_at)
