"""The monthly calculation index (АЕК, МРП) by day, and thresholds stated in it.

The table of values is an argument everywhere, the shipped one by default; `known_values`
gives the table as it was known on a day.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
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
    """One value of the index, in tiyn, and the first day on which it holds.

    `amount_tiyn` is `None` in a row that takes an earlier one back: no value begins on that
    day. `known_from` is empty for what was known all along.
    """

    valid_from: date
    amount_tiyn: int | None
    source: Text
    confirmed: bool = False
    known_from: date | None = None


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def shipped_values() -> tuple[Mci, ...]:
    """The values of the shipped table, `acts/mci.toml`, by first day in force."""
    rows = (
        Mci(row["valid_from"], row["tenge"] * 100, Text.of(row["source"]))
        for row in _data()["value"]
    )
    return tuple(sorted(rows, key=lambda value: value.valid_from))


def known_values(rows: Iterable[Mci], as_of: date) -> tuple[Mci, ...]:
    """The table as known on the day `as_of`: per first day the row that became known last.

    Rows of one first day and one `known_from` follow their order, the later one wins.
    """
    known = [row for row in rows if row.known_from is None or row.known_from <= as_of]
    known.sort(key=lambda row: row.known_from or date.min)
    latest = {row.valid_from: row for row in known}.values()
    found = [row for row in latest if row.amount_tiyn is not None]
    return tuple(sorted(found, key=lambda row: row.valid_from))


def mci_on(on: date, table: Sequence[Mci] | None = None) -> Mci:
    """The index of `table` that holds on the day `on`; `Refused` before its first value."""
    table = shipped_values() if table is None else table
    if on < table[0].valid_from:
        raise refused("no_mci", on=on, first=table[0].valid_from)
    return next(value for value in reversed(table) if value.valid_from <= on)


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
    name: str,
    on: date,
    *,
    amount_tiyn: int | None = None,
    edition: Edition | None = None,
    table: Sequence[Mci] | None = None,
) -> list[Finding]:
    """What the threshold `name` is in tiyn on the day `on`, with the MCI used.

    The first finding is `threshold` (numbers: `amount_tiyn`, `mci_tiyn`, `mci_count`,
    `mci_valid_from`); notices follow, and with `amount_tiyn` last of all `not_above` or
    `above`: exactly the threshold is not above it (SO-M-09). The edition in force on
    `on` answers unless one is given, and the shipped values unless a `table` is. Raises
    `Refused` for unknown names and days.
    """
    edition = edition or _edition_with(name, on)
    parameter = edition.parameter(name)
    if parameter.unit != "mci":
        raise refused("unknown_threshold", name=shown(name), known=", ".join(thresholds()))
    day = on if _data()["use"] == "on_day" else date(on.year, 1, 1)
    index, mci_tiyn = _index(day, table)
    count = edition.number(name)
    limit_tiyn = count * mci_tiyn
    numbers = {
        "amount_tiyn": limit_tiyn,
        "mci_count": count,
        "mci_tiyn": mci_tiyn,
        "mci_valid_from": index.valid_from,
        "on": on,
    }
    message = wording(
        "mci.threshold", count=count, on=on, tenge=Tenge(limit_tiyn), mci=Tenge(mci_tiyn)
    )
    found = [Finding("threshold", Severity.OK, message, parameter.cite, numbers, about=name)]
    first, first_tiyn = _index(date(on.year, 1, 1), table)
    last, last_tiyn = _index(date(on.year, 12, 31), table)
    if first != last:
        message = wording(
            "mci.two_values",
            year=on.year,
            first=Tenge(first_tiyn),
            second=Tenge(last_tiyn),
            on=day,
        )
        found.append(Finding("mci_two_values", Severity.NOTICE, message))
    if not index.confirmed:
        found.append(Finding("mci_unconfirmed", Severity.NOTICE, wording("mci.unconfirmed")))
    if amount_tiyn is not None:
        code = "above" if tiyn(amount_tiyn, "amount") > limit_tiyn else "not_above"
        message = wording(f"mci.{code}", amount=Tenge(amount_tiyn), tenge=Tenge(limit_tiyn))
        compared = {"amount_tiyn": amount_tiyn, "threshold_tiyn": limit_tiyn}
        found.append(Finding(code, Severity.OK, message, parameter.cite, compared, about=name))
    return found


def _index(on: date, table: Sequence[Mci] | None) -> tuple[Mci, int]:
    found = mci_on(on, table)
    assert found.amount_tiyn is not None  # rows without an amount are in no table
    return found, found.amount_tiyn


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
