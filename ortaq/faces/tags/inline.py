"""Small things inside a line, and filters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ortaq.core import clock
from ortaq.core import money as core_money
from ortaq.faces import packages, say
from ortaq.faces.tones import ICONS, Tone, tone_of
from ortaq.law.findings import Citation, Finding, Severity

from . import draw, register

LAST_DAY = timedelta(hours=24)
SOON = timedelta(days=3)

TONES = {
    Severity.OK: Tone.GOOD,
    Severity.NOT_APPLICABLE: Tone.NEUTRAL,
    Severity.NOTICE: Tone.INFO,
    Severity.WARNING: Tone.WARNING,
    Severity.ERROR: Tone.BAD,
}
MESSAGE_TONES = {
    "success": Tone.GOOD,
    "warning": Tone.WARNING,
    "error": Tone.BAD,
}

register.filter("say", say.text)
register.filter("day", say.day)
register.filter("number", say.number)
register.filter("points", say.points)
register.filter("cite", say.cite)
register.filter("short_hash", say.short_hash)


@register.filter
def instant(value: datetime | None, precision: str = "") -> str:
    """`{{ at|instant }}`; `{{ at|instant:"seconds" }}` on receipts."""
    return say.instant(value, seconds=precision == "seconds")


@register.filter
def money(tiyn: int | None) -> str:
    """`1 200 000 ₸` from tiyn."""
    return core_money.show(tiyn)


@register.filter
def tone(state: Any) -> Tone:
    """The tone of a severity, a message's level or a state."""
    if isinstance(state, Severity):
        return TONES[state]
    return MESSAGE_TONES.get(str(state)) or tone_of(state)


@register.filter
def tone_icon(value: str) -> str:
    """The icon that goes with a tone."""
    return ICONS[Tone(value)]


@register.filter
def stopping(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that stand in the way."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A Bootstrap icon; with `label` it speaks for itself, without it is decoration."""
    shapes = mark_safe(packages.icon_paths(str(name)))  # noqa: S308 - from a pinned package
    meaning = (
        format_html(' role="img" aria-label="{}"', label)
        if label
        else mark_safe(' aria-hidden="true"')
    )
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="currentColor"{}>{}</svg>',
        meaning,
        shapes,
    )


@register.simple_tag(takes_context=True)
def status(context: Context, thing: Any, tone: str = "", icon: str = "") -> SafeString:
    """A badge: of a row with a `state`, or of any text with a `tone`."""
    state = getattr(thing, "state", None)
    if state is None:
        words, chosen = thing, Tone(tone or Tone.NEUTRAL)
    else:
        words = getattr(thing, "get_state_display", lambda: state)()
        chosen = Tone(tone) if tone else tone_of(state)
    return draw(context, "status", text=say.text(words), tone=chosen, icon=icon or ICONS[chosen])


@register.simple_tag(takes_context=True)
def deadline(
    context: Context, at: datetime | None, label: str = "", now: datetime | None = None
) -> SafeString:
    """An instant at which something ends, and how long that still is."""
    now = now or clock.now()
    if at is None:
        chosen = Tone.NEUTRAL
    elif at <= now:
        chosen = Tone.OVER
    elif at - now <= LAST_DAY:
        chosen = Tone.BAD
    else:
        chosen = Tone.WARNING if at - now <= SOON else Tone.INFO
    remaining = say.remaining(at, now) if at else ""
    return draw(context, "deadline", at=at, label=label, tone=chosen, remaining=remaining)


@register.simple_tag(takes_context=True)
def clause(context: Context, cite: Citation | str | None, text: str = "") -> SafeString:
    """A clause as a link to the law page; without a link where we do not keep the act."""
    return draw(
        context,
        "clause",
        text=text or say.cite(cite),
        act=say.act_title(cite),
        address=say.law_address(cite),
        inferred=bool(known.inferred) if (known := say.citation(cite)) else False,
    )


@register.simple_tag(takes_context=True)
def person(context: Context, user: Any, href: str = "") -> SafeString:
    """A person's name; "—" for nobody."""
    name = (getattr(user, "full_name", "") or str(user)) if user else ""
    return draw(context, "person", name=name, href=href)


@register.simple_tag(takes_context=True)
def organisation(context: Context, organisation: Any, href: str = "") -> SafeString:
    """An organisation: its name in the reader's language and its BIN."""
    return draw(context, "organisation", organisation=organisation, href=href)


@register.simple_tag(takes_context=True)
def file(context: Context, file: Any, href: str = "") -> SafeString:
    """A stored file: name (a link with `href`), kind, size, beginning of its SHA-256."""
    return draw(context, "file", file=file, href=href)


@register.simple_tag(takes_context=True)
def button(
    context: Context, text: Any, href: str, tone: str = "secondary", icon: str = ""
) -> SafeString:
    """A link that looks like a button: `primary`, `secondary`, `quiet` or `danger`."""
    return draw(context, "button", text=text, href=href, tone=tone, icon=icon)
