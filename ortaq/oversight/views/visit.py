"""The page of a visit, and how it begins."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.core.procedure import Offer
from ortaq.oversight.models import Visit
from ortaq.oversight.policy.visit import of_body, works_at
from ortaq.oversight.procedure.plan import edition_of
from ortaq.oversight.procedure.visit import VISIT
from ortaq.oversight.queries.instrument import instruments_of
from ortaq.oversight.queries.visit import visits_visible_to
from ortaq.oversight.tools import heading, tool_of
from ortaq.people.actor import ActorRequest


@require_safe
def visit(request: ActorRequest, pk: int) -> HttpResponse:
    """The visit with its tools for those who do it; the NGO reads here that it is going on, and nothing of the tools."""
    found = get_object_or_404(visits_visible_to(request.actor), pk=pk)
    project, works = found.plan.project, works_at(request.actor, found)
    context: dict[str, Any] = {}
    if works:
        grounds = edition_of(found.plan).grounds("monitoring_tools")
        begins = VISIT.findings("start", found, request.actor)
        context = {
            "start": Offer(VISIT["start"], begins) if found.state == Visit.State.PLANNED else None,
            "planned": [grounds[key].text for key in found.tools],
            "instruments": [
                (one, heading(grounds[one.tool]), _said(one))
                for one in instruments_of(found)
                if found.state in (Visit.State.STARTED, Visit.State.REPORTED)
            ],
        }
    return render(
        request,
        "oversight/visit_overview.html",
        {
            "visit": found,
            "project": project,
            "contract": project.contract,
            "works": works,
            "is_body": of_body(request.actor, found),
            "in_tools": True,
            **context,
        },
    )


def _said(row: Any) -> str:
    figures = row.content.get("figures")
    return tool_of(row).said(figures) if figures else ""


@require_POST
def start(request: ActorRequest, pk: int) -> HttpResponse:
    """Begin the visit."""
    found = get_object_or_404(visits_visible_to(request.actor), pk=pk)
    VISIT.take("start", found, actor=request.actor)
    messages.success(request, _("The visit has begun. The NGO can see that, but not its tools."))
    return redirect("oversight:visit", pk)
