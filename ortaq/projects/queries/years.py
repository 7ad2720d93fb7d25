"""Plan against fact year by year, where a project lasts longer than one (GR-I-15): activities, indicators, events, money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import ExtractYear

from ortaq.core import clock
from ortaq.projects import targets
from ortaq.projects.models import Event, Expense, Indicator, Project
from ortaq.projects.spending import live

from .progress import DONE, PROVED, Line, Progress, Work


@dataclass(frozen=True, slots=True)
class Year:
    """What is planned for one year and what came of it.

    `activities` are those whose last month lies in it, since only then they and their `indicators` are due.
    Money is that of the contract in tiyn, by the year of its lines.
    """

    year: int
    activities: int = 0
    completed: int = 0
    indicators: int = 0
    reached: int = 0
    proved: int = 0
    events: int = 0
    held: int = 0
    people: int = 0
    planned_tiyn: int = 0
    spent_tiyn: int = 0
    admitted_tiyn: int = 0


def years_of(project: Project) -> list[int]:
    """The years of the term; fewer than two: nothing has to be told year by year."""
    first, last = project.contract.starts_on, project.contract.ends_on
    return list(range(first.year, last.year + 1)) if first and last else []


def years_of_work(work: Work) -> list[int]:
    """The years in which an activity is planned, by its months or else by the term."""
    named = sorted({int(month[:4]) for month in work.activity.months})
    if named or not (work.begins and work.due):
        return named
    return list(range(work.begins.year, work.due.year + 1))


def by_year(project: Project, progress: Progress) -> list[Year]:
    """Each year of a project that lasts several; none for others. Three queries."""
    years = years_of(project)
    if len(years) < 2:
        return []
    events = _by(
        Event.objects.filter(project=project)
        .exclude(state=Event.State.CANCELLED)
        .annotate(of=ExtractYear("starts_at", tzinfo=clock.ALMATY)),
        events=Count("id"),
        held=Count("id", filter=Q(state=Event.State.HELD)),
        people=Sum("attended"),
    )
    lines = project.contract.budget.annotate(of=F("year"))
    planned = _by(lines, planned_tiyn=Sum("grant_tiyn"))
    rows = Expense.objects.filter(live(), project=project, source=Expense.Source.GRANT)
    spent = _by(
        rows.annotate(of=F("line__year")),
        spent_tiyn=Sum("sum_tiyn"),
        admitted_tiyn=Sum("admitted_tiyn"),
    )
    found = []
    for year in years:
        due = [work for work in progress.works if years_of_work(work)[-1:] == [year]]
        indicators = [line for work in due for line in work.lines]
        found.append(
            Year(
                year,
                activities=len(due),
                completed=sum(work.state in (DONE, PROVED) for work in due),
                indicators=len(indicators),
                reached=sum(line.state in (DONE, PROVED) for line in indicators),
                proved=sum(line.state == PROVED for line in indicators),
                **events.get(year, {}),
                **planned.get(year, {}),
                **spent.get(year, {}),
            )
        )
    return found


def _by(rows: Any, **sums: Any) -> dict[int, dict[str, int]]:
    """Sums of rows by their `of`, the year."""
    return {
        row.pop("of"): {name: value or 0 for name, value in row.items()}
        for row in rows.order_by().values("of").annotate(**sums)
    }


def narrow(progress: Progress, year: int) -> None:
    """Leave only the activities that run in a year; what was done in it stands beside indicators of several years. One query."""
    begins, ends = date(year, 1, 1), date(year, 12, 31)
    several: list[Line] = []
    for work in progress.works:
        years = years_of_work(work)
        work.left_out = year not in years
        if not work.left_out and len(years) > 1:
            several += work.lines
    amounts = _amounts(several, begins, ends)
    for line in several:
        line.in_year = amounts[line.indicator.pk]


def _amounts(lines: Iterable[Line], begins: date, ends: date) -> dict[int, targets.Amount]:
    scales = {line.indicator.pk: bool(line.indicator.scale) for line in lines}
    rows = targets.counted(Indicator.objects.filter(pk__in=scales), begins, ends)
    return {row["pk"]: targets.amounts(row, scale=scales[row["pk"]])[0] for row in rows}
