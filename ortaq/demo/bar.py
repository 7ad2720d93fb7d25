"""The bar above every page of a demonstration: what time it is there, and the ways onward."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string

from ortaq.core import clock

from . import tours, travel
from .models import Travel
from .tours import progress


def clock_bar(request: HttpRequest) -> str:
    """The bar as safe HTML; nothing on other installations. Two queries on a page.

    Whoever is on a tour sees what to look at and the way to its next step.
    """
    if not settings.DEMO or not Travel.objects.exists():
        return ""
    seen = progress.read(request)
    tour = tours.tour_of(seen.tour)
    steps = tour.steps if tour else ()
    context = {
        "now": clock.now(),
        "stop": travel.next_stop(),
        "here": request.get_full_path(),
        "tour": tour,
        "step": next((one for one in steps if one.number == seen.number), None),
        "next_step": next((one for one in steps if one.number == seen.number + 1), None),
    }
    return render_to_string("demo/bar.html", context, request)
