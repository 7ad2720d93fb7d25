"""Who may do what with small grants: the grantee runs the competition, its body consents to other sums (GR-X-12)."""

from __future__ import annotations

from typing import Any

from ortaq.people.actor import Actor
from ortaq.people.policy import predicate
from ortaq.projects.models import Project, SmallCompetition, SmallGrant

from . import project as of_project


def project_of(row: Any) -> Project:
    """The project of a competition or of an application."""
    competition: SmallCompetition = row.competition if isinstance(row, SmallGrant) else row
    return competition.project


@predicate
def runs(actor: Actor, row: Any) -> bool:
    """Whoever records for the NGO."""
    return of_project.records(actor, project_of(row))


@predicate
def heads(actor: Actor, row: Any) -> bool:
    """Head or deputy of the NGO, while the project runs: publishes, asks for consent, decides."""
    project = project_of(row)
    return of_project.is_running(actor, project) and of_project.heads(actor, project)


@predicate
def consents(actor: Actor, row: Any) -> bool:
    """Responsible in the body that gives the money."""
    project = project_of(row)
    return of_project.is_running(actor, project) and of_project.is_body(actor, project)
