"""Pages of the evaluation of a project."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from ortaq.people.actor import ActorRequest


def evaluation(request: ActorRequest, pk: int) -> HttpResponse:
    raise Http404
