"""A year as a timeline."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from ortaq.faces.public import public_page
from ortaq.people.actor import ActorRequest
from ortaq.portal.queries import year as years


@public_page("gazette")
def year(request: ActorRequest, year: int) -> HttpResponse:
    """What the law sets for a year, and what happened in it."""
    if not years.is_known(year):
        raise Http404
    return render(request, "portal/year.html", {"year": years.year_of(year)})
