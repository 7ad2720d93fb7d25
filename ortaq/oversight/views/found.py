"""How pages of oversight begin: what is hidden and what does not exist answer with the same 404."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from ortaq.core.procedure import Offer, Procedure
from ortaq.oversight.models import Visit
from ortaq.oversight.policy.visit import of_body, works_at
from ortaq.oversight.queries.project import projects_overseen_by
from ortaq.oversight.queries.visit import visits_visible_to
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


def visit_of(request: ActorRequest, pk: int) -> Visit:
    """A visit of which the actor knows; one query."""
    return get_object_or_404(visits_visible_to(request.actor), pk=pk)


def visit_at_work(request: ActorRequest, pk: int) -> Visit:
    """A visit that has begun, for whoever does it or answers for it; the NGO gets the same 404 as strangers."""
    found = visit_of(request, pk)
    if found.started_at is None or not works_at(request.actor, found):
        raise Http404
    return found


def visit_tab(
    request: ActorRequest, visit: Visit, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page about one visit: `template` extends oversight/visit.html."""
    project = visit.plan.project
    return render(
        request,
        template,
        {
            "visit": visit,
            "project": project,
            "contract": project.contract,
            "works": works_at(request.actor, visit),
            "is_body": of_body(request.actor, visit),
            **context,
        },
        status=status,
    )


def open_offers(procedure: Procedure[Any], row: Any, actor: Any) -> dict[str, Offer]:
    """The steps that the actor may take with `row`, without what their own fields will give."""
    return {
        step.name: Offer(step, [])
        for step in procedure.steps.values()
        if procedure.state_of(row) in step.sources and step.by(actor, row)
    }
