"""From a need to a contract."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ortaq.people.actor import ActorRequest
from ortaq.portal.queries import way as ways_of


@login_not_required
@require_safe
def ways(request: ActorRequest) -> HttpResponse:
    """Every topic of the social order, and where it stands between need and contract."""
    query = request.GET.get("q", "").strip()[:200]
    context = {"page": ways_of.ways(query, request.GET), "query": query}
    return render(request, "portal/way_list.html", context)


@login_not_required
@require_safe
def way(request: ActorRequest, pk: int) -> HttpResponse:
    """The whole way of one topic."""
    topic = get_object_or_404(ways_of.topics(), pk=pk)
    return render(request, "portal/way.html", {"way": ways_of.way(topic), "topic": topic})
