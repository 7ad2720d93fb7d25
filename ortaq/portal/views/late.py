"""Who is late, and what state bodies reported."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from ortaq.faces.public import public_page
from ortaq.people.actor import ActorRequest
from ortaq.portal.asking import Asked, asked_of, choices
from ortaq.portal.queries import late as queries
from ortaq.portal.queries import reports as of_reports


@public_page("gazette", "late")
def late(request: ActorRequest) -> HttpResponse:
    """Public duties whose term has ended, by the body that owes them."""
    return render(request, "portal/late.html", {"late": queries.late()})


@public_page("gazette")
def reports(request: ActorRequest) -> HttpResponse:
    """Reports that the law asks of state bodies, the newest first."""
    asked, strange = asked_of(request.GET)
    query = request.GET.get("q", "").strip()[:200]
    context = {
        "asked": Asked(year=asked.year),
        "strange": strange,
        "query": query,
        "page": of_reports.page(asked, query, request.GET),
        "choices": choices(),
    }
    return render(request, "portal/reports.html", context)
