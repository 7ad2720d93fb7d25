"""What the pages of events read, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock
from ortaq.faces.paging import KeyPage, key_page
from ortaq.faces.parts import Entry
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.projects import checklist, standard
from ortaq.projects.models import Event, Expense, Project

from .contract import history_of

State = Event.State
# How the list is cut: what is ahead, what should be recorded, what became of the rest.
CUTS: Mapping[str, Q] = {
    "": Q(),
    "planned": Q(state=State.PLANNED),
    "held": Q(state=State.HELD),
    "cancelled": Q(state=State.CANCELLED),
}
# What the journal of an event says was done.
TITLES = {
    "begin": _("Event planned"),
    "edit": _("Passport changed"),
    "hold": _("Recorded as held"),
    "correct": _("Corrected with a reason"),
    "cancel": _("Event cancelled"),
    "restore": _("Taken back into the plan"),
}
YEARS = range(2000, 2101)  # of the calendar
NEWEST_FIRST = ("held", "cancelled")
SHORT = [
    "programme",
    "expected_result",
    "result",
    "deviation",
    "cancel_reason",
    "facts",
    "informing",
]


def events_of(project: Project, asked: Mapping[str, Any]) -> KeyPage[Event]:
    """A page of the events of a project; one query.

    `asked` may have `state` (planned, held, cancelled), `activity` (its key in the plan) and `page`.
    """
    rows = Event.objects.filter(project=project)
    cut = str(asked.get("state", ""))
    rows = rows.filter(CUTS.get(cut, Q()))
    activity = str(asked.get("activity", ""))
    if activity.isascii() and activity.isdigit() and len(activity) < 19:
        rows = rows.filter(activity=int(activity))
    order = ["-starts_at", "-id"] if cut in NEWEST_FIRST else ["starts_at", "id"]
    return key_page(rows.defer(*SHORT), asked, order=order, size=30)


def numbers_of(project: Project) -> dict[str, int]:
    """How many events there are by state, and how many have ended and are not recorded; one query."""
    return Event.objects.filter(project=project).aggregate(
        all=Count("id"),
        planned=Count("id", filter=Q(state=State.PLANNED)),
        held=Count("id", filter=Q(state=State.HELD)),
        cancelled=Count("id", filter=Q(state=State.CANCELLED)),
        unrecorded=Count("id", filter=Q(state=State.PLANNED, ends_at__lt=clock.now())),
    )


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar with its events; a day of a neighbouring month has none."""

    day: date
    inside: bool
    today: bool
    events: list[Event]


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: list[list[Day]]
    previous: str
    next: str


def month_of(project: Project, asked: str) -> Month:
    """The events of one month ("2020-07"; anything else: the present one), week by week; one query."""
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        first = date.min
    if first.year not in YEARS:
        first = clock.today().replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    rows = Event.objects.filter(
        project=project, starts_at__gte=clock.at(first), starts_at__lt=clock.at(following)
    ).defer(*SHORT)
    by_day: dict[date, list[Event]] = {}
    for event in rows:
        by_day.setdefault(clock.day_of(event.starts_at), []).append(event)
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while monday < following:
        week = [monday + timedelta(days=n) for n in range(7)]
        weeks.append(
            [Day(one, first <= one < following, one == clock.today(), by_day.get(one, [])) for one in week]
        )  # fmt: skip
        monday += timedelta(days=7)
    before = (first - timedelta(days=1)).replace(day=1)
    return Month(first, weeks, f"{before:%Y-%m}", f"{following:%Y-%m}")


def event_head(project: Project) -> QuerySet[Event]:
    """Events of a project with what their pages show; two queries for one."""
    return (
        Event.objects.filter(project=project)
        .select_related("activity")
        .prefetch_related("trainers")
    )


# --- One event -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spent:
    """Expenses of one event in tiyn, and how many of them pay somebody for holding it (IM-026)."""

    number: int
    sum_tiyn: int
    for_holding: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page of an event shows beside its passport: first what may be mended, then what is in order or not asked."""

    warnings: list[Finding]
    others: list[Finding]
    lines: list[checklist.Line]
    spent: Spent
    holding: Finding | None
    average: Fraction | None
    history: list[Entry]

    @property
    def there(self) -> int:
        """How many items of the checklist are there."""
        return sum(line.there for line in self.lines)


def spent_on(event: Event) -> Spent:
    """What was spent on an event, without what was voided; one query."""
    found = (
        Expense.objects.filter(event=event)
        .exclude(state=Expense.State.VOIDED)
        .aggregate(
            number=Count("id"),
            sum=Sum("sum_tiyn"),
            holding=Count("id", filter=Q(for_holding_event=True, payee_is_organisation=True)),
        )
    )
    return Spent(found["number"], found["sum"] or 0, found["holding"])


def shown(event: Event) -> Shown:
    """Everything on the page of one event; nine queries."""
    said = standard.of_event(event, standard.counts_of([event])[event.pk])
    open_ = (Severity.NOTICE, Severity.WARNING)
    spent = spent_on(event)
    return Shown(
        [one for one in said if one.severity in open_],
        [one for one in said if one.severity not in open_],
        checklist.lines(event, checklist.found_of([event])[event.pk]),
        spent,
        handed_over(spent.for_holding),
        Fraction(event.points, event.answers) if event.answers else None,
        history_of(event, TITLES),
    )


def handed_over(number: int) -> Finding | None:
    """A warning where an organisation was paid for holding the event: that may not be handed to third persons (IM-026)."""
    if not number:
        return None
    return Finding(
        "handed_over",
        Severity.WARNING,
        _("An organisation was paid for holding this event: the event itself may not be handed to others."),
        law.edition(*checklist.GUIDE).cite("guide, general requirements, 3"),
        {"expenses": number},
    )  # fmt: skip


def sheet_of(event: Event) -> list[tuple[Text, str]]:
    """The information sheet of a training or consultation: item and text (¶27, ¶30); what is missing is left out.

    Needs `event.project.contract`; the date and place stand in the passport, so they are told by the page itself.
    """
    items = standard.sheet_items(event)
    if not items:
        return []
    texts = standard.sheet_of(event, list(event.trainers.all()))
    return [(label, texts[key]) for key, label in items if texts[key] and key != "date_and_place"]
