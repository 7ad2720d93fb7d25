"""The house's components and filters; a builtin library, so no page has to load it.

One template per visible thing under `templates/faces/components/`, its parameters at the top.
`/components/` shows every one of them in every state and language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.core.exceptions import ObjectDoesNotExist
from django.forms import BaseForm
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ortaq.core import clock
from ortaq.core import money as core_money
from ortaq.law.findings import Citation, Finding, Severity

from .. import charts, packages, parts, say
from ..tones import ICONS, Tone, tone_of

register = template.Library()

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


def draw(context: Context, component: str, **values: Any) -> SafeString:
    """A component's template with `values`, and of the page only what every page has."""
    kept = {name: context.get(name) for name in ("request", "csrf_token", "actor")}
    assert context.template is not None  # noqa: S101 - a tag runs inside a template
    source = context.template.engine.get_template(f"faces/components/{component}.html")
    return source.render(context.new({**kept, **values}))


# --- Filters -----------------------------------------------------------------------------------

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


# --- Small things inside a line --------------------------------------------------------------------


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
    return draw(
        context, "status", text=say.text(words), tone=chosen, icon=icon or ICONS[chosen]
    )


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


# --- What the law says -----------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def finding(context: Context, finding: Finding, href: str = "") -> SafeString:
    """One finding; `href` leads to where it can be mended."""
    return draw(context, "finding", finding=finding, href=href)


@register.simple_tag(takes_context=True)
def findings(
    context: Context, findings: Iterable[Finding], title: Any = "", empty: Any = ""
) -> SafeString:
    """Findings, the gravest first; `empty` is said when there are none."""
    order = list(reversed(Severity))
    found = sorted(findings, key=lambda item: order.index(item.severity))
    return draw(context, "findings", findings=found, title=title, empty=empty)


@register.simple_tag(takes_context=True)
def completeness(
    context: Context,
    findings: Iterable[Finding],
    total: int | None = None,
    links: Mapping[str, str] | None = None,
    title: Any = "",
) -> SafeString:
    """What is still missing. `total`: how many things are asked, for the progress bar; `links`:
    the address where each `finding.about` is filled in (the longest matching beginning counts)."""
    found = list(findings)
    missing = [item for item in found if item.severity is Severity.ERROR]
    others = [
        item for item in found if item.severity in {Severity.WARNING, Severity.NOTICE}
    ]
    lines = [(item, _address(item.about, links or {})) for item in [*missing, *others]]
    return draw(
        context,
        "completeness",
        lines=lines,
        missing=len(missing),
        total=total,
        done=max(0, total - len(missing)) if total is not None else None,
        title=title,
    )


def _address(about: str, links: Mapping[str, str]) -> str:
    fitting = [start for start in links if about == start or about.startswith(f"{start}.")]
    return links[max(fitting, key=len)] if fitting else links.get("", "")


@register.simple_tag(takes_context=True)
def receipt(
    context: Context, number: str, at: datetime, sha256: str, files: Iterable[Any] = ()
) -> SafeString:
    """Proof that something arrived: number, instant, SHA-256 of the content and of each file."""
    return draw(context, "receipt", number=number, at=at, sha256=sha256, files=list(files))


# --- Lists and pictures ----------------------------------------------------------------------------


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


@register.simple_tag(takes_context=True)
def stat(
    context: Context, value: Any, label: Any, note: Any = "", href: str = "", icon: str = ""
) -> SafeString:
    """One number that matters."""
    return draw(context, "stat", value=value, label=label, note=note, href=href, icon=icon)


@register.simple_tag(takes_context=True)
def stages(context: Context, stages: Iterable[parts.Stage], label: Any = "") -> SafeString:
    """The steps of a long form, and where one is."""
    return draw(context, "stages", stages=list(stages), label=label)


@register.simple_tag(takes_context=True)
def crumbs(context: Context, *pairs: Any) -> SafeString:
    """The way here: `{% crumbs text1 address1 text2 address2 %}`; this page itself is not in it."""
    trail = list(zip(pairs[::2], pairs[1::2], strict=True))
    return draw(context, "crumbs", trail=trail)


@register.simple_tag(takes_context=True)
def tab(
    context: Context, text: Any, href: str, count: int | None = None, current: bool | None = None
) -> SafeString:
    """One tab inside `{% tabs %}`; current when its address is this page's, unless told."""
    if current is None:
        request = context.get("request")
        current = bool(request) and request.path == href.partition("?")[0]
    return draw(context, "tab", text=text, href=href, count=count, current=current)


@register.simple_tag(takes_context=True)
def paging(context: Context, page: Any) -> SafeString:
    """Next and previous of a `paging.KeyPage`."""
    return draw(context, "paging", page=page)


# --- Forms -----------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def error_summary(context: Context, form: BaseForm) -> SafeString:
    """Everything that is wrong with a form, each line a link to its field."""
    return draw(context, "error_summary", form=form)


@register.simple_tag(takes_context=True)
def bilingual(context: Context, form: BaseForm, name: str, legend: Any = "") -> SafeString:
    """The fields `<name>_kk` and `<name>_ru` side by side."""
    pair = [(form[f"{name}_kk"], "kk", "Қазақша"), (form[f"{name}_ru"], "ru", "Русский")]
    return draw(context, "bilingual", pair=pair, legend=legend or pair[0][0].label)


@register.simple_tag(takes_context=True)
def autosave(
    context: Context, at: datetime | None = None, version: Any = "", swap: bool = False
) -> SafeString:
    """The line that says whether what was typed is saved, and the version it was based on.

    In the page it stands inside the form; in the answer to an autosave with `swap=True`.
    """
    return draw(context, "autosave", at=at, version=version, swap=swap)


@register.simple_tag
def autosave_attributes(address: str) -> SafeString:
    """Attributes that make a form save itself to `address` while somebody types."""
    return format_html(
        'data-autosave hx-post="{}" hx-swap="none" hx-sync="this:queue last" '
        'hx-trigger="input delay:800ms, change delay:200ms, autosave"',
        address,
    )


@register.simple_tag(takes_context=True)
def conflict(context: Context, conflict: parts.Conflict | None, swap: bool = False) -> SafeString:
    """Mine and theirs, where two people changed the same draft; an empty place when they did not."""
    return draw(context, "conflict", conflict=conflict, swap=swap)


# --- Components around content --------------------------------------------------------------------


@register.simple_block_tag(takes_context=True)
def page_header(
    context: Context, content: SafeString, title: Any, lead: Any = "", eyebrow: Any = ""
) -> SafeString:
    """The page's only h1; between the tags stand its actions, if any."""
    return draw(
        context, "page_header", title=title, lead=lead, eyebrow=eyebrow, actions=content.strip()
    )


@register.simple_block_tag(takes_context=True)
def notice(
    context: Context, content: SafeString, tone: str = "info", title: Any = ""
) -> SafeString:
    """Something to be noticed, in a tone."""
    return draw(context, "notice", content=content, tone=Tone(tone), title=title)


@register.simple_block_tag(takes_context=True)
def panel(
    context: Context, content: SafeString, title: Any = "", id: str = "", note: Any = ""
) -> SafeString:
    """A sheet of paper with a heading."""
    return draw(context, "panel", content=content, title=title, id=id, note=note)


@register.simple_block_tag(takes_context=True)
def fieldset(
    context: Context, content: SafeString, legend: Any, help: Any = ""
) -> SafeString:
    """Fields that belong together."""
    return draw(context, "fieldset", content=content, legend=legend, help=help)


@register.simple_block_tag
def facts(content: SafeString) -> SafeString:
    """A list of `{% fact label %}…{% endfact %}`."""
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_block_tag
def fact(content: SafeString, label: Any) -> SafeString:
    """One line of facts; "—" where nothing is known."""
    shown = content if content.strip() else say.NOTHING
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", say.text(label), shown)


@register.simple_block_tag(takes_context=True)
def data_table(
    context: Context,
    content: SafeString,
    columns: Sequence[parts.Column],
    caption: Any,
    sort: str = "",
    quiet: bool = False,
) -> SafeString:
    """A table: heads from `columns`, body rows between the tags.

    `sort` is the present order (`"name"` or `"-name"`); a sortable head links to
    `?sort=…` and drops the page key. `quiet` hides the caption from eyes only.
    """
    return draw(
        context,
        "data_table",
        content=content,
        heads=[(column, *_sorting(column, sort)) for column in columns],
        caption=caption,
        quiet=quiet,
    )


def _sorting(column: parts.Column, sort: str) -> tuple[str, str]:
    """What a click on the head asks for, and how the column is sorted now (for `aria-sort`)."""
    if not column.sort:
        return "", ""
    if sort == column.sort:
        return f"-{column.sort}", "ascending"
    return column.sort, "descending" if sort == f"-{column.sort}" else "none"


@register.simple_block_tag(takes_context=True)
def empty(
    context: Context, content: SafeString, title: Any, icon: str = "inbox"
) -> SafeString:
    """Nothing here yet, and what to do about it."""
    return draw(context, "empty", content=content, title=title, icon=icon)


@register.simple_block_tag(takes_context=True)
def tabs(context: Context, content: SafeString, label: Any) -> SafeString:
    """Pages of one thing, as links."""
    return draw(context, "tabs", content=content, label=label)


@register.simple_block_tag(takes_context=True)
def filter_bar(
    context: Context, content: SafeString, action: str = "", target: str = ""
) -> SafeString:
    """Fields that narrow a list; a plain GET form. With `target` (an id) htmx swaps only that."""
    return draw(context, "filter_bar", content=content, action=action, target=target)


@register.simple_block_tag(takes_context=True)
def step(
    context: Context,
    content: SafeString,
    offer: Any,
    action: str,
    text: Any = "",
    tone: str = "primary",
) -> SafeString:
    """A form that takes one step of a procedure, for a `core.procedure.Offer`.

    Between the tags stand the step's own fields. A final step asks once more; a step with
    something in its way says what instead of letting one press.
    """
    return draw(
        context,
        "step",
        content=content,
        step=offer.step,
        findings=offer.findings,
        open=offer.open,
        action=action,
        text=text or offer.step.title,
        tone=tone,
    )
