"""Browsers for tests that ask for thousands of pages."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client

from ortaq.core import clock
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
