"""The bar above every page of a demonstration: what time it is there, and the ways onward."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string

from ortaq.core import clock

from . import travel
from .models import Travel


def clock_bar(request: HttpRequest) -> str:
    """The bar as safe HTML; nothing on other installations. Two queries on a page."""
    if not settings.DEMO or not Travel.objects.exists():
        return ""
    context = {"now": clock.now(), "stop": travel.next_stop(), "here": request.get_full_path()}
    return render_to_string("demo/bar.html", context, request)
