"""Long lists by key: a page begins after a row, not at a number, so page 400 costs what page 1 does."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldError, ValidationError
from django.db.models import Q, QuerySet

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class KeyPage(Generic[Row]):
    """One page: its rows, and the `page` values of its neighbours ("" where there is none)."""

    rows: Sequence[Row]
    previous: str = ""
    next: str = ""
    total: int | None = None


def key_page(
    rows: QuerySet[Any, Row],
    asked: Mapping[str, Any],
    *,
    order: Sequence[str],
    size: int = 50,
    total: int | None = None,
) -> KeyPage[Row]:
    """The page of `rows` that `asked["page"]` names; one query.

    `order` are fields ("-" before a descending one) that are never NULL and whose last is unique.
    A page value that is not ours, or has no rows behind it any more, gives the first page.
    """
    backwards, key = _read(asked.get("page", ""), len(order))
    wanted = [_turned(name) for name in order] if backwards else list(order)
    selected = rows.order_by(*wanted)
    if key is not None:
        try:
            found = list(selected.filter(_after(wanted, key))[: size + 1])
        except (FieldError, ValidationError, ValueError, TypeError, OverflowError):
            return key_page(rows, {}, order=order, size=size, total=total)
    else:
        found = list(selected[: size + 1])
    if key is not None and not found:  # the rows behind it are gone
        return key_page(rows, {}, order=order, size=size, total=total)
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_before = more if backwards else key is not None
    has_after = key is not None if backwards else more
    return KeyPage(
        rows=found,
        previous=_write("-", found[0], order) if found and has_before else "",
        next=_write("+", found[-1], order) if found and has_after else "",
        total=total,
    )


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _after(order: Sequence[str], key: Sequence[Any]) -> Q:
    """Rows behind `key` in this order: a greater first field, or an equal one and so on."""
    condition = Q(pk__in=[])
    equal = Q()
    for name, value in zip(order, key, strict=True):
        field, operator = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        condition |= equal & Q(**{f"{field}__{operator}": value})
        equal &= Q(**{field: value})
    return condition


def _write(direction: str, row: Any, order: Sequence[str]) -> str:
    values = []
    for name in order:
        field, value = name.removeprefix("-"), row
        if hasattr(row, field):  # a row of values has what it was asked for under its whole name
            value = getattr(row, field)
        else:
            for part in field.split("__"):
                value = value.pk if part == "pk" else getattr(value, part)
        values.append(value if isinstance(value, int | str) else str(value))
    content = json.dumps([direction, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _read(page: Any, length: int) -> tuple[bool, list[Any] | None]:
    """Whether the page lies before its key, and the key; `(False, None)` for what is not ours."""
    try:
        padded = str(page) + "=" * (-len(str(page)) % 4)
        direction, *key = json.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, TypeError, RecursionError):
        return False, None
    if direction not in {"+", "-"} or len(key) != length:
        return False, None
    if not all(isinstance(value, int | str) for value in key):
        return False, None
    return direction == "-", key
