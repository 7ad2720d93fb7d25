"""What the pages of the consultation journal read, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.law import Refused
from ortaq.law.findings import Finding
from ortaq.law.satisfaction import Satisfaction, measure
from ortaq.law.standard import check
from ortaq.projects.models import Consultation, Project

PAGE = 50
TO_ASK = 25


def of_project(project: Project) -> QuerySet[Consultation]:
    """The lines of a project's journal with what lists show; one query."""
    return Consultation.objects.filter(project=project).select_related(
        "consumer", "consultant", "activity"
    )


def of_period(
    project: Project, begins: date | None = None, ends: date | None = None
) -> QuerySet[Consultation]:
    """The lines that count, by day: all, or those of a period from its first to its last day; one query."""
    rows = of_project(project).filter(struck="")
    if begins and ends:
        rows = rows.filter(day__range=(begins, ends))
    return rows.order_by("day", "number")


def consultant_of(row: Consultation) -> str:
    """The name of who gave it."""
    return row.consultant.full_name if row.consultant else row.consultant_name


def consultation_list(
    project: Project, asked: Mapping[str, Any], *, people: bool
) -> KeyPage[Consultation]:
    """A page of the journal, the latest first, by kind of question, way, outcome and words; names are
    searched only for whoever sees `people`.
    """
    rows = of_project(project)
    if (topic := asked.get("topic")) in Consultation.Topic.values:
        rows = rows.filter(topic=topic)
    if (how := asked.get("how")) in Consultation.How.values:
        rows = rows.filter(how=how)
    if asked.get("outcome") == "unknown":
        rows = rows.filter(applied=None, struck="")
    if words := fold(str(asked.get("q", ""))[:200]):
        found = Q(search__contains=words)
        if people:
            found |= Q(consumer__search__contains=words)
        rows = rows.filter(found)
    return key_page(rows, asked, order=["-day", "-number"], size=PAGE)


def to_ask(project: Project) -> list[Consultation]:
    """Consultations of which nothing is known yet, the oldest first; one query."""
    rows = of_project(project).filter(struck="", applied=None, points=None)
    return list(rows.order_by("day", "number")[:TO_ASK])


def last_line(project: Project) -> Consultation | None:
    """The last line written: who types the next one begins with its values."""
    return of_project(project).order_by("-number").first()


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal in figures (table 2)."""

    consultations: int
    consumers: int
    asked: int
    applied: int
    measured: Satisfaction | None
    findings: tuple[Finding, ...]


def journal_of(project: Project) -> Journal:
    """The figures of the journal and what the Standard says of them; two queries. Of several ratings of one
    consumer the last counts: nobody is surveyed twice.
    """
    rows = list(
        Consultation.objects.filter(project=project, struck="")
        .order_by("-day", "-number")
        .values_list("consumer", "points", "applied")
    )
    rated: set[int] = set()
    told: list[dict[str, Any]] = []
    for consumer, points, applied in rows:
        counts = points if consumer not in rated else None
        if counts is not None:
            rated.add(consumer)
        told.append({"participant": consumer, "points": counts, "applied": applied})
    consumers = len({consumer for consumer, _points, _applied in rows})
    measured = None
    if told and not project.special_social_services:
        measured = measure(
            told, service="consultation", participants=consumers, edition=project.standard
        )
    return Journal(
        len(rows),
        consumers,
        len(rated),
        sum(bool(applied) for _consumer, _points, applied in rows),
        measured,
        (*(measured.findings if measured else ()), *experience_findings(project)),
    )


def experience_findings(project: Project) -> list[Finding]:
    """What ¶14 says of each consultant's experience by kind of question, shortcomings only; one query."""
    if project.special_social_services:
        return []
    pairs = (
        Consultation.objects.filter(project=project, struck="", experience_months__isnull=False)
        .order_by("topic", "experience_months")
        .values_list("topic", "experience_months")
        .annotate(of=Count("id"))
    )
    found = [experience(topic, months, project.standard) for topic, months, _count in pairs]
    return [one for one in found if one is not None]


def experience(topic: str, months: int | None, edition: str) -> Finding | None:
    """What ¶14 says of a consultant of so many months of experience; None where it is content."""
    facts = {
        "service": "consultation",
        "topic": topic,
        "consultant_experience_months": months,
    }
    try:
        said = check(facts, "result", edition)
    except Refused:
        return None
    field = "consultant_experience_months"
    return next((one for one in said if one.about == field and one.code == "below_minimum"), None)
