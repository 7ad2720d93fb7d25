"""Marks on a sheet: read from a form, proposed from ticks, checked by the rubric, summed exactly.

A sheet's marks are `{criterion: {"points": int | None, "ticks": [int], "fully": bool,
"comment": str}}`. Nothing here touches the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from statistics import median
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.law import grants, prizes
from ortaq.law.findings import Finding, Severity

from .composition import edition_of
from .models import Panel

RUBRICS = {
    "grants_rules": grants.RUBRIC,
    "rules_social_order": "evaluation",
    "prizes_rules": prizes.RUBRIC,
}
COMMENT_LIMIT = 4000
# A sheet is far from the others when it differs from their median by more than this part of the
# range between the least and the greatest total. Our own measure: no act sets one.
FAR = Fraction(1, 4)
FEWEST_SHEETS = 3

Mark = dict[str, Any]
Marks = dict[str, Mark]


def rubric_of(panel: Panel) -> law.Rubric:
    """The rubric by which the panel scores; the region's criterion only for local budgets."""
    return _rubric(panel.act, panel.edition, panel.local_budget)


@cache
def _rubric(act: str, edition: str, local_budget: bool) -> law.Rubric:
    rubric = law.edition(act, edition).rubric(RUBRICS[act])
    return rubric.given(*([grants.LOCAL_BUDGET] if local_budget else []))


def threshold(panel: Panel) -> Fraction:
    """The points that a mean must exceed (GR-S-14)."""
    percent = edition_of(panel).number("scoring.threshold")
    return Fraction(rubric_of(panel).maximum * percent, 100)


def empty_mark() -> Mark:
    return {"points": None, "ticks": [], "fully": False, "comment": ""}


def mark_of(marks: Mapping[str, Any], key: str) -> Mark:
    """The mark of a criterion; an empty one where nothing is given yet."""
    return {**empty_mark(), **marks.get(key, {})}


def proposed(criterion: law.Criterion, mark: Mapping[str, Any]) -> int | None:
    """The points that the ticks lead to (GR-S-10); None while nothing is ticked, and for a
    criterion without sub-items.
    """
    if not criterion.sub_items or not mark["ticks"]:
        return None
    return criterion.propose(mark["ticks"], fully=mark["fully"]).points


def follow(criterion: law.Criterion, before: Mark, after: Mark) -> Mark:
    """`after` with its points following the ticks where the expert has not decided otherwise.

    Without scripts a person ticks and saves: points not given, or equal to what the ticks led
    to before, move on with the ticks. Points chosen by hand stay.
    """
    changed = (before["ticks"], before["fully"]) != (after["ticks"], after["fully"])
    if after["points"] is None or (changed and after["points"] == proposed(criterion, before)):
        return {**after, "points": proposed(criterion, after)}
    return after


def read(rubric: law.Rubric, data: Mapping[str, Any], before: Mapping[str, Any]) -> Marks:
    """Marks out of a posted form (`QueryDict`), falling back to an empty mark for what is no number.

    Fields of criterion C: `C-points`, `C-ticks` (several), `C-fully`, `C-comment`. A form that
    says `live=1` has followed the ticks in the browser already.
    """
    getlist = getattr(data, "getlist", lambda name: data.get(name, []))
    marks: Marks = {}
    for criterion in rubric.criteria:
        key = criterion.key
        points = _whole(data.get(f"{key}-points"))
        ticks = {_whole(value) for value in getlist(f"{key}-ticks")}
        mark: Mark = {
            "points": points if points in criterion.allowed else None,
            "ticks": sorted(n for n in ticks if n is not None and n < len(criterion.sub_items)),
            "fully": bool(data.get(f"{key}-fully")),
            "comment": _text(data.get(f"{key}-comment")),
        }
        if not data.get("live"):
            mark = follow(criterion, mark_of(before, key), mark)
        marks[key] = mark
    return marks


def _text(value: Any) -> str:
    """What was typed, with plain line ends and without NUL, which no database keeps."""
    return str(value or "").replace("\r\n", "\n").replace("\0", "")


def _whole(value: Any) -> int | None:
    text = "" if value is None else str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else None


def too_long(marks: Mapping[str, Any]) -> list[Finding]:
    """An error for each comment that is longer than a sheet can keep."""
    return [
        Finding(
            "comment_too_long",
            Severity.ERROR,
            format_lazy(
                _(
                    "This comment has {length} characters, but at most {limit} can be kept. "
                    "Shorten it; it is not saved yet."
                ),
                length=len(mark["comment"]),
                limit=COMMENT_LIMIT,
            ),
            numbers={"length": len(mark["comment"]), "limit": COMMENT_LIMIT},
            about=key,
        )
        for key, mark in marks.items()
        if len(mark["comment"]) > COMMENT_LIMIT
    ]


def points_of(marks: Mapping[str, Any]) -> dict[str, object]:
    return {key: mark["points"] for key, mark in marks.items()}


def check(rubric: law.Rubric, marks: Mapping[str, Any]) -> list[Finding]:
    """What a sheet lacks before it can be signed: points, and comments where they are obligatory.

    Obligatory: for the lowest level (GR-S-03), and where fewer sub-items match than any level
    asks for (GR-X-03) - which leads to the lowest level unless the expert deviates.
    """
    full = {criterion.key: mark_of(marks, criterion.key) for criterion in rubric.criteria}
    comments = {key: mark["comment"] for key, mark in full.items()}
    found = rubric.check(points_of(full), comments)
    said = {finding.about for finding in found}
    for criterion in rubric.criteria:
        mark = full[criterion.key]
        if not criterion.sub_items or criterion.key in said or mark["comment"].strip():
            continue
        proposal = criterion.propose(mark["ticks"], fully=mark["fully"])
        if proposal.finding.code == "level_not_printed":
            found.append(
                Finding(
                    "comment_missing",
                    Severity.ERROR,
                    _(
                        "No sub-item is ticked, and the rubric has no level for that. "
                        "Write a comment, or tick what the application matches."
                    ),
                    proposal.finding.cite,
                    about=criterion.key,
                )
            )
    return found


def deviations(rubric: law.Rubric, marks: Mapping[str, Any]) -> list[Finding]:
    """A notice for each criterion whose points differ from what its ticks propose (GR-S-10)."""
    found = []
    for criterion in rubric.criteria:
        mark = mark_of(marks, criterion.key)
        if criterion.sub_items and mark["ticks"] and mark["points"] is not None:
            found += rubric.differs(
                criterion.key, mark["points"], mark["ticks"], fully=mark["fully"]
            )
    return found


def given(rubric: law.Rubric, marks: Mapping[str, Any]) -> int:
    """How many criteria have points."""
    return sum(mark_of(marks, key)["points"] is not None for key in rubric.keys)


def subtotal(rubric: law.Rubric, marks: Mapping[str, Any]) -> int:
    """The sum of the points given so far."""
    return sum(mark_of(marks, key)["points"] or 0 for key in rubric.keys)


@dataclass(frozen=True, slots=True)
class Hint:
    """A sheet far from the others': its total, their median, the difference and the limit."""

    total: int
    median: Fraction
    difference: Fraction
    limit: Fraction


def hint(rubric: law.Rubric, total: int, others: Sequence[int]) -> Hint | None:
    """Whether a total lies far from the median of the others' totals; exact.

    None with fewer than two others, or within the limit. It says nothing against the expert:
    the meeting may ask them to explain.
    """
    if len(others) + 1 < FEWEST_SHEETS:
        return None
    middle = Fraction(median(map(Fraction, others)))
    limit = FAR * (rubric.maximum - rubric.minimum)
    difference = abs(total - middle)
    return Hint(total, middle, difference, limit) if difference > limit else None
