"""Who may do what with evidence and with lines of the consultation journal: as with their project."""

from __future__ import annotations

from typing import Any

from ortaq.people.actor import Actor
from ortaq.people.policy import predicate
from ortaq.projects.models import Evidence, Project

from . import project as of_project

# Such files name participants (IM-039).
PERSONAL = (Evidence.Kind.LIST, Evidence.Kind.FEEDBACK)


@predicate
def records(actor: Actor, row: Any) -> bool:
    """Writes for the NGO while the project runs."""
    return of_project.records(actor, row.project)


@predicate
def accepts(actor: Actor, row: Any) -> bool:
    """Answers for the project in the body that gives the money, while the project is open."""
    return of_project.accepts(actor, row.project)


def opens(actor: Actor, project: Project, evidence: Evidence) -> bool:
    """Whether its file and text are shown: lists, feedback, and stories without consent only to those
    who may see participants.
    """
    hidden = evidence.kind in PERSONAL or (
        evidence.kind == Evidence.Kind.STORY and not evidence.consent
    )
    return not hidden or of_project.sees_people(actor, project)
