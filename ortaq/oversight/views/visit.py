"""Pages of a visit."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ortaq.oversight.procedure.visit import VISIT, works_at
from ortaq.oversight.queries.visit import visits_visible_to
from ortaq.people.actor import ActorRequest


@require_safe
def visit(request: ActorRequest, pk: int) -> HttpResponse:
    """The visit: its tools, what was seen, what is asked for, the report."""
    found = get_object_or_404(visits_visible_to(request.actor), pk=pk)
    project = found.plan.project
    return render(
        request,
        "oversight/visit.html",
        {
            "visit": found,
            "project": project,
            "contract": project.contract,
            "works": works_at(request.actor, found),
            "offers": {one.step.name: one for one in VISIT.offers(found, request.actor)}
            if works_at(request.actor, found)
            else {},
        },
    )
