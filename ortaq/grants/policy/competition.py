"""Who may do what with a competition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ortaq.people.actor import Actor
from ortaq.people.policy import RESPONSIBLE, predicate

if TYPE_CHECKING:
    from ortaq.grants.models import Competition


@predicate
def is_its_operator(actor: Actor, competition: Competition) -> bool:
    """Head, deputy or officer of the operator that holds the competition."""
    return bool(actor.roles_in(competition.operator_id) & RESPONSIBLE)
