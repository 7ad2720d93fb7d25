"""One value as people write it: what the cells, gaps and fields of a paper hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ortaq.core import money

from . import forms
from .paper import Cell, Linked


def show(value: Any, kind: forms.Type, language: str) -> Cell:
    """`value` as a cell; the head of `ortaq.documents.filling` tells the values of each type."""
    if value is None or value == "":
        return Cell()
    if isinstance(value, Linked):
        return Cell(value.text, pieces=value.pieces, id=value.id)
    if isinstance(value, list | tuple):
        return Cell("\n".join(show(one, kind, language).text for one in value))
    if kind == "person" and isinstance(value, Mapping):
        return Cell(_person(value))
    if kind == "date":
        return Cell(day(value))
    if kind == "text" or isinstance(value, bool) or not isinstance(value, int | Decimal):
        return Cell(str(value))
    return _reckoned(value, kind, language)


def day(value: Any) -> str:
    """A day, or its ISO text, as 05.01.2026; anything else as it stands."""
    try:
        found = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        found = value
    return f"{found:%d.%m.%Y}" if isinstance(found, date) else str(value)


def listed(value: Any) -> Sequence[Any]:
    """One value or a list of them, as a list."""
    return value if isinstance(value, list | tuple) else [value]


def _reckoned(value: int | Decimal, kind: forms.Type, language: str) -> Cell:
    if kind == "money":
        shown = money.show(int(value), language=language, sign=False)
        return Cell(shown, Decimal(value) / money.TIYN)
    if kind == "money_thousand":
        thousands = Decimal(value) / (money.TIYN * 1000)
        return Cell(_number(thousands, language), thousands)
    if kind == "percent":
        return Cell(f"{value}{money.NBSP}%")
    return Cell(_number(Decimal(value), language), Decimal(value))


def _number(value: Decimal, language: str) -> str:
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if language == "en":
        return text
    return text.replace(",", money.NBSP).replace(".", ",")


def _person(value: Mapping[str, Any]) -> str:
    names = (value.get(part) for part in ("surname", "given_name", "patronymic"))
    lines = [" ".join(str(name) for name in names if name)]
    lines += [
        ", ".join(map(str, listed(value.get(part) or "")))
        for part in ("position", "phone_numbers", "mobile_phone", "email")
    ]
    return "\n".join(line for line in lines if line)
