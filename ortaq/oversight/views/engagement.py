"""Pages of the independent expert of a project: who it is, the notice, what the body decides."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from ortaq.people.actor import ActorRequest


def engagement(request: ActorRequest, pk: int) -> HttpResponse:
    raise Http404
