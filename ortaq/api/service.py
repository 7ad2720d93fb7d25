"""The API itself: its parts, how its errors are said, its OpenAPI document."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from ortaq.core.procedure import Refused
from ortaq.law.errors import Refused as Unanswerable

from .operations import acts, drafts, events, expenses, own, public
from .problems import WORD, Problem, error, of_misread, of_refusal
from .reading import StrictParser

ABOUT = """What is public is open to everybody; what is an organisation's own opens with its token.

Money is a whole number of tiyn (100 tiyn are 1 tenge). Lists go on with `after`, the `next` of the page before.
Messages are in the language of `Accept-Language`: kk, ru or en."""


class Api(NinjaAPI):
    """Its addresses lie within those of the room."""

    def get_root_path(self, path_params: Any) -> str:
        return reverse("api:v1:api-root", kwargs=path_params)


api = Api(
    title="Ortaq",
    version="1",
    description=ABOUT,
    urls_namespace="v1",
    docs_url=None,
    openapi_url=None,  # `views.openapi` answers more quickly
    parser=StrictParser(),
)
api.add_router("", public.router)
api.add_router("law/", acts.router)
for part in (own, drafts, events, expenses):
    api.add_router("own/", part.router)


@api.exception_handler(Problem)
def _problem(_request: HttpRequest, problem: Any) -> HttpResponse:
    return problem.response()  # type: ignore[no-any-return]


@api.exception_handler(Refused)
def _refused(_request: HttpRequest, refused: Any) -> HttpResponse:
    return of_refusal(refused).response()


@api.exception_handler(Unanswerable)
def _unanswerable(_request: HttpRequest, refused: Any) -> HttpResponse:
    """The law cannot answer for what was asked: the sentence says why, in three languages."""
    return Problem("refused", [error("unanswerable", refused.text)]).response()


@api.exception_handler(Http404)
def _absent(_request: HttpRequest, _error: Any) -> HttpResponse:
    return Problem("not_found").response()


@api.exception_handler(ValidationError)
def _misread(_request: HttpRequest, refused: Any) -> HttpResponse:
    return of_misread(refused.errors).response()


@api.exception_handler(HttpError)
def _other(_request: HttpRequest, refused: Any) -> HttpResponse:
    return Problem(WORD.get(refused.status_code, "unreadable")).response()
