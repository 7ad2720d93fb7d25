"""What the pages of reports, of the presentation and of the act read, each in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from ortaq.core.bilingual import pick
from ortaq.people.actor import Actor
from ortaq.projects.models import (
    Activity,
    Event,
    Evidence,
    Project,
    Remark,
    Report,
    Submission,
)
from ortaq.projects.policy import project as of_project
from ortaq.projects.policy.report import reads

from .evidence import STANDS
from .progress import DONE, PROVED, Progress
from .project import projects_visible_to
from .reach import Reached, reached


@dataclass(frozen=True, slots=True)
class Row:
    """A report in the list; `opens` when this reader may open it."""

    report: Report
    opens: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """The creative and the financial report of one period."""

    is_final: bool
    rows: list[Row]

    @property
    def first(self) -> Report:
        return self.rows[0].report


def pairs_of(project: Project, actor: Actor) -> list[Pair]:
    """The reports of a project by period, interim ones first; one query."""
    found: dict[tuple[bool, int], list[Row]] = {}
    for report in project.reports.order_by("period_to", "number", "kind"):
        report.project = project
        is_final = report.kind.startswith("final")
        row = Row(report, reads(actor, report) or of_project.is_body(actor, project))
        found.setdefault((is_final, report.number), []).append(row)
    return [Pair(final, rows) for (final, _number), rows in sorted(found.items())]


def report_head(actor: Actor) -> QuerySet[Report]:
    """Reports of visible projects with what their pages show; two queries for one."""
    return (
        Report.objects.filter(project__in=projects_visible_to(actor))
        .select_related("project__contract__grantor", "project__contract__grantee")
        .select_related("project__manager", "decided_by")
        .defer("project__baseline")
        .prefetch_related(Prefetch("remarks", Remark.objects.order_by("round", "id")))
    )


def submissions_of(report: Report) -> list[Submission]:
    """Each round as it was submitted, without its content; one query."""
    return list(report.submissions.defer("content").select_related("submitted_by"))


def content_of(report: Report, round: int) -> dict[str, Any] | None:  # noqa: A002 - as the field
    """What was submitted in a round; None when there was none."""
    found: dict[str, Any] | None = (
        Submission.objects.filter(report=report, round=round)
        .values_list("content", flat=True)
        .first()
    )
    return found


# --- The final presentation -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Presented:
    """The final presentation of a project: what was promised, its events, its materials."""

    activities: list[Activity]
    events: list[Event]
    evidence: list[Evidence]

    @property
    def is_held(self) -> bool:
        return any(event.state == Event.State.HELD for event in self.events)

    @property
    def is_published(self) -> bool:
        return any(one.kind == Evidence.Kind.PUBLICATION for one in self.evidence)


def presented(project: Project) -> Presented:
    """Three queries."""
    section = Activity.Section.PRESENTATION
    activities = Activity.objects.filter(contract=project.contract_id, section=section)
    events = Event.objects.filter(project=project, activity__section=section)
    evidence = Evidence.objects.filter(project=project, state__in=STANDS)
    evidence = evidence.filter(event__activity__section=section) | evidence.filter(
        activity__section=section
    )
    return Presented(
        list(activities.prefetch_related("indicators")),
        list(events.exclude(state=Event.State.CANCELLED)),
        list(evidence.select_related("file").order_by("number")),
    )


@dataclass(frozen=True, slots=True)
class Results:
    """What everybody may know of a project: figures without personal data."""

    project: Project
    progress: Progress
    publications: list[Evidence]
    stories: list[tuple[str, str]]
    reached: Reached

    @property
    def done(self) -> int:
        return sum(line.state in (DONE, PROVED) for line in self.progress.lines)

    @property
    def satisfaction(self) -> str:
        """The average rating out of 5 with one decimal; "" when nobody has rated."""
        return out_of_five(self.project.points, self.project.answers)


def out_of_five(points: int, answers: int) -> str:
    """An average rating out of 5 with one decimal; "" when nobody has rated."""
    if not answers:
        return ""
    tenths = (20 * points + answers) // (2 * answers)
    return f"{tenths // 10},{tenths % 10}"


def published() -> QuerySet[Project]:
    """Projects whose results are published, for everybody."""
    return (
        Project.objects.filter(presentation__published_at__isnull=False)
        .select_related("presentation", "contract__grantor", "contract__grantee")
        .defer("baseline")
    )


def results_of(project: Project, progress: Progress) -> Results:
    """Links of publications, and stories whose person agreed that they are shown; two queries."""
    rows = Evidence.objects.filter(
        project=project,
        state__in=STANDS,
        kind__in=(Evidence.Kind.PUBLICATION, Evidence.Kind.STORY),
    ).order_by("day", "number")
    publications = [one for one in rows if one.kind == Evidence.Kind.PUBLICATION and one.link]
    stories = [
        (one.title, pick(one.text, one.text_ru))
        for one in rows
        if one.kind == Evidence.Kind.STORY and one.consent
    ]
    return Results(project, progress, publications, stories, reached(project))
