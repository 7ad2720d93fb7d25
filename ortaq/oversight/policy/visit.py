"""Who does a visit, and who answers for it."""

from __future__ import annotations

from ortaq.core.keys import organisation, person
from ortaq.oversight.models import Visit
from ortaq.people.actor import Actor
from ortaq.people.policy import predicate

from .conflict import monitors
from .project import carries_out, oversees


@predicate
def of_body(actor: Actor, visit: Visit) -> bool:
    """Answers for the body that ordered the project."""
    return oversees(actor, visit.plan.project)


@predicate
def works_at(actor: Actor, visit: Visit) -> bool:
    """Does the visit: an officer of the body, or the project's expert past the gate whose visit it is."""
    if of_body(actor, visit):
        return True
    engagement, user = visit.engagement, actor.user
    return (
        engagement is not None
        and user is not None
        and engagement.expert.person_id == user.pk
        and monitors(actor, visit.plan.project)
    )


@predicate
def is_visited(actor: Actor, visit: Visit) -> bool:
    """Writes for the NGO that carries the project out."""
    return carries_out(actor, visit.plan.project)


def bearer_of(visit: Visit) -> str:
    """The key of whoever does the visit: the expert, the officer, or the body where nobody is named."""
    if visit.engagement is not None:
        return person(visit.engagement.expert.person_id)
    if visit.officer_id is not None:
        return person(visit.officer_id)
    return organisation(visit.plan.project.contract.grantor_id)
