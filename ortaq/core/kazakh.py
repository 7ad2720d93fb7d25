"""Sorting and searching Kazakh text, the same on every database.

SQLite sorts by code point ("Ә" after "Я") and folds only ASCII; PostgreSQL does as its
collation says. So both the sort key and the folded text are stored: plain columns,
indexable, the same everywhere, no extension of a database needed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.db import models

# The Kazakh alphabet, with the Russian letters it includes in their places.
ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_ORDER = {letter: index for index, letter in enumerate(ALPHABET)}
_LATIN = {letter: index for index, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
SORT_LENGTH = 80


class _Keys(dict[int, str]):
    """The two characters of each letter, "" for what does not count; made when a letter is first met."""

    def __missing__(self, code: int) -> str:
        letter, key = chr(code), ""
        if letter == " ":
            key = "00"
        elif letter.isdigit() and letter.isascii():
            key = f"1{letter}"
        elif letter in _ORDER:
            key = f"{30 + _ORDER[letter]}"
        elif letter in _LATIN:
            key = "8" + chr(ord("a") + _LATIN[letter])
        elif letter.isalpha():
            key = "9z"
        self[code] = key
        return key


_KEYS = _Keys()


def fold(text: str) -> str:
    """`text` for case-blind search: composed, lower case, single spaces.

    Without the character NUL, which PostgreSQL takes neither in a text nor in a question.
    """
    return " ".join(unicodedata.normalize("NFKC", text.replace("\0", "")).casefold().split())


def sort_key(text: str) -> str:
    """A key of ASCII letters and digits whose order is the Kazakh alphabetical order.

    Two characters a letter, so that every collation orders it alike. Quotation marks and
    other punctuation do not count ("«Әлем» қоры" stands among А-Ә); digits come first,
    Latin letters after Cyrillic ones. Only the first 80 letters count.
    """
    return fold(text).translate(_KEYS)[: 2 * SORT_LENGTH]


class _Derived:
    """A column computed from other columns of the same row whenever it is saved.

    Mind `save(update_fields=...)`: name this column too, or it stays as it was.
    """

    sources: Sequence[str]

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, _, kwargs = super().deconstruct()  # type: ignore[misc]
        kwargs.pop("editable", None)
        return name, path, tuple(self.sources), kwargs

    def source_text(self, row: models.Model) -> str:
        return " ".join(str(getattr(row, name) or "") for name in self.sources)


class SortKeyField(_Derived, models.CharField):  # type: ignore[type-arg]
    """The Kazakh sort key of the first of `sources` that has text."""

    def __init__(self, *sources: str, **kwargs: Any) -> None:
        self.sources = sources
        kwargs["max_length"] = 2 * SORT_LENGTH
        kwargs["editable"] = False
        kwargs.setdefault("default", "")
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        text = next((t for n in self.sources if (t := str(getattr(model_instance, n) or ""))), "")
        setattr(model_instance, self.attname, sort_key(text))
        return str(getattr(model_instance, self.attname))


class SearchField(_Derived, models.TextField):  # type: ignore[type-arg]
    """The folded text of all `sources`; search it with `contains=fold(query)`."""

    def __init__(self, *sources: str, **kwargs: Any) -> None:
        self.sources = sources
        kwargs["editable"] = False
        kwargs.setdefault("default", "")
        super().__init__(**kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        setattr(model_instance, self.attname, fold(self.source_text(model_instance)))
        return str(getattr(model_instance, self.attname))
