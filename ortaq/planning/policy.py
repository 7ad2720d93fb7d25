"""Who may do what from needs to the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ortaq.core.procedure import SYSTEM
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation, Role
from ortaq.people.policy import RESPONSIBLE, predicate

if TYPE_CHECKING:
    from ortaq.planning.models import (
        Assessment,
        BudgetRequest,
        Formation,
        Session,
        Specification,
        TopicProposal,
    )

BODIES = (Organisation.Kind.STATE_BODY, Organisation.Kind.AUTHORISED_BODY)
# Who may speak for an NGO: propose topics, comment in its name.
SPEAKERS = RESPONSIBLE | {Role.PR}


@predicate
def works_for(actor: Actor, body: Organisation | int) -> bool:
    """Head, deputy or officer of that state body."""
    return bool(actor.roles_in(body) & RESPONSIBLE)


@predicate
def forms(actor: Actor, formation: Formation) -> bool:
    """An officer of the body that forms the social order."""
    return bool(actor.roles_in(formation.body_id) & RESPONSIBLE)


@predicate
def forms_or_system(actor: Any, formation: Formation) -> bool:
    """An officer of the body, or the end of a term itself."""
    return actor is SYSTEM or forms(actor, formation)


@predicate
def assesses(actor: Actor, assessment: Assessment) -> bool:
    """An officer of the body that assesses needs."""
    return bool(actor.roles_in(assessment.body_id) & RESPONSIBLE)


@predicate
def specifies(actor: Actor, specification: Specification) -> bool:
    """An officer of the body whose topic is specified."""
    return forms(actor, specification.topic.formation)


@predicate
def requests_budget(actor: Actor, request: BudgetRequest) -> bool:
    """An officer of the body whose topic asks for money."""
    return forms(actor, request.topic.formation)


@predicate
def convenes(actor: Actor, session: Session) -> bool:
    """An officer of the body at which the council sits."""
    return works_for(actor, session.council.body_id)


@predicate
def receives(actor: Actor, proposal: TopicProposal) -> bool:
    """An officer of the body to which an NGO proposes a topic."""
    return works_for(actor, proposal.body_id)
