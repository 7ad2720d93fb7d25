"""The figures of annexes 5 and 9, each with the keys of the records it comes from and with how it is made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ortaq.oversight.annex9 import fraction

Words = str | Promise
NAMES = ("planned", "contracted", "paid", "visits", "score")
LABELS: Mapping[str, Words] = {
    "planned": _("Planned sum"),
    "contracted": _("Sum of the contract"),
    "paid": _("Paid"),
    "visits": _("Visits of monitoring"),
    "score": _("Points of the evaluation"),
}
HOW: Mapping[str, Words] = {
    "planned": _("The sum planned in the topic of the social order from which the project comes."),
    "contracted": _(
        "The sum of the contract with all approved changes of it. The changes below are already in it."
    ),
    "paid": _("What was paid of the contract's sum by the last day of the period."),
    "visits": _("Visits of monitoring held in the period whose report is formed."),
    "score": _(
        "Each criterion has the mean of all sheets that count; the points are the sum of these means, exact, and are rounded only "
        "where they are printed. Beside them stands the mean by criterion."
    ),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure: `tiyn`, `count`, or `points` with `mean`, is its value; `keys` are those of its records."""

    name: str
    label: Words
    how: Words
    keys: Sequence[str]
    tiyn: int | None = None
    points: Fraction | None = None
    mean: Fraction | None = None
    count: int | None = None


def figure(row: Mapping[str, Any], name: str) -> Figure | None:
    """The figure `name` of a row of annex 5 or 9, `None` where the row has none."""
    value = row.get(name) if name in NAMES else None
    if value is None:
        return None
    if name == "score":
        points, mean = fraction(value["points"]), fraction(value["mean"])
        return Figure(name, LABELS[name], HOW[name], value["from"], points=points, mean=mean)
    if name == "visits":
        return Figure(name, LABELS[name], HOW[name], value, count=len(value))
    if value["tiyn"] is None:
        return None
    return Figure(name, LABELS[name], HOW[name], value["from"], tiyn=value["tiyn"])


def row_of(content: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    """The row of a project in the content of annex 5 or 9."""
    sections = content.get("sections") or [content]
    rows = (row for section in sections for row in section["rows"])
    return next((row for row in rows if row["project"] == key), None)
