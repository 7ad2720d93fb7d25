"""Grants as packages, for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from ortaq.core import clock
from ortaq.faces.public import from_replica
from ortaq.opendata import exact
from ortaq.opendata.packages import package, sent

from .grants import grants
from .parts import Part, in_kazakh

VERSION = "1.4"
TITLE = _("Grants to NGOs, and what they gave on")
LAST_YEAR = 9998  # days end with the year after it


def head(uri: str) -> Part:
    """What stands in front of the grants. A package is made when it is asked for, and says when that was."""
    publisher = {"name": settings.ORTAQ_DATA_PUBLISHER, "website": settings.SITE_URL}
    if settings.ORTAQ_DATA_PUBLISHER_BIN:
        publisher["identifier"] = f"KZ-BIN-{settings.ORTAQ_DATA_PUBLISHER_BIN}"
    return {
        "version": VERSION,
        "title": in_kazakh(TITLE),
        "issued": exact.instant(clock.now()),
        "identifier": uri,
        "publisher": publisher,
        "downloadURL": uri,
        "license": settings.ORTAQ_DATA_LICENCE_URL,
    }


@login_not_required
@require_safe
@from_replica
def all_grants(request: HttpRequest, year: int | None = None) -> HttpResponseBase:
    """All grants, or those awarded in a year; 404 where there is none, since a package without a grant is none."""
    if year is not None and not 1 <= year <= LAST_YEAR:
        raise Http404
    rows: Iterator[Part] = grants(year)
    first = next(rows, None)
    if first is None:
        raise Http404
    uri = request.build_absolute_uri(request.path)
    texts = (exact.dumps(one) for one in chain([first], rows))
    answer = sent(package(head(uri), "grants", texts))
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
