"""Word forms of Kazakh, Russian and English brought to one stem, in the one spelling of `core.spelling`.

The same stems are made of what is published and of what is typed, so that "волонтёрлерге", "волонтёров" and "volunteers" find what
they should on every database alike. A stem is no word: it only has to be the same for all forms of one word.
"""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

from ortaq.core import spelling
from ortaq.core.kazakh import fold

from . import kazakh_stems

LONGEST_WORD = 40
_WORD = re.compile(r"[^\W_]+")
_KAZAKH = frozenset("әғқңөұүһі")
_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")


def words_of(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The words of a text in its order, each in the one spelling and with its stems: those of Kazakh, which shows by its letters;
    of every language that it can be where the text has none of them.
    """
    words = _WORD.findall(fold(text))
    kazakh = any(letter in _KAZAKH for word in words for letter in word)
    found = []
    for word in words:
        stems = (_kazakh(word),) if kazakh else _either(word)
        if any(stems):
            found.append((_spelled(word), stems))
    return found


def stems_of(text: str) -> list[str]:
    """The stems of a text in its order."""
    return [stem for _word, stems in words_of(text) for stem in stems]


def asked(text: str) -> list[tuple[str, ...]]:
    """The words of a question in order, each as the stems that it can have."""
    return [stems for word in _WORD.findall(fold(text)) if (stems := _either(word))]


@lru_cache(maxsize=20_000)
def _either(word: str) -> tuple[str, ...]:
    """The stems that a word has in the languages whose letters it has, each once; empty for what is no word."""
    letters = frozenset(word)
    stems = [_kazakh(word)]
    if not letters & _KAZAKH and letters & _RUSSIAN:
        stems.append(_spelled(_russian().stemWord(word.replace("ё", "е"))))
    elif word.isascii() and word.isalpha():
        stems.append(_spelled(_english().stemWord(word)))
    return tuple(dict.fromkeys(stem for stem in stems if stem))


@lru_cache(maxsize=20_000)
def _kazakh(word: str) -> str:
    return spelling.once(kazakh_stems.stem(spelling.letters(word)))[:LONGEST_WORD]


def _spelled(stem: str) -> str:
    return spelling.once(spelling.letters(stem))[:LONGEST_WORD]


@lru_cache(maxsize=1)
def _russian() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("russian")


@lru_cache(maxsize=1)
def _english() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")
