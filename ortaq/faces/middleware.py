"""A refused step becomes a page that says everything that stands in its way."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render

from ortaq.core.procedure import Refused

from .views import beside, by_htmx, came_from, typed, wrong_method

METHODS = ("GET", "HEAD", "POST")
WRONG_METHOD = 405
CONFLICT = 409


class RefusalMiddleware:
    """Answers `core.procedure.Refused` with 409: a page, or for htmx a fragment in `#refusal`.

    A form's address opened like a page, for which Django has an empty page, gets one that speaks;
    methods that no browser sends reach no view.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = HttpResponseNotAllowed(METHODS)
        if request.method in METHODS:
            response = self.get_response(request)
        if response.status_code != WRONG_METHOD:
            return response
        page = wrong_method(request)
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        context = {
            "step": exception.step.title,
            "findings": exception.findings,
            "files": bool(request.FILES),
        }
        if by_htmx(request):
            return beside(request, "faces/refusal.html", context, CONFLICT)
        context |= {"typed": typed(request), "back": came_from(request)}
        return render(request, "faces/refused.html", context, status=CONFLICT)
