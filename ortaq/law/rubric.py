"""Rubrics: criteria, the values that are allowed, what each means, and how sheets combine.

A rubric is data of an edition. It knows nothing of people and pages: it proposes a level
from ticked sub-items, checks points and adds them up, exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from .findings import Citation, Finding, Severity
from .numbers import count, shown
from .text import EMPTY, Text
from .wording import refused, wording


@dataclass(frozen=True, slots=True)
class Level:
    """What a value means. `matched` is the number of sub-items that leads to it."""

    points: int
    meaning: Text
    matched: int | None = None
    fully: bool | None = None
    bars_admission: bool = False
    inferred: bool = False
    note: Text = EMPTY


@dataclass(frozen=True, slots=True)
class Proposal:
    """The level that ticked sub-items lead to. The expert decides (GR-S-10)."""

    points: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion. `condition` names the case in which alone it is scored."""

    key: str
    label: Text
    sub_items: tuple[Text, ...]
    levels: tuple[Level, ...]
    cite: Citation
    condition: str = ""
    condition_text: Text = EMPTY
    note: Text = EMPTY

    @property
    def allowed(self) -> tuple[int, ...]:
        """The values that may be given, ascending."""
        return tuple(level.points for level in self.levels)

    @property
    def minimum(self) -> int:
        """The lowest value; giving it needs a comment (GR-S-03)."""
        return self.levels[0].points

    @property
    def maximum(self) -> int:
        """The highest value."""
        return self.levels[-1].points

    def level(self, points: int) -> Level:
        """The level of `points`; `Refused` for a value that is not allowed."""
        for level in self.levels:
            if level.points == points:
                return level
        raise refused(
            "points_not_allowed",
            criterion=self.key,
            value=shown(points),
            allowed=", ".join(map(str, self.allowed)),
        )

    def propose(self, ticked: Collection[int], *, fully: bool = False) -> Proposal:
        """The level to propose from `ticked` sub-items, counted from 0 (GR-S-10).

        `fully` tells the two levels apart that both ask for all sub-items (GR-X-02). With
        fewer matched than any level asks for, the lowest level is proposed and a comment
        is needed (GR-X-03). Raises `Refused` for a sub-item that does not exist.
        """
        for item in ticked:
            if count(item, self.key) >= len(self.sub_items):
                raise refused("no_such_sub_item", criterion=self.key, value=shown(item))
        matched = len(set(ticked))
        fitting = [
            level
            for level in self.levels
            if level.matched == matched and level.fully in (None, fully)
        ]
        found = fitting[0] if fitting else self.levels[0]
        code = "level_proposed" if fitting else "level_not_printed"
        finding = Finding(
            code,
            Severity.OK if fitting else Severity.NOTICE,
            wording(f"rubric.{code}", points=found.points, matched=matched, of=len(self.sub_items)),
            replace(self.cite, inferred=True),
            {"points": found.points, "matched": matched, "of": len(self.sub_items)},
            about=self.key,
        )
        return Proposal(found.points, finding)


@dataclass(frozen=True, slots=True)
class Rubric:
    """A table of criteria by which things are scored."""

    key: str
    title: Text
    criteria: tuple[Criterion, ...]
    cite: Citation
    total_rule: Text = EMPTY

    @classmethod
    def of(cls, key: str, row: Mapping[str, Any], cite: Citation) -> Rubric:
        """Read a rubric as it stands in an edition's file."""
        return cls(
            key=key,
            title=Text.of(row["title"]),
            criteria=tuple(_criterion(criterion, cite) for criterion in row["criteria"]),
            cite=cite,
            total_rule=Text.of(row.get("total_rule", {})),
        )

    def given(self, *conditions: str) -> Rubric:
        """The rubric with the criteria that apply under `conditions` ("local_budget")."""
        kept = (one for one in self.criteria if not one.condition or one.condition in conditions)
        return replace(self, criteria=tuple(kept))

    def criterion(self, key: str) -> Criterion:
        """The criterion `key`; `Refused` if there is none."""
        for criterion in self.criteria:
            if criterion.key == key:
                return criterion
        raise refused("unknown_criterion", criterion=shown(key), known=", ".join(self.keys))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the criteria in their order."""
        return tuple(criterion.key for criterion in self.criteria)

    @property
    def minimum(self) -> int:
        """The least total of a full sheet."""
        return sum(criterion.minimum for criterion in self.criteria)

    @property
    def maximum(self) -> int:
        """The greatest total of a full sheet."""
        return sum(criterion.maximum for criterion in self.criteria)

    def check(
        self, points: Mapping[str, object], comments: Mapping[str, str] | None = None
    ) -> list[Finding]:
        """What is wrong with a sheet, by criterion; nothing wrong gives an empty list.

        Codes: `points_missing`, `points_not_whole`, `points_not_allowed`,
        `unknown_criterion`, and, where `comments` are given, `comment_missing` for the
        lowest level (GR-S-03). All are errors: they stop signing, not saving.
        """
        found = []
        for criterion in self.criteria:
            value, allowed = points.get(criterion.key), criterion.allowed
            numbers: dict[str, object] = {"value": value, "allowed": allowed}
            code = ""
            if value is None:
                code = "points_missing"
            elif isinstance(value, bool) or not isinstance(value, int):
                code, numbers["value"] = "points_not_whole", shown(value)
            elif value not in allowed:
                code, numbers["value"] = "points_not_allowed", shown(value)
            elif (
                comments is not None
                and value == criterion.minimum
                and not comments.get(criterion.key, "").strip()
            ):
                code = "comment_missing"
            if code:
                message = wording(
                    f"rubric.{code}",
                    criterion=criterion.label,
                    value=numbers["value"],
                    allowed=", ".join(map(str, allowed)),
                )
                cite = criterion.cite
                if code == "comment_missing":
                    cite = replace(cite, inferred=True)
                found.append(
                    Finding(code, Severity.ERROR, message, cite, numbers, about=criterion.key)
                )
        for key in points:
            if key not in self.keys:
                message = wording(
                    "rubric.unknown_criterion", criterion=shown(key), known=", ".join(self.keys)
                )
                found.append(
                    Finding(
                        "unknown_criterion", Severity.ERROR, message, self.cite, about=shown(key)
                    )
                )
        return found

    def total(self, points: Mapping[str, object]) -> int:
        """The sum of a full and lawful sheet (GR-S-11); `Refused` with the first fault else."""
        for finding in self.check(points):
            raise refused("sheet", reason=finding.message)
        return sum(count(points[key], key) for key in self.keys)

    def differs(
        self, key: str, points: int, ticked: Collection[int], *, fully: bool
    ) -> list[Finding]:
        """A notice where the points given differ from the level that the ticks propose."""
        proposed = self.criterion(key).propose(ticked, fully=fully).points
        if points == proposed:
            return []
        message = wording("rubric.differs", points=points, proposed=proposed)
        numbers = {"points": points, "proposed": proposed}
        cite = replace(self.cite, inferred=True)
        return [Finding("differs_from_proposal", Severity.NOTICE, message, cite, numbers, key)]


def mean(totals: Sequence[int]) -> Fraction:
    """The exact arithmetic mean of totals (GR-S-12); `Refused` where there are none."""
    if not totals:
        raise refused("no_scores")
    return Fraction(sum(count(total, "total") for total in totals), len(totals))


def _criterion(row: Mapping[str, Any], cite: Citation) -> Criterion:
    return Criterion(
        key=row["key"],
        label=Text.of(row["label"]),
        sub_items=tuple(Text.of(item) for item in row.get("sub_items", ())),
        levels=tuple(
            Level(
                points=level["points"],
                meaning=Text.of(level["text"]),
                matched=level.get("matched"),
                fully=level.get("fully"),
                bars_admission=level.get("bars_admission", False),
                inferred=level.get("inferred", False),
                note=Text.of(level.get("note", {})),
            )
            for level in row["levels"]
        ),
        cite=replace(cite, place=row.get("cite", cite.place)),
        condition=row.get("condition", ""),
        condition_text=Text.of(row.get("condition_text", {})),
        note=Text.of(row.get("note", {})),
    )
