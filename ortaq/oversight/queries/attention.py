"""Where to look: projects with what draws attention to them, in a fixed number of queries however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import caches
from django.db.models import Count, Prefetch, QuerySet, Sum

from ortaq import law
from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.law.findings import Finding
from ortaq.oversight import attention
from ortaq.oversight.attention import Watched
from ortaq.oversight.models import CorrectiveAction, MonitoringPlan, Observation, Visit
from ortaq.oversight.procedure.plan import span
from ortaq.people.actor import Actor
from ortaq.projects.models import Project
from ortaq.projects.queries.risks import conditions_of

from .project import projects_overseen_by

UNMENDED = (CorrectiveAction.State.OPEN, CorrectiveAction.State.DONE)
A_DAY = 24 * 60 * 60


def overseen(actor: Actor, asked: Mapping[str, Any]) -> KeyPage[Project]:
    """The projects of the body acted for, those in the deepest trouble first; one query. `asked` may have `q`, `state`, `page`."""
    rows = projects_overseen_by(actor)
    if actor.acting_for is not None:
        rows = rows.filter(contract__grantor=actor.acting_for)
    if words := fold(str(asked.get("q", ""))[:200]):
        rows = rows.filter(contract__search__contains=words) | rows.filter(
            contract__grantee__search__contains=words
        )
    if asked.get("state") in Project.State.values:
        rows = rows.filter(state=asked["state"])
    return key_page(rows, asked, order=["-trouble", "-id"], size=25)


@dataclass(frozen=True, slots=True)
class Looked:
    """A project of the list: why one should look at it, and this year's plan of monitoring; none is asked for when it does not run."""

    project: Project
    reasons: Sequence[Finding]
    plan: MonitoringPlan | None
    runs: bool


def looked_at(projects: Sequence[Project], today: date) -> list[Looked]:
    """Reasons and plans of these projects of one body, their contracts loaded."""
    found = reasons_of(projects, today)
    plans = {plan.project_id: plan for plan in plans_of(projects, today.year)}
    return [
        Looked(one, found[one.pk], plans.get(one.pk), span(one, today.year) is not None)
        for one in projects
    ]


def plans_of(projects: Sequence[Project], year: int) -> QuerySet[MonitoringPlan]:
    """The year's plans of these projects with their visits; two queries."""
    visits = Prefetch("visits", Visit.objects.exclude(state=Visit.State.CALLED_OFF))
    return MonitoringPlan.objects.filter(project__in=projects, year=year).prefetch_related(visits)


def reasons_of(projects: Sequence[Project], today: date) -> dict[int, list[Finding]]:
    """What draws attention to each of these projects, by its key."""
    pks = [project.pk for project in projects]
    actions = _count(
        CorrectiveAction.objects.filter(
            observation__visit__plan__project__in=pks, state__in=UNMENDED, due_on__lt=today
        ),
        "observation__visit__plan__project",
    )
    serious = _count(
        Observation.objects.filter(
            visit__plan__project__in=pks,
            weight=Observation.Weight.SERIOUS,
            withdrawn_at=None,
            actions__state__in=UNMENDED,
        ).distinct(),
        "visit__plan__project",
    )
    held = _count(
        Visit.objects.filter(
            plan__project__in=pks, plan__year=today.year, state=Visit.State.REPORTED
        ),
        "plan__project",
    )
    asked = least(law.at("rules_social_order", today))
    found = {}
    for pk, condition in conditions_of(projects).items():
        project = condition.project
        running = project.state == Project.State.RUNNING
        points, answers = ratings_of_body(project.contract.grantor_id, today)
        watched = Watched(
            condition,
            asked=asked if running else 0,
            held=held.get(pk, 0),
            overdue_actions=actions.get(pk, 0),
            serious=serious.get(pk, 0),
            peers=(points - project.points, answers - project.answers),
        )
        found[pk] = attention.findings(watched)
    return found


def least(edition: law.Edition) -> int:
    """How many visits a year the edition asks for at least; 0 where it does not say."""
    parameter = edition.parameter("monitoring.min")
    if not isinstance(parameter.value, int):
        return 0
    return parameter.value * (4 if parameter.unit == "per_quarter" else 1)


def ratings_of_body(body: int, today: date) -> tuple[int, int]:
    """Points and answers of all projects of a body. Reads each of them, so it is asked once a day."""
    key = f"ratings:{body}:{today.isoformat()}"
    kept = caches["process"].get(key)
    if kept is None:
        rows = Project.objects.filter(contract__grantor=body)
        sums = rows.aggregate(points=Sum("points"), answers=Sum("answers"))
        kept = (sums["points"] or 0, sums["answers"] or 0)
        caches["process"].set(key, kept, A_DAY)
    return int(kept[0]), int(kept[1])


def _count(rows: QuerySet[Any], by: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(by).annotate(Count("pk", distinct=True)))


def with_state(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """Visits with all that a page of them shows; one query."""
    return rows.select_related(
        "plan__project__contract__grantor",
        "plan__project__contract__grantee",
        "officer",
        "engagement__expert__person",
    )
