"""Who may do what with the prize of a year."""

from __future__ import annotations

from typing import Any

from ortaq.core.procedure import SYSTEM
from ortaq.people.actor import Actor
from ortaq.people.policy import RESPONSIBLE, predicate
from ortaq.prizes.models import Round


@predicate
def organises(actor: Any, found: Round) -> bool:
    """Head, deputy or officer of the authorised body that gives the prize (PR-001)."""
    # The system, too, takes steps and is nobody's officer.
    return isinstance(actor, Actor) and bool(actor.roles_in(found.organiser_id) & RESPONSIBLE)


@predicate
def organises_or_system(actor: Any, found: Round) -> bool:
    """The organiser, or Ortaq itself when a term has passed."""
    return actor is SYSTEM or organises(actor, found)
