"""How an organisation stands, in pictures: what is late, what comes, plan against fact, what people answered, how points lie.

Each picture begins with what the reader may see anyway and leads to the list behind it. What other rooms have
already drawn (overseers, collected reports, returns) is counted here at most, and linked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core import clock, money
from ortaq.faces import parts, say
from ortaq.faces.tones import Tone
from ortaq.grants.models import Application, Competition, Lot
from ortaq.grants.queries.application import applications_visible_to
from ortaq.grants.queries.competition import competitions_managed_by
from ortaq.oversight.procedure.statutory import last_period
from ortaq.oversight.queries import collected, terms
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.people.policy import is_authorised_body, is_operator, is_state_body, responsible_for
from ortaq.planning.models import Formation, Topic
from ortaq.planning.queries.formation import formations_of
from ortaq.projects.models import Contract, Project
from ortaq.projects.queries.report import out_of_five
from ortaq.registry.queries import annual_return as returns
from ortaq.registry.queries.ngo import year_asked
from ortaq.review import scoring
from ortaq.review.models import SCALE, Panel, ScoreSheet
from ortaq.review.procedure.sheet import COUNTED

from . import desk

AHEAD = timedelta(days=14)
# More is read on the lists themselves.
TASKS, ROWS, SHEETS = 500, 8, 2000
Trouble = Project.Trouble
NGO = Organisation.Kind.NGO


@dataclass(frozen=True, slots=True)
class Coming:
    """Duties by their days: how many are late, due within two weeks, later, and without a day."""

    late: Sequence[desk.Task]
    soon: Sequence[desk.Task]
    later: int
    open_ended: int
    more: bool

    @property
    def days(self) -> list[parts.Bar]:
        """How many are due on each day of the next two weeks on which any is."""
        found = Counter(clock.day_of(task.duty.due_at) for task in self.soon if task.duty.due_at)
        return [
            parts.Bar(say.day(day), number, say.number(number), Tone.WARNING)
            for day, number in sorted(found.items())
        ]


@dataclass(slots=True)
class Dashboard:
    """The pictures that there is something for; the rest stay empty."""

    coming: Coming
    totals: dict[str, Any] = field(default_factory=dict)
    money: list[parts.Pair] = field(default_factory=list)
    work: list[parts.Pair] = field(default_factory=list)
    standing: list[parts.Stack] = field(default_factory=list)
    feedback: list[parts.Pair] = field(default_factory=list)
    rating: str = ""
    answers: int = 0
    planned: list[parts.Pair] = field(default_factory=list)
    awarded: list[parts.Pair] = field(default_factory=list)
    own_points: list[parts.Pair] = field(default_factory=list)
    spreads: list[tuple[Panel, list[parts.Spread], int]] = field(default_factory=list)
    reports: list[parts.Stack] = field(default_factory=list)
    missed: list[parts.Bar] = field(default_factory=list)
    links: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def standing_key(self) -> list[Any]:
        return [level.label for level in Trouble]

    @property
    def reports_key(self) -> list[Any]:
        return [
            pgettext_lazy("reports", "in time"),
            pgettext_lazy("reports", "late"),
            pgettext_lazy("reports", "not there"),
            pgettext_lazy("reports", "under review"),
        ]


def dashboard(actor: Actor) -> Dashboard:
    """What the page shows to this person, for the organisation they act for; at most twenty queries."""
    found = Dashboard(coming(actor))
    mine = actor.acting_for
    if mine is None:
        return found
    _projects(found, actor, mine)
    if mine.kind == NGO:
        found.own_points = _own_points(actor, mine)
        found.links.append((reverse("registry:returns"), _("Annual returns")))
    if is_state_body(actor) or is_authorised_body(actor):
        found.planned = _planned(actor)
        found.links.append((reverse("oversight:oversight"), _("Oversight")))
    if is_operator(actor):
        found.awarded = _awarded(actor)
        found.links.append((reverse("registry:return_overview"), _("Annual returns: overview")))
    if is_authorised_body(actor):
        _watched(found)
    found.spreads = _spreads(actor, mine)
    return found


# --- What is late, and what comes ------------------------------------------------------------------


def coming(actor: Actor) -> Coming:
    """The open duties of the person and their organisations; one query."""
    now = clock.now()
    tasks = desk.tasks(actor, limit=TASKS + 1, now=now)
    shown = tasks[:TASKS]
    until = clock.end_of(clock.day_of(now) + AHEAD)
    dated = [task for task in shown if task.duty.due_at is not None and not task.late]
    soon = [task for task in dated if task.duty.due_at and task.duty.due_at <= until]
    return Coming(
        [task for task in shown if task.late],
        soon,
        len(dated) - len(soon),
        sum(task.duty.due_at is None for task in shown),
        len(tasks) > TASKS,
    )


# --- Projects: plan against fact, answers ----------------------------------------------------------


def _projects(found: Dashboard, actor: Actor, mine: Organisation) -> None:
    """Running projects of which the organisation is a party; two queries."""
    side = "grantee" if mine.kind == NGO else "grantor"
    rows = Project.objects.filter(
        **{f"contract__{side}": mine}, state=Project.State.RUNNING
    ).order_by()
    here = reverse("projects:projects")
    counted: list[dict[str, Any]] = [
        dict(row)
        for row in rows.values("contract__instrument", "trouble").annotate(
            number=Count("pk"),
            contracted=Sum("contract__sum_tiyn"),
            paid=Sum("paid_tiyn"),
            spent=Sum("spent_tiyn"),
            admitted=Sum("admitted_tiyn"),
            indicators_sum=Sum("indicators"),
            reached=Sum("indicators_done"),
            proved=Sum("indicators_proved"),
            events_sum=Sum("events"),
            held=Sum("events_held"),
            came=Sum("attendances"),
            given=Sum("answers"),
            rated=Sum("points"),
        )
    ]
    if not counted:
        return
    whole = {
        name: sum(row[name] or 0 for row in counted)
        for name in counted[0]
        if name not in ("contract__instrument", "trouble")
    }
    found.totals = whole
    found.money = [
        _sums(_("Paid of the contracts"), whole["contracted"], whole["paid"], here),
        _sums(_("Spent of what is paid"), whole["paid"], whole["spent"], here),
        _sums(_("Admitted of what is spent"), whole["spent"], whole["admitted"], here),
        *(_sums(*row) for row in _narrow(rows)),
    ]
    found.work = [
        _numbers(_("Events held"), whole["events_sum"], whole["held"], here),
        _numbers(_("Indicators reached"), whole["indicators_sum"], whole["reached"], here),
        _numbers(_("Indicators proved"), whole["indicators_sum"], whole["proved"], here),
    ]
    found.rating, found.answers = out_of_five(whole["rated"], whole["given"]), whole["given"]
    found.standing = list(_standing(counted, here))
    best = rows.filter(attendances__gt=0).order_by("-attendances", "-pk")
    found.feedback = [
        parts.Pair(
            row.contract.title,
            row.attendances,
            row.answers,
            say.number(row.attendances),
            _answered(row),
            reverse("projects:events", args=[row.pk]),
        )
        for row in best.select_related("contract").only(
            "attendances", "answers", "points", "contract__title_kk", "contract__title_ru"
        )[:ROWS]
    ]


def _narrow(rows: QuerySet[Project]) -> Iterable[tuple[Any, int, int, str]]:
    """The projects in the deepest trouble with what is spent of their contracts; one query."""
    deepest = rows.filter(trouble__gt=Trouble.NONE).order_by("-trouble", "-pk")
    for row in deepest.select_related("contract").only(
        "spent_tiyn", "contract__title_kk", "contract__title_ru", "contract__sum_tiyn"
    )[:ROWS]:
        address = reverse("projects:project", args=[row.pk])
        yield row.contract.title, row.contract.sum_tiyn, row.spent_tiyn, address


def _answered(row: Project) -> Any:
    rating = out_of_five(row.points, row.answers)
    if not rating:
        return say.number(row.answers)
    return format_lazy(_("{number}, on the average {rating}"), number=say.number(row.answers), rating=rating)  # fmt: skip


def _standing(counted: Sequence[dict[str, Any]], here: str) -> Iterable[parts.Stack]:
    for instrument in Contract.Instrument:
        numbers = {
            row["trouble"]: row["number"]
            for row in counted
            if row["contract__instrument"] == instrument
        }
        if numbers:
            values = [numbers.get(level.value, 0) for level in Trouble]
            yield parts.Stack(
                instrument.label,
                values,
                [say.number(value) for value in values],
                say.number(sum(values)),
                f"{here}?instrument={instrument.value}",
            )


def _sums(label: Any, plan: int, fact: int, href: str = "") -> parts.Pair:
    return parts.Pair(label, plan, fact, money.show(plan), money.show(fact), href)


def _numbers(label: Any, plan: int, fact: int, href: str = "") -> parts.Pair:
    return parts.Pair(label, plan, fact, say.number(plan), say.number(fact), href)


# --- Planned, announced, awarded -------------------------------------------------------------------


def _planned(actor: Actor) -> list[parts.Pair]:
    """What the lists of topics planned by year, against what the budget gave and what was contracted; two queries."""
    mine = formations_of(actor).exclude(state=Formation.State.DRAFT).order_by().values("pk")
    topics = Topic.objects.filter(formation__in=mine).order_by()
    years = list(
        topics.values(year=F("formation__plan_year"))
        .annotate(planned=Sum("planned_tiyn"), approved=Sum("approved_tiyn"))
        .order_by("-year")[:3]
    )
    contracts = Contract.objects.filter(
        state=Contract.State.SIGNED, order__lot__topic__formation__in=mine
    )
    signed = dict(
        contracts.order_by()
        .values(year=F("order__lot__topic__formation__plan_year"))
        .annotate(sum=Sum("sum_tiyn"))
        .values_list("year", "sum")
    )
    here, orders = reverse("planning:formations"), reverse("projects:contracts")
    return [
        pair
        for row in years
        for pair in (
            _sums(
                format_lazy(_("{year}: approved of what was planned"), year=row["year"]),
                row["planned"] or 0, row["approved"] or 0, here,
            ),
            _sums(
                format_lazy(_("{year}: contracts of what was approved"), year=row["year"]),
                row["approved"] or 0, signed.get(row["year"], 0), orders,
            ),
        )
    ]  # fmt: skip


def _awarded(actor: Actor) -> list[parts.Pair]:
    """Of the last competitions: their lots against what was awarded, once results are published; two queries."""
    rows = competitions_managed_by(actor).exclude(state=Competition.State.DRAFT)
    last = list(rows.order_by("-announced_at", "-pk").only("title_kk", "title_ru", "state")[:ROWS])
    sums = {
        row["competition"]: row
        for row in Lot.objects.filter(competition__in=last)
        .order_by()
        .values("competition")
        .annotate(
            announced=Sum("amount_tiyn"),
            awarded=Sum("outcome__winner__grant_tiyn"),
        )
    }
    return [
        _sums(
            one.title,
            sums[one.pk]["announced"] or 0,
            (sums[one.pk]["awarded"] or 0) if one.state == Competition.State.PUBLISHED else 0,
            reverse("grants:competition", args=[one.pk]),
        )
        for one in last
        if one.pk in sums
    ]


# --- Points ----------------------------------------------------------------------------------------


def _own_points(actor: Actor, mine: Organisation) -> list[parts.Pair]:
    """The mean of one's own applications against the most that could be given, once results are published; one query."""
    rows = (
        applications_visible_to(actor)
        .filter(
            organisation=mine,
            competition__state=Competition.State.PUBLISHED,
            dossier__sheets__gt=0,
        )
        .exclude(state=Application.State.DRAFT)
        .select_related("dossier__panel")
        .order_by("-pk")[:ROWS]
    )
    pairs = []
    for row in rows:
        assert row.dossier is not None
        most = scoring.rubric_of(row.dossier.panel).maximum
        mean = Fraction(row.dossier.score, SCALE)
        address = reverse("grants:application", args=[row.pk])
        title = row.title or row.number
        pairs.append(parts.Pair(title, most, mean, say.points(most), say.points(mean), address))
    return pairs


def _spreads(actor: Actor, mine: Organisation) -> list[tuple[Panel, list[parts.Spread], int]]:
    """How points lie by criterion on the last finished panel of each act that the reader's organisation holds.

    Points of a panel that is not finished are nobody's but their authors'. Three queries.
    """
    if mine.pk not in responsible_for(actor):
        return []
    panels: dict[str, Panel] = {}
    held = Panel.objects.filter(organisation=mine, state=Panel.State.CLOSED)
    for panel in held.order_by("-points_open_at", "-pk")[:ROWS]:
        panels.setdefault(panel.act, panel)
    sheets = ScoreSheet.objects.filter(COUNTED, dossier__panel__in=panels.values())
    marks: dict[int, list[Any]] = {}
    for pk, given in sheets.order_by("-pk").values_list("dossier__panel", "marks")[:SHEETS]:
        marks.setdefault(pk, []).append(given)
    return [
        (panel, list(_by_criterion(panel, marks[panel.pk])), len(marks[panel.pk]))
        for panel in panels.values()
        if panel.pk in marks
    ]


def _by_criterion(panel: Panel, sheets: Sequence[Any]) -> Iterable[parts.Spread]:
    for criterion in scoring.rubric_of(panel).criteria:
        points = [scoring.mark_of(marks, criterion.key)["points"] for marks in sheets]
        yield parts.Spread(
            criterion.label, [one for one in points if one is not None], criterion.maximum
        )


# --- The authorised body ---------------------------------------------------------------------------


def _watched(found: Dashboard) -> None:
    """Whose reports and returns are there, and who keeps terms worst this year; nine queries, each by the room that knows."""
    now, today = clock.now(), clock.today()
    year, period = last_period(today)
    tally = collected.tally(year, period, now)
    address = reverse("oversight:collected_period", args=[year, str(period)])
    late = [tally.in_time, tally.late, tally.overdue + len(tally.unopened), tally.waiting]
    found.reports.append(
        parts.Stack(
            _("Reports of state bodies"), late, [say.number(one) for one in late],
            say.number(tally.all), address,
        )
    )  # fmt: skip
    filed = returns.filing_counts(year_asked())
    numbers = [filed.get(name, 0) for name in ("on_time", "late", "absent", "review")]
    found.reports.append(
        parts.Stack(
            _("Annual returns of NGOs"), numbers, [say.number(one) for one in numbers],
            say.number(sum(numbers)), reverse("registry:return_overview"),
        )
    )  # fmt: skip
    found.missed = [
        parts.Bar(body.organisation.name, body.kept.missed, say.number(body.kept.missed), Tone.BAD)
        for body in terms.bodies({"year": str(today.year)}, now)[:ROWS]
        if body.kept.missed
    ]
    found.links += [
        (reverse("oversight:overseers_terms"), _("How terms are kept")),
        (reverse("oversight:overseers"), _("How scorers score")),
        (reverse("oversight:collected"), _("Reports that are collected")),
    ]
