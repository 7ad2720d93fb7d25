"""Who may see and do what with a project: its NGO records, its body accepts."""

from __future__ import annotations

from ortaq.people.actor import Actor
from ortaq.people.policy import predicate
from ortaq.projects.models import Contract, Project

from . import contract as of_contract

OPEN = (Project.State.RUNNING, Project.State.ACCEPTED)


@predicate
def is_body(actor: Actor, project: Project) -> bool:
    """Responsible in the body that gives the money."""
    return of_contract.is_grantor(actor, project.contract)


@predicate
def is_ngo(actor: Actor, project: Project) -> bool:
    """Belongs to the NGO that carries the project out."""
    return of_contract.is_grantee(actor, project.contract)


@predicate
def writes(actor: Actor, project: Project) -> bool:
    """Head, deputy, officer or accountant of the NGO: whoever records what was done."""
    return of_contract.writes_for_grantee(actor, project.contract)


@predicate
def heads(actor: Actor, project: Project) -> bool:
    """Head or deputy of the NGO: signs reports and asks for changes."""
    return of_contract.heads_grantee(actor, project.contract)


@predicate
def is_open(_actor: Actor, project: Project) -> bool:
    """Something may still be recorded: the project is neither closed nor ended before its time."""
    return project.state in OPEN


@predicate
def is_running(_actor: Actor, project: Project) -> bool:
    """The final report is not accepted yet."""
    return project.state == Project.State.RUNNING


@predicate
def is_grant(_actor: Actor, project: Project) -> bool:
    return project.contract.instrument == Contract.Instrument.GRANT


@predicate
def sees_people(actor: Actor, project: Project) -> bool:
    """Participants' personal data: those who write for the NGO and those responsible in the body (IM-039)."""
    return writes(actor, project) or is_body(actor, project)


records = writes & is_running
accepts = is_body & is_open
# Settings and notes that promise nothing: either party keeps them in order.
may_set = records | accepts
