"""Measured values as people read and write them: exact, never rounded."""

from __future__ import annotations

from decimal import Decimal

from django.utils import formats


def exact(value: Decimal, *, grouped: bool = True) -> str:
    """`1 234,5`: every digit that tells something, as the page's language writes it."""
    told = value.normalize() if value else Decimal(0)
    if told == told.to_integral_value():
        told = told.quantize(Decimal(1))
    return formats.number_format(told, force_grouping=grouped)


def change(before: Decimal, after: Decimal) -> str:
    """The exact difference with its sign."""
    difference = after - before
    sign = "+" if difference > 0 else "−" if difference < 0 else ""
    return f"{sign}{exact(abs(difference))}"
