"""Who may do what with an event: whoever records for the NGO while the project runs."""

from __future__ import annotations

from ortaq.people.actor import Actor
from ortaq.people.policy import predicate
from ortaq.projects.models import Event

from . import project as of_project


@predicate
def records(actor: Actor, event: Event) -> bool:
    """Writes for the NGO, and the final report is not accepted yet."""
    return of_project.records(actor, event.project)
