"""A refused step becomes a page that says everything that stands in its way."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from ortaq.core.procedure import Refused

CONFLICT = 409
# Never shown again, whatever a form calls its secrets.
SECRET = ("csrf", "password", "token", "code", "secret")


class RefusalMiddleware:
    """Answers `core.procedure.Refused` with 409: a page, or for htmx a fragment in `#refusal`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        context = {
            "step": exception.step.title,
            "findings": exception.findings,
            "files": bool(request.FILES),
        }
        if request.headers.get("HX-Request") == "true":
            response = render(request, "faces/refusal.html", context, status=CONFLICT)
            response["HX-Retarget"] = "#refusal"
            response["HX-Reswap"] = "innerHTML show:window:top"
            return response
        context |= {"typed": typed(request), "back": back(request)}
        return render(request, "faces/refused.html", context, status=CONFLICT)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The texts of the refused form that are worth keeping: name and what was typed."""
    return [
        (name.replace("_", " "), text)
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in SECRET)
        for text in map(str, values)
        if text.strip() and not text.isdigit()
    ]


def back(request: HttpRequest) -> str:
    """The page on which the form stood, or the first page."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        parts = urlsplit(came_from)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return "/"
