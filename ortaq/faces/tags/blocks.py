"""Components around content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.template import Context
from django.template.defaulttags import querystring
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ortaq.faces import hooks, parts, say
from ortaq.faces.tones import ICONS, Tone

from . import draw, register
from .inline import sign

# What stands on every page or in every row of a list is written here and not in templates, as what stands in `inline`.


@register.simple_block_tag
def page_header(content: SafeString, title: Any, lead: Any = "", eyebrow: Any = "") -> SafeString:
    """The page's only h1; between the tags stand its actions, if any."""
    said = say.text(title)
    return format_html(
        '\n<header class="page-header"><div>{}<h1{}>{}</h1>{}</div>{}</header>\n',
        format_html('<p class="eyebrow">{}</p>', say.text(eyebrow)) if eyebrow else "",
        LONG if len(said) > LONG_TITLE else "",
        said,
        format_html('<p class="lead">{}</p>', say.text(lead)) if lead else "",
        format_html('<div class="actions">{}</div>', content) if content.strip() else "",
    )


LONG_TITLE = 90
LONG = mark_safe(' class="long"')


@register.simple_tag(takes_context=True)
def follow(context: Context, title: Any = "", **about: Any) -> SafeString:
    """The ways to follow what a page is about, by `kind` (several divided by commas), `field`, `region`, `ngo` (BIN), `body`
    (BIN) or `page` (the row that the page shows); nothing where no room offers any. `title` says what is followed.
    """
    links = [link for found in hooks.followings for link in found(about)]
    return draw(context, "follow", links=links, title=title)


@register.simple_block_tag
def notice(content: SafeString, tone: str = "info", title: Any = "") -> SafeString:
    """Something to be noticed, in a tone."""
    chosen = Tone(tone)
    return format_html(
        '\n<div class="notice notice-{}"{}>{}<div>{}{}</div></div>\n',
        chosen,
        ALERT if chosen is Tone.BAD else "",
        sign(ICONS[chosen]),
        format_html('<p class="notice-title">{}</p>', say.text(title)) if title else "",
        content,
    )


ALERT = mark_safe(' role="alert"')


@register.simple_block_tag
def panel(
    content: SafeString,
    title: Any = "",
    id: str = "",  # noqa: A002 - named as in HTML
    note: Any = "",
) -> SafeString:
    """A sheet of paper with a heading."""
    return format_html(
        '\n<section class="panel"{}>{}{}{}</section>\n',
        format_html(' id="{}"', id) if id else "",
        format_html("<h2>{}</h2>", say.text(title)) if title else "",
        format_html('<p class="panel-note">{}</p>', say.text(note)) if note else "",
        content,
    )


@register.simple_block_tag(takes_context=True)
def fieldset(context: Context, content: SafeString, legend: Any, note: Any = "") -> SafeString:
    """Fields that belong together."""
    return draw(context, "fieldset", content=content, legend=legend, note=note)


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
    *,
    sort: str = "",
    quiet: bool = False,
) -> SafeString:
    """A table: heads from `columns`, body rows between the tags.

    `sort` is the present order (`"name"` or `"-name"`); a sortable head links to
    `?sort=…` and drops the page key. `quiet` hides the caption from eyes only.
    """
    # Written here and not in a template, as what stands in `inline`: a page of results has one for each lot.
    said = say.text(caption)
    return format_html(
        '\n<div class="table-scroll" role="region" tabindex="0" aria-label="{}"><table class="table cols-{}">\n'
        "<caption{}>{}</caption>\n<thead><tr>{}</tr></thead>\n<tbody>{}</tbody>\n</table></div>\n",
        said,
        len(columns),
        HIDDEN if quiet else "",
        said,
        format_html_join("", "{}", ((_head(context, one, sort),) for one in columns)),
        content,
    )


HIDDEN = mark_safe(' class="visually-hidden"')
NUMERIC = mark_safe(' class="num"')


def _head(context: Context, column: parts.Column, sort: str) -> SafeString:
    """The head of a column; of one that sorts a link, with a sign of how it is sorted now."""
    by, now = _sorting(column, sort)
    words: Any = say.text(column.text)
    if by:
        address = querystring(context, sort=by, page=None)
        picture = format_html(" {}", sign(CARETS[now])) if now in CARETS else ""
        words = format_html('<a href="{}">{}{}</a>', address, words, picture)
    elif not column.text:
        words = format_html('<span class="visually-hidden">{}</span>', _("Actions"))
    return format_html(
        '<th scope="col"{}{}>{}</th>',
        NUMERIC if column.numeric else "",
        format_html(' aria-sort="{}"', now) if now in CARETS else "",
        words,
    )


CARETS = {"ascending": "caret-up-fill", "descending": "caret-down-fill"}


def _sorting(column: parts.Column, sort: str) -> tuple[str, str]:
    """What a click on the head asks for, and how the column is sorted now (for `aria-sort`)."""
    if not column.sort:
        return "", ""
    if sort == column.sort:
        return f"-{column.sort}", "ascending"
    return column.sort, "descending" if sort == f"-{column.sort}" else "none"


@register.simple_block_tag(takes_context=True)
def empty(context: Context, content: SafeString, title: Any, icon: str = "inbox") -> SafeString:
    """Nothing here yet, and what to do about it."""
    return draw(context, "empty", content=content, title=title, icon=icon)


@register.simple_block_tag
def tabs(content: SafeString, label: Any) -> SafeString:
    """Pages of one thing, as links."""
    return format_html(
        '\n<nav class="tabs" aria-label="{}"><ul>{}</ul></nav>\n', say.text(label), content
    )


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
    *,
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
