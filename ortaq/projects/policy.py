"""Who may see and do what with a contract."""

from __future__ import annotations

from ortaq.people.actor import Actor
from ortaq.people.models import Role
from ortaq.people.policy import MANAGERS, RESPONSIBLE, predicate

from .models import Approval, Contract

WRITERS = RESPONSIBLE | {Role.ACCOUNTANT}


@predicate
def is_grantor(actor: Actor, contract: Contract) -> bool:
    """Responsible in the body that gives the money."""
    return bool(actor.roles_in(contract.grantor_id) & RESPONSIBLE)


@predicate
def is_grantee(actor: Actor, contract: Contract) -> bool:
    """Belongs to the NGO that receives it."""
    return contract.grantee_id in actor.organisation_ids


@predicate
def heads_grantee(actor: Actor, contract: Contract) -> bool:
    """Head or deputy of the NGO."""
    return bool(actor.roles_in(contract.grantee_id) & MANAGERS)


@predicate
def writes_for_grantee(actor: Actor, contract: Contract) -> bool:
    """Head, deputy, officer or accountant of the NGO."""
    return bool(actor.roles_in(contract.grantee_id) & WRITERS)


# Annex 3 is filled in according to the application, so by those who wrote it, under the eyes of
# the body that gives the money.
may_edit = is_grantor | writes_for_grantee
# What the body sets alone: the terms of the money, and who agrees for it.
OF_GRANTOR = frozenset({"terms", "approvals"})


def may_edit_block(actor: Actor, contract: Contract, block: str) -> bool:
    """Whether the actor changes this block of a draft."""
    return (is_grantor if block in OF_GRANTOR else may_edit)(actor, contract)


def next_approval(contract: Contract) -> Approval | None:
    """The place in the chain whose turn it is; None when all have agreed."""
    return next((a for a in contract.approvals.all() if not a.agreed), None)


@predicate
def has_the_turn(actor: Actor, contract: Contract) -> bool:
    """The person named at the next place of the approval chain (GR-K-04)."""
    place = next_approval(contract)
    if place is None or actor.user is None:
        return False
    if place.role == Approval.Role.GRANTEE:
        return heads_grantee(actor, contract)
    return place.person_id == actor.user.pk and is_grantor(actor, contract)


@predicate
def sees_contract(actor: Actor, contract: Contract) -> bool:
    """A party to the contract."""
    return actor.is_signed_in and (
        contract.grantee_id in actor.organisation_ids
        or contract.grantor_id in actor.organisation_ids
    )


@predicate
def sees_contacts(actor: Actor, contract: Contract) -> bool:
    """Contacts of the team are for those who answer for the contract (GR-I-03)."""
    return is_grantor(actor, contract) or is_grantee(actor, contract)
