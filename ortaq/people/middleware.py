"""Every request knows who acts, and speaks that person's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from ortaq.faces.views import by_htmx, signed_out

from . import guessing, second_factor
from .actor import ActorRequest, actor_of
from .models import User


class SignInMiddleware(LoginRequiredMiddleware):
    """Who asks for a page is sent to sign in; who sends a form is told, and keeps what they typed.

    To what saves itself a redirect would look like success.
    """

    def handle_no_permission(  # type: ignore[override]  # Django's own always redirects
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if request.method in {"GET", "HEAD"} and not by_htmx(request):
            return super().handle_no_permission(request, view_func)
        return signed_out(request)


class ActorMiddleware:
    """Puts `request.actor` there; it costs a query only when somebody looks at it.

    What it gives back was made for one reader, so no cache on the way keeps it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        cast(ActorRequest, request).actor = actor_of(request)
        if self.chosen_elsewhere(request):
            translation.activate(cast(User, request.user).language)
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    @staticmethod
    def chosen_elsewhere(request: HttpRequest) -> bool:
        """Whether this browser knows no choice of language, but the signed-in person has one."""
        unknown = settings.LANGUAGE_COOKIE_NAME not in request.COOKIES
        known = settings.SESSION_COOKIE_NAME in request.COOKIES
        return unknown and known and request.user.is_authenticated


class EntryMiddleware:
    """Whoever needs a second factor and has not shown one gets the page where it is set up, and no other; a browser
    in which somebody has signed in is known to their account from then on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        guessing.remember(request, response)
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        return second_factor.stands_in_the_way(cast(ActorRequest, request))
