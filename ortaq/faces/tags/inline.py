"""Small things inside a line, and filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django.db.models import Model
from django.template.defaultfilters import filesizeformat
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ortaq.core import clock
from ortaq.core import money as core_money
from ortaq.faces import hooks, packages, say
from ortaq.faces.tones import ICONS, Tone, tone_of
from ortaq.law.findings import Citation, Finding, Severity

from . import register

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
def short_money(tiyn: int | None) -> str:
    """`1,2 млн` from tiyn, for pictures whose table has the exact sum."""
    return say.short_money(tiyn)


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
    return (
        _icon(str(name), format_html(' role="img" aria-label="{}"', label)) if label else sign(name)
    )


@lru_cache(maxsize=256)
def sign(name: str) -> SafeString:
    """An icon as decoration; the same on every page, so drawn once."""
    return _icon(str(name), mark_safe(' aria-hidden="true"'))


def _icon(name: str, meaning: SafeString) -> SafeString:
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="currentColor"{}>{}</svg>',
        meaning,
        mark_safe(packages.icon_paths(name)),  # noqa: S308 - from a pinned package
    )


def _linked(text: Any, href: str) -> SafeString:
    """The text, as a link where there is an address."""
    return format_html('<a href="{}">{}</a>', href, text) if href else conditional_escape(text)


# What follows may stand a hundred times on a page, so it is written here and not in templates of its
# own, which cost ten times as much. The line breaks keep each apart from its neighbours.


@register.simple_tag
def status(thing: Any, tone: str = "", icon: str = "") -> SafeString:
    """A badge: of a row with a `state`, or of any text with a `tone`."""
    state = getattr(thing, "state", None)
    if state is None:
        words, chosen = thing, Tone(tone or Tone.NEUTRAL)
    else:
        words = _state_words(thing, state)
        chosen = Tone(tone) if tone else tone_of(state)
    return format_html(
        '\n<span class="status status-{}">{} {}</span>\n',
        chosen,
        sign(icon or ICONS[chosen]),
        say.text(words),
    )


def _state_words(thing: Any, state: Any) -> Any:
    if isinstance(thing, Model):
        return _states(type(thing)).get(state, state)
    return getattr(thing, "get_state_display", lambda: state)()


@cache  # Django's own get_state_display compares lazy texts each time it is asked
def _states(model: type[Model]) -> Mapping[Any, Any]:
    field: Any = model._meta.get_field("state")
    return dict(field.flatchoices)


@register.simple_tag
def deadline(at: datetime | None, label: str = "", now: datetime | None = None) -> SafeString:
    """An instant at which something ends, and how long that still is."""
    now = now or clock.now()
    if at is None:
        chosen, shown = Tone.NEUTRAL, format_html("<span>{}</span>", _("no date set"))
    else:
        shown = format_html(
            '<time datetime="{}">{}</time> <span class="deadline-rest">{}</span>',
            at.astimezone(clock.ALMATY).isoformat(),
            say.instant(at),
            say.remaining(at, now),
        )
        if at <= now:
            chosen = Tone.OVER
        elif at - now <= LAST_DAY:
            chosen = Tone.BAD
        else:
            chosen = Tone.WARNING if at - now <= SOON else Tone.INFO
    said = format_html('<span class="deadline-label">{}</span>', say.text(label)) if label else ""
    return format_html(
        '\n<span class="deadline deadline-{}">{} {} {}</span>\n', chosen, sign("clock"), said, shown
    )


@register.simple_tag
def clause(cite: Citation | str | None, text: str = "") -> SafeString:
    """A clause as a link to the law page; without a link where we do not keep the act."""
    text = text or say.cite(cite)
    address, known = say.law_address(cite), say.citation(cite)
    if address:
        shown = format_html(
            '<a class="clause" href="{}" title="{}">{}</a>', address, say.act_title(cite), text
        )
    else:
        shown = format_html('<span class="clause">{}</span>', text) if text else SafeString("")
    if known and known.inferred:
        why = _("The act is silent here: this is the rule that this installation follows.")
        shown = format_html(
            '{} <span class="inferred" title="{}">{}</span>', shown, why, _("our reading")
        )
    return format_html("\n{}\n", shown)


@register.simple_tag
def person(user: Any, href: str = "") -> SafeString:
    """A person's name; "—" for nobody."""
    name = (getattr(user, "full_name", "") or str(user)) if user else ""
    if not name:
        return mark_safe(say.NOTHING)  # noqa: S308 - a dash
    return format_html('\n<span class="person">{} {}</span>\n', sign("person"), _linked(name, href))


@register.simple_tag
def organisation(organisation: Any, href: str = "") -> SafeString:
    """An organisation: its name in the reader's language and its BIN; it leads to `href`, or else
    to the page that everybody may read about it.
    """
    if not organisation:
        return mark_safe(say.NOTHING)  # noqa: S308 - a dash
    name, href = organisation.name, href or hooks.organisation_page(organisation)
    return format_html(
        '\n<span class="organisation">{} <small class="bin">{}&nbsp;{}</small></span>\n',
        _linked(name, href) if href else format_html("<span>{}</span>", name),
        _("BIN"),
        organisation.bin,
    )


@register.simple_tag
def file(file: Any, href: str = "") -> SafeString:
    """A stored file: name (a link with `href`), kind, size, beginning of its SHA-256."""
    digest = (
        format_html(
            ' · SHA-256 <code title="{}">{}</code>', file.sha256, say.short_hash(file.sha256)
        )
        if file.sha256
        else ""
    )
    remark = getattr(file, "get_remark_display", str)()
    warning = (
        format_html(
            ' · <span class="file-remark">{} {}</span>', sign("exclamation-triangle-fill"), remark
        )
        if remark
        else ""
    )
    return format_html(
        '\n<span class="file">{} {} <small class="file-facts">{}{}{}</small></span>\n',
        sign("file-earmark-text"),
        _linked(file.name, href) if href else format_html("<span>{}</span>", file.name),
        filesizeformat(file.size),
        digest,
        warning,
    )


@register.simple_tag
def button(text: Any, href: str, tone: str = "secondary", icon: str = "") -> SafeString:
    """A link that looks like a button: `primary`, `secondary`, `quiet` or `danger`."""
    picture = format_html("{} ", sign(icon)) if icon else ""
    return format_html(
        '\n<a class="btn btn-{}" href="{}">{}{}</a>\n', tone, href, picture, say.text(text)
    )
