"""What lies under /api/v1/ is for programs: no cookie, one shape of errors, and nothing too large is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    set_response_etag,
)
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext_lazy as _

from ortaq.core.files import MAX_BYTES
from ortaq.faces.public import marks

from . import limits
from .problems import SAID, STATUS, WORD, Problem, error, unknown_parameters

ROOT = "/api/v1/"
OWN = f"{ROOT}own/"
FILES = f"{OWN}files/"
# Addresses whose answers change with the gazette and with the clock alone.
KEPT = frozenset({"publications", "publication", "changes", "open_now", "money"})
GAZETTE = "gazette"
# A form's own borders and headers around the file.
AROUND = 64 * 1024
# Longer than any filter that means something.
LONGEST_QUERY = 4096
UNWRITABLE = re.compile(r"\x00|%00")


class ApiMiddleware:
    """Stands before sessions: under `/api/v1/` nobody is signed in by a cookie, so that no other site can act for them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(ROOT):
            return self.get_response(request)
        request.COOKIES = {}
        request.META.pop("HTTP_COOKIE", None)
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        with translation.override(get_language_from_request(request)):
            try:
                _refuse_absurd(request)
                response = dressed(self.get_response(request))
            except Problem as problem:
                response = problem.response()
        return finished(request, response, head=head)

    def process_view(
        self,
        request: HttpRequest,
        _view: Callable[..., HttpResponseBase],
        _args: tuple[Any, ...],
        _kwargs: Mapping[str, Any],
    ) -> HttpResponseBase | None:
        """Unknown parameters are refused with their names; what the gazette alone tells is kept ready (`faces.public`)."""
        if not request.path_info.startswith(ROOT) or (match := request.resolver_match) is None:
            return None
        known = parameters().get((match.url_name, request.method))
        if known is not None and (unknown := sorted(set(request.GET) - known)):
            return unknown_parameters(name[:100] for name in unknown).response()
        if match.url_name in KEPT and hasattr(request, "ready"):
            request.ready = {GAZETTE: marks[GAZETTE]()}
        return None


def _refuse_absurd(request: HttpRequest) -> None:
    query = request.META.get("QUERY_STRING", "")
    if len(query) > LONGEST_QUERY or UNWRITABLE.search(query) or "\x00" in request.path_info:
        raise Problem("unreadable")
    most = MAX_BYTES + AROUND if request.path_info == FILES else settings.ORTAQ_API_BODY
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > most:
        message = _("At most %(limit)s are taken here.") % {"limit": filesizeformat(most)}
        raise Problem("too_large", [error("too_large", message, most=most)])
    if not request.path_info.startswith(OWN):
        limits.of_address(request)


@cache
def parameters() -> Mapping[tuple[str | None, str | None], frozenset[str]]:
    """The parameters that each operation takes, by the name of its address and its method."""
    from .service import api

    found: dict[tuple[str | None, str | None], frozenset[str]] = {}
    for router in api._get_bound_routers():  # noqa: SLF001 - what the OpenAPI itself is made from
        for path_view in router.path_operations.values():
            addresses = [
                api.get_operation_url_name(one, router.template) for one in path_view.operations
            ]
            for operation in path_view.operations:
                names = frozenset(
                    name
                    for model in operation.models
                    if model.__ninja_param_source__ == "query"
                    for name in model.__ninja_flatten_map__
                )
                keys = ((one, method) for one in addresses for method in operation.methods)
                found.update(dict.fromkeys(keys, names))
    return found


def dressed(response: HttpResponseBase) -> HttpResponseBase:
    """An error that is a page becomes an error of the API; the rest is as it was."""
    status = response.status_code
    if status < 400 or response.get("Content-Type", "").startswith("application/json"):
        return response
    word = WORD.get(status) or ("broken" if status >= 500 else "unreadable")
    made = Problem(word, [error(word, SAID.get(word, SAID["unreadable"]))]).response()
    made.status_code = status if status in STATUS.values() else made.status_code
    if "Allow" in response:
        made["Allow"] = response["Allow"]
    return made


def finished(request: HttpRequest, response: HttpResponseBase, *, head: bool) -> HttpResponseBase:
    """What the public part answers may be kept for a minute and has an ETag; what is one's own nobody keeps."""
    # No cookie was looked at and none is set, whatever the layers below say of their own.
    response.cookies.clear()
    response["Vary"] = "Accept-Language, Accept-Encoding"
    if request.path_info.startswith(OWN):
        response["Vary"] = "Accept-Language, Authorization"
        response["Cache-Control"] = "private, no-store"
    elif response.status_code == 200 and isinstance(response, HttpResponse):
        del response["Cache-Control"]
        patch_cache_control(response, public=True, max_age=settings.ORTAQ_API_AGE)
        response["Access-Control-Allow-Origin"] = "*"
        if "ETag" not in response:
            set_response_etag(response)
        response = (
            get_conditional_response(request, etag=response["ETag"], response=response) or response
        )
    if head and isinstance(response, HttpResponse):
        length = len(response.content)
        response.content = b""
        response["Content-Length"] = str(length)
    return response
