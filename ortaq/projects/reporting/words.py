"""Words of a report in both languages of its papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils import translation

from ortaq.core.bilingual import pick

LANGUAGES = ("kk", "ru")
Both = dict[str, str]


def both(say: Callable[[], Any]) -> Both:
    """What `say` says in Kazakh and in Russian."""
    return each(lambda _language: say())


def each(say: Callable[[str], Any]) -> Both:
    """The same of a `say` that is told the language."""
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = str(say(language))
    return found


def pair(kk: str, ru: str) -> Both:
    """A text that stands in two columns, the other language where one is missing."""
    return {language: pick(kk, ru, language) for language in LANGUAGES}


def joined(lines: list[Both]) -> Both:
    """Several texts as lines of one."""
    return {language: "\n".join(line[language] for line in lines) for language in LANGUAGES}


def is_both(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == set(LANGUAGES)


def said(value: Any, language: str) -> Any:
    """`value` with every pair of texts in it, however deep, in one language (English readers get Kazakh)."""
    if is_both(value):
        return value["ru" if language == "ru" else "kk"]
    if isinstance(value, Mapping):
        return {key: said(one, language) for key, one in value.items()}
    if isinstance(value, list):
        return [said(one, language) for one in value]
    return value


def day(value: date) -> str:
    """A day as papers write it: 21.11.2026."""
    return f"{value:%d.%m.%Y}"
