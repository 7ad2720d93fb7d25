"""Who may do what with a request for a change: as with its project, while that runs."""

from __future__ import annotations

from ortaq.people.actor import Actor
from ortaq.people.policy import predicate
from ortaq.projects.models import Change

from . import project as of_project


@predicate
def writes(actor: Actor, change: Change) -> bool:
    """Whoever records for the NGO draws requests up."""
    return of_project.records(actor, change.project)


@predicate
def asks(actor: Actor, change: Change) -> bool:
    """Head or deputy of the NGO: a request speaks for it."""
    project = change.project
    return of_project.is_running(actor, project) and of_project.heads(actor, project)


@predicate
def decides(actor: Actor, change: Change) -> bool:
    """Responsible in the body that gives the money."""
    project = change.project
    return of_project.is_running(actor, project) and of_project.is_body(actor, project)
