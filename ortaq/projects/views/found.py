"""How every page of a project begins: the project for its parties, the same 404 for hidden and absent."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from ortaq.people.actor import ActorRequest
from ortaq.projects import beside
from ortaq.projects.models import Project
from ortaq.projects.policy import project as policy
from ortaq.projects.queries.project import project_head


def found(request: ActorRequest, pk: int) -> Project:
    """The project with its contract and parties; one query."""
    return get_object_or_404(project_head(request.actor), pk=pk)


def recording(request: ActorRequest, pk: int) -> Project:
    """The project for whoever records in it; 403 for the other people of its parties."""
    project = found(request, pk)
    if not policy.records(request.actor, project):
        raise PermissionDenied
    return project


def seeing_people(request: ActorRequest, pk: int) -> Project:
    """The project for whoever may see its people and documents (IM-039); 403 for the others of its parties."""
    project = found(request, pk)
    if not policy.sees_people(request.actor, project):
        raise PermissionDenied
    return project


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
            "beside": beside.tabs_for(request.actor, project),
            **context,
        },
        status=status,
    )
