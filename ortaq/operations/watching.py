"""What stands around every request: its number, probes, the line of the log, what is measured.

It is the outermost layer: whatever breaks within has become an answer by the time it comes back here, and every
transaction has ended.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from logging import getLogger

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve

from . import metrics, noticing
from .present import NO_ROUTE, Watched, present
from .views import health

access = getLogger("ortaq.access")
HEADER = "X-Request-ID"
# What proxies make up; nothing that could be somebody's name, number or token of this site.
GIVEN = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

STATIC = "static"
METRICS = "/metrics"
# Asked by machines that know neither the site's name nor its certificate.
PROBES: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {
    "/health/": health.health,
    "/ready/": health.ready,
    METRICS: health.metrics,
}


class WatchMiddleware:
    """Numbers each request, answers probes before anything else is asked, and tells the log and the figures."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (probe := PROBES.get(request.path_info)) and (
            request.path_info != METRICS or metrics.may_read(request)
        ):
            return probe(request)
        watched = Watched(number_of(request))
        request.number = watched.number  # type: ignore[attr-defined]  # the page of errors shows it
        token = present.set(watched)
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            watched.route = route_of(request, response.status_code)
            tell(request, response, watched, time.perf_counter() - begun)
        finally:
            present.reset(token)
        response[HEADER] = watched.number
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """From here on the route is known, also to what breaks."""
        if watched := present.get():
            watched.route = route_of(request)


def number_of(request: HttpRequest) -> str:
    """The number that a trusted proxy gave, so that its log and ours can be read side by side; otherwise a new one."""
    given = request.headers.get(HEADER, "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and GIVEN.fullmatch(given):
        return given
    return secrets.token_hex(16)


def route_of(request: HttpRequest, status: int = 0) -> str:
    """The name of the address, never the address itself: tokens and numbers of people stand in addresses."""
    match = request.resolver_match
    if match is None and 200 <= status < 400:
        if request.path_info.startswith(str(settings.STATIC_URL)):
            return STATIC
        # A page that was kept ready was answered before anybody asked for its name.
        with suppress(Resolver404):
            match = resolve(request.path_info)
    return (match.view_name or match.route) if match else NO_ROUTE


def user_of(request: HttpRequest) -> int | None:
    """The number of whoever asked, where the request has looked at it; never a query of its own."""
    return getattr(getattr(request, "_cached_user", None), "pk", None)


def tell(
    request: HttpRequest, response: HttpResponseBase, watched: Watched, seconds: float
) -> None:
    """What came of a request: the line of the access log, and the list of what was too slow."""
    method = request.method if request.method in METHODS else "other"
    ms = round(seconds * 1000)
    if 0 < settings.ORTAQ_SLOW_REQUEST_MS <= ms:
        noticing.slow_request(str(method), watched.route, seconds)
    if metrics.is_on():
        metrics.measure(str(method), response.status_code, watched, seconds)
    if settings.ORTAQ_ACCESS_LOG:
        told = {
            "method": method,
            "status": response.status_code,
            "ms": ms,
            "queries": watched.queries,
            "database_ms": round(watched.database_seconds * 1000),
            "user": user_of(request),
        }
        access.info("answered", extra=told)
