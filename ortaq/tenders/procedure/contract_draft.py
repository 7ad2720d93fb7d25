"""The draft of a contract of a social order: from the winner's scored promises (SO-T-102..106)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core.bilingual import pick
from ortaq.core.keys import key_of
from ortaq.core.procedure import Refused, Step, not_yours
from ortaq.law.fields import field
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.actor import Actor
from ortaq.projects import planned
from ortaq.projects.models import Activity, Contract, Indicator, TeamMember
from ortaq.tenders.choices import edition_of
from ortaq.tenders.content.parts import slug
from ortaq.tenders.models import Bid, Lot, Order
from ortaq.tenders.policy.tender import buys

from .contract import ORDER
from .contract_checks import STAGE_7
from .results import winner_of

PERCENT = 100
DRAFT = Step(
    "draft_contract",
    _("Draft the contract"),
    source=Lot.Result.WINNER,
    target=None,
    by=lambda actor, lot: buys(actor, lot.tender),
    cite=STAGE_7,
)


def draft(lot: Lot, actor: Actor) -> Contract:
    """The contract with the winner of a published lot: made once, found ever after. Raises `Refused`
    for anybody but the customer, before the results are published, and without a winner.
    """
    if not DRAFT.by(actor, lot):
        raise Refused(DRAFT, [not_yours(DRAFT)])
    winner = winner_of(lot)
    if lot.tender.published_at is None or winner is None:
        message = _("A contract is drafted only with the winner of published results.")
        cite = edition_of(lot.tender).cite(STAGE_7)
        raise Refused(DRAFT, [Finding("no_published_winner", Severity.ERROR, message, cite)])
    if found := Contract.objects.filter(source=key_of(lot)).first():
        return found
    try:
        return _make(lot, winner, actor)
    except IntegrityError:  # somebody else pressed at the same moment
        return Contract.objects.get(source=key_of(lot))


@transaction.atomic
def _make(lot: Lot, winner: Bid, actor: Actor) -> Contract:
    tender, topic, price = lot.tender, lot.topic, winner.price_tiyn or 0
    name = field(topic.field).text
    sections: dict[str, Any] = (winner.content or {}).get("sections") or {}
    contract = Contract(
        instrument=Contract.Instrument.SOCIAL_ORDER,
        act=tender.act,
        edition=tender.edition,
        source=key_of(lot),
        source_number=winner.number,
        grantor=tender.customer,
        grantee=winner.organisation,
        title_kk=topic.title_kk,
        title_ru=topic.title_ru,
        direction_kk=name.kk,
        direction_ru=name.ru,
        # The conditional price served comparison only (SO-T-102).
        sum_tiyn=price,
        advance_tiyn=price * lot.advance_percent // PERCENT,
        starts_on=lot.starts_on,
        ends_on=lot.ends_on,
        general=_general(lot, winner, sections),
    )
    ORDER.begin(contract, actor=actor, lot=key_of(lot), bid=key_of(winner))
    Order.objects.create(contract=contract, lot=lot, promises=promises(winner))
    _fill(contract, lot, winner, sections)
    return contract


def promises(winner: Bid) -> dict[str, Any]:
    """What the supplier offered and was scored for, word for word (SO-T-106)."""
    content: dict[str, Any] = winner.content or {}
    sections = content.get("sections") or {}
    return {
        "bid": winner.number,
        "commitment": winner.commitment,
        "scores": winner.scores,
        "services": content.get("services") or [],
        **{key: sections.get(key) or [] for key in ("plan", "indicators", "media_plan")},
    }


def _general(lot: Lot, winner: Bid, sections: Mapping[str, Any]) -> dict[str, str]:
    language = winner.language
    described = sections.get("description") or {}
    topic = lot.topic
    return {
        "grantee": pick(winner.organisation.name_kk, winner.organisation.name_ru, language),
        "grant_topic": pick(topic.title_kk, topic.title_ru, language),
        "project_goal": str(described.get("tasks") or ""),
        "target_group": pick(topic.target_group_kk, topic.target_group_ru, language),
        "expected_results": pick(topic.result_kk, topic.result_ru, language),
    }


def _fill(contract: Contract, lot: Lot, winner: Bid, sections: Mapping[str, Any]) -> None:
    """Team, activities and indicators as rows, each with the identity it had in the bid."""
    TeamMember.objects.bulk_create(
        TeamMember(
            contract=contract,
            table=TeamMember.Table.STAFF,
            position=number,
            full_name=str(row.get("member_name") or "")[:500],
            post=str(row.get("position") or "")[:500],
            duties=str(row.get("qualification") or ""),
        )
        for number, row in enumerate(sections.get("qualification") or [], 1)
    )
    services = {slug(one): one for one in lot.specification.services.all()}
    plan = sections.get("plan") or []
    for number, row in enumerate(plan, 1):
        service = services.get(str(row.get("service") or ""))
        words = (row.get("kind"), row.get("name"), row.get("about"), row.get("responsible"))
        Activity.objects.create(
            contract=contract,
            key=str(row["id"])[:40],
            section=Activity.Section.TASK,
            task=pick(service.name_kk, service.name_ru, winner.language) if service else "",
            position=number,
            text=". ".join(str(one) for one in words if one),
            place=str(row.get("place") or ""),
            term=str(row.get("term") or "")[:500],
        )
    rows = sections.get("indicators") or []
    if rows:
        title = Text(
            "Жоба нәтижелерінің индикаторлары", "Индикаторы результатов проекта", "Results"
        )
        whole = Activity.objects.create(
            contract=contract, key="indicators", position=len(plan) + 1,
            text=title.say(winner.language),
        )  # fmt: skip
        Indicator.objects.bulk_create(_indicator(whole, n, row) for n, row in enumerate(rows, 1))


def _indicator(activity: Activity, position: int, row: Mapping[str, Any]) -> Indicator:
    value = str(row.get("expected") or "")
    read = planned.read(value)
    # A tender's "long-term" may be an intermediate result or impact (IM-089): left to be said.
    level = str(row.get("level") or "")
    return Indicator(
        activity=activity,
        position=position,
        text=str(row.get("text") or ""),
        planned=value,
        reading=read.reading,
        minimum=read.minimum,
        second=read.second,
        level=level if level in Indicator.Level.values else "",
        set_by=Indicator.SetBy.SUPPLIER,
    )
