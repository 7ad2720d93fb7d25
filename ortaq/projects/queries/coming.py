"""What a project has before it: events, reports, payments and activities of the coming two weeks, and what is overdue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, money
from ortaq.projects.models import Event, Project, Report, Tranche

from .progress import DONE, PROVED, Progress

DAYS = 14
# A project may have 200 events; the rest of a full fortnight stands on the tab of events.
MOST = 12
NAME = 120


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing to come: its day, what it is, and the page where it is done (as `views.links` names pages)."""

    day: date
    kind: Any
    text: Any
    about: str
    late: bool = False


def coming_of(project: Project, progress: Progress, today: date) -> list[Coming]:
    """By day; three queries."""
    until = today + timedelta(days=DAYS)
    rows = [
        *_events(project, today, until),
        *_reports(project, today, until),
        *_tranches(project, today, until),
        *_activities(progress, today, until),
    ]
    ends = project.contract.ends_on
    if ends and today <= ends <= until:
        rows.append(Coming(ends, _("End of the term"), _("The last day of the project."), "about"))
    return sorted(rows, key=lambda one: one.day)


def _events(project: Project, today: date, until: date) -> Iterator[Coming]:
    rows = Event.objects.filter(
        project=project,
        state=Event.State.PLANNED,
        starts_at__gte=clock.at(today),
        starts_at__lte=clock.end_of(until),
    ).only("title_kk", "title_ru", "starts_at")
    for row in rows.order_by("starts_at")[:MOST]:
        day = clock.day_of(row.starts_at)
        yield Coming(day, _("Event"), Truncator(row.title).chars(NAME), f"event-{row.pk}")


def _reports(project: Project, today: date, until: date) -> Iterator[Coming]:
    rows = Report.objects.filter(
        project=project, state__in=(Report.State.DRAFT, Report.State.RETURNED), due_on__lte=until
    ).only("kind", "due_on")
    for row in rows:
        assert row.due_on is not None
        yield Coming(
            row.due_on, _("Report"), row.get_kind_display(), f"report-{row.pk}", row.due_on < today
        )


def _tranches(project: Project, today: date, until: date) -> Iterator[Coming]:
    rows = Tranche.objects.filter(project=project, paid_on=None, planned_on__lte=until)
    for row in rows:
        assert row.planned_on is not None
        text = format_lazy(
            _("Part {number} of the contract's sum: {sum}"),
            number=row.number,
            sum=money.show(row.planned_tiyn),
        )
        yield Coming(row.planned_on, _("Payment"), text, "money", row.planned_on < today)


def _activities(progress: Progress, today: date, until: date) -> Iterator[Coming]:
    for work in progress.works:
        if work.due and today <= work.due <= until and work.state not in (DONE, PROVED):
            yield Coming(
                work.due,
                _("Activity ends"),
                Truncator(work.activity.text).chars(NAME),
                f"activity-{work.activity.pk}",
            )
