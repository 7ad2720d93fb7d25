"""What changed, in the order of commits: whoever reads on from the last number that they got misses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from ortaq.faces.public import from_replica
from ortaq.gazette.models import Publication
from ortaq.gazette.queries import since, watermark
from ortaq.opendata.asked import Absurd, number, shown
from ortaq.opendata.dictionary import LICENCE
from ortaq.opendata.exact import address, dumps, instant, tenge

from .tables import plain_refusal, shared

PAGE, MOST = 100, 500
KNOWN = ("after", "limit")


def _etag(request: HttpRequest) -> str:
    """The same page with the same watermark is the same answer."""
    return f'"{watermark()}"'


@login_not_required
@require_safe
@from_replica
@gzip_page
@condition(etag_func=_etag)
def changes(request: HttpRequest) -> HttpResponse:
    """A page of publications with numbers above `after`, withdrawn ones as tombstones.

    `next` is the address of what comes behind it; at the end it is the address to ask again later. `watermark` is the
    last number there is: equal to `last` when everything is read.
    """
    try:
        after, limit = _asked(request.GET.dict())
    except Absurd as absurd:
        return plain_refusal(absurd)
    # Before the rows: what is committed between the two may be on the page already, never missing from it.
    mark = watermark()
    rows = list(since(after, limit))
    last = rows[-1].sequence if rows else after
    feed = address("opendata:changes")
    answer = {
        "licence": LICENCE,
        "after": after,
        "last": last,
        "watermark": max(mark, last),
        "more": len(rows) == limit and mark > last,
        "next": f"{feed}?after={last}" + (f"&limit={limit}" if limit != PAGE else ""),
        "changes": [told(row) for row in rows],
    }
    return shared(HttpResponse(dumps(answer), content_type="application/json"))


def _asked(given: Mapping[str, str]) -> tuple[int, int]:
    """After which number, and how many at most. Raises `Absurd`."""
    for name in given:
        if name not in KNOWN:
            words = {"name": shown(name), "known": ", ".join(KNOWN)}
            raise Absurd(_("This address does not know “%(name)s”; it knows: %(known)s.") % words)
    limit = number(given.get("limit") or str(PAGE), name="limit", most=MOST)
    return number(given.get("after") or "0", name="after"), max(limit, 1)


def told(row: Publication) -> dict[str, Any]:
    """A publication as the feed tells of it; of a withdrawn one only that it is."""
    head = {
        "sequence": row.sequence,
        "key": row.key,
        "kind": row.kind,
        "changed_at": instant(row.changed_at),
        "withdrawn": row.withdrawn,
    }
    if row.withdrawn:
        return head
    return head | {
        "page": f"{site()}{row.address}",
        "title": {"kk": row.title_kk, "ru": row.title_ru},
        "summary": {"kk": row.summary_kk, "ru": row.summary_ru},
        "instrument": row.instrument or None,
        "year": row.year,
        "field": row.field or None,
        "region": row.region or None,
        "body": row.body.bin if row.body else None,
        "recipient": row.recipient.bin if row.recipient else None,
        "sum": None if row.sum_tiyn is None else tenge(row.sum_tiyn),
        "opens_at": instant(row.opens_at) if row.opens_at else None,
        "closes_at": instant(row.closes_at) if row.closes_at else None,
        "published_at": instant(row.published_at),
        "state": row.state or None,
        "facts": row.facts,
    }


def site() -> str:
    """The site's own name, without the last stroke."""
    return address("opendata:index").partition("/open-data/")[0]
