"""The monthly calculation index (АЕК, МРП) by day, and thresholds stated in it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from .editions import Edition, at, editions
from .errors import Refused
from .findings import Finding, Severity
from .numbers import shown, tiyn
from .text import Text
from .wording import Tenge, refused, wording

FILE = Path(__file__).with_name("acts") / "mci.toml"


@dataclass(frozen=True, slots=True)
class Mci:
    """One value of the index, in whole tenge, and the first day on which it holds."""

    valid_from: date
    tenge: int
    source: Text


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def values() -> tuple[Mci, ...]:
    """All values by first day in force."""
    rows = (
        Mci(row["valid_from"], row["tenge"], Text.of(row["source"])) for row in _data()["value"]
    )
    return tuple(sorted(rows, key=lambda value: value.valid_from))


def mci_on(on: date) -> Mci:
    """The index that holds on the day `on`; `Refused` before the first known value."""
    if on < values()[0].valid_from:
        raise refused("no_mci", on=on, first=values()[0].valid_from)
    return next(value for value in reversed(values()) if value.valid_from <= on)


def thresholds() -> list[str]:
    """Names of all parameters that are stated in MCI."""
    found = (
        key
        for edition in editions()
        for key, row in edition.data.get("parameters", {}).items()
        if row.get("unit") == "mci"
    )
    return list(dict.fromkeys(found))


def threshold(
    name: str, on: date, *, amount_tiyn: int | None = None, edition: Edition | None = None
) -> list[Finding]:
    """What the threshold `name` is in tiyn on the day `on`, with the MCI used.

    The first finding is `threshold` (numbers: `amount_tiyn`, `mci_tenge`, `mci_count`,
    `mci_valid_from`); notices follow, and with `amount_tiyn` last of all `not_above` or
    `above`: exactly the threshold is not above it (SO-M-09). The edition in force on
    `on` answers unless one is given. Raises `Refused` for unknown names and days.
    """
    edition = edition or _edition_with(name, on)
    parameter = edition.parameter(name)
    if parameter.unit != "mci":
        raise refused("unknown_threshold", name=shown(name), known=", ".join(thresholds()))
    day = on if _data()["use"] == "on_day" else date(on.year, 1, 1)
    index = mci_on(day)
    count = edition.number(name)
    limit_tiyn = count * index.tenge * 100
    numbers = {
        "amount_tiyn": limit_tiyn,
        "mci_count": count,
        "mci_tenge": index.tenge,
        "mci_valid_from": index.valid_from,
        "on": on,
    }
    message = wording(
        "mci.threshold", count=count, on=on, tenge=Tenge(limit_tiyn), mci=Tenge(index.tenge * 100)
    )
    found = [Finding("threshold", Severity.OK, message, parameter.cite, numbers, about=name)]
    first = mci_on(date(on.year, 1, 1))
    last = mci_on(date(on.year, 12, 31))
    if first != last:
        message = wording(
            "mci.two_values",
            year=on.year,
            first=Tenge(first.tenge * 100),
            second=Tenge(last.tenge * 100),
            on=day,
        )
        found.append(Finding("mci_two_values", Severity.NOTICE, message))
    found.append(Finding("mci_unconfirmed", Severity.NOTICE, wording("mci.unconfirmed")))
    if amount_tiyn is not None:
        code = "above" if tiyn(amount_tiyn, "amount") > limit_tiyn else "not_above"
        message = wording(f"mci.{code}", amount=Tenge(amount_tiyn), tenge=Tenge(limit_tiyn))
        compared = {"amount_tiyn": amount_tiyn, "threshold_tiyn": limit_tiyn}
        found.append(Finding(code, Severity.OK, message, parameter.cite, compared, about=name))
    return found


def _edition_with(name: str, on: date) -> Edition:
    """The edition in force on `on` of the act that states the threshold `name`."""
    acts = [one.act for one in editions() if name in one.data.get("parameters", {})]
    if name not in thresholds():
        raise refused("unknown_threshold", name=shown(name), known=", ".join(thresholds()))
    for act in dict.fromkeys(acts):
        try:
            edition = at(act, on)
        except Refused:
            continue
        if name in edition.data.get("parameters", {}):
            return edition
    raise refused("no_threshold_then", name=name, on=on)
