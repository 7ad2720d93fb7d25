"""The front page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from ortaq.faces.public import public_page
from ortaq.people.actor import ActorRequest
from ortaq.portal.queries import front


@public_page("gazette", "late")
def home(request: ActorRequest) -> HttpResponse:
    """What is open, what is new, the year's money, who is late, and ways in."""
    return render(request, "portal/home.html", {"front": front.front()})
