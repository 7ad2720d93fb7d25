"""Planned values of indicators as people write them, read as numbers (GR-I-06).

    200                            exactly
    200-ден кем емес, не менее 200 at least (Kazakh also "кемінде 200"; a space before the ending too)
    әр шарадан 20-дан кем емес     at least, from each event
    6/1                            a pair, such as photos and videos
    1 (50 данадан кем емес)        so many, with at least so much in each

Anything else stays as it is written: a person gives the number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .models import Indicator

Reading = Indicator.Reading

LARGEST = 10**12
_NUMBER = r"(\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d{1,12})"
# Kazakh says "from N fewer not": the ending of "from" follows the number's last sound.
_FROM = r"\s*(?:[-–—]\s*)?(?:[дтн][ае]н)"
_WORD = r"(?:\s+[^\W\d_]+)?"  # what is counted: "20 адамнан кем емес", "20 человек"
_AT_LEAST = (
    rf"{_NUMBER}(?:{_FROM}|{_WORD})\s+кем\s+емес",
    rf"(?:кемінде|кем\s+дегенде|не\s+менее(?:\s+чем)?|минимум)\s+{_NUMBER}{_WORD}",
)
_EACH = r"(?:әр(?:бір)?\s+(?:іс[-\s]?)?шара(?:дан|ға|да)|(?:на|с|от|по)\s+кажд\w+\s+мероприяти\w+)"
_PATTERNS = (
    (Reading.EXACT, (rf"{_NUMBER}{_WORD}",)),
    (Reading.AT_LEAST, _AT_LEAST),
    (
        Reading.PER_EVENT,
        tuple(rf"{_EACH}\s*[:,–—-]?\s*{p}" for p in (*_AT_LEAST, rf"{_NUMBER}{_WORD}")),
    ),
    (Reading.PAIR, (rf"{_NUMBER}\s*/\s*{_NUMBER}",)),
    (Reading.WITHIN, tuple(rf"{_NUMBER}{_WORD}\s*\(\s*{p}\s*\)" for p in _AT_LEAST)),
)


@dataclass(frozen=True, slots=True)
class Value:
    """What was read; `minimum` is None for text that says no number plainly."""

    reading: str = Reading.UNREAD
    minimum: int | None = None
    second: int | None = None


def read(text: str) -> Value:
    """The value that `text` says; an unread one for everything that is not one of the above."""
    written = " ".join(text.casefold().split()).strip(" .;")
    for reading, patterns in _PATTERNS:
        for pattern in patterns:
            if found := re.fullmatch(pattern, written):
                numbers = [int(re.sub(r"\D", "", group)) for group in found.groups() if group]
                if max(numbers) > LARGEST:
                    return Value()
                return Value(reading, numbers[0], numbers[1] if len(numbers) > 1 else None)
    return Value()


def written(text: str) -> list[tuple[str, str]]:
    """Indicators written one under another or with semicolons, each with its planned value:
    "Қатысушылар саны: 200-ден кем емес; Семинар – 4".
    """
    parts = (part.strip(" .•*–-") for line in text.splitlines() for part in line.split(";"))
    return [_split(part) for part in parts if part]


def _split(text: str) -> tuple[str, str]:
    for mark in (":", " – ", " — ", " - "):
        name, found, value = text.rpartition(mark)
        if found and name.strip() and read(value).minimum is not None:
            return name.strip(), value.strip()
    return text, text if read(text).minimum is not None else ""


def settle(indicator: Indicator) -> None:
    """Bring the numbers of an indicator up to its text; a number given by hand stays where the
    text says none.
    """
    value = read(indicator.planned)
    if value.reading == Reading.UNREAD and indicator.minimum is not None:
        value = Value(Reading.BY_HAND, indicator.minimum)
    indicator.reading = value.reading
    indicator.minimum, indicator.second = value.minimum, value.second
