"""The page of an NGO."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ortaq.faces.public import from_replica
from ortaq.people.actor import ActorRequest
from ortaq.portal.queries import ngo as lives


@login_not_required
@require_safe
@from_replica
def ngo(request: ActorRequest, bin: str) -> HttpResponse:  # noqa: A002 - as the field
    """An NGO with its whole life; the same 404 for a BIN that nobody has and for what is no NGO."""
    found = lives.life(get_object_or_404(lives.ngos(), bin=bin))
    return render(request, "portal/ngo.html", {"life": found, "organisation": found.organisation})
