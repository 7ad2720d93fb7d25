"""Who may do what with a competition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ortaq.core.procedure import SYSTEM
from ortaq.people.actor import Actor
from ortaq.people.policy import RESPONSIBLE, Predicate, predicate

if TYPE_CHECKING:
    from ortaq.grants.models import Competition


@predicate
def is_its_operator(actor: object, competition: Competition) -> bool:
    """Head, deputy or officer of the operator that holds the competition."""
    # The system, too, takes steps and is nobody's officer.
    return isinstance(actor, Actor) and bool(actor.roles_in(competition.operator_id) & RESPONSIBLE)


@predicate
def is_its_operator_or_system(actor: object, competition: Competition) -> bool:
    """The operator, or Ortaq itself when a term has passed."""
    return actor is SYSTEM or is_its_operator(actor, competition)


may_answer: Predicate = is_its_operator
