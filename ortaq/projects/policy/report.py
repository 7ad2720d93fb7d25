"""Who reads, writes, submits and judges the reports of a project, and signs its act."""

from __future__ import annotations

from ortaq.people.actor import Actor
from ortaq.people.policy import predicate
from ortaq.projects.models import Act, Report

from . import project as of_project

CREATIVE = (Report.Kind.INTERIM_CREATIVE, Report.Kind.FINAL_CREATIVE)


@predicate
def writes(actor: Actor, report: Report) -> bool:
    """Records for the NGO while the project runs."""
    return of_project.records(actor, report.project)


@predicate
def submits(actor: Actor, report: Report) -> bool:
    """Head or deputy of the NGO, while the project runs: the report is signed by the head (IM-061)."""
    return of_project.heads(actor, report.project) and of_project.is_running(actor, report.project)


@predicate
def judges(actor: Actor, report: Report) -> bool:
    """Responsible in the body that gives the money, while the project runs."""
    return of_project.is_body(actor, report.project) and of_project.is_running(
        actor, report.project
    )


@predicate
def reads(actor: Actor, report: Report) -> bool:
    """Financial reports name people and their pay: they are for those who see people's data. A draft is the NGO's own."""
    project = report.project
    if of_project.is_body(actor, project):
        return report.round > 0
    if report.kind in CREATIVE:
        return of_project.is_ngo(actor, project)
    return of_project.sees_people(actor, project)


@predicate
def drafts_act(actor: Actor, act: Act) -> bool:
    """Whoever writes for the supplier, while the project is open."""
    return of_project.writes(actor, act.project) and of_project.is_open(actor, act.project)


@predicate
def signs_for_supplier(actor: Actor, act: Act) -> bool:
    """Head or deputy of the supplier."""
    return of_project.heads(actor, act.project) and of_project.is_open(actor, act.project)


@predicate
def signs_for_customer(actor: Actor, act: Act) -> bool:
    """Responsible in the body that ordered the services."""
    return of_project.accepts(actor, act.project)
