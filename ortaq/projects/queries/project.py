"""What the pages of projects read, each in a fixed number of queries."""

from __future__ import annotations

from django.db.models import QuerySet

from ortaq.people.actor import Actor
from ortaq.projects.models import Project

from .contract import contracts_visible_to


def projects_visible_to(actor: Actor) -> QuerySet[Project]:
    """The one visibility query: projects of which one of the actor's organisations is a party."""
    return Project.objects.filter(contract__in=contracts_visible_to(actor))


def project_head(actor: Actor) -> QuerySet[Project]:
    """Visible projects with what the head of every tab shows and the policies ask; one query."""
    return projects_visible_to(actor).select_related(
        "contract__grantor", "contract__grantee", "manager"
    ).defer("baseline")  # fmt: skip
