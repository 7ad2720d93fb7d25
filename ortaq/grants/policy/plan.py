"""Who may do what with plans and proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ortaq.people.actor import Actor
from ortaq.people.models import Role
from ortaq.people.policy import RESPONSIBLE, is_operator, predicate

if TYPE_CHECKING:
    from ortaq.grants.models import Plan, PlanVersion, Proposal

WRITERS = RESPONSIBLE | {Role.ACCOUNTANT, Role.PR}


@predicate
def forms_plan(actor: Actor, plan: Plan) -> bool:
    """Responsible in the body that forms the plan (GR-P-01)."""
    return bool(actor.roles_in(plan.body_id) & RESPONSIBLE)


@predicate
def edits_version(actor: Actor, version: PlanVersion) -> bool:
    """The forming body, or the operator that prepares the text for it."""
    return forms_plan(actor, version.plan) or is_operator(actor)


@predicate
def writes_proposal(actor: Actor, proposal: Proposal) -> bool:
    """A member of the NGO that proposes."""
    return bool(actor.roles_in(proposal.organisation_id) & WRITERS)


@predicate
def answers_proposal(actor: Actor, proposal: Proposal) -> bool:
    """The operator accepts proposals all year round (GR-P-03)."""
    return is_operator(actor)
