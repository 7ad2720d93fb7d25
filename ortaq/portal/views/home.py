"""The front page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ortaq.grants.queries import competition as competitions
from ortaq.oversight.queries import council as councils
from ortaq.people.actor import ActorRequest
from ortaq.planning.queries import formation as discussions
from ortaq.prizes.queries import round as prizes
from ortaq.tenders.queries import tender as tenders


@login_not_required
@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """What is open now, in each instrument."""
    context = {
        "competitions": competitions.competition_list(request.actor).open,
        "discussions": discussions.discussions().open,
        "tenders": tenders.tender_list(request.actor).open,
        "prizes": prizes.open_now(),
        "councils": councils.open_now(),
    }
    return render(request, "portal/home.html", context)
