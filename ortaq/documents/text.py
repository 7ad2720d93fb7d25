"""What may stand on a paper: any text a person typed, made safe to print."""

from __future__ import annotations

import re

# Refused by XML, or invisible: C0 and C1 controls (but not tab and line feed), lone surrogates,
# non-characters, and the marks that reorder a line, with which a sum could be shown backwards.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def printable(text: str) -> str:
    """`text` as every renderer can carry it: line breaks as line feeds, control characters
    gone, half of a broken character as the replacement mark."""
    return _UNPRINTABLE.sub("", _SURROGATE.sub("\ufffd", _BREAKS.sub("\n", text)))


def breakable(text: str, longest: int) -> str:
    """`text` with places to break inside words longer than `longest` characters, so that an
    address or a slip of the space bar stays inside its cell."""
    return re.sub(rf"\S{{{longest}}}(?=\S)", "\\g<0>\N{ZERO WIDTH SPACE}", text)
