"""Recalculate it yourself: how, the files, and what must come out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ortaq.faces.paging import key_page
from ortaq.faces.public import from_replica, public_page
from ortaq.opendata import recalculation
from ortaq.opendata.exact import dumps

from .tables import about, shared

SIZE = 25


@public_page("gazette")
def index(request: HttpRequest) -> HttpResponse:
    """What to run, and the latest published results of both kinds."""
    lots = recalculation.grant_lots().defer("topic__search")
    asked = {"page": request.GET.get("page", "")}
    return render(
        request,
        "opendata/recalculation.html",
        {
            "grants": key_page(lots, asked, order=["-id"], size=SIZE),
            "tenders": recalculation.tender_lots().order_by("-id")[:SIZE],
            "first": not asked["page"],
            "source": settings.ORTAQ_SOURCE_URL,
            **about(),
        },
    )


def _page(request: HttpRequest, command: str, name: str, pk: int, found: Any) -> HttpResponse:
    return render(
        request,
        "opendata/recalculated.html",
        {"found": found, "command": command, "name": name, "pk": pk, **about()},
    )


def _file(content: Mapping[str, Any], name: str) -> HttpResponse:
    response = HttpResponse(dumps(content), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return shared(response)


@public_page("gazette")
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """A topic: its file, the command, what it answers beside what was published."""
    found = recalculation.grant(get_object_or_404(recalculation.grant_lots(), pk=pk))
    return _page(request, "grant", "opendata:recalculate_grant_file", pk, found)


@login_not_required
@require_safe
@from_replica
def grant_file(request: HttpRequest, pk: int) -> HttpResponse:
    lot = get_object_or_404(recalculation.grant_lots(), pk=pk)
    return _file(recalculation.grant_file(lot), f"grant-{pk}")


@public_page("gazette")
def tender(request: HttpRequest, pk: int) -> HttpResponse:
    """A lot of a tender, likewise."""
    found = recalculation.tender(get_object_or_404(recalculation.tender_lots(), pk=pk))
    return _page(request, "tender", "opendata:recalculate_tender_file", pk, found)


@login_not_required
@require_safe
@from_replica
def tender_file(request: HttpRequest, pk: int) -> HttpResponse:
    lot = get_object_or_404(recalculation.tender_lots(), pk=pk)
    return _file(recalculation.tender_file(lot), f"tender-{pk}")
