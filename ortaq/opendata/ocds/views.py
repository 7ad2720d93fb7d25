"""Releases and records, for everybody and without limits: what is sent was written before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from ortaq.faces.public import from_replica
from ortaq.opendata.models import Release
from ortaq.opendata.packages import lines, sent

from . import packages

View = Callable[..., HttpResponseBase]


def _released(make: Callable[..., HttpResponseBase]) -> View:
    """Finds what a view sends: 404 where nothing is released, 304 to whoever has it already."""

    @login_not_required
    @require_safe
    @from_replica
    @wraps(make)
    def view(request: HttpRequest, **asked: Any) -> HttpResponseBase:
        rows = packages.releases(asked.get("year"))
        if "ocid" in asked:
            rows = rows.filter(process__ocid=asked["ocid"])
        mark, last = packages.state_of(rows)
        if last is None:
            raise Http404
        etag = f'"{mark}"'
        same = get_conditional_response(request, etag=etag)
        if same is not None:
            return same
        uri = request.build_absolute_uri(request.path)
        answer = make(uri, rows, last, **asked)
        answer["ETag"] = etag
        answer["Access-Control-Allow-Origin"] = "*"
        return answer

    return view


@_released
def releases(
    uri: str, rows: QuerySet[Release], last: datetime, year: int | None = None
) -> HttpResponseBase:
    """All releases, or those of a year, as one package."""
    return sent(packages.release_package(uri, last, rows))


@_released
def release_lines(
    _uri: str, rows: QuerySet[Release], _last: datetime, year: int | None = None
) -> HttpResponseBase:
    """The same without a package: a release a line."""
    return sent(lines(packages.texts(rows)), kind="application/x-ndjson")


@_released
def records(uri: str, _rows: QuerySet[Release], last: datetime) -> HttpResponseBase:
    """Every process as it stands now, with where its releases are."""
    return sent(packages.record_package(uri, last, packages.processes(), whole=False))


@_released
def process(uri: str, _rows: QuerySet[Release], last: datetime, ocid: str) -> HttpResponseBase:
    """One process: all its releases and what they come to."""
    rows = packages.processes().filter(ocid=ocid)
    return sent(packages.record_package(uri, last, rows, whole=True))
