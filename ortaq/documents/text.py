"""What may stand on a paper: any text a person typed, made safe to print."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

# Refused by XML, or invisible: C0 and C1 controls (but not tab and line feed), lone surrogates,
# non-characters, and the marks that reorder a line, with which a sum could be shown backwards.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def printable(text: str) -> str:
    """`text` as every renderer can carry it: line breaks as line feeds, control characters
    gone, half of a broken character as the replacement mark.
    """
    if text.replace("\n", "").isprintable():  # whatever is taken out below counts as unprintable
        return text
    return _UNPRINTABLE.sub("", _SURROGATE.sub("\ufffd", _BREAKS.sub("\n", text)))


# How wide letters are in Tinos and Times, in hundredths of their size, a little rounded up.
_USUAL, _WIDEST = 54, 98
_WIDTHS = (
    (re.compile("[ЖМФШЩЫЮWM@%—…]"), _WIDEST),
    (re.compile("[жмфшщыюmw]"), 78),
    (re.compile("[І.,:;'!|()\\[\\]/ijltfrіїI-]"), 36),
    (re.compile("[A-ZА-ЯЁӘҒҚҢӨҰҮҺ]"), 73),
)


@lru_cache(maxsize=4096)
def _width(letter: str) -> int:
    return next((width for letters, width in _WIDTHS if letters.match(letter)), _USUAL)


def width_of(word: str) -> Decimal:
    """About how wide a word is, in em."""
    return Decimal(sum(map(_width, word))) / 100


SOFT_HYPHEN, NO_WIDTH = "\N{SOFT HYPHEN}", "\N{ZERO WIDTH SPACE}"
_VOWELS = "аәеёиоөуұүыіэюяaeiouy"
# Before a consonant that a vowel follows a syllable begins, in Kazakh as in Russian.
_SYLLABLE = re.compile(rf"(?<=\w\w)(?=[^\W\d_{_VOWELS}][{_VOWELS}]\w)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+[.,;:!?»)]*")


def breakable(text: str, room_em: Decimal, *, anywhere: bool = True) -> str:
    """`text` with places to break in each word wider than `room_em`, so that a web address or a
    slip of the space bar stays inside its cell: with a hyphen between the syllables of a word,
    `anywhere` in anything else. A word that fits is left whole.
    """
    room = int(room_em * 100)
    least = max(2, room // _WIDEST + 1)  # so many letters may be too wide together

    def broken(match: re.Match[str]) -> str:
        word = match[0]
        if sum(map(_width, word)) <= room:
            return word
        if _WORD.fullmatch(word):
            syllables = _SYLLABLE.sub(SOFT_HYPHEN, word).split(SOFT_HYPHEN)
            if max(sum(map(_width, one)) for one in syllables) + _width("-") <= room:
                return SOFT_HYPHEN.join(syllables)
        return _cut(word, room) if anywhere else word

    return re.sub(rf"\S{{{least},}}", broken, text)


def _cut(word: str, room: int) -> str:
    pieces, taken = [""], 0
    for letter in word:
        taken += _width(letter)
        if taken > room and pieces[-1]:
            pieces.append("")
            taken = _width(letter)
        pieces[-1] += letter
    return NO_WIDTH.join(pieces)


def lines_of(text: str, room_em: Decimal) -> int:
    """About how many lines `text` takes in a column `room_em` wide."""
    letters = max(1, int(room_em * 100) // _USUAL)
    return sum(1 + len(line) // letters for line in text.split("\n"))
