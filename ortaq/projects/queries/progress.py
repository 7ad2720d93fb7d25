"""Plan against fact: every indicator, activity and task with what was promised, done, proved, and by when (GR-I-04, GR-I-07, IM-036)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.kazakh import fold
from ortaq.projects import targets
from ortaq.projects.models import Activity, Change, Event, Indicator, Place, Project
from ortaq.projects.targets import Amount

PROVED, DONE, LATE, BEGUN, AHEAD, UNREAD = "proved", "done", "late", "begun", "ahead", "unread"
STATES = {
    PROVED: (pgettext_lazy("state of an indicator", "proved"), "good"),
    DONE: (pgettext_lazy("state of an indicator", "waits for acceptance"), "info"),
    LATE: (pgettext_lazy("state of an indicator", "late"), "bad"),
    BEGUN: (pgettext_lazy("state of an indicator", "under way"), "progress"),
    AHEAD: (pgettext_lazy("state of an indicator", "to come"), "neutral"),
    UNREAD: (_("has no number"), "warning"),
}
# Of an activity the state of its worst indicator.
_WORST = (LATE, BEGUN, AHEAD, DONE, UNREAD, PROVED)


@dataclass(frozen=True, slots=True)
class Signed:
    """One thing that is not as it was signed: what it is, and what stood there ("": it was not there at all)."""

    label: Any
    was: str


class _Stated:
    """What has a state of its own, which no procedure moves: its words and tone for pages."""

    state: str

    @property
    def said(self) -> Any:
        return STATES[self.state][0]

    @property
    def tone(self) -> str:
        return STATES[self.state][1]


@dataclass(slots=True)
class Line(_Stated):
    """One indicator. `target` is what its planned value comes to (None: it says no number)."""

    indicator: Indicator
    target: Amount | None
    done: Amount
    proved: Amount
    due: date | None
    state: str
    # Left out of a page that was narrowed to some states.
    hidden: bool = False
    signed: list[Signed] = field(default_factory=list)
    # Filled by a page of one year, for an activity of several (GR-I-15).
    in_year: Amount | None = None

    @property
    def levels(self) -> list[tuple[int, str]]:
        """The scale of a qualitative indicator: number and name of each level."""
        return list(enumerate(self.indicator.scale))


@dataclass(slots=True)
class Site:
    """A place of an activity with the events held there (IM-036)."""

    place: Place
    held: int = 0


@dataclass(slots=True)
class Work(_Stated):
    """One activity with its indicators. `events` are those entered or planned by place, `held` of them."""

    activity: Activity
    number: int
    due: date | None
    begins: date | None
    lines: list[Line] = field(default_factory=list)
    events: int = 0
    held: int = 0
    state: str = AHEAD
    # Filled by pages that show them.
    places: list[Site] = field(default_factory=list)
    signed: list[Signed] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    # Of a page that was narrowed to a year in which it does not run.
    left_out: bool = False

    @property
    def hidden(self) -> bool:
        return self.left_out or (bool(self.lines) and all(line.hidden for line in self.lines))

    @property
    def done(self) -> int:
        """Indicators reached by what is attached."""
        return sum(line.state in (DONE, PROVED) for line in self.lines)

    @property
    def proved(self) -> int:
        return sum(line.state == PROVED for line in self.lines)


@dataclass(slots=True)
class Task:
    """A task, the final presentation or the information work; `number` is 0 for the last two."""

    section: str
    number: int
    text: str
    works: list[Work]

    @property
    def left_out(self) -> bool:
        return all(work.left_out for work in self.works)

    @property
    def total(self) -> int:
        return sum(len(work.lines) for work in self.works)

    @property
    def done(self) -> int:
        return sum(work.done for work in self.works)

    @property
    def proved(self) -> int:
        return sum(work.proved for work in self.works)


@dataclass(slots=True)
class Progress:
    tasks: list[Task]

    @property
    def works(self) -> list[Work]:
        return [work for task in self.tasks for work in task.works]

    @property
    def lines(self) -> list[Line]:
        return [line for work in self.works for line in work.lines]


def last_day(month: str) -> date:
    """The last day of "2020-07"."""
    year, number = int(month[:4]), int(month[5:])
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def first_day(month: str) -> date:
    return date(int(month[:4]), int(month[5:]), 1)


def progress_of(project: Project, today: date) -> Progress:
    """The plan of one project against what was done by `today`; five queries."""
    return progress_of_many([project], today, texts=True)[project.pk]


def progress_of_many(
    projects: Sequence[Project], today: date, *, texts: bool = False
) -> dict[int, Progress]:
    """The same for several projects with their contracts loaded, by their keys; five queries.

    Without `texts` the long texts of indicators are left out.
    """
    of_contract = {project.contract_id: project for project in projects}
    activities = Activity.objects.filter(contract__in=of_contract)
    indicators = Indicator.objects.filter(activity__contract__in=of_contract)
    amounts = {row["pk"]: row for row in targets.counted(indicators)}
    rows: dict[int, list[Indicator]] = defaultdict(list)
    for indicator in indicators if texts else indicators.defer("text", "planned", "source"):
        rows[indicator.activity_id].append(indicator)
    held = dict(
        Event.objects.filter(project__in=[p.pk for p in projects], state=Event.State.HELD)
        .order_by().values_list("activity").annotate(Count("id"))
    )  # fmt: skip
    events = targets.events_of([project.pk for project in projects])
    found: dict[int, list[Work]] = defaultdict(list)
    for activity in activities:
        project = of_contract[activity.contract_id]
        work = _work(activity, project)
        work.events, work.held = events.get(activity.pk, 0), held.get(activity.pk, 0)
        for indicator in rows[activity.pk]:
            done, proved = targets.amounts(amounts[indicator.pk], scale=bool(indicator.scale))
            work.lines.append(_line(indicator, work, done, proved, today))
        work.state = _state_of(work, today)
        found[project.pk].append(work)
    return {project.pk: Progress(_tasks(found[project.pk])) for project in projects}


def _work(activity: Activity, project: Project) -> Work:
    begins, ends = project.contract.starts_on, project.contract.ends_on
    if activity.months:
        month_end = last_day(max(activity.months))
        ends = min(month_end, ends) if ends else month_end
        month_begin = first_day(min(activity.months))
        begins = max(month_begin, begins) if begins else month_begin
    return Work(activity, 0, ends, begins)


def _line(indicator: Indicator, work: Work, done: Amount, proved: Amount, today: date) -> Line:
    target = targets.target(indicator.reading, indicator.minimum, indicator.second, work.events)
    if target is None:
        state = UNREAD
    elif proved.reaches(target):
        state = PROVED
    elif done.reaches(target):
        state = DONE
    else:
        state = _unfinished(work, today, begun=bool(done.first or done.second))
    return Line(indicator, target, done, proved, work.due, state)


def _unfinished(work: Work, today: date, *, begun: bool) -> str:
    if work.due and work.due < today:
        return LATE
    return BEGUN if begun or (work.begins and work.begins <= today) else AHEAD


def _state_of(work: Work, today: date) -> str:
    states = {line.state for line in work.lines}
    if states:
        return next(state for state in _WORST if state in states)
    if work.events and work.held == work.events:
        return DONE
    return _unfinished(work, today, begun=bool(work.held))


def _tasks(works: Iterable[Work]) -> list[Task]:
    order = list(Activity.Section)
    ordered = sorted(works, key=lambda one: order.index(Activity.Section(one.activity.section)))
    tasks: list[Task] = []
    for (section, text), group in groupby(
        ordered, key=lambda one: (one.activity.section, one.activity.task)
    ):
        in_task = section == Activity.Section.TASK
        number = sum(task.section == Activity.Section.TASK for task in tasks) + 1
        task = Task(section, number if in_task else 0, text, list(group))
        for position, work in enumerate(task.works, 1):
            work.number = position
        tasks.append(task)
    return tasks


def with_places(progress: Progress, project: Project) -> Progress:
    """The same with the places of each activity and the events held there; two queries."""
    works = {work.activity.pk: work for work in progress.works}
    for place in Place.objects.filter(activity__contract=project.contract_id):
        works[place.activity_id].places.append(Site(place))
    held = Event.objects.filter(project=project, state=Event.State.HELD, activity__isnull=False)
    for activity, address, region in held.order_by().values_list("activity", "place", "region"):
        if site := _site(works[activity].places, address, region):
            site.held += 1
    return progress


def _site(sites: Sequence[Site], address: str, region: str) -> Site | None:
    """Where an event was held: the place that its address names, or else the only one in its region."""
    named = [one for one in sites if fold(one.place.name) in fold(address)]
    alike = [one for one in sites if region and one.place.region == region]
    return next(iter(named), alike[0] if len(alike) == 1 else None)


def narrow(progress: Progress, states: Collection[str]) -> None:
    """Hide the indicators that are in none of `states`; an activity without any stays hidden with them."""
    for line in progress.lines:
        line.hidden = line.state not in states


def only_low_levels(progress: Progress) -> bool:
    """Whether every indicator whose level is told is one of input or process (IM-082)."""
    levels = {line.indicator.level for line in progress.lines if line.indicator.level}
    return bool(levels) and levels <= {Indicator.Level.INPUT, Indicator.Level.PROCESS}
