"""The plan of monitoring of a project for one calendar year: being planned → approved → the year is over (SO-M-02, 09, 10; SO-18-04, 06).

open     who monitors is decided by the sum of the project against the threshold of that year; both are kept
decide   anew, while nothing is approved, after the contract or the index changed
approve  as many visits as the edition asks for, or a reason why fewer; who does each
reopen   until a visit of it has begun nobody is bound by it
end      after the year: what was held is compared with what is asked

Its visits, from the plan to the report, stand in `visit.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, terms
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, locked, not_yours
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.oversight.models import MonitoringPlan, Visit
from ortaq.oversight.policy.project import oversees
from ortaq.people.actor import Actor
from ortaq.projects.models import Project
from ortaq.projects.procedure.shared import nobody_was_faster

State = MonitoringPlan.State
Way = MonitoringPlan.Way
COUNTED = (Visit.State.PLANNED, Visit.State.STARTED, Visit.State.REPORTED)
PER_QUARTER = "per_quarter"
THRESHOLD = "monitoring.expert_threshold_mci"


def edition_of(plan: MonitoringPlan) -> law.Edition:
    """The edition that the plan pins (SO-X-19)."""
    return law.edition(plan.act, plan.edition)


def error(
    plan: MonitoringPlan, parameter: str, code: str, message: Any, about: str = "", **numbers: Any
) -> Finding:
    cite = edition_of(plan).parameter(parameter).cite
    return Finding(code, Severity.ERROR, message, cite, numbers, about)


# --- Who monitors ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decision:
    """Who monitors a project in a year, by which figures (tiyn), and the findings that say so. Without a threshold in the
    edition the sums compared are empty.
    """

    way: str
    amount_tiyn: int
    threshold_tiyn: int | None = None
    index_tiyn: int | None = None
    findings: Sequence[Finding] = field(default_factory=tuple)


def decision(project: Project, year: int, edition: law.Edition, today: date) -> Decision:
    """Own monitoring up to the threshold and exactly at it, an independent expert above (SO-M-09, SO-M-10).

    The sum of the contract is compared (SO-X-10) by the index of the financial year; in a year that has begun by that of today.
    An edition without a threshold says how monitoring is done (SO-18-06).
    """
    amount = project.contract.sum_tiyn
    if THRESHOLD not in edition.parameters or edition.parameter(THRESHOLD).value is None:
        ways = edition.parameter("monitoring.how").value
        way = ways[0] if isinstance(ways, list) and ways else Way.OWN
        return Decision(str(way), amount)
    on = today if today.year == year else date(year, 1, 1)
    found = terms.threshold(THRESHOLD, on, amount_tiyn=amount, edition=edition)
    numbers = found[0].numbers
    way = Way.EXPERT if found[-1].code == "above" else Way.OWN
    return Decision(way, amount, numbers["amount_tiyn"], numbers["mci_tiyn"], found)


def _decided(plan: MonitoringPlan, attempt: Attempt) -> Mapping[str, Any]:
    found = decision(plan.project, plan.year, edition_of(plan), clock.day_of(attempt.now))
    plan.way, plan.amount_tiyn = found.way, found.amount_tiyn
    plan.threshold_tiyn, plan.index_tiyn = found.threshold_tiyn, found.index_tiyn
    plan.decided_at = attempt.now
    plan.version += 1
    plan.save()
    return {
        "way": plan.way,
        "amount_tiyn": plan.amount_tiyn,
        "threshold_tiyn": plan.threshold_tiyn,
    }


# --- How many visits ----------------------------------------------------------------------------------


def span(project: Project, year: int) -> tuple[date, date] | None:
    """The days of the year on which the project runs; None when it does not run in it (SO-X-09)."""
    contract = project.contract
    first = max(contract.starts_on or date(year, 1, 1), date(year, 1, 1))
    last = min(contract.ends_on or date(year, 12, 31), date(year, 12, 31))
    return (first, last) if first <= last else None


def quarter_of(day: date) -> int:
    return (day.month - 1) // 3 + 1


def enough(plan: MonitoringPlan, days: Sequence[date]) -> list[Finding]:
    """Whether visits on these days are as many as the edition asks for: at least so many in the year, or one in each quarter in
    which the project runs (SO-M-02, SO-18-04). Warnings, which a reason answers.
    """
    edition = edition_of(plan)
    least = edition.parameter("monitoring.min")
    if not isinstance(least.value, int):
        return []
    if least.unit == PER_QUARTER:
        runs = span(plan.project, plan.year)
        if runs is None:
            return []
        asked = range(quarter_of(runs[0]), quarter_of(runs[1]) + 1)
        lacking = [quarter for quarter in asked if quarter not in {quarter_of(day) for day in days}]
        if not lacking:
            return []
        message = format_lazy(
            _(
                "No monitoring is planned in quarter {quarters}: the edition asks for at least one in each."
            ),
            quarters=", ".join(map(str, lacking)),
        )
        return [
            Finding(
                "quarter_without_visit",
                Severity.WARNING,
                message,
                least.cite,
                {"quarters": lacking},
                "reason",
            )
        ]
    if len(days) >= least.value:
        return []
    message = format_lazy(
        _("Planned: {planned}. In a calendar year a project is monitored at least {least} times."),
        planned=len(days),
        least=least.value,
    )
    numbers = {"planned": len(days), "least": least.value}
    return [Finding("too_few_visits", Severity.WARNING, message, least.cite, numbers, "reason")]


def counted(plan: MonitoringPlan) -> list[Visit]:
    """The visits that count: those not called off."""
    return list(plan.visits.filter(state__in=COUNTED))


def enough_or_reason(plan: MonitoringPlan, attempt: Attempt) -> Iterable[Finding]:
    """Fewer visits than the edition's least want a reason (SO-X-09)."""
    found = enough(plan, [visit.planned_on for visit in counted(plan)])
    yield from found
    if found and not str(attempt.facts.get("reason") or "").strip():
        yield error(
            plan,
            "monitoring.min",
            "no_reason",
            _("Plan more visits, or write why fewer are enough for this project."),
            "reason",
        )


def somebody_visits(plan: MonitoringPlan, _attempt: Attempt) -> Iterable[Finding]:
    """Each visit has somebody who does it: the body's officer, or the project's expert where one is required."""
    visits = counted(plan)
    if plan.way == Way.EXPERT and any(visit.engagement_id is None for visit in visits):
        yield error(
            plan,
            THRESHOLD,
            "no_expert",
            _(
                "The project is above the threshold, so an independent expert monitors it. "
                "Engage one and name them for each visit."
            ),
            "engagement",
            amount_tiyn=plan.amount_tiyn,
            threshold_tiyn=plan.threshold_tiyn,
        )
    elif any(visit.engagement_id is None and visit.officer_id is None for visit in visits):
        yield error(
            plan,
            "monitoring.how",
            "nobody_visits",
            _("Name for each visit who does it."),
            "officer",
        )


def none_began(plan: MonitoringPlan, _attempt: Attempt) -> Iterable[Finding]:
    """A plan under which a visit has begun is not taken back; visits that lie ahead are moved one by one."""
    if plan.visits.exclude(started_at=None).exists():
        yield error(
            plan,
            "monitoring.min",
            "visits_began",
            _(
                "A visit of this plan has begun, so the plan stands. Visits that lie ahead can be moved or called off."
            ),
        )


def year_over(plan: MonitoringPlan, attempt: Attempt) -> Iterable[Finding]:
    """The year has passed, and nothing of it is under way."""
    if clock.day_of(attempt.now) <= date(plan.year, 12, 31):
        yield error(plan, "monitoring.min", "year_not_over", _("The year is not over yet."))
    if plan.visits.filter(state__in=(Visit.State.PLANNED, Visit.State.STARTED)).exists():
        yield error(
            plan,
            "monitoring.min",
            "visits_open",
            _("Some visits are neither reported nor called off."),
        )


def _approved(plan: MonitoringPlan, attempt: Attempt) -> Mapping[str, Any]:
    visits = counted(plan)
    found = enough(plan, [visit.planned_on for visit in visits])
    plan.reason = str(attempt.facts.get("reason") or "").strip() if found else ""
    plan.version += 1
    plan.save(update_fields=["reason", "version"])
    return {"visits": len(visits), "fewer": bool(found)}


def _ended(plan: MonitoringPlan, _attempt: Attempt) -> Mapping[str, Any]:
    held = plan.visits.filter(state=Visit.State.REPORTED)
    days = [clock.day_of(visit.started_at) for visit in held if visit.started_at]
    return {"held": len(days), "too_few": bool(enough(plan, days))}


def of_body(actor: Actor, plan: MonitoringPlan) -> bool:
    return oversees(actor, plan.project)


DECIDE = Step(
    "decide",
    _("Decide anew who monitors"),
    source=State.DRAFT,
    target=None,
    by=of_body,
    effect=_decided,
)
APPROVE = Step(
    "approve",
    _("Approve the plan"),
    source=State.DRAFT,
    target=State.APPROVED,
    by=of_body,
    requires=(nobody_was_faster, somebody_visits, enough_or_reason),
    effect=_approved,
    cite="rules_social_order/2022 №18-2022 ¶9",
)
REOPEN = Step(
    "reopen",
    _("Plan anew"),
    source=State.APPROVED,
    target=State.DRAFT,
    by=of_body,
    requires=(none_began,),
)
END = Step(
    "end",
    _("Close the year"),
    source=State.APPROVED,
    target=State.ENDED,
    by=of_body,
    requires=(year_over,),
    effect=_ended,
    final=True,
)


def owed(plan: MonitoringPlan) -> Iterable[Owed]:
    """A plan that is begun wants approval; no source sets a day (SO-X-16)."""
    if plan.state == State.DRAFT:
        yield Owed(
            "approve_monitoring",
            organisation(plan.project.contract.grantor_id),
            Text(
                f"{plan.year} жылғы мониторинг жоспарын бекіту",
                f"Утвердить план мониторинга на {plan.year} год",
                f"Approve the monitoring plan of {plan.year}",
            ),
            None,
            reverse("oversight:project", args=[plan.project_id]),
            "rules_social_order/2022 №18-2022 ¶9",
        )


PLAN: Procedure[MonitoringPlan] = Procedure(
    MonitoringPlan, (DECIDE, APPROVE, REOPEN, END), duties=owed
)
OPEN = Step("open", _("Plan the year's monitoring"), source=(), target=None, by=oversees)


@transaction.atomic
def open_plan(project: Project, year: int, *, actor: Actor) -> MonitoringPlan:
    """The plan of a year, made once, with the decision who monitors. Raises `Refused` for strangers to the body and for a year in
    which the project does not run. The edition in force today governs it.
    """
    fresh = locked(Project, project.pk)
    if not oversees(actor, fresh):
        raise Refused(OPEN, [not_yours(OPEN)])
    edition = law.at("rules_social_order", clock.today())
    if span(fresh, year) is None:
        message = _("The project does not run in this year.")
        cite = edition.parameter("monitoring.min").cite
        raise Refused(OPEN, [Finding("not_in_year", Severity.ERROR, message, cite, about="year")])
    if found := fresh.monitoring_plans.filter(year=year).first():
        return found
    found_way = decision(fresh, year, edition, clock.today())
    made = MonitoringPlan(
        project=fresh,
        year=year,
        act=edition.act,
        edition=edition.key,
        way=found_way.way,
        amount_tiyn=found_way.amount_tiyn,
        threshold_tiyn=found_way.threshold_tiyn,
        index_tiyn=found_way.index_tiyn,
        decided_at=clock.now(),
    )
    return PLAN.begin(made, actor=actor, way=made.way, amount_tiyn=made.amount_tiyn)
