"""Pages of annex 9."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from ortaq.people.actor import ActorRequest


def statutory(request: ActorRequest, pk: int) -> HttpResponse:
    raise Http404
