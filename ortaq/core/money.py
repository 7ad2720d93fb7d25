"""Money is an integer of tiyn (1 tenge = 100 tiyn). Never a float."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

TIYN = 100
NBSP = "\N{NO-BREAK SPACE}"
MAX_TIYN = 10**17  # a thousand billion tenge: more is a slip of the finger
MAX_DIGITS = 24  # longer text is no sum and not worth computing
_NUMBER = re.compile(r"\d+(?:[.,]\d{1,2})?\Z")


def parse(text: str) -> int:
    """Tiyn from what a person types: "1 200 000", "1200000,50", "12.5 ₸".

    Raises `ValueError` for anything that is not one non-negative sum with at most two
    decimals, and for sums above `MAX_TIYN`.
    """
    cleaned = re.sub(r"[\s\u00a0\u202f]|₸|тг\.?|теңге|тенге", "", text)
    if not _NUMBER.fullmatch(cleaned) or len(cleaned) > MAX_DIGITS:
        raise ValueError(text[:50])
    try:
        tiyn = int(Decimal(cleaned.replace(",", ".")) * TIYN)
    except InvalidOperation as error:  # pragma: no cover - the pattern leaves no such text
        raise ValueError(text[:50]) from error
    if tiyn > MAX_TIYN:
        raise ValueError(text[:50])
    return tiyn


def plain(tiyn: int) -> str:
    """`1200000` or `1200000.50`: for input fields, CSV and JSON."""
    whole, rest = divmod(abs(tiyn), TIYN)
    sign = "-" if tiyn < 0 else ""
    return f"{sign}{whole}.{rest:02}" if rest else f"{sign}{whole}"


def show(tiyn: int | None, *, language: str | None = None, sign: bool = True) -> str:
    """`1 200 000 ₸` as a reader of `language` (default: the page's) writes it.

    Kazakh and Russian group by no-break spaces and write a decimal comma, English
    groups by commas. Tiyn are shown only when there are any.
    """
    if tiyn is None:
        return "—"
    english = (language or get_language() or "kk").startswith("en")
    whole, rest = divmod(abs(tiyn), TIYN)
    text = f"{whole:,}" if english else f"{whole:,}".replace(",", NBSP)
    if rest:
        text += f"{'.' if english else ','}{rest:02}"
    if tiyn < 0:
        text = f"−{text}"
    return f"{text}{NBSP}₸" if sign else text


class TiynField(models.BigIntegerField):  # type: ignore[type-arg]
    """A sum of money in tiyn; forms show and read tenge."""

    description = "money, tiyn"

    def formfield(self, **kwargs: object) -> forms.Field:
        return MoneyField(
            required=not self.blank,
            label=kwargs.get("label", self.verbose_name),
            help_text=self.help_text,
        )


class MoneyField(forms.CharField):
    """Reads tenge as people write them, gives tiyn."""

    default_error_messages = {
        "invalid": _("Write the sum in tenge, for example 1 200 000 or 1 200 000,50."),
    }

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "money"})
        )
        super().__init__(**kwargs)  # type: ignore[arg-type]

    def to_python(self, value: object) -> int | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse(text)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value: object) -> object:
        return plain(value) if isinstance(value, int) else value

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return initial != self.to_python(data)  # "1 200 000" is "1200000"
        except forms.ValidationError:
            return True
