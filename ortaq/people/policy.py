"""Who may: predicates small enough to say aloud, combined with `&`, `|` and `~`.

Each takes (actor, subject). Powers by kind of organisation look at the organisation acted for;
powers in one organisation look at the memberships in that organisation, given as the subject.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .actor import Actor
from .models import Organisation, Role


class Predicate:
    """A yes/no question about (actor, subject), called like the function it wraps; a function of the actor alone is
    never told the subject.
    """

    def __init__(self, fn: Callable[..., bool]) -> None:
        of_the_actor_alone = fn.__code__.co_argcount == 1
        self.ask: Callable[[Any, Any], bool] = (
            (lambda actor, _subject: fn(actor)) if of_the_actor_alone else fn
        )
        self.__name__, self.__doc__ = fn.__name__, fn.__doc__

    def __call__(self, actor: Any, subject: Any = None) -> bool:
        return bool(self.ask(actor, subject))

    def __and__(self, other: Predicate) -> Predicate:
        mine, theirs = self.ask, other.ask
        return Predicate(lambda actor, subject: mine(actor, subject) and theirs(actor, subject))

    def __or__(self, other: Predicate) -> Predicate:
        mine, theirs = self.ask, other.ask
        return Predicate(lambda actor, subject: mine(actor, subject) or theirs(actor, subject))

    def __invert__(self) -> Predicate:
        mine = self.ask
        return Predicate(lambda actor, subject: not mine(actor, subject))


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
