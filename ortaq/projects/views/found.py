"""How every page of a project begins: the project for its parties, the same 404 for hidden and absent."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from ortaq.people.actor import ActorRequest
from ortaq.projects.models import Project
from ortaq.projects.policy import project as policy
from ortaq.projects.queries.project import project_head


def found(request: ActorRequest, pk: int) -> Project:
    """The project with its contract and parties; one query."""
    return get_object_or_404(project_head(request.actor), pk=pk)


def tab(
    request: ActorRequest, project: Project, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the project's room: `template` extends projects/project.html."""
    return render(
        request,
        template,
        {
            "project": project,
            "contract": project.contract,
            "records": policy.records(request.actor, project),
            "accepts": policy.accepts(request.actor, project),
            **context,
        },
        status=status,
    )
