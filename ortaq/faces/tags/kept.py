"""Pieces that many pages have in common, drawn once in a process and kept."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template import Context, engines
from django.urls import get_script_prefix, get_urlconf
from django.utils.functional import LazyObject
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from . import register

# Navigations of all roles on all their pages, in three languages, and the few pieces beside them.
MOST = 2000


@register.simple_tag
def kept(template: str, **values: Any) -> SafeString:
    """A template that is told `values` and nothing else: neither request nor actor, whatever the page knows. What it
    draws depends only on them, on the language and on where addresses lead, and these are the key under which it is
    kept: no reader can get what was drawn for another. Values are compared, so they are plain and cannot change.
    """
    known = tuple((name, _plain(value)) for name, value in values.items())
    places = get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()
    # Who works on a template sees at once what it draws.
    drawn = _drawn.__wrapped__ if settings.DEBUG else _drawn
    return drawn(template, known, get_language(), *places)


def _plain(value: Any) -> Any:
    """What stands behind a lazy object, which holds on to the request that it came from."""
    if isinstance(value, LazyObject):
        bool(value)
        return value._wrapped  # noqa: SLF001 - there is no other way to it
    return value


@lru_cache(maxsize=MOST)
def _drawn(
    template: str,
    values: tuple[tuple[str, Any], ...],
    language: str | None,
    *_places: str,
) -> SafeString:
    engine: Any = engines["django"]
    drawn: str = engine.engine.get_template(template).render(
        Context({**dict(values), "LANGUAGE_CODE": language})
    )
    return mark_safe(drawn)  # noqa: S308 - what a template has drawn
