"""Who may do what with a tender."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ortaq.core.procedure import SYSTEM
from ortaq.people.actor import Actor
from ortaq.people.policy import RESPONSIBLE, Predicate, predicate
from ortaq.planning.policy import BODIES, works_for

if TYPE_CHECKING:
    from ortaq.tenders.models import Tender


@predicate
def begins(actor: Actor) -> bool:
    """Acts responsibly for a state body, which may be a customer (SO-T-004)."""
    acting = actor.acting_for
    return acting is not None and acting.kind in BODIES and works_for(actor, acting)


@predicate
def organises(actor: Any, tender: Tender) -> bool:
    """Head, deputy or officer of the organiser, who answers for the tender (SO-T-065)."""
    # The system, too, takes steps and is nobody's officer.
    return isinstance(actor, Actor) and bool(actor.roles_in(tender.organiser_id) & RESPONSIBLE)


@predicate
def buys(actor: Any, tender: Tender) -> bool:
    """Head, deputy or officer of the customer, who writes what is bought."""
    return isinstance(actor, Actor) and bool(actor.roles_in(tender.customer_id) & RESPONSIBLE)


@predicate
def organises_or_system(actor: Any, tender: Tender) -> bool:
    """The organiser, or Ortaq itself when a term has passed."""
    return actor is SYSTEM or organises(actor, tender)


# The documentation is written by the customer and its organiser, who may be one and the same.
prepares: Predicate = organises | buys
may_answer: Predicate = organises | buys
