"""Who may open a piece of evidence; who attaches and decides is said by the policy of the project."""

from __future__ import annotations

from ortaq.people.actor import Actor
from ortaq.projects.models import Evidence, Project

from . import project as of_project

# Such files name participants (IM-039).
PERSONAL = (Evidence.Kind.LIST, Evidence.Kind.FEEDBACK)


def opens(actor: Actor, project: Project, evidence: Evidence) -> bool:
    """Whether its file and text are shown: lists, feedback, and stories without consent only to those
    who may see participants.
    """
    hidden = evidence.kind in PERSONAL or (
        evidence.kind == Evidence.Kind.STORY and not evidence.consent
    )
    return not hidden or of_project.sees_people(actor, project)
