"""20 to 31 July: contracts with the winners, the chain of approvals, signatures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ortaq.core import clock
from ortaq.demo import cast, keys
from ortaq.grants.models import Outcome
from ortaq.grants.procedure.contract import draft_contract
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Role
from ortaq.people.queries import people_of
from ortaq.projects import signing
from ortaq.projects.models import Approval, Contract, Indicator
from ortaq.projects.planned import settle
from ortaq.projects.procedure import contract as procedure
from ortaq.projects.procedure.contract import CONTRACT
from ortaq.signing import modes

from . import found, outcome
from .beat import Beat, beat

State = Contract.State
CHAIN = {
    Approval.Role.EXECUTOR: "gulnara",
    Approval.Role.DIRECTOR: "raushan",
    Approval.Role.DEPUTY: "zhanna",
    Approval.Role.CHAIR: "nurlan",
}
SIGNED_ON = date(2020, 7, 31)


def beats() -> Iterator[Beat]:
    yield beat(clock.at(date(2020, 7, 20), 11), draft)
    yield beat(clock.at(date(2020, 7, 21), 16), complete_plans)
    yield beat(clock.at(date(2020, 7, 22), 15), send)
    for number, role in enumerate(CHAIN):
        yield beat(clock.at(date(2020, 7, 23), 10) + timedelta(days=number), agree, role)
    yield beat(clock.at(date(2020, 7, 29), 11), accept)
    yield beat(clock.at(SIGNED_ON, 10), give_numbers)
    yield beat(clock.at(SIGNED_ON, 15), sign)


def contracts(state: str) -> Iterator[Contract]:
    """The competition's contracts in one state, in the order of their topics."""
    yield from Contract.objects.filter(grantor=cast.body("operator"), state=state).order_by("id")


def draft() -> None:
    """A contract for every winner, filled from the application; the operator adds the rest."""
    gulnara = cast.actor("gulnara")
    winners = Outcome.objects.filter(lot__competition=found.competition(), winner__isnull=False)
    for won in winners.select_related("lot__competition", "winner").order_by("lot__position"):
        contract = draft_contract(won, gulnara).contract
        if contract.state == State.DRAFT:
            version = contract.versions.get("approvals", 0)
            procedure.edit(contract, "approvals", version, name_chain, actor=gulnara)
            version = contract.versions.get("effect", 0)
            procedure.edit(contract, "effect", version, state_effect, actor=gulnara)


def name_chain(contract: Contract) -> None:
    for place in contract.approvals.exclude(role=Approval.Role.GRANTEE):
        place.person = place.person or cast.user(CHAIN[Approval.Role(place.role)])
        place.save(update_fields=["person"])


def state_effect(contract: Contract) -> None:
    """The two numbers of block IV on which the application is silent."""
    known = contract.social_effect
    direct = known.get("direct_beneficiaries") or 100
    proposed = {"indirect_beneficiaries": direct * 12, "ngos_covered": 1}
    silent = {key: value for key, value in proposed.items() if known.get(key) is None}
    contract.social_effect = known | silent
    contract.save(update_fields=["social_effect"])


def complete_plans() -> None:
    """The heads of the NGOs give the final presentation the indicator that no application has."""
    for contract in contracts(State.DRAFT):
        version = contract.versions.get("plan", 0)
        procedure.edit(contract, "plan", version, state_indicators, actor=head(contract))


def state_indicators(contract: Contract) -> None:
    text, planned = ("Қатысушылар саны", "60-тан кем емес")
    if contract.title_ru and not contract.title_kk:
        text, planned = ("Число участников", "не менее 60")
    for activity in contract.activities.filter(indicators=None):
        indicator = Indicator(activity=activity, position=1, text=text, planned=planned)
        settle(indicator)
        indicator.save()


def head(contract: Contract) -> Actor:
    """The head of the NGO, acting for it."""
    person = people_of(contract.grantee, Role.HEAD).first()
    return actor_for(person, contract.grantee)


def send() -> None:
    for contract in contracts(State.DRAFT):
        CONTRACT.take("send", contract, actor=cast.actor("gulnara"))


def agree(role: Approval.Role) -> None:
    """One place of the chain agrees to every contract that waits for it."""
    for contract in contracts(State.APPROVING):
        waiting = contract.approvals.exclude(agreed=True).first()
        if waiting is not None and waiting.role == role:
            CONTRACT.take("agree", contract, actor=cast.actor(CHAIN[role]))


def accept() -> None:
    """The heads of the NGOs agree."""
    for contract in contracts(State.APPROVING):
        CONTRACT.take("accept", contract, actor=head(contract))


def give_numbers() -> None:
    """What is signed electronically has its number and day before; on paper they come with the scan."""
    for number, contract in enumerate(contracts(State.AGREED), 1):
        if signing.mode_of(contract) == modes.REQUIRED and not signing.is_numbered(contract):
            CONTRACT.take(
                "number",
                contract,
                actor=cast.actor("gulnara"),
                number=f"{number}-Г/2020",
                concluded_on=SIGNED_ON,
            )


def sign() -> None:
    """Both parties sign, with their keys where that is required, else on paper."""
    gulnara = cast.actor("gulnara")
    for number, contract in enumerate(contracts(State.AGREED), 1):
        if signing.mode_of(contract) == modes.REQUIRED:
            for side in (head(contract), gulnara):
                keys.sign(signing.CONTRACT, contract, side)
            procedure.sign(contract, actor=gulnara)
            continue
        scan = outcome.a_scan(f"contract-{number}.pdf", f"Contract No. {number}, signed")
        procedure.sign(
            contract,
            actor=gulnara,
            number=f"{number}-Г/2020",
            concluded_on=SIGNED_ON,
            scan=scan,
        )
