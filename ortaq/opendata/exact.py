"""How exports write JSON: sums as numbers exact to the tiyn, instants with their offset, addresses in full."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import simplejson
from django.conf import settings
from django.urls import reverse

from ortaq.core import clock
from ortaq.core.money import TIYN

CURRENCY = "KZT"


def dumps(content: Any) -> str:
    """`content` as JSON on one line; a `Decimal` is written digit by digit."""
    text: str = simplejson.dumps(
        content, use_decimal=True, ensure_ascii=False, separators=(",", ":")
    )
    return text


def loads(text: str) -> Any:
    """What `dumps` wrote; numbers with a point become `Decimal`."""
    return simplejson.loads(text, use_decimal=True)


def tenge(tiyn: int) -> int | Decimal:
    """A sum in tenge without loss: 1200, 1200.50."""
    whole, rest = divmod(tiyn, TIYN)
    return Decimal(tiyn).scaleb(-2) if rest else whole


def tiyn(amount: int | Decimal) -> int:
    """The inverse of `tenge`."""
    return int(amount * TIYN)


def instant(at: datetime) -> str:
    """RFC 3339 in Asia/Almaty, to the second."""
    return at.astimezone(clock.ALMATY).isoformat(timespec="seconds")


def first_of(day: date) -> str:
    """The first instant of a day, where a standard wants an instant."""
    return instant(clock.at(day))


def last_of(day: date) -> str:
    """The last second of a day."""
    return instant(clock.end_of(day))


def address(name: str, *args: Any, fragment: str = "") -> str:
    """The full address of a page of this site."""
    found = settings.SITE_URL.rstrip("/") + reverse(name, args=args)
    return f"{found}#{fragment}" if fragment else found
