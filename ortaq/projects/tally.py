"""The counted figures of projects and events: counted from the rows, and compared with what is kept (`ortaq check`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Sum

from ortaq.core import clock
from ortaq.core.procedure import locked

from . import targets
from .models import (
    Consumer,
    Event,
    Expense,
    Indicator,
    Participation,
    Project,
    Tranche,
)
from .queries.progress import Progress, progress_of_many
from .queries.risks import reckon

OF_PROJECT = (
    "events",
    "events_held",
    "attendances",
    "covered",
    "answers",
    "points",
    "indicators",
    "indicators_done",
    "indicators_proved",
    "paid_tiyn",
    "spent_tiyn",
    "admitted_tiyn",
)
OF_EVENT = ("registered", "attended", "answers", "points")
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Drift:
    """A kept figure that differs from its rows."""

    key: str
    figure: str
    kept: int
    counted: int

    def __str__(self) -> str:
        return f"{self.key} {self.figure}: kept {self.kept}, counted {self.counted}"


def of_event(event: Event) -> dict[str, int]:
    """The figures of one event, counted from its participations; one query."""
    found = Participation.objects.filter(event=event).aggregate(
        registered=Count("id"),
        attended=Count("id", filter=Q(attended=True)),
        answers=Count("points"),
        points=Sum("points"),
    )
    return {name: found[name] or 0 for name in OF_EVENT}


def of_project(project: Project, progress: Progress | None = None) -> dict[str, int]:
    """The figures of one project, counted from its rows, in a fixed number of queries: four less where `progress` is at hand."""
    found = _rows_of([project.pk])[project.pk]
    found |= _done(progress) if progress else _indicators([project.pk]).get(project.pk, {})
    return {name: found.get(name, 0) for name in OF_PROJECT}


def of_projects(pks: list[int]) -> dict[int, dict[str, int]]:
    """The figures of several projects by their keys, in a fixed number of queries."""
    found = _rows_of(pks)
    for pk, figures in _indicators(pks).items():
        found[pk] |= figures
    return found


def _rows_of(pks: list[int]) -> dict[int, dict[str, int]]:
    """The figures that are no indicators; four queries."""
    found: dict[int, dict[str, int]] = {pk: {} for pk in pks}

    def take(rows: Iterable[Any]) -> None:
        for row in rows:
            found[row["project"]] |= {k: v or 0 for k, v in row.items() if k != "project"}

    live = Event.objects.filter(project__in=pks).exclude(state=Event.State.CANCELLED)
    held = Q(state=Event.State.HELD)
    take(
        live.order_by()
        .values("project")
        .annotate(
            of=Count("id"),
            events_held=Count("id", filter=held),
            attendances=Sum("attended"),
            answered=Sum("answers"),
            scored=Sum("points"),
        )
        .values(
            "project",
            "events_held",
            "attendances",
            events=F("of"),
            answers=F("answered"),
            points=F("scored"),
        )
    )
    take(
        Consumer.objects.filter(project__in=pks, attended__gt=0)
        .values("project")
        .annotate(covered=Count("id"))
    )
    take(
        Tranche.objects.filter(project__in=pks)
        .order_by()
        .values("project")
        .annotate(sum=Sum("paid_tiyn"))
        .values("project", paid_tiyn=F("sum"))
    )
    grant = Expense.objects.filter(project__in=pks, source=Expense.Source.GRANT)
    take(
        grant.exclude(state=Expense.State.VOIDED)
        .order_by()
        .values("project")
        .annotate(spent_tiyn=Sum("sum_tiyn"), admitted=Sum("admitted_tiyn"))
        .values("project", "spent_tiyn", admitted_tiyn=F("admitted"))
    )
    return found


def _done(progress: Progress) -> dict[str, int]:
    """As `_indicators`, from the plan of a project that was read already."""
    lines = progress.lines
    return {
        "indicators": len(lines),
        "indicators_done": sum(line.done.reaches(line.target) for line in lines),
        "indicators_proved": sum(line.proved.reaches(line.target) for line in lines),
    }


def _indicators(pks: list[int]) -> dict[int, dict[str, int]]:
    """How many indicators there are, are reached by what is attached, and by what is accepted."""
    mine = Indicator.objects.filter(activity__contract__project__in=pks)
    amounts = {row["pk"]: row for row in targets.counted(mine)}
    events = targets.events_of(pks)
    figures: dict[int, dict[str, int]] = {}
    for pk, project, activity, reading, minimum, second, scale in mine.order_by().values_list(
        "pk", "activity__contract__project", "activity", "reading", "minimum", "second", "scale"
    ):
        one = figures.setdefault(
            project, {"indicators": 0, "indicators_done": 0, "indicators_proved": 0}
        )
        target = targets.target(reading, minimum, second, events.get(activity, 0))
        done, proved = targets.amounts(amounts[pk], scale=bool(scale))
        one["indicators"] += 1
        one["indicators_done"] += done.reaches(target)
        one["indicators_proved"] += proved.reaches(target)
    return figures


def settle(project: Project) -> None:
    """Bring the kept figures of a project, and how it stands, up to its rows, inside the caller's transaction.

    The project is locked first: whoever is adding to a figure just now is waited for and counted.
    """
    locked(Project, project.pk)
    progress = progress_of_many([project], clock.today())
    for name, value in of_project(project, progress[project.pk]).items():
        setattr(project, name, value)
    project.save(update_fields=OF_PROJECT)
    reckon([project], progress)


def settle_events(project: Project, events: Iterable[Event]) -> None:
    """Bring the figures of these events, then of their project, up to the rows."""
    count_events(events)
    settle(project)


def count_events(events: Iterable[Event]) -> None:
    """Bring the figures of these events up to the rows, those of the project being left to the caller."""
    for event in events:
        for name, value in of_event(event).items():
            setattr(event, name, value)
        event.save(update_fields=OF_EVENT)


def drifts(*, quick: bool = False) -> Iterator[Drift]:
    """Every kept figure of every project and event that its rows do not confirm, in chunks; `quick`: of the newest projects."""
    projects = Project.objects.order_by("pk").values("pk", *OF_PROJECT)
    last = 0
    if quick:
        newest = Project.objects.order_by("-pk").values_list("pk", flat=True)[: CHUNK // 5]
        last = min(newest, default=1) - 1
    while rows := list(projects.filter(pk__gt=last)[:CHUNK]):
        counted = of_projects([row["pk"] for row in rows])
        for row in rows:
            for name in OF_PROJECT:
                if row[name] != counted[row["pk"]].get(name, 0):
                    yield Drift(
                        f"projects.project:{row['pk']}", name, row[name],
                        counted[row["pk"]].get(name, 0),
                    )  # fmt: skip
        last = rows[-1]["pk"]
    if not quick:
        yield from _drifts_of_events()
        yield from _drifts_of_consumers()


def _drifts_of_events() -> Iterator[Drift]:
    events = Event.objects.order_by("pk").annotate(
        registered_=Count("participations"),
        attended_=Count("participations", filter=Q(participations__attended=True)),
        answers_=Count("participations__points"),
        points_=Sum("participations__points"),
    )
    last = 0
    while rows := list(
        events.filter(pk__gt=last).values("pk", *OF_EVENT, *(f"{n}_" for n in OF_EVENT))[:CHUNK]
    ):
        for row in rows:
            for name in OF_EVENT:
                if row[name] != (row[f"{name}_"] or 0):
                    yield Drift(
                        f"projects.event:{row['pk']}", name, row[name], row[f"{name}_"] or 0
                    )
        last = rows[-1]["pk"]


def _drifts_of_consumers() -> Iterator[Drift]:
    people = Consumer.objects.order_by("pk").annotate(
        attended_=Count("participations", filter=Q(participations__attended=True))
    )
    last = 0
    while rows := list(people.filter(pk__gt=last).values("pk", "attended", "attended_")[:CHUNK]):
        for row in rows:
            if row["attended"] != row["attended_"]:
                key = f"projects.consumer:{row['pk']}"
                yield Drift(key, "attended", row["attended"], row["attended_"])
        last = rows[-1]["pk"]
