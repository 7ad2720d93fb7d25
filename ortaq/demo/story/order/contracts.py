"""March 2023: contracts with the winners, signed by both sides."""

from __future__ import annotations

from collections.abc import Iterator

from ortaq.demo import cast, keys
from ortaq.demo.story.beat import Beat, beat
from ortaq.demo.story.outcome import a_scan
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Role
from ortaq.people.queries import people_of
from ortaq.projects import signing
from ortaq.projects.models import Contract
from ortaq.signing import modes
from ortaq.tenders.models import Lot
from ortaq.tenders.procedure import contract, contract_draft

from . import data, found

State = Contract.State
ADVANCE = 30


def beats() -> Iterator[Beat]:
    told = data.order()["tender"]
    yield beat(told["drafted_at"], draft)
    yield beat(told["sent_at"], send)
    yield beat(told["agreed_at"], agree)
    yield beat(told["signed_at"], sign)
    yield beat(told["confirmed_at"], confirm)


def contracts(state: str) -> list[Contract]:
    """The contracts of the tender in one state, by the lots."""
    rows = Contract.objects.filter(order__lot__tender=found.tender(), state=state)
    return list(rows.select_related("order", "grantee").order_by("order__lot__position"))


def draft() -> None:
    for lot in found.lots():
        if lot.result == Lot.Result.WINNER:
            contract_draft.draft(lot, cast.actor("saule"))


def send() -> None:
    saule = cast.actor("saule")
    for one in contracts(State.DRAFT):
        days = {"starts_on": one.starts_on, "ends_on": one.ends_on}
        contract.take("terms", one, actor=saule, advance_percent=ADVANCE, **days)
        contract.take("send", one, actor=saule)


def agree() -> None:
    """The heads of the NGOs enter their requisites and agree."""
    for number, one in enumerate(contracts(State.APPROVING), 1):
        actor = head(one)
        assert actor.user is not None
        if not one.order.requisites:
            requisites = {
                "address": one.grantee.address_kk,
                "bank": "«Үлгі банк» АҚ",
                "account": f"KZ00000B00000000{number:04}",
                "bic": "ULGIKZKX",
                "beneficiary_code": "18",
                "signer": actor.user.full_name,
                "position": "Төраға",
                "basis": "Жарғы",
            }
            contract.take("requisites", one, actor=actor, requisites=requisites)
        contract.take("agree", one, actor=actor)


def sign() -> None:
    """Both sides sign with their keys where that is required; else the akimat brings the signed copies."""
    day, saule = data.order()["tender"]["signed_on"], cast.actor("saule")
    for number, one in enumerate(contracts(State.AGREED), 1):
        facts = {"number": f"{number}-ӘТ/2023", "concluded_on": day}
        if signing.mode_of(one) == modes.REQUIRED:
            if not signing.is_numbered(one):
                contract.take("number", one, actor=saule, **facts)
            for side in (head(one), saule):
                keys.sign(signing.CONTRACT, one, side)
        elif not one.order.signed_side:
            scan = a_scan(f"order-{number}.pdf", f"Social order, contract No. {number}, signed")
            contract.take("sign", one, actor=saule, **facts, scan=scan)


def confirm() -> None:
    """The other side confirms the copy: only then a contract on paper is concluded."""
    saule = cast.actor("saule")
    for one in contracts(State.AGREED):
        by_customer = one.order.signed_side == "customer"
        step = "confirm" if one.order.signed_side else "conclude"
        contract.take(step, one, actor=head(one) if by_customer else saule)


def head(one: Contract) -> Actor:
    """The head of the supplier, acting for it."""
    return actor_for(people_of(one.grantee, Role.HEAD).first(), one.grantee)
