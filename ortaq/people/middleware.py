"""Every request knows who acts, and speaks that person's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from .actor import ActorRequest, actor_of
from .models import User


class ActorMiddleware:
    """Puts `request.actor` there; it costs a query only when somebody looks at it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        cast(ActorRequest, request).actor = actor_of(request)
        if self.chosen_elsewhere(request):
            translation.activate(cast(User, request.user).language)
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        return self.get_response(request)

    @staticmethod
    def chosen_elsewhere(request: HttpRequest) -> bool:
        """Whether this browser knows no choice of language, but the signed-in person has one."""
        unknown = settings.LANGUAGE_COOKIE_NAME not in request.COOKIES
        known = settings.SESSION_COOKIE_NAME in request.COOKIES
        return unknown and known and request.user.is_authenticated
