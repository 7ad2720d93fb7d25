"""Who may do what with tokens: head and deputy make them and see and revoke all of their organisation."""

from __future__ import annotations

from ortaq.people.actor import Actor
from ortaq.people.policy import is_manager_of, predicate

from .models import Token


@predicate
def makes_tokens(actor: Actor) -> bool:
    """Head or deputy of the organisation acted for."""
    return actor.acting_for is not None and is_manager_of(actor, actor.acting_for)


@predicate
def manages(actor: Actor, token: Token) -> bool:
    """Head or deputy of its organisation."""
    return bool(is_manager_of(actor, token.organisation))


@predicate
def takes_back(actor: Actor, token: Token) -> bool:
    """Whoever manages it, and whoever made it, also when they are head or deputy no longer."""
    own = actor.user is not None and actor.user.pk == token.made_by_id
    return own or bool(manages(actor, token))
