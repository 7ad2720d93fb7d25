"""Who may see and do what with a contract."""

from __future__ import annotations

from ortaq.core.procedure import Nobody
from ortaq.people.actor import Actor
from ortaq.people.models import Role
from ortaq.people.policy import MANAGERS, RESPONSIBLE, predicate
from ortaq.projects.models import Approval, Contract

WRITERS = RESPONSIBLE | {Role.ACCOUNTANT}


@predicate
def is_of_a_grant(_actor: Actor, contract: Contract) -> bool:
    """Contracts of other instruments have steps of their own, in the instrument's room."""
    return contract.instrument == Contract.Instrument.GRANT


def _roles(actor: Actor | Nobody, organisation: int) -> frozenset[str]:
    """What the actor is in an organisation; the system itself is nothing anywhere."""
    return actor.roles_in(organisation) if isinstance(actor, Actor) else frozenset()


@predicate
def is_grantor(actor: Actor, contract: Contract) -> bool:
    """Responsible in the body that gives the money."""
    return bool(_roles(actor, contract.grantor_id) & RESPONSIBLE)


@predicate
def is_grantee(actor: Actor, contract: Contract) -> bool:
    """Belongs to the NGO that receives it."""
    return contract.grantee_id in actor.organisation_ids


@predicate
def heads_grantee(actor: Actor, contract: Contract) -> bool:
    """Head or deputy of the NGO."""
    return bool(_roles(actor, contract.grantee_id) & MANAGERS)


@predicate
def writes_for_grantee(actor: Actor, contract: Contract) -> bool:
    """Head, deputy, officer or accountant of the NGO."""
    return bool(_roles(actor, contract.grantee_id) & WRITERS)


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
def agrees_for_grantor(actor: Actor, contract: Contract) -> bool:
    """The person named at the next place of the chain, still responsible in the body (GR-K-04)."""
    place = next_approval(contract)
    return (
        place is not None
        and place.person_id is not None
        and place.role != Approval.Role.GRANTEE
        and is_grantor(actor, contract)
        and actor.user is not None
        and actor.user.pk == place.person_id
    )


@predicate
def agrees_for_grantee(actor: Actor, contract: Contract) -> bool:
    """Head or deputy of the NGO, when everybody else has agreed (GR-K-04)."""
    place = next_approval(contract)
    return (
        place is not None and place.role == Approval.Role.GRANTEE and heads_grantee(actor, contract)
    )


has_the_turn = agrees_for_grantor | agrees_for_grantee


@predicate
def sees_contacts(actor: Actor, contract: Contract) -> bool:
    """Contacts of the team are for those who answer for the contract (GR-I-03)."""
    return is_grantor(actor, contract) or is_grantee(actor, contract)
