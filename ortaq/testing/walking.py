"""Browsers for tests that ask for thousands of pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import Client

from ortaq.people.models import User


class Walker(Client):
    """A client that only takes what comes back: it does not record which templates were drawn."""

    def __init__(self, user: User | None = None) -> None:
        super().__init__(raise_request_exception=False)
        if user is not None:
            self.force_login(user)

    def request(self, **request: Any) -> Any:
        response = self.handler(self._base_environ(**request))  # type: ignore[attr-defined]
        self.cookies.update(response.cookies)
        return response


def plain_absence(request: HttpRequest, exception: Exception) -> HttpResponse:
    """In place of the page of 404, where only matters that it is always the same."""
    return HttpResponse("404", status=404)
