"""How single values of the input are read: exact, bounded, or `Refused` with their name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ortaq.law.numbers import count, shown
from ortaq.law.wording import refused

from .words import Amount

LARGEST = 10**9
PERCENT = 100
LONGEST_NUMBER = 30
DURATION_UNITS = ("minute", "hour", "day")


def head_count(value: object, name: str) -> int:
    """A whole number of persons, materials ... up to `LARGEST`."""
    number = count(value, name)
    if number > LARGEST:
        raise refused("standard_too_large", name=name, limit=LARGEST)
    return number


def exact(value: object, name: str) -> Fraction:
    """A number of zero or more, exact: an int, a `Decimal`, a `Fraction` or a decimal string."""
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        number = Fraction(value)
    elif isinstance(value, str | Decimal):
        # Looked at as text first: `Fraction("1e999999999")` would fill the memory.
        written = str(value).strip()
        digits = written.replace(".", "", 1)
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER):
            raise refused("standard_not_number", name=name, value=shown(value))
        number = Fraction(written)
    else:
        raise refused("standard_not_number", name=name, value=shown(value))
    if number < 0:
        raise refused("standard_not_number", name=name, value=shown(value))
    if number > LARGEST:
        raise refused("standard_too_large", name=name, limit=LARGEST)
    return number


def percent(value: object, name: str) -> Fraction:
    """A number from 0 to 100."""
    number = exact(value, name)
    if number > PERCENT:
        raise refused("standard_too_large", name=name, limit=PERCENT)
    return number


def flag(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise refused("standard_not_flag", name=name)
    return value


def day(value: object, name: str) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise refused("not_a_date", name=name, value=shown(value)) from None


def names(value: object, name: str) -> tuple[str, ...]:
    """A list of words, each counted once."""
    words = []
    for entry in items(value, name):
        if not isinstance(entry, str):
            raise refused("not_text", name=name, value=shown(entry))
        words.append(entry)
    return tuple(dict.fromkeys(words))


def items(value: object, name: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise refused("not_a_list", name=name)
    return list(value)


def entries(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise refused("not_an_object", name=name)
    return {str(key): entry for key, entry in value.items()}


def amounts(value: object, name: str) -> tuple[Amount, ...]:
    """A duration: `{"value": 3, "unit": "hour"}`, or a list of such in several units."""
    several = value if isinstance(value, list | tuple) else [value]
    found = []
    for entry in several:
        row = entries(entry, name)
        known_only(row, ("value", "unit"), name)
        unit = choice(row.get("unit"), DURATION_UNITS, f"{name}.unit")
        found.append(Amount(exact(row.get("value"), f"{name}.value"), unit))
    return tuple(found)


def paper(value: object, name: str) -> str:
    """A paper format; a Cyrillic А is taken for the Latin A that looks the same."""
    if not isinstance(value, str) or not value.strip():
        raise refused("standard_not_paper", name=name)
    return value.strip().upper().replace("А", "A")[:20]


def choice(value: object, known: tuple[str, ...], name: str) -> str:
    """`value` if it is one of `known`; `Refused` with the list otherwise."""
    listed = ", ".join(known)
    if value is None:
        raise refused("standard_missing", name=name, known=listed)
    if value not in known:
        raise refused("one_of", name=name, value=shown(value), allowed=listed)
    return str(value)


def known_only(data: Mapping[str, Any], known: tuple[str, ...], name: str) -> None:
    """Refuse the first field of the object `name` that is not among `known`."""
    for key in data:
        if key not in known:
            raise refused("unknown_key", name=name, key=shown(key), known=", ".join(known))
