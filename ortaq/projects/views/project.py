"""Pages of projects: the list, the overview of one, its plan."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ortaq.people.actor import ActorRequest
from ortaq.projects.queries.project import projects_visible_to

from .found import found, tab


@require_safe
def projects(request: ActorRequest) -> HttpResponse:
    return render(
        request, "projects/project_list.html", {"rows": projects_visible_to(request.actor)}
    )


@require_safe
def overview(request: ActorRequest, pk: int) -> HttpResponse:
    return tab(request, found(request, pk), "projects/project.html")
