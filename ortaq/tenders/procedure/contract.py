"""The contract of a social order: draft → with the supplier → agreed → signed (SO-T-103..110).

draft       by the customer, from the winner's scored promises; its sum is the price offered
terms       the customer's own: advance up to 50 per cent, days
send        to the supplier
requisites  the supplier enters its requisites, and nothing else (SO-T-104)
agree       the supplier; or back with a remark
sign        one side brings the signed copy with its number and day
confirm     a person of the other side confirms the copy: only then it is concluded (SO-T-105)
decline     the winner does not conclude it (GAP-T-12): kept with the reason

The contract itself is a row of `projects`; what it became stands there for reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock
from ortaq.core.bilingual import pick
from ortaq.core.duties import Owed
from ortaq.core.keys import key_of, organisation
from ortaq.core.procedure import SYSTEM, Attempt, Procedure, Refused, Step, not_yours
from ortaq.law.fields import field
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.actor import Actor
from ortaq.projects import planned
from ortaq.projects.models import Activity, Contract, Indicator, TeamMember
from ortaq.projects.procedure.project import open_project
from ortaq.tenders.choices import edition_of
from ortaq.tenders.content.parts import slug
from ortaq.tenders.models import Bid, Lot, Order, Tender
from ortaq.tenders.policy import order as policy
from ortaq.tenders.policy.tender import buys

from .results import winner_of
from .tender import TENDER

State = Contract.State
STAGE_7 = "guide, stage 7"
TABLE = "guide, SO vs grants table"
PERCENT = 100
# What a supplier enters; the form asks for these and nothing else.
REQUISITES = (
    "address",
    "bank",
    "account",
    "bic",
    "beneficiary_code",
    "signer",
    "position",
    "basis",
)
DRAFT = Step(
    "draft_contract",
    _("Draft the contract"),
    source=Lot.Result.WINNER,
    target=None,
    by=lambda actor, lot: buys(actor, lot.tender),
    cite=STAGE_7,
)


def of(contract: Contract) -> Order:
    """The order that belongs to a contract; one query for each contract loaded."""
    return contract.order


# --- Drafting ----------------------------------------------------------------------------------------


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


# --- What steps require --------------------------------------------------------------------------------


def _error(contract: Contract, code: str, message: Any, place: str, about: str = "") -> Finding:
    cite = law.edition(contract.act, contract.edition).cite(place)
    return Finding(code, Severity.ERROR, message, cite, about=about)


def advance_in_bounds(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """The advance is at most 50 per cent, as the customer decides (SO-T-107)."""
    percent = attempt.facts.get("advance_percent")
    most = law.edition(contract.act, contract.edition).parameter("advance.max")
    if not isinstance(percent, int) or not 0 <= percent <= most.value:
        message = _("An advance may be up to 50 per cent of the contract's sum.")
        numbers = {"percent": percent, "most": most.value}
        yield Finding(
            "advance_too_large", Severity.ERROR, message, most.cite, numbers, "advance_percent"
        )


def days_in_order(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """The services end after they begin."""
    first, last = attempt.facts.get("starts_on"), attempt.facts.get("ends_on")
    if not (isinstance(first, date) and isinstance(last, date) and first <= last):
        message = _("State the first and the last day of the services.")
        yield _error(contract, "no_term", message, STAGE_7, "ends_on")


def only_requisites(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """The supplier changes its own part and nothing of the conditions (SO-T-104, SO-T-106)."""
    given: Mapping[str, str] = attempt.facts.get("requisites") or {}
    if set(given) - set(REQUISITES):
        message = _(
            "A supplier changes only its requisites: the conditions are those that were scored."
        )
        yield _error(contract, "not_requisites", message, STAGE_7)


def requisites_complete(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Account and signer are stated before the supplier agrees."""
    known = of(contract).requisites
    if not all(str(known.get(name) or "").strip() for name in REQUISITES):
        message = _("Enter all requisites first: they are part of the contract.")
        yield _error(contract, "requisites_missing", message, STAGE_7, "requisites")


def remark_given(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Whoever returns or declines says why."""
    if not str(attempt.facts.get("remark") or "").strip():
        yield _error(contract, "no_remark", _("Say why."), STAGE_7, "remark")


def not_signed_yet(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """One side brings the copy, the other one confirms it."""
    if of(contract).signed_side:
        message = _("The signed copy is here already: the other side confirms it.")
        yield _error(contract, "signed_already", message, STAGE_7)


def copy_at_hand(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Number, day and the signed copy."""
    facts = attempt.facts
    if not (facts.get("number") and facts.get("concluded_on") and facts.get("scan")):
        message = _("State number and day of the contract and attach the signed copy.")
        yield _error(contract, "copy_missing", message, STAGE_7, "scan")
    day = facts.get("concluded_on")
    if isinstance(day, date) and day > clock.day_of(attempt.now):
        message = _("A contract that is signed cannot have a date in the future.")
        yield _error(contract, "concluded_in_future", message, STAGE_7, "concluded_on")
    others = Contract.objects.filter(grantor=contract.grantor, number=facts.get("number") or "-")
    if others.exclude(pk=contract.pk).exists():
        message = _("Another contract already has this number.")
        yield _error(contract, "number_taken", message, STAGE_7, "number")


def by_the_other_side(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Two people, one of each side (SO-T-105)."""
    order = of(contract)
    if not order.signed_side:
        message = _("Nobody has brought the signed copy yet.")
        yield _error(contract, "not_signed", message, STAGE_7)
    elif (
        policy.side_of(attempt.actor, contract) == order.signed_side
        or attempt.actor.user == order.signed_by
    ):
        message = _("The other side confirms the signed copy: both sides sign.")
        yield _error(contract, "same_side", message, STAGE_7)


# --- Effects -------------------------------------------------------------------------------------------


def _terms(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    facts = attempt.facts
    contract.advance_tiyn = contract.sum_tiyn * facts["advance_percent"] // PERCENT
    contract.starts_on, contract.ends_on = facts["starts_on"], facts["ends_on"]
    contract.save(update_fields=["advance_tiyn", "starts_on", "ends_on"])
    names = ("advance_percent", "starts_on", "ends_on")
    return {name: facts[name] for name in names}


def _requisites(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    order = of(contract)
    order.requisites = {name: attempt.facts["requisites"].get(name, "") for name in REQUISITES}
    order.save(update_fields=["requisites"])
    return {}  # personal data of the signer stay out of the journal


def _remarked(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    order = of(contract)
    order.remark = str(attempt.facts.get("remark") or "").strip()
    order.save(update_fields=["remark"])
    return {}


def _signed(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    facts = attempt.facts
    contract.number, contract.concluded_on = facts["number"], facts["concluded_on"]
    contract.scan = facts["scan"]
    contract.save(update_fields=["number", "concluded_on", "scan"])
    order = of(contract)
    order.signed_side = policy.side_of(attempt.actor, contract)
    order.signed_by, order.signed_at = attempt.actor.user, attempt.now
    order.save(update_fields=["signed_side", "signed_by", "signed_at"])
    return {"side": order.signed_side, "number": contract.number, "scan": facts["scan"].sha256}


def _contested(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    order = of(contract)
    order.signed_side, order.signed_by, order.signed_at = "", None, None
    order.remark = str(attempt.facts["remark"]).strip()
    order.save(update_fields=["signed_side", "signed_by", "signed_at", "remark"])
    return {}


def _concluded(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    contract.signed_at = attempt.now
    contract.save(update_fields=["signed_at"])
    open_project(contract, attempt)
    order = of(contract)
    order.confirmed_by = attempt.actor.user
    order.save(update_fields=["confirmed_by"])
    return {"number": contract.number, "sum_tiyn": contract.sum_tiyn}


def _declined(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    contract.decline_reason = str(attempt.facts["remark"]).strip()
    contract.save(update_fields=["decline_reason"])
    return {}


STEPS = (
    Step(
        "terms",
        _("Set the terms"),
        source=State.DRAFT,
        target=None,
        by=policy.is_customer,
        requires=(advance_in_bounds, days_in_order),
        effect=_terms,
        cite=TABLE,
    ),
    Step(
        "send",
        _("Send to the supplier"),
        source=State.DRAFT,
        target=State.APPROVING,
        by=policy.is_customer,
        cite=STAGE_7,
    ),
    Step(
        "requisites",
        _("Save the requisites"),
        source=State.APPROVING,
        target=None,
        by=policy.writes_for_supplier,
        requires=(only_requisites,),
        effect=_requisites,
        cite=STAGE_7,
        keeps_refusals=True,
    ),
    Step(
        "agree",
        _("Agree to the contract"),
        source=State.APPROVING,
        target=State.AGREED,
        by=policy.heads_supplier,
        requires=(requisites_complete,),
        cite=STAGE_7,
    ),
    Step(
        "return",
        _("Return with a remark"),
        source=(State.APPROVING, State.AGREED),
        target=State.DRAFT,
        by=policy.is_customer | policy.heads_supplier,
        requires=(remark_given, not_signed_yet),
        effect=_remarked,
        cite=STAGE_7,
    ),
    Step(
        "sign",
        _("Bring the signed copy"),
        source=State.AGREED,
        target=None,
        by=policy.is_customer | policy.heads_supplier,
        requires=(not_signed_yet, copy_at_hand),
        effect=_signed,
        cite=STAGE_7,
    ),
    Step(
        "contest",
        _("This is not the copy we signed"),
        source=State.AGREED,
        target=None,
        by=policy.is_customer | policy.heads_supplier,
        requires=(by_the_other_side, remark_given),
        effect=_contested,
        cite=STAGE_7,
    ),
    Step(
        "confirm",
        _("Confirm the signed copy"),
        source=State.AGREED,
        target=State.SIGNED,
        by=policy.is_customer | policy.heads_supplier,
        requires=(by_the_other_side,),
        effect=_concluded,
        cite=STAGE_7,
        final=True,
        keeps_refusals=True,
    ),
    Step(
        "decline",
        _("Not concluded"),
        source=(State.DRAFT, State.APPROVING, State.AGREED),
        target=State.DECLINED,
        by=policy.is_customer | policy.heads_supplier,
        requires=(remark_given,),
        effect=_declined,
        cite="GAP-T-12",
        final=True,
    ),
)


def owed(contract: Contract) -> Iterable[Owed]:
    """Whose turn it is; no source sets a term (GAP-T-12)."""
    address = reverse("tenders:order", args=[contract.pk])
    customer, supplier = contract.grantor_id, contract.grantee_id
    turn: tuple[str, int, Text] | None = None
    if contract.state == State.DRAFT:
        words = Text("Шартты жіберу", "Направить договор поставщику", "Send the contract")
        turn = ("send_order", customer, words)
    elif contract.state == State.APPROVING:
        words = Text(
            "Деректемелерді енгізіп, шартты келісу",
            "Внести реквизиты и согласовать договор",
            "Enter the requisites and agree to the contract",
        )
        turn = ("agree_order", supplier, words)
    elif contract.state == State.AGREED:
        side = Order.objects.filter(contract=contract).values_list("signed_side", flat=True).first()
        words = Text("Шартқа қол қою", "Подписать договор", "Sign the contract")
        turn = ("sign_order", customer, words)
        if side:
            words = Text(
                "Шарттың қол қойылған данасын растау",
                "Подтвердить подписанный экземпляр договора",
                "Confirm the signed copy of the contract",
            )
            turn = ("confirm_order", supplier if side == Order.Side.CUSTOMER else customer, words)
    if turn is not None:
        code, bearer, words = turn
        yield Owed(code, organisation(bearer), words, None, address, STAGE_7)


ORDER: Procedure[Contract] = Procedure(Contract, STEPS, duties=owed)


def take(step: str, contract: Contract, *, actor: Any, **facts: Any) -> None:
    """Take a step; with the last contract the tender and its commission's office end (SO-T-110)."""
    ORDER.take(step, contract, actor=actor, **facts)
    if contract.state in (State.SIGNED, State.DECLINED):
        tender = Tender.objects.select_related("panel").get(lots__order__contract=contract)
        if tender.state == Tender.State.PUBLISHED and not TENDER.findings("end", tender, SYSTEM):
            TENDER.take("end", tender, actor=SYSTEM)
