"""Who may: predicates small enough to say aloud, combined with `&`, `|` and `~`.

Each takes (actor, subject). Powers by kind of organisation look at the organisation acted for;
powers in one organisation look at the memberships in that organisation, given as the subject.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import rules

from .actor import Actor
from .models import Organisation, Role

if TYPE_CHECKING:

    class Predicate:
        """A yes/no question about (actor, subject)."""

        def __init__(self, fn: Callable[..., bool]) -> None: ...
        def __call__(self, actor: Any, subject: Any = None) -> bool: ...
        def __and__(self, other: Predicate) -> Predicate: ...
        def __or__(self, other: Predicate) -> Predicate: ...
        def __invert__(self) -> Predicate: ...

else:

    class Predicate(rules.Predicate):
        """A `rules` predicate that is called like the function it wraps."""

        def __call__(self, actor, subject=None):
            return self.test(actor, subject)


def predicate(fn: Callable[..., bool]) -> Predicate:
    """Make a predicate of a function of (actor) or (actor, subject)."""
    return Predicate(fn)


RESPONSIBLE = frozenset({Role.HEAD, Role.DEPUTY, Role.OFFICER})
MANAGERS = frozenset({Role.HEAD, Role.DEPUTY})


def responsible_for(actor: Actor) -> list[int]:
    """The organisations for which the actor answers, whichever they act for at the moment."""
    return [m.organisation_id for m in actor.memberships if m.role in RESPONSIBLE]


def _acts_responsibly_for(actor: Actor, kind: Organisation.Kind) -> bool:
    organisation = actor.acting_for
    return (
        organisation is not None
        and organisation.kind == kind
        and bool(actor.roles_in(organisation) & RESPONSIBLE)
    )


@predicate
def is_signed_in(actor: Actor) -> bool:
    return actor.is_signed_in


@predicate
def is_staff(actor: Actor) -> bool:
    """Administers this installation."""
    return actor.user is not None and actor.user.is_staff


@predicate
def is_operator(actor: Actor) -> bool:
    """Head, deputy or officer of the operator, acting for it."""
    return _acts_responsibly_for(actor, Organisation.Kind.OPERATOR)


@predicate
def is_state_body(actor: Actor) -> bool:
    """Head, deputy or officer of a state body, acting for it."""
    return _acts_responsibly_for(actor, Organisation.Kind.STATE_BODY)


@predicate
def is_authorised_body(actor: Actor) -> bool:
    """Head, deputy or officer of the authorised body, acting for it."""
    return _acts_responsibly_for(actor, Organisation.Kind.AUTHORISED_BODY)


@predicate
def is_ngo(actor: Actor) -> bool:
    """Acts for an NGO, in whatever role."""
    return actor.acting_for is not None and actor.acting_for.kind == Organisation.Kind.NGO


@predicate
def is_member_of(actor: Actor, organisation: Organisation) -> bool:
    return bool(actor.roles_in(organisation))


@predicate
def is_manager_of(actor: Actor, organisation: Organisation) -> bool:
    """Head or deputy head of that organisation."""
    return bool(actor.roles_in(organisation) & MANAGERS)


# Standings are recorded by those who check applicants or keep the NGO database.
may_record_standings = is_operator | is_authorised_body
may_see_organisation = is_member_of | is_operator | is_authorised_body
