"""Everything at once: as it is now, and as it was on a day."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ortaq.core import clock
from ortaq.faces.public import from_replica
from ortaq.opendata import archive
from ortaq.opendata.asked import Absurd
from ortaq.people.floods import is_flooding

from .tables import plain_refusal, shared

# Making it anew reads the whole database; the day's is a file.
MOST_AN_HOUR: int = settings.ORTAQ_ARCHIVES_AN_HOUR


@login_not_required
@require_safe
@from_replica
def everything(request: HttpRequest) -> HttpResponseBase:
    """All tables as they are now, in one zip that is written while it is sent."""
    if request.method == "GET" and is_flooding(request, "open-data", MOST_AN_HOUR):
        return plain_refusal(
            Absurd(_("The whole was asked for too often; take the archive of the day.")), 429
        )
    answer = StreamingHttpResponse(
        archive.pieces() if request.method == "GET" else (), content_type="application/zip"
    )
    name = archive.name_of(clock.today())
    answer["Content-Disposition"] = f'attachment; filename="{name}-now.zip"'
    return shared(answer)


def _found(day: date) -> archive.Daily:
    found = archive.of(day)
    if found is None:
        raise Http404
    return found


@login_not_required
@require_safe
def daily(request: HttpRequest, day: date) -> HttpResponseBase:
    """The archive of a day as it was made."""
    found = _found(day)
    content = archive.opened(found)
    if content is None:
        raise Http404
    answer = FileResponse(content, as_attachment=True, filename=found.name)
    answer["Content-Type"] = "application/zip"
    # The SHA-256 of the file stands in its own file, too, in the form that `sha256sum --check` reads.
    answer["ETag"] = f'"{found.sha256}"'
    return shared(answer)


@login_not_required
@require_safe
def checksum(request: HttpRequest, day: date) -> HttpResponse:
    """Its SHA-256, as `sha256sum --check` reads it."""
    found = _found(day)
    line = f"{found.sha256}  {found.name}\n"
    return shared(HttpResponse(line, content_type="text/plain; charset=utf-8"))
