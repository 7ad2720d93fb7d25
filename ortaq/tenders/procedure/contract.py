"""The contract of a social order: draft → with the supplier → agreed → signed (SO-T-103..110).

draft       by the customer, from the winner's scored promises; its sum is the price offered
terms       the customer's own: advance up to 50 per cent, days
send        to the supplier
requisites  the supplier enters its requisites, and nothing else (SO-T-104)
agree       the supplier; or back with a remark
sign        one side brings the signed copy with its number and day
confirm     a person of the other side confirms the copy: only then it is concluded (SO-T-105)
number      number and day are given before both sides sign electronically
conclude    both have signed electronically: it is concluded, without a copy
decline     the winner does not conclude it (GAP-T-12): kept with the reason

The contract itself is a row of `projects`; what it became stands there for reports. How it is filled stands in
`contract_draft`, what its steps require in `contract_checks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import SYSTEM, Attempt, Procedure, Step
from ortaq.law.text import Text
from ortaq.projects import signing
from ortaq.projects.models import Contract
from ortaq.projects.procedure.project import open_project
from ortaq.signing import requirement
from ortaq.tenders.models import Order, Tender
from ortaq.tenders.policy import order as policy

from .contract_checks import (
    REQUISITES,
    STAGE_7,
    TABLE,
    advance_in_bounds,
    by_the_other_side,
    copy_at_hand,
    days_in_order,
    not_signed_yet,
    number_stated,
    numbered,
    of,
    only_requisites,
    paper_allowed,
    remark_given,
    requisites_complete,
    signed_electronically,
)
from .tender import TENDER

State = Contract.State
PERCENT = 100


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


def _numbered(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    """Another number than before is another content: who had signed signs again."""
    facts = attempt.facts
    contract.number, contract.concluded_on = facts["number"], facts["concluded_on"]
    contract.versions = {**contract.versions, "number": contract.versions.get("number", 0) + 1}
    contract.save(update_fields=["number", "concluded_on", "versions"])
    return {"number": contract.number, "concluded_on": contract.concluded_on}


def _contested(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    order = of(contract)
    order.signed_side, order.signed_by, order.signed_at = "", None, None
    order.remark = str(attempt.facts["remark"]).strip()
    order.save(update_fields=["signed_side", "signed_by", "signed_at", "remark"])
    return {}


def _concluded(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    contract.signed_at = attempt.now
    contract.save(update_fields=["signed_at", "scan"])
    open_project(contract, attempt)
    return {"number": contract.number, "sum_tiyn": contract.sum_tiyn}


def _concluded_by_signatures(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    contract.scan = (
        None  # a copy that the other side contested or never confirmed is not what both have signed
    )
    return _concluded(contract, attempt)


def _confirmed(contract: Contract, attempt: Attempt) -> Mapping[str, Any]:
    order = of(contract)
    order.confirmed_by = attempt.actor.user
    order.save(update_fields=["confirmed_by"])
    return _concluded(contract, attempt)


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
        requires=(paper_allowed, not_signed_yet, copy_at_hand, numbered),
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
        requires=(paper_allowed, by_the_other_side),
        effect=_confirmed,
        cite=STAGE_7,
        final=True,
        keeps_refusals=True,
    ),
    Step(
        "number",
        _("Give number and day"),
        source=State.AGREED,
        target=None,
        by=policy.is_customer,
        requires=(not_signed_yet, number_stated, numbered),
        effect=_numbered,
        cite=STAGE_7,
    ),
    Step(
        "conclude",
        _("Conclude the contract that both sides have signed"),
        source=State.AGREED,
        target=State.SIGNED,
        by=policy.is_customer | policy.heads_supplier,
        requires=(not_signed_yet, signed_electronically),
        effect=_concluded_by_signatures,
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
    missing = requirement.owed(signing.CONTRACT, contract, STAGE_7)
    yield from missing
    if turn is not None and not missing:
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
