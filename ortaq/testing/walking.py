"""Browsers for tests that ask for thousands of pages."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils.translation import get_language

from ortaq.core import clock
from ortaq.documents.paper import Paper
from ortaq.faces import views
from ortaq.people import actor as actors
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation, User

WHO = "ortaq.walker"


class Walker(Client):
    """A client that only takes what comes back: it does not record which templates were drawn."""

    def __init__(self, user: User | None = None) -> None:
        super().__init__(raise_request_exception=False)
        self.user = user
        if user is not None:
            self.force_login(user)

    def request(self, **request: Any) -> Any:
        environ = self._base_environ(**request) | {WHO: self.user}  # type: ignore[attr-defined]
        response = self.handler(environ)
        self.cookies.update(response.cookies)
        return response


class Acquaintances:
    """In place of session, person and memberships read anew for each request: a walk changes none of them
    for good, and they were a quarter of its time.
    """

    def __init__(self) -> None:
        self.known: dict[tuple[int, object], Actor] = {}
        self.usual = actors.actor_for
        self.signed_in = auth.get_user

    def person(self, request: HttpRequest) -> Any:
        """Whose browser it is; a copy, since a form may write on it."""
        if WHO not in request.META:  # no walker
            return self.signed_in(request)
        user = request.META[WHO]
        return AnonymousUser() if user is None else copy(user)

    def actor_for(
        self,
        user: User | None,
        organisation: Organisation | None = None,
        now: datetime | None = None,
    ) -> Actor:
        if user is None or organisation is not None or now is not None:
            return self.usual(user, organisation, now)
        key = (user.pk, clock.today())
        if key not in self.known:
            self.known[key] = self.usual(user)
        return replace(self.known[key], user=user)


def plain_absence(request: HttpRequest, exception: Exception) -> HttpResponse:
    """In place of the page of 404, where only matters that it is always the same."""
    return HttpResponse("404", status=404)


class Refusals:
    """In place of one and the same page of 403 or 405 drawn anew at each address: of every reader each refusal
    is drawn once, in its own words and with what they had typed.
    """

    def __init__(self) -> None:
        self.drawn: dict[object, bytes] = {}
        self.usual = views.error

    def error(self, request: HttpRequest, code: int, title: str, text: str, **back: str) -> Any:
        if WHO not in request.META or views.by_htmx(request):
            return self.usual(request, code, title, text, **back)
        user = request.META[WHO]
        said = (code, title, text, *sorted(back.items()), *views.typed(request))
        key = (user and user.pk, get_language(), said)
        if key not in self.drawn:
            self.drawn[key] = self.usual(request, code, title, text, **back).content
        return HttpResponse(self.drawn[key], status=code)


def made_once(make: Callable[[Paper], bytes]) -> Callable[[Paper], bytes]:
    """A paper that says the same to several readers is turned into a file for the first of them."""
    made: dict[str, bytes] = {}

    def file(paper: Paper) -> bytes:
        said = repr(paper)
        if said not in made:
            made[said] = make(paper)
        return made[said]

    return file
