"""Follow the tenge."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from ortaq.faces.public import from_replica
from ortaq.people.actor import ActorRequest
from ortaq.portal.queries import tenge as queries
from ortaq.portal.queries import way as ways


@login_not_required
@require_safe
@from_replica
def order(request: ActorRequest, pk: int) -> HttpResponse:
    """The money of a topic of the social order."""
    return _page(request, queries.order(get_object_or_404(ways.topics(), pk=pk)))


@login_not_required
@require_safe
@from_replica
def grant(request: ActorRequest, pk: int) -> HttpResponse:
    """The money of a topic of a grants plan."""
    return _page(request, queries.grant(get_object_or_404(queries.grant_topics(), pk=pk)))


@login_not_required
@require_safe
@from_replica
def contract(request: ActorRequest, pk: int) -> HttpResponse:
    """The money of a contract concluded elsewhere; one that comes from a topic is followed from the topic."""
    found = get_object_or_404(queries.public_contracts(), pk=pk)
    origin = queries.origin_of(found)
    if origin is None:
        raise Http404
    kind, key = origin
    if kind != "contract":
        return redirect("portal:tenge_" + kind, key)
    return _page(request, queries.contract(found))


def _page(request: ActorRequest, found: queries.Tenge) -> HttpResponse:
    return render(request, "portal/tenge.html", {"found": found})
