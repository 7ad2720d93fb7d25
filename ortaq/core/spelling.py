"""One spelling for whatever keyboard a name was typed on: letters without diacritics, in ASCII.

"Әлем", "Алем", "Älem" and "alem" are the same word here, and so are "Россия" and "Росия". Half the
size of Cyrillic too, which makes a search through every name quick on any database.
"""

from __future__ import annotations

import re
import unicodedata

from .kazakh import fold

# Kazakh letters as the Russian ones they resemble, Latin ones as what they stand for in Kazakh names.
_LETTERS = str.maketrans(
    {
        **dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", (
            "a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r",
            "s", "t", "u", "f", "h", "ts", "ch", "sh", "sh", "", "i", "", "e", "iu", "ia",
        ), strict=True)),
        **dict(zip("әғқңөұүһі", "agknouuhi", strict=True)),
        "y": "i", "j": "zh", "q": "k", "w": "v", "x": "ks", "ı": "i", "ş": "sh", "ŋ": "n",
        **dict.fromkeys("'’ʼ`´", ""),
        **dict.fromkeys("«»“”„–—", " "),
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_SAID_TWICE = re.compile(r"([a-z])\1+")

# The same keys: QWERTY, and the Kazakh keyboard with its letters on the row of digits.
_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбю"
_DIGIT_KEYS = "2345890-="
_KAZAKH_KEYS = "әіңғүұқөһ"
_TO_CYRILLIC = str.maketrans(_LATIN_KEYS + _DIGIT_KEYS, _CYRILLIC_KEYS + _KAZAKH_KEYS)
_TO_LATIN = str.maketrans(_CYRILLIC_KEYS + _KAZAKH_KEYS, _LATIN_KEYS + _DIGIT_KEYS)


def words(text: str) -> list[str]:
    """The words of `text` in the one spelling, in order; punctuation and quotation marks are gone."""
    return [once(word) for word in _WORD.findall(letters(text))]


def letters(text: str) -> str:
    """`text` in ASCII letters without diacritics, every letter still there: the one spelling before `once`."""
    latin = fold(text).translate(_LETTERS)
    if latin.isascii():
        return latin
    parted = unicodedata.normalize("NFKD", latin)
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def once(word: str) -> str:
    """Double letters as single ones, except where nothing else is there: ҚҚ, ОО."""
    word = word.replace("kh", "h").replace("gh", "g")
    return word if len(set(word)) == 1 else _SAID_TWICE.sub(r"\1", word)


def other_keyboard(text: str) -> str:
    """What the same keys give on the other keyboard: "fktv" is "алем", "2ktv" is "әлем".

    Words of digits only stay.
    """
    return " ".join(_retyped(word) for word in fold(text).split())


def _retyped(word: str) -> str:
    if not any(letter.isalpha() for letter in word):
        return word
    cyrillic = any("а" <= letter <= "ӿ" for letter in word)
    return word.translate(_TO_LATIN if cyrillic else _TO_CYRILLIC)


def is_near(word: str, typed: str) -> bool:
    """Whether one slip of the fingers leads from one to the other.

    A letter too much, too few or another one, or two neighbours exchanged.
    """
    if abs(len(word) - len(typed)) > 1:
        return False
    first = next(
        (i for i, pair in enumerate(zip(word, typed, strict=False)) if pair[0] != pair[1]),
        min(len(word), len(typed)),
    )
    rest, other = word[first:], typed[first:]
    return (
        rest[1:] == other[1:]
        or rest[1:] == other
        or rest == other[1:]
        or (rest[2:] == other[2:] and rest[:2] == other[1::-1])
    )
