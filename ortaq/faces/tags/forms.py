"""Forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.forms import BaseForm
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from ortaq.core import clock
from ortaq.faces import parts, say

from . import draw, register

SELECTED = mark_safe(" selected")


@register.simple_tag(takes_context=True)
def error_summary(context: Context, form: BaseForm) -> SafeString:
    """Everything that is wrong with a form, each line a link to its field."""
    return draw(context, "error_summary", form=form)


@register.simple_tag
def options(choices: Mapping[Any, Any] | Iterable[tuple[Any, Any]], chosen: Any = "") -> SafeString:
    """What a `select` offers, (value, words) in the order given, the chosen one marked."""
    pairs = choices.items() if isinstance(choices, Mapping) else choices
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SELECTED if value == chosen else "", words) for value, words in pairs),
    )


@register.simple_tag(takes_context=True)
def bilingual(
    context: Context, form: BaseForm, name: str, legend: Any = "", note: Any = ""
) -> SafeString:
    """The fields `<name>_kk` and `<name>_ru` side by side, under a note for both."""
    pair = [(form[f"{name}_kk"], "kk", "Қазақша"), (form[f"{name}_ru"], "ru", "Русский")]
    return draw(context, "bilingual", pair=pair, legend=legend or pair[0][0].label, note=note)


@register.simple_tag(takes_context=True)
def autosave(
    context: Context, at: datetime | None = None, version: Any = "", swap: bool = False
) -> SafeString:
    """The line that says whether what was typed is saved, and the version it was based on.

    In the page it stands inside the form; in the answer to an autosave with `swap=True`.
    """
    shown = ""
    if at:
        today = clock.day_of(at) == clock.today()
        shown = say.time_of_day(at) if today else say.instant(at, seconds=True)
    return draw(context, "autosave", at=shown, version=version, swap=swap)


@register.simple_tag
def autosave_attributes(address: str) -> SafeString:
    """Attributes that make a form save itself to `address` while somebody types.

    `novalidate`: a draft is saved with all that it still lacks.
    """
    return format_html(
        'data-autosave novalidate hx-post="{}" hx-swap="none" hx-sync="this:queue last" '
        'hx-trigger="input delay:800ms, change delay:200ms, autosave"',
        address,
    )


@register.simple_tag(takes_context=True)
def conflict(context: Context, conflict: parts.Conflict | None, swap: bool = False) -> SafeString:
    """Mine and theirs, where two people changed the same draft; an empty place when they did not."""
    return draw(context, "conflict", conflict=conflict, swap=swap)
