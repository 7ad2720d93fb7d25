"""Public money, and the records that it adds up from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from ortaq.core import clock
from ortaq.core import money as core_money
from ortaq.documents.spreadsheet import csv_lines, tenge
from ortaq.faces import parts, say
from ortaq.faces.public import public_page
from ortaq.gazette.moments import AWARDED
from ortaq.people.actor import ActorRequest
from ortaq.portal.asking import MOMENTS, NONE, Asked, asked_of, choices
from ortaq.portal.queries import money as queries
from ortaq.portal.queries import records as of_records

# So many bars a picture can bear; the table below has all.
BARS = 12


def _asked(request: ActorRequest) -> tuple[Asked, str, bool]:
    """The filters, the property by which money is told, and whether something was left out."""
    asked, strange = asked_of(request.GET)
    by = request.GET.get("by", "").strip()
    strange = strange or (by != "" and by not in queries.BY)
    return (
        replace(asked, of=asked.of or AWARDED, kind=""),
        by if by in queries.BY else "field",
        strange,
    )


def _page(request: ActorRequest) -> int:
    """The number of the page; a number that no page has gives the page of what is not there."""
    given = request.GET.get("page", "1")
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= queries.DEEPEST):
        raise Http404
    return int(given)


@public_page("gazette")
def money(request: ActorRequest) -> HttpResponse:
    """Money at one moment by field, region, instrument, body, recipient or year."""
    asked, by, strange = _asked(request)
    page = _page(request)
    found = queries.money(asked, by, page)
    if page > found.pages:
        raise Http404
    day = clock.today()
    if asked.year not in ("", NONE):
        day = min(day, date(int(asked.year), 12, 31))
    context = {
        "asked": asked,
        "by": by,
        "strange": strange,
        "found": found,
        "choices": choices(),
        "properties": queries.BY,
        "head": queries.HEADS[by],
        "moment": MOMENTS[asked.of],
        "day": day,
        "areas": _areas(found) if by == queries.REGION else [],
        "chart": _bars(found) if by != queries.REGION and page == 1 else [],
        "query": asked.query(by=by),
    }
    return render(request, "portal/money.html", context)


def _areas(found: queries.Money) -> list[parts.Area]:
    """The regions of the map, and what is about none of them alone."""
    return [
        parts.Area(
            "" if one.value == NONE else one.value,
            one.sum_tiyn,
            core_money.show(one.sum_tiyn),
            say.short_money(one.sum_tiyn),
            one.address,
            one.label if one.value == NONE else "",
        )
        for one in found.lines
    ]


def _bars(found: queries.Money) -> list[parts.Bar]:
    """The greatest lines as bars, and all others as one."""
    shown, rest = (
        found.lines[:BARS],
        found.sum_tiyn - sum(one.sum_tiyn for one in found.lines[:BARS]),
    )
    bars = [
        parts.Bar(one.label, one.sum_tiyn, core_money.show(one.sum_tiyn), href=one.address)
        for one in shown
    ]
    return [*bars, parts.Bar(_("all others"), rest, core_money.show(rest))] if rest else bars


@public_page("gazette")
def table(request: ActorRequest) -> StreamingHttpResponse:
    """The same lines as a table to take along: every one of them, sums in tenge."""
    asked, by, _strange = _asked(request)
    header = [
        say.text(queries.HEADS[by]),
        _("Code"),
        _("Records"),
        format_lazy(_("{moment}, tenge"), moment=MOMENTS[asked.of]),
    ]
    rows = (
        (
            say.text(one.label),
            "" if one.value == NONE else one.value,
            one.count,
            tenge(one.sum_tiyn),
        )
        for one in queries.every_line(asked, by)
    )
    answer = StreamingHttpResponse(
        csv_lines([str(one) for one in header], rows), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = (
        f'attachment; filename="money-{asked.of}-{asked.year or "all"}-{by}.csv"'
    )
    return answer


@public_page("gazette")
def records(request: ActorRequest) -> HttpResponse:
    """Publications, narrowed by what is asked for; a figure of another page leads here."""
    asked, strange = asked_of(request.GET)
    context: dict[str, Any] = {
        "asked": asked,
        "strange": strange,
        "found": of_records.records(asked, request.GET),
        "choices": choices(),
        "moment": MOMENTS.get(asked.of, ""),
        "month": asked.months and asked.months[0],
    }
    return render(request, "portal/records.html", context)
