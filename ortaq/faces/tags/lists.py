"""Lists and pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ortaq.core import clock
from ortaq.faces import charts, parts, say

from . import draw, register


@register.simple_tag(takes_context=True)
def timeline(
    context: Context, events: Iterable[parts.Event], now: datetime | None = None
) -> SafeString:
    """Points in time; done and ahead are judged by the clock unless an event says so."""
    now = now or clock.now()
    return draw(
        context,
        "timeline",
        lines=[
            (event, event.state or _phase(event.at, now), isinstance(event.at, datetime))
            for event in events
        ],
    )


def _phase(at: datetime | date | None, now: datetime) -> str:
    if at is None:
        return "ahead"
    if isinstance(at, datetime):
        return "done" if at <= now else "ahead"
    today = clock.day_of(now)
    return "now" if at == today else "done" if at < today else "ahead"


@register.simple_tag(takes_context=True)
def journal(context: Context, entries: Iterable[parts.Entry], empty: Any = "") -> SafeString:
    """Journal lines, in the order given."""
    return draw(context, "journal", entries=list(entries), empty=empty)


@register.simple_tag(takes_context=True)
def score_grid(context: Context, grid: parts.ScoreGrid) -> SafeString:
    """Points by criterion."""
    return draw(context, "score_grid", grid=grid)


@register.simple_tag(takes_context=True)
def progress(context: Context, value: int, maximum: int, label: Any) -> SafeString:
    """How many of how many."""
    return draw(context, "progress", value=value, maximum=maximum, label=label)


@register.simple_tag(takes_context=True)
def bar_chart(context: Context, bars: Sequence[parts.Bar], caption: Any) -> SafeString:
    """Horizontal bars with their values written out; a table for those who cannot see them."""
    return draw(context, "bar_chart", chart=charts.bar_chart(bars), caption=caption)


@register.simple_block_tag(takes_context=True)
def line_chart(
    context: Context,
    content: SafeString,
    curves: Sequence[parts.Curve],
    caption: Any,
    *,
    begins: Any = "",
    ends: Any = "",
) -> SafeString:
    """Curves told apart by their dashes, also in black and white; between the tags stands the table with the same figures."""
    return draw(
        context,
        "line_chart",
        curves=charts.line_chart(curves),
        caption=caption,
        begins=begins,
        ends=ends,
        table=content,
    )


@register.simple_tag(takes_context=True)
def stat(
    context: Context, value: Any, label: Any, *, note: Any = "", href: str = "", icon: str = ""
) -> SafeString:
    """One number that matters."""
    return draw(context, "stat", value=value, label=label, note=note, href=href, icon=icon)


@register.simple_tag(takes_context=True)
def stages(context: Context, stages: Iterable[parts.Stage], label: Any = "") -> SafeString:
    """The steps of a long form, and where one is."""
    return draw(context, "stages", stages=list(stages), label=label)


@register.simple_tag
def crumbs(*pairs: Any) -> SafeString:
    """The way here: `{% crumbs text1 address1 text2 address2 %}`; this page itself is not in it."""
    trail = zip(pairs[::2], pairs[1::2], strict=True)
    return format_html(
        '\n<nav class="crumbs" aria-label="{}"><ol>{}</ol></nav>\n',
        _("You are here"),
        format_html_join(
            "",
            '<li><a href="{}">{}</a></li>',
            ((address, say.text(text)) for text, address in trail),
        ),
    )


@register.simple_tag(takes_context=True)
def tab(
    context: Context, text: Any, href: str, count: int | None = None, current: bool | None = None
) -> SafeString:
    """One tab inside `{% tabs %}`; current when its address is this page's, unless told."""
    if current is None:
        request = context.get("request")
        current = request is not None and request.path == href.partition("?")[0]
    here = mark_safe(' aria-current="page"') if current else ""
    number = (
        "" if count is None else format_html(' <span class="count">{}</span>', say.number(count))
    )
    return format_html('<li><a href="{}"{}>{}{}</a></li>', href, here, say.text(text), number)


@register.simple_tag(takes_context=True)
def paging(context: Context, page: Any) -> SafeString:
    """Next and previous of a `paging.KeyPage`; an empty line where all rows stand here."""
    if not (page.previous or page.next):
        return mark_safe("\n\n")
    return draw(context, "paging", page=page)
