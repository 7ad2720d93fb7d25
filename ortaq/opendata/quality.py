"""Doubts about an export that keep to a schema and are wrong all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"\+7[\s\d()-]{10,}")
# Sums by the names that the two standards give them.
SUMS = frozenset({"amount", "amountAwarded"})


def doubts(part: Any, at: str = "") -> Iterator[str]:
    """What a reader would wonder at, each with where it stands: no money, a text said twice, a person's address or telephone, a
    period that ends before it begins.
    """
    if isinstance(part, list):
        for number, one in enumerate(part):
            yield from doubts(one, f"{at}[{number}]")
    elif isinstance(part, str):
        if _EMAIL.search(part):
            yield f"{at}: an e-mail address"
        if _PHONE.search(part):
            yield f"{at}: a telephone"
    elif isinstance(part, dict):
        title = part.get("title")
        if title and title == part.get("description"):
            yield f"{at}: title and description are the same"
        for name in sorted(SUMS & part.keys()):
            if part[name] == 0:
                yield f"{at}: the amount is zero"
        begins, ends = part.get("startDate"), part.get("endDate")
        if begins and ends and ends < begins:
            yield f"{at}: it ends before it begins"
        for name, inner in part.items():
            yield from doubts(inner, f"{at}.{name}" if at else name)
