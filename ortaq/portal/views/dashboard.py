"""How the organisation stands that the reader acts for."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ortaq.people.actor import ActorRequest
from ortaq.portal.queries import dashboard as queries


@require_safe
def dashboard(request: ActorRequest) -> HttpResponse:
    """For whoever is signed in; what each may see decides what is drawn."""
    return render(request, "portal/dashboard.html", {"shown": queries.dashboard(request.actor)})
