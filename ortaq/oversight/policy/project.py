"""Who oversees a project: those responsible in the state body that ordered it; the authorised body reads everybody's reports."""

from __future__ import annotations

from ortaq.people.actor import Actor
from ortaq.people.policy import is_authorised_body, predicate
from ortaq.planning.policy import works_for
from ortaq.projects.models import Contract, Project
from ortaq.projects.policy import project as of_project

__all__ = ["authorised", "carries_out", "oversees", "works_for"]

authorised = is_authorised_body


@predicate
def oversees(actor: Actor, project: Project) -> bool:
    """Responsible in the state body that ordered the project (SO-M-01); grants follow rules of their own (SO-X-27)."""
    return project.contract.instrument == Contract.Instrument.SOCIAL_ORDER and of_project.is_body(
        actor, project
    )


@predicate
def carries_out(actor: Actor, project: Project) -> bool:
    """Writes for the NGO that carries the project out."""
    return of_project.writes(actor, project)
