"""Versions of the plan: what was signed, and what each approved change made of it (GR-I-15, IM-041)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from ortaq.core import clock
from ortaq.projects import changing, completeness
from ortaq.projects.models import Activity, Change, Project

from .progress import Signed
from .promised import NEW, OF_ACTIVITY, OF_INDICATOR


@dataclass(frozen=True, slots=True)
class Version:
    """The plan from a day on. `change` brought it about; None: it was signed so."""

    number: int
    day: date
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator as a version has it, and what was signed instead."""

    text: str
    planned: str
    signed: list[Signed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Work:
    """An activity as a version has it; `gone` are the indicators that were signed and are not in it."""

    row: Mapping[str, Any]
    lines: list[Line]
    signed: list[Signed]
    gone: list[str]


@dataclass(frozen=True, slots=True)
class Task:
    section: str
    number: int
    text: str
    works: list[Work]


def versions_of(project: Project) -> list[Version]:
    """The signed plan, then one for each approved change in the order of approval; one query."""
    contract = project.contract
    first = contract.concluded_on or clock.day_of(project.opened_at)
    return [
        Version(0, first),
        *(
            Version(number, clock.day_of(change.decided_at or project.opened_at), change)
            for number, change in enumerate(changing.approved(project), 1)
        ),
    ]


def asked_for(project: Project, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the page shows: `versions`, the one that was `asked` for by `version` or by the day `on` (default: the last), its
    `tasks`, signed activities that are `gone` in it, and `effect`, block IV. Two queries.
    """
    known = versions_of(project)
    one = _chosen(known, asked)
    content: dict[str, Any] = dict(project.baseline)
    for version in known[1 : one.number + 1]:
        if version.change:
            content = changing.replayed(content, changing.rows_of(version.change))
    signed = {row["key"]: row for row in project.baseline.get("plan", ())}
    works = [_work(row, signed.pop(row["key"], None)) for row in content.get("plan", ())]
    was, now = project.baseline.get("social_effect") or {}, content.get("social_effect") or {}
    return {
        "versions": known,
        "version": one,
        "on": _day(asked) or one.day,
        "tasks": _tasks(works),
        "gone": [str(row["text"]) for row in signed.values()],
        "effect": [
            (label, now.get(key), was.get(key) if was.get(key) != now.get(key) else None)
            for key, label in completeness.SOCIAL_EFFECT.items()
        ],
    }


def _chosen(known: list[Version], asked: Mapping[str, Any]) -> Version:
    number = str(asked.get("version", ""))
    if found := [one for one in known if str(one.number) == number]:
        return found[0]
    day = _day(asked)
    return [one for one in known if one.number == 0 or day is None or one.day <= day][-1]


def _day(asked: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(asked.get("on", "")))
    except ValueError:
        return None


def _work(row: Mapping[str, Any], was: Mapping[str, Any] | None) -> Work:
    before = {one["position"]: one for one in was["indicators"]} if was else {}
    lines = []
    for one in row["indicators"]:
        signed = before.pop(one["position"], None)
        differs = [NEW] if was and signed is None else _differing(OF_INDICATOR, signed, one)
        lines.append(Line(one["text"], one["planned"], differs))
    gone = [f"{one['text']} — {one['planned']}" for one in before.values()]
    return Work(row, lines, _differing(OF_ACTIVITY, was, row) if was else [NEW], gone)


def _differing(
    names: Mapping[str, Any], was: Mapping[str, Any] | None, now: Mapping[str, Any]
) -> list[Signed]:
    return [
        Signed(label, str(was[name]) or "—")
        for name, label in names.items()
        if was and name in was and str(was[name]) != str(now[name])
    ]


def _tasks(works: list[Work]) -> list[Task]:
    """Activities under their tasks, the tasks in the order in which they come first."""
    order = list(Activity.Section)
    first: dict[tuple[str, str], tuple[int, int]] = {}
    for at, work in enumerate(works):
        name = (work.row["section"], work.row["task"])
        first.setdefault(name, (order.index(Activity.Section(work.row["section"])), at))
    ordered = sorted(works, key=lambda one: first[one.row["section"], one.row["task"]])
    tasks: list[Task] = []
    for (section, text), group in groupby(ordered, key=lambda w: (w.row["section"], w.row["task"])):
        number = sum(bool(task.number) for task in tasks) + 1
        tasks.append(Task(section, number if section == Activity.Section.TASK else 0, text, list(group)))  # fmt: skip
    return tasks
