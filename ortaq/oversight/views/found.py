"""How pages of oversight begin: what is hidden and what does not exist answer with the same 404."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from ortaq.oversight.queries.project import projects_overseen_by
from ortaq.people.actor import ActorRequest
from ortaq.projects.models import Project


def overseen(request: ActorRequest, pk: int) -> Project:
    """A project that the actor oversees; one query."""
    return get_object_or_404(projects_overseen_by(request.actor), pk=pk)


def project_tab(
    request: ActorRequest, project: Project, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page about one project: `template` extends oversight/project.html."""
    return render(
        request,
        template,
        {"project": project, "contract": project.contract, **context},
        status=status,
    )
