"""One value of a form: from what a person typed, and back into the input.

What cannot be read as a number, sum or day is kept as typed, so that nothing is lost; a
finding says what is wrong with it (`trouble`), and it stops the submission.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeGuard

from django.core.exceptions import ValidationError

from ortaq.core import money
from ortaq.core.identifiers import validate_bin
from ortaq.documents.text import printable

DECIMAL = re.compile(r"\d{1,9}(\.\d{1,4})?")
MAX_INT = 10**9


def read(kind: str, typed: str | Sequence[str]) -> Any:
    """The value of `kind` (see `slots.Slot`) that `typed` says; the text itself where it says
    none; None for an empty input.
    """
    if kind == "months":
        return sorted({int(n) for n in typed if n.isdecimal() and 1 <= int(n) <= 36}) or None
    text = printable(str(typed)).strip()
    if kind == "flag":
        return bool(text) or None
    if not text:
        return None
    return _READERS.get(kind, str)(text)


def _int(text: str) -> int | str:
    digits = re.sub(r"[\s\u00a0\u202f]", "", text)
    fits = digits.isascii() and digits.isdigit() and len(digits) <= 10
    return int(digits) if fits and int(digits) <= MAX_INT else text


def _decimal(text: str) -> str:
    number = re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", ".")
    return plain(Decimal(number)) if DECIMAL.fullmatch(number) else text


def _money(text: str) -> int | str:
    try:
        return money.parse(text)
    except ValueError:
        return text


def _date(text: str) -> str:
    dotted = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    iso = f"{dotted[3]}-{dotted[2]:0>2}-{dotted[1]:0>2}" if dotted else text
    try:
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        return text


def _month(text: str) -> str:
    """As "2018-03", however it is written: 03.2018, 3/2018, 2018-03."""
    found = re.fullmatch(r"(\d{1,2})[./-](\d{4})|(\d{4})[./-](\d{1,2})", text, re.ASCII)
    if found is None:
        return text
    iso = f"{found[2] or found[3]}-{found[1] or found[4]:0>2}"
    return iso if month(iso) else text


_READERS = {"int": _int, "decimal": _decimal, "money": _money, "date": _date, "month": _month}


def plain(number: Decimal) -> str:
    """A decimal without needless noughts: 1.50 → 1.5, 100 → 100."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def typed(kind: str, value: Any) -> str:
    """`value` as it stands in an input."""
    if value is None:
        return ""
    if kind == "month" and (first := month(value)):
        return f"{first:%m.%Y}"
    if kind == "money" and is_sum(value):
        return money.show(value, language="kk", sign=False)  # read again in any language
    return str(value)


def is_sum(value: Any) -> TypeGuard[int]:
    """Whether it is an amount in tiyn (a draft may hold text where a sum should be)."""
    return isinstance(value, int) and not isinstance(value, bool)


def month(value: Any) -> date | None:
    """The first day of a month kept as "2018-03"; None when it is none."""
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError:
        return None


def quantity(value: Any) -> Decimal | None:
    """A quantity as an exact number; None when it is none."""
    return Decimal(value) if isinstance(value, str) and DECIMAL.fullmatch(value) else None


def trouble(kind: str, value: Any) -> str:
    """What is wrong with a value: the code of a sentence in `checks`, "" for nothing."""
    if value is None:
        return ""
    if kind == "int" and not isinstance(value, int):
        return "not_a_number"
    if kind == "decimal" and quantity(value) is None:
        return "not_a_quantity"
    if kind == "money" and not is_sum(value):
        return "not_a_sum"
    if kind == "date" and not _is_date(value):
        return "not_a_day"
    if kind == "month" and month(value) is None:
        return "not_a_month"
    if kind == "bin":
        try:
            validate_bin(str(value))
        except ValidationError:
            return "not_a_bin"
    return ""


def _is_date(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(str(value)))
    except ValueError:
        return False
