"""What the risks of projects are reckoned from, for one project or for many, in a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from ortaq.core import clock
from ortaq.projects import risks
from ortaq.projects.models import (
    BudgetLine,
    Change,
    Event,
    Evidence,
    Expense,
    Project,
    Report,
    Tranche,
)
from ortaq.projects.risks import Condition

from .progress import Progress, progress_of_many

# One in ten who took part must answer (Standard, table 4); fewer tell nothing.
SAMPLE = 10


def condition_of(project: Project, progress: Progress | None = None) -> Condition:
    """The condition of one project today; six queries, and five more where `progress` is not at hand."""
    return conditions_of([project], {project.pk: progress} if progress else None)[project.pk]


def conditions_of(
    projects: Sequence[Project], progress: dict[int, Progress] | None = None
) -> dict[int, Condition]:
    """The conditions of several projects, their contracts loaded, by their keys."""
    today, pks = clock.today(), [project.pk for project in projects]
    progress = progress or progress_of_many(projects, today)
    events = _events(pks)
    overspent = Counter(
        BudgetLine.objects.filter(contract__project__in=pks)
        .annotate(
            spent=Sum(
                "expenses__sum_tiyn",
                filter=Q(expenses__source=Expense.Source.GRANT)
                & ~Q(expenses__state=Expense.State.VOIDED),
            )
        )
        .filter(spent__gt=F("grant_tiyn"))
        .order_by()
        .values_list("contract__project", flat=True)
    )
    mine = Q(project__in=pks)
    unfinished = (Report.State.DRAFT, Report.State.RETURNED)
    reports = {
        pk: (late, returned)
        for pk, late, returned in Report.objects.filter(mine, state__in=unfinished)
        .order_by()
        .values_list("project")
        .annotate(
            late=Count("pk", filter=Q(due_on__lt=today)),
            returned=Count("pk", filter=Q(state=Report.State.RETURNED)),
        )
    }
    changes = _count(Change.objects.filter(mine, state=Change.State.ASKED))
    tranches = _count(Tranche.objects.filter(mine, paid_on=None, planned_on__lt=today))
    return {
        one.pk: Condition(
            project=one,
            today=today,
            progress=progress[one.pk],
            lines_overspent=overspent[one.pk],
            reports_overdue=reports.get(one.pk, (0, 0))[0],
            reports_returned=reports.get(one.pk, (0, 0))[1],
            changes_asked=changes.get(one.pk, 0),
            tranches_late=tranches.get(one.pk, 0),
            **events.get(one.pk, {}),
        )
        for one in projects
    }


def _count(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.order_by().values_list("project").annotate(Count("pk")))


def _events(pks: Sequence[int]) -> dict[int, dict[str, int]]:
    now = clock.now()
    held = Q(state=Event.State.HELD)
    shown = Evidence.objects.filter(event=OuterRef("pk")).exclude(state=Evidence.State.WITHDRAWN)
    rows: Iterable[Mapping[str, Any]] = (
        Event.objects.filter(project__in=pks)
        .annotate(shown=Exists(shown))
        .order_by()
        .values("project")
        .annotate(
            unrecorded_events=Count(
                "pk", filter=Q(state=Event.State.PLANNED, ends_at__lt=now - timedelta(days=1))
            ),
            events_without_evidence=Count(
                "pk",
                filter=held & Q(shown=False, ends_at__lt=now - timedelta(days=risks.FOR_EVIDENCE)),
            ),
            # Whoever missed the plan and said why has answered for it (IM-036).
            events_short_of_people=Count(
                "pk",
                filter=held
                & Q(deviation="")
                & Q(
                    attended__lt=F("expected_participants")
                    * risks.ENOUGH_PEOPLE.numerator
                    / risks.ENOUGH_PEOPLE.denominator
                ),
            ),
            events_with_small_sample=Count(
                "pk", filter=held & Q(attended__gt=F("answers") * SAMPLE)
            ),
        )
    )
    return {
        row["project"]: {name: value for name, value in row.items() if name != "project"}
        for row in rows
    }


def reckon(
    projects: Sequence[Project], progress: dict[int, Progress] | None = None
) -> list[Project]:
    """Bring what is kept of how these projects stand up to today; the projects that now stand otherwise. Contracts are loaded;
    `progress` is that of today, where it is at hand.
    """
    today = clock.today()
    moved = []
    for project, condition in zip(
        projects, conditions_of(projects, progress).values(), strict=True
    ):
        deep = risks.trouble(risks.findings(condition))
        if project.trouble != deep:
            moved.append(project)
        project.trouble, project.reckoned_on = deep, today
    Project.objects.bulk_update(projects, ["trouble", "reckoned_on"])
    return moved
