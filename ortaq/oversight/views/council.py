"""Pages of expert councils."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from ortaq.people.actor import ActorRequest


def council(request: ActorRequest, pk: int) -> HttpResponse:
    raise Http404
