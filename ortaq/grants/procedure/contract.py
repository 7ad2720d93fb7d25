"""From a published winner to the draft of its contract, filled from the application (GR-K-01, 03)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core.keys import key_of
from ortaq.core.procedure import Refused, Step, not_yours
from ortaq.grants.models import Outcome, SmallGrantTerms, Topic
from ortaq.grants.policy.competition import is_its_operator
from ortaq.grants.queries.application import whole_of
from ortaq.law.findings import Finding, Severity
from ortaq.people.actor import Actor
from ortaq.projects.completeness import CHAIN
from ortaq.projects.models import (
    Activity,
    Approval,
    BudgetLine,
    Contract,
    Indicator,
    TeamMember,
)
from ortaq.projects.procedure.contract import CONTRACT

from .contract_content import Content, read

DRAFT_CONTRACT = Step(
    "draft_contract",
    _("Prepare the contract"),
    source=Outcome.Kind.WINNER,
    target=None,
    by=lambda actor, outcome: is_its_operator(actor, outcome.lot.competition),
    cite="contract 2024 annex 3",
)
PERCENT = 100


def source_of(outcome: Outcome) -> str:
    """What `Contract.source` says of a contract from this outcome."""
    return key_of(outcome)


@dataclass(frozen=True, slots=True)
class Drafted:
    """The contract, and whether this very call made it."""

    contract: Contract
    new: bool


def draft_contract(outcome: Outcome, actor: Actor) -> Drafted:
    """The contract with the winner of a published outcome: made once, found ever after.

    Annex 3 and the estimate are filled from the application. Raises `Refused` for an outcome that
    is not published, that has no winner, and for anybody but the operator.
    """
    if not DRAFT_CONTRACT.by(actor, outcome):
        raise Refused(DRAFT_CONTRACT, [not_yours(DRAFT_CONTRACT)])
    if outcome.published_at is None or outcome.winner is None:
        raise Refused(DRAFT_CONTRACT, [_no_winner(outcome)])
    if found := Contract.objects.filter(source=source_of(outcome)).first():
        return Drafted(found, new=False)
    try:
        return Drafted(_make(outcome, actor), new=True)
    except IntegrityError:  # somebody else pressed at the same moment
        return Drafted(Contract.objects.get(source=source_of(outcome)), new=False)


def _no_winner(outcome: Outcome) -> Finding:
    edition = outcome.lot.competition.rules
    return Finding(
        "no_published_winner",
        Severity.ERROR,
        _("A contract is prepared only with the winner of a published competition."),
        edition.cite("guide, grants, step 5"),
    )


@transaction.atomic
def _make(outcome: Outcome, actor: Actor) -> Contract:
    application = outcome.winner
    assert application is not None
    whole = whole_of(application)
    edition, operator = whole.application.competition.rules, whole.application.competition.operator
    granted = min(whole.application.grant_tiyn, whole.application.lot.amount_tiyn)
    content = read(whole)
    contract = Contract(
        instrument=Contract.Instrument.GRANT,
        act=edition.act,
        edition=edition.key,
        source=source_of(outcome),
        source_number=whole.application.number,
        grantor=operator,
        grantee=whole.application.organisation,
        title_kk=whole.application.title if whole.application.language != "ru" else "",
        title_ru=whole.application.title if whole.application.language == "ru" else "",
        direction_kk=whole.application.lot.topic.field.name_kk,
        direction_ru=whole.application.lot.topic.field.name_ru,
        sum_tiyn=granted,
        advance_tiyn=granted * edition.number("contract.advance_max") // PERCENT,
        starts_on=whole.application.starts_on,
        ends_on=whole.application.ends_on,
        general=content.general,
        social_effect=content.social_effect,
        small_grants=small_grants(whole.application.lot.topic),
    )
    CONTRACT.begin(
        contract, actor=actor, outcome=source_of(outcome), application=key_of(application)
    )
    _fill(contract, content)
    Approval.objects.bulk_create(
        Approval(
            contract=contract,
            position=position,
            role=role,
            person=actor.user if role == Approval.Role.EXECUTOR else None,
        )
        for position, role in enumerate(CHAIN, 1)
    )
    return contract


def small_grants(topic: Topic) -> dict[str, Any]:
    """What the topic asks of small grants that the grantee gives on, as `Contract.small_grants` keeps it; nothing
    where it asks for none (GR-P-13). The regions are those of the topic, all of them where it covers the republic.
    """
    terms: SmallGrantTerms | None = getattr(topic, "small_grants", None)
    if terms is None:
        return {}
    words = ("permitted", "forbidden", "recipients")
    return {
        "kind": terms.kind,
        "amount_tiyn": terms.amount_tiyn,
        "minimum": terms.minimum,
        "coverage": topic.coverage,
        "regions": topic.regions,
        **{
            f"{name}_{tongue}": getattr(terms, f"{name}_{tongue}")
            for name in words
            for tongue in ("kk", "ru")
        },
    }


def _fill(contract: Contract, content: Content) -> None:
    """Blocks II and III and the estimate."""
    TeamMember.objects.bulk_create(
        TeamMember(contract=contract, position=position, **row)
        for position, row in enumerate(content.team, 1)
    )
    activities: dict[str, Activity] = {}
    for position, planned in enumerate(content.activities, 1):
        activities[planned.key] = Activity.objects.create(
            contract=contract, key=planned.key, position=position, **planned.values
        )
    Indicator.objects.bulk_create(
        Indicator(activity=activities[planned.key], position=position, **row)
        for planned in content.activities
        for position, row in enumerate(planned.indicators, 1)
    )
    BudgetLine.objects.bulk_create(
        BudgetLine(
            contract=contract,
            position=position,
            activity=activities.get(line.activity),
            **line.values,
        )
        for position, line in enumerate(content.budget, 1)
    )
