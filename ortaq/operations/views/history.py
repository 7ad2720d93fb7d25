"""The seals of the journal for everybody: whoever keeps a copy can tell later whether history was rewritten."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ortaq.core import journal
from ortaq.core.models import Checkpoint
from ortaq.people.actor import ActorRequest

SHOWN = 30


@login_not_required
@require_safe
def seals(request: ActorRequest) -> HttpResponse:
    """The latest seals, and what they are for."""
    points = Checkpoint.objects.order_by("-day")[:SHOWN]
    return render(request, "operations/seals.html", {"points": points})


@login_not_required
@require_safe
def checkpoints(request: ActorRequest) -> HttpResponseBase:
    """All seals as JSON lines, as `ortaq journal compare` reads them: one a day, so a year has 365."""
    text = "".join(f"{line}\n" for line in journal.points())
    response = HttpResponse(text, content_type="application/jsonl; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="checkpoints.jsonl"'
    return response
