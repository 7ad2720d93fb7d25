"""Content that the law wants in two languages stands in two columns.

    title_kk = models.TextField()
    title_ru = models.TextField(blank=True)
    title = Bilingual("title")

`topic.title` is the wording for the reader: Russian for readers of Russian, Kazakh for
all others, and the other language where one is missing. Whether a second language is
missing is a finding of the step that needs it, not of the reader's page.
"""

from __future__ import annotations

from typing import Any, overload

from django.utils.translation import get_language


def pick(kk: str, ru: str, language: str | None = None) -> str:
    """The wording for a reader of `language` (default: the page's language)."""
    wanted = language or get_language() or "kk"
    return (ru or kk) if wanted.startswith("ru") else (kk or ru)


class Bilingual:
    """Reads `<name>_kk` and `<name>_ru` and answers in the reader's language."""

    def __init__(self, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, owner: None, kind: type) -> Bilingual: ...
    @overload
    def __get__(self, owner: object, kind: type) -> str: ...
    def __get__(self, owner: Any, kind: type) -> Bilingual | str:
        if owner is None:
            return self
        return pick(getattr(owner, f"{self.name}_kk"), getattr(owner, f"{self.name}_ru"))
