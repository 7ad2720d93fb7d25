"""Who may decide on what is flagged."""

from __future__ import annotations

from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.people.policy import RESPONSIBLE, predicate
from ortaq.registry.models import StandingFlag


@predicate
def decides_on_flag(actor: Actor, flag: StandingFlag) -> bool:
    """Head, deputy or officer of the body in charge of the flagged thing."""
    return bool(actor.roles_in(flag.body_id) & RESPONSIBLE)


@predicate
def keeps_watch(actor: Actor) -> bool:
    """Answers for a body that has applications, contracts or panels in its charge; no query of its own."""
    body = actor.acting_for
    return (
        body is not None
        and body.kind not in (Organisation.Kind.NGO, Organisation.Kind.OTHER)
        and bool(actor.roles_in(body) & RESPONSIBLE)
    )
