"""The data of the social order's story: `data/order.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from ortaq.demo import cast

TENGE = 100


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment of the discussion; see `data/order.toml` for what the fields mean."""

    list: str
    at: datetime
    text: str
    by: str = ""
    ngo: bool = False
    name: str = ""
    email: str = ""
    topic: int = 0
    late: bool = False
    insult: str = ""
    hidden_at: datetime | None = None
    decision: str = ""
    kk: str = ""
    ru: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A bid of the story. `points` as the commission adopts them, C1 first."""

    lot: int
    ngo: str
    points: str
    tenge: int
    at: datetime
    begun_at: datetime | None = None

    @property
    def scores(self) -> dict[str, int]:
        values = self.points.split("+") if self.points else []
        return {f"C{number}": int(value) for number, value in enumerate(values, 1)}


@cache
def order() -> dict[str, Any]:
    return cast.table("order.toml")


@cache
def remarks() -> tuple[Remark, ...]:
    return tuple(Remark(**row) for row in order()["comment"])


@cache
def offers() -> tuple[Offer, ...]:
    return tuple(Offer(**row) for row in order()["bid"])


def topics(body: str) -> list[dict[str, Any]]:
    """The topics of a body's list, in their order."""
    return [row for row in order()["topic"] if row["list"] == body]


def said(pair: list[str]) -> dict[str, str]:
    """A text of the file in its two languages."""
    return dict(zip(("kk", "ru"), pair, strict=True))
