"""Oblasts and cities of republican significance: codes that stay, names that have dates.

A plan of 2020 speaks of fourteen oblasts and Nur-Sultan; a contract of 2024 of seventeen and
Astana. Records keep the code; the name shown is that of the day the record is about.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from ortaq.law.text import Text

from . import clock
from .kazakh import fold, sort_key

FILE = Path(__file__).with_name("regions.toml")


class Kind(StrEnum):
    OBLAST = "oblast"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class Region:
    """A region under one of its names. `until` is the first day without that name."""

    code: str
    kind: Kind
    name: Text
    short: Text
    """A few letters, for a tile of the map."""
    tile: tuple[int, int]
    """Its place on the tile map: column from the west, row from the north."""
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )


@cache
def every() -> tuple[Region, ...]:
    """Every region under every name it has had since 2018."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["region"]
    return tuple(
        Region(
            row["code"],
            Kind(row["kind"]),
            Text.of(row["name"]),
            Text.of(row["short"]),
            (row["tile"][0], row["tile"][1]),
            row.get("since"),
            row.get("until"),
        )
        for row in rows
    )


def on(day: date) -> list[Region]:
    """The regions of the country on `day`: oblasts, then cities, in Kazakh alphabetical order."""
    found = [region for region in every() if region.holds_on(day)]
    return sorted(found, key=lambda region: (region.kind is Kind.CITY, sort_key(region.name.kk)))


def find(code: str, day: date | None = None) -> Region | None:
    """The region with `code` as it was named on `day` (default: today).

    For a day before the region existed its earliest name answers; None: no such code.
    """
    day = day or clock.today()
    known = [region for region in every() if region.code == code]
    held = [region for region in known if region.holds_on(day)]
    earliest = sorted(known, key=lambda region: region.since or date.min)
    return next(iter(held + earliest), None)


def named(name: str) -> Region | None:
    """The region that bears or bore this name in Kazakh, Russian or English.

    "Түркістан облысы", "Шығыс-Қазақстан", "Город Алматы" are understood. A bare "Алматы"
    is the city, as in the plans' lists of cities. None: nothing of that name.
    """
    wanted = _bare(name)
    rows = sorted(every(), key=lambda region: region.kind is Kind.OBLAST)
    if any(word in fold(name) for word in ("облыс", "област", "region")):
        rows.reverse()
    found = (r for r in rows if wanted and wanted in {_bare(text) for text in r.name})
    return next(found, None)


def _bare(name: str) -> str:
    """The name without the words for oblast and city."""
    kinds = ("облыс", "област", "қала", "город", "region", "city")
    words = fold(name).replace("-", " ").split()
    return " ".join(word for word in words if not word.startswith(kinds))


def choices(day: date | None = None) -> list[tuple[str, str]]:
    """Code and name in the reader's language, for a select field."""
    language = get_language() or "kk"
    return [(r.code, r.name.say(language)) for r in on(day or clock.today())]
