"""Every request knows who acts, and speaks that person's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponseBase

from .actor import ActorRequest, actor_of


class ActorMiddleware:
    """Puts `request.actor` there; it costs a query only when somebody looks at it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        cast(ActorRequest, request).actor = actor_of(request)
        return self.get_response(request)
