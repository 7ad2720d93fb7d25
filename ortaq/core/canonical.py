"""One byte string for one content: what hashes and signatures are made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | Fraction):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(content: Any) -> bytes:
    """`content` as UTF-8 JSON: keys sorted, no spaces, instants in UTC. Floats are refused."""
    _refuse_floats(content)
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    ).encode("utf-8", "surrogatepass")


def sha256(content: Any) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _refuse_floats(content: Any) -> None:
    if isinstance(content, float):
        raise TypeError("A float has no canonical form: use an integer, a Decimal or a Fraction.")
    inner: Iterable[Any] = ()
    if isinstance(content, dict):
        inner = content.values()
    elif isinstance(content, list | tuple):
        inner = content
    for value in inner:
        if type(value) not in _FLAT:
            _refuse_floats(value)


def is_plain(content: Any) -> bool:
    """Whether `content` is what its canonical form would be read as: nothing but JSON, and no floats."""
    kind = type(content)
    if kind is dict:
        return all(type(key) is str and is_plain(value) for key, value in content.items())
    return kind in _FLAT or (kind is list and all(map(is_plain, content)))


_FLAT = frozenset({str, int, bool, type(None)})


class Unescaped(json.JSONEncoder):
    """For a `JSONField` of long frozen texts: Cyrillic as it is, a third as long as escaped and sooner read."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "ensure_ascii": False})
