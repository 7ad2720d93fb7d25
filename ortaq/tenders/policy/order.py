"""Who may do what with the contract of a social order."""

from __future__ import annotations

from typing import Any

from ortaq.people.actor import Actor
from ortaq.people.models import Role
from ortaq.people.policy import MANAGERS, RESPONSIBLE, predicate
from ortaq.projects.models import Contract
from ortaq.tenders.models import Order


def _roles(actor: Any, organisation: int) -> frozenset[str]:
    """What the actor is in an organisation; the system itself is nothing anywhere."""
    return actor.roles_in(organisation) if isinstance(actor, Actor) else frozenset()


@predicate
def is_customer(actor: Any, contract: Contract) -> bool:
    """Head, deputy or officer of the state body that buys."""
    return bool(_roles(actor, contract.grantor_id) & RESPONSIBLE)


@predicate
def heads_supplier(actor: Any, contract: Contract) -> bool:
    """Head or deputy of the NGO: may bind it."""
    return bool(_roles(actor, contract.grantee_id) & MANAGERS)


@predicate
def writes_for_supplier(actor: Any, contract: Contract) -> bool:
    """Head, deputy, officer or accountant of the NGO."""
    return bool(_roles(actor, contract.grantee_id) & (RESPONSIBLE | {Role.ACCOUNTANT}))


def side_of(actor: Any, contract: Contract) -> str:
    """On which side somebody signs; "" for neither. Whoever sits on both signs for the customer."""
    if is_customer(actor, contract):
        return Order.Side.CUSTOMER
    return Order.Side.SUPPLIER if heads_supplier(actor, contract) else ""
