"""Where to look: the body's projects with what draws attention; one project with its plans of monitoring."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ortaq.people.actor import ActorRequest
from ortaq.people.policy import is_authorised_body, is_state_body

from .found import overseen, project_tab


@require_safe
def oversight(request: ActorRequest) -> HttpResponse:
    if not (is_state_body | is_authorised_body)(request.actor):
        raise Http404
    return render(request, "oversight/oversight.html")


@require_safe
def project(request: ActorRequest, pk: int) -> HttpResponse:
    return project_tab(request, overseen(request, pk), "oversight/project.html")
