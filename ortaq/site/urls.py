"""Every address of the house, room by room."""

from __future__ import annotations

from importlib import import_module
from itertools import groupby
from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern

# A room brings the first words of its addresses with it: /plans/, /applications/ ...
ROOMS = (
    "projects",
    "portal",
    "opendata",
    "api",
    "subscriptions",
    "exchange",
    "operations",
    "grants",
    "planning",
    "tenders",
    "prizes",
    "oversight",
    "review",
    "registry",
    "people",
    "signing",
    "documents",
    "faces",
    "demo",
)


class FirstWord(RoutePattern):
    """In front of addresses that begin with one of these words: where it is another one, none of them is tried.

    Trying every address of the house, one expression after the other, took longer than many a page.
    """

    def __init__(self, *words: str) -> None:
        super().__init__("")
        self.words = frozenset(words)

    def match(self, path: str) -> Any:
        return super().match(path) if path.partition("/")[0] in self.words else None


def room(name: str) -> URLResolver:
    """The addresses of a room in its own order."""
    module = import_module(f"ortaq.{name}.urls")
    grouped = groupby(
        module.urlpatterns, lambda one: str(one.pattern).removeprefix("^").partition("/")[0]
    )
    words = [(word, list(ones)) for word, ones in grouped]
    return URLResolver(
        FirstWord(*(word for word, _ones in words)),
        [URLResolver(FirstWord(word), ones) for word, ones in words],
        app_name=module.app_name,
        namespace=module.app_name,
    )


urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    *map(room, ROOMS),
]

handler404 = "ortaq.faces.views.not_found"
handler403 = "ortaq.faces.views.forbidden"
handler429 = "ortaq.faces.views.too_many"
handler500 = "ortaq.faces.views.broken"
handler400 = "ortaq.faces.views.bad_request"
