"""Every grant that is public, one after the other, in bounded memory: awards of competitions, grants concluded elsewhere, small
grants that grantees gave on, prizes.

Each begins with what its room shows to everybody; a chunk of grants takes a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop as _

from ortaq.core import clock
from ortaq.core.keys import key_of
from ortaq.grants.models import Competition, Outcome
from ortaq.grants.models import Topic as PlannedTopic
from ortaq.grants.queries.competition import competitions_visible_to
from ortaq.opendata import exact
from ortaq.opendata.packages import CHUNK
from ortaq.oversight.queries import evaluation as evaluations
from ortaq.people.actor import PASSER_BY
from ortaq.people.models import Organisation
from ortaq.prizes.models import Award
from ortaq.prizes.queries import award as prizes
from ortaq.projects.models import Contract, SmallCompetition, SmallGrant, Tranche
from ortaq.projects.queries import report as results
from ortaq.projects.queries import small
from ortaq.projects.small_checks import GIVEN

from . import parts
from .parts import Part

AWARD, ELSEWHERE, SMALL, PRIZE = "award", "contract", "small", "prize"
# A grantee that gives on spends the rest itself: "multipurpose" of the standard's list.
GIVES_ON = "FRG070"
PAID = (SmallGrant.State.PAID, SmallGrant.State.PROVED, SmallGrant.State.RETURNED)


def awards() -> QuerySet[Outcome]:
    """Grants awarded by competitions whose results are published."""
    return Outcome.objects.filter(
        winner__isnull=False,
        published_at__isnull=False,
        lot__competition__state=Competition.State.PUBLISHED,
        lot__competition__in=competitions_visible_to(PASSER_BY),
    )


def elsewhere() -> QuerySet[Contract]:
    """Grants that no competition of this site led to: known to everybody by their published results alone."""
    shown = results.published().order_by().values("pk")
    judged = evaluations.published().order_by().values("project")
    return Contract.objects.filter(
        Q(project__in=shown) | Q(project__in=judged),
        instrument=Contract.Instrument.GRANT,
        state=Contract.State.SIGNED,
        concluded_on__isnull=False,
    ).exclude(source__startswith="grants.outcome:")


def given_on() -> QuerySet[SmallGrant]:
    """Small grants of competitions whose results are published."""
    decided = small.public_competitions().filter(state=SmallCompetition.State.DECIDED)
    return SmallGrant.objects.filter(
        competition__in=decided.order_by().values("pk"),
        competition__decided_at__isnull=False,
        state__in=(*GIVEN, SmallGrant.State.RETURNED),
        given_tiyn__gt=0,
    )


def laureates() -> QuerySet[Award]:
    """Prizes of rounds whose results are published."""
    return prizes.published().filter(share_tiyn__gt=0, direction__round__published_at__isnull=False)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of grant: its rows, the column that says when it was awarded, and how a chunk of rows is told."""

    rows: Callable[[], QuerySet[Any]]
    awarded: str
    is_day: bool
    tell: Callable[[Sequence[Any]], Iterator[Part]]


def grants(year: int | None = None) -> Iterator[Part]:
    """All grants, or those awarded in a year; a fixed number of queries for each chunk."""
    for kind in KINDS:
        rows = _of_year(kind, kind.rows(), year).order_by("pk")
        last = 0
        while some := list(rows.filter(pk__gt=last)[:CHUNK]):
            yield from kind.tell(some)
            last = some[-1].pk


def _of_year(kind: Kind, rows: QuerySet[Any], year: int | None) -> QuerySet[Any]:
    if year is None:
        return rows
    begins, ends = date(year, 1, 1), date(year + 1, 1, 1)
    span: tuple[Any, Any] = (begins, ends) if kind.is_day else (clock.at(begins), clock.at(ends))
    return rows.filter(**{f"{kind.awarded}__gte": span[0], f"{kind.awarded}__lt": span[1]})


def years() -> list[int]:
    """The years in which a grant was awarded."""
    found: set[int] = set()
    for kind in KINDS:
        truncated = kind.rows().order_by().values_list(f"{kind.awarded}__year", flat=True)
        found |= set(truncated.distinct())
    return sorted(found)


# --- What belongs to a contract --------------------------------------------------------------------------


@dataclass(slots=True)
class _Deal:
    contract: Contract
    paid: list[Tranche]

    @property
    def paid_tiyn(self) -> int:
        return sum(one.paid_tiyn or 0 for one in self.paid)


def _deals(contracts: QuerySet[Contract]) -> dict[str, _Deal]:
    """Signed contracts with what was paid, by their source; two queries."""
    rows = (
        contracts.filter(state=Contract.State.SIGNED)
        .select_related("grantor", "grantee", "project__presentation")
        .defer("general", "social_effect", "search", "project__baseline")
    )
    found = {one.source: _Deal(one, []) for one in rows}
    by_pk = {deal.contract.pk: deal for deal in found.values()}
    paid = Tranche.objects.filter(project__contract__in=by_pk, paid_on__isnull=False)
    for one in paid.select_related("project").order_by("project", "number").defer("project__baseline"):  # fmt: skip
        by_pk[one.project.contract_id].paid.append(one)
    return found


def _of_deal(deal: _Deal) -> Part:
    contract = deal.contract
    found: Part = {
        "amountAwarded": exact.tenge(contract.sum_tiyn),
        "amountDisbursed": exact.tenge(deal.paid_tiyn),
        "commitmentTransaction": [parts.commitment(contract)],
    }
    if when := parts.dates(contract.starts_on, contract.ends_on):
        found["plannedDates"] = when
    if deal.paid:
        found["disbursementTransaction"] = [parts.disbursement(one, contract) for one in deal.paid]
    if contract.small_grants:
        found["regrantType"] = GIVES_ON
    project = getattr(contract, "project", None)
    shown = getattr(project, "presentation", None)
    if project is not None and shown is not None and shown.published_at is not None:
        found["relatedDocument"] = [
            {
                "id": f"results-{project.pk}",
                "title": parts.in_kazakh(_("Results of the project")),
                "url": exact.address("projects:results", project.pk),
            }
        ]
    return found


# --- The kinds -------------------------------------------------------------------------------------------


def _awarded(rows: Sequence[Outcome]) -> Iterator[Part]:
    found = {
        one.pk: one
        for one in Outcome.objects.filter(pk__in=[row.pk for row in rows]).select_related(
            "winner__organisation",
            "lot__topic__field",
            "lot__competition__operator",
            "lot__competition__version__plan",
        )
    }
    deals = _deals(Contract.objects.filter(source__in=[key_of(row) for row in rows]))
    for row in rows:
        outcome = found[row.pk]
        lot, winner, deal = outcome.lot, outcome.winner, deals.get(key_of(outcome))
        assert winner is not None
        assert outcome.published_at is not None
        topic, competition = lot.topic, lot.competition
        plan = competition.version.plan
        part: Part = {
            "id": parts.identifier(AWARD, outcome.pk),
            **parts.words(
                winner.title or topic.title_kk or topic.title_ru,
                topic.title_kk,
                topic.goal_kk,
                topic.title_ru,
            ),
            "currency": exact.CURRENCY,
            "amountAppliedFor": exact.tenge(winner.grant_tiyn),
            "amountAwarded": exact.tenge(winner.grant_tiyn),
            "awardDate": clock.day_of(outcome.published_at).isoformat(),
            "url": exact.address("grants:results", competition.pk, fragment=f"topic-{lot.pk}"),
            "recipientOrganization": [parts.organisation(winner.organisation)],
            "fundingOrganization": [parts.organisation(competition.operator)],
            "grantProgramme": [
                {
                    "code": f"plan-{plan.pk}",
                    "title": plan.title_kk or plan.title_ru,
                    "url": exact.address("grants:plan", competition.version_id),
                }
            ],
            "fromOpenCall": "Yes",
            "fundingType": [parts.PROJECT],
            **_where(topic, plan.region_code, outcome.published_at),
        }
        if classified := parts.field(topic.field.direction):
            part["classifications"] = classified
        if when := parts.dates(winner.starts_on, winner.ends_on):
            part["plannedDates"] = when
        yield {**part, **(_of_deal(deal) if deal else {})}


def _where(topic: PlannedTopic, region: str, at: datetime) -> Part:
    coverage = PlannedTopic.Coverage
    named = parts.places(topic.regions or ([region] if region else []), clock.day_of(at))
    if named:
        return {"beneficiaryLocation": named, "locationScope": parts.REGION}
    abroad = topic.coverage == coverage.INTERNATIONAL
    scope = parts.INTERNATIONAL if abroad else parts.NATIONAL
    return {"beneficiaryLocation": [parts.COUNTRY], "locationScope": scope}


def _elsewhere(rows: Sequence[Contract]) -> Iterator[Part]:
    deals = _deals(Contract.objects.filter(pk__in=[row.pk for row in rows]))
    for row in rows:
        deal = deals[row.source]
        contract = deal.contract
        assert contract.concluded_on is not None  # the query says so
        yield {
            "id": parts.identifier(ELSEWHERE, contract.pk),
            **parts.words(
                contract.title_kk or contract.title_ru, contract.direction_kk, contract.title_ru
            ),
            "currency": exact.CURRENCY,
            "awardDate": contract.concluded_on.isoformat(),
            "url": exact.address("portal:ngo", contract.grantee.bin),
            "recipientOrganization": [parts.organisation(contract.grantee)],
            "fundingOrganization": [parts.organisation(contract.grantor)],
            "fundingType": [parts.PROJECT],
            "beneficiaryLocation": [parts.COUNTRY],
            **_of_deal(deal),
        }


def _given_on(rows: Sequence[SmallGrant]) -> Iterator[Part]:
    competitions = {
        one.pk: one
        for one in SmallCompetition.objects.filter(
            pk__in={row.competition_id for row in rows}
        ).select_related("project__contract__grantee")
    }
    ngos = {one.bin: one for one in _registered(rows)}
    for row in rows:
        competition = competitions[row.competition_id]
        contract = competition.project.contract
        assert competition.decided_at is not None
        assert row.given_tiyn is not None
        noun, _colon, source = contract.source.partition(":")
        of_award = noun == "grants.outcome" and source.isdecimal()
        parent = parts.identifier(AWARD, int(source)) if of_award else ""
        paid = row.given_tiyn - (row.returned_tiyn or 0) if row.state in PAID else 0
        day = clock.day_of(competition.decided_at)
        yield {
            "id": parts.identifier(SMALL, row.pk),
            **parts.words(row.title, competition.title_kk, competition.title_ru),
            "currency": exact.CURRENCY,
            "amountAppliedFor": exact.tenge(row.asked_tiyn),
            "amountAwarded": exact.tenge(row.given_tiyn),
            "amountDisbursed": exact.tenge(paid),
            "awardDate": day.isoformat(),
            "url": exact.address("projects:small_grants_one", competition.code),
            **_recipient(row, ngos.get(row.identifier)),
            "fundingOrganization": [parts.organisation(contract.grantee)],
            "grantProgramme": [
                {
                    "code": f"small-{competition.pk}",
                    "title": competition.title_kk or competition.title_ru,
                }
            ],
            "fromOpenCall": "Yes",
            "fundingType": [parts.PROJECT],
            "beneficiaryLocation": parts.places([row.region], day) or [parts.COUNTRY],
            **({"relatedActivity": [parent]} if parent else {}),
        }


def _registered(rows: Sequence[SmallGrant]) -> QuerySet[Organisation]:
    """NGOs of the public register among the recipients: what was typed may be the number of a person."""
    typed = [row.identifier for row in rows if row.applicant == SmallGrant.Applicant.NGO]
    return Organisation.objects.filter(bin__in=typed, ngo__isnull=False)


def _recipient(row: SmallGrant, known: Organisation | None) -> Part:
    """An NGO by name, citizens and groups without: initials and a village name a person (`small.public_name`)."""
    if known is not None:
        return {"recipientOrganization": [parts.organisation(known)]}
    name = parts.identifier(SMALL, row.pk) + "-recipient"
    if row.applicant == SmallGrant.Applicant.CITIZEN:
        return {"recipientIndividual": {"id": name, "name": "Individual Recipient"}}
    ngo = row.applicant == SmallGrant.Applicant.NGO and row.name
    said = row.name if ngo else parts.in_kazakh(_("Initiative group"))
    return {"recipientOrganization": [{"id": name, "name": said}]}


def _prizes(rows: Sequence[Award]) -> Iterator[Part]:
    found = {
        one.pk: one
        for one in Award.objects.filter(pk__in=[row.pk for row in rows]).select_related(
            "application__organisation", "direction__round__organiser"
        )
    }
    for row in rows:
        award = found[row.pk]
        year, who = award.direction.round, award.application.organisation
        assert year.published_at is not None  # the query says so
        programme = parts.in_kazakh(_("Prize of %(year)s"), year=year.year)
        yield {
            "id": parts.identifier(PRIZE, award.pk),
            **parts.words(programme, award.direction.label.kk),
            "currency": exact.CURRENCY,
            "amountAwarded": exact.tenge(award.share_tiyn),
            "amountDisbursed": exact.tenge(award.share_tiyn if award.paid_on else 0),
            "awardDate": clock.day_of(year.published_at).isoformat(),
            "url": exact.address("prizes:results", year.year),
            "recipientOrganization": [parts.organisation(who)],
            "fundingOrganization": [parts.organisation(year.organiser)],
            "grantProgramme": [{"code": f"prize-{year.year}", "title": programme}],
            "fromOpenCall": "Yes",
            "fundingType": [parts.UNRESTRICTED],
            "beneficiaryLocation": [parts.COUNTRY],
            "classifications": parts.field(award.direction.field),
        }


KINDS = (
    Kind(awards, "published_at", False, _awarded),
    Kind(elsewhere, "concluded_on", True, _elsewhere),
    Kind(given_on, "competition__decided_at", False, _given_on),
    Kind(laureates, "direction__round__published_at", False, _prizes),
)
