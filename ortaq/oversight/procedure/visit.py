"""A visit: planned → under way → reported, or called off before it begins (SO-M-02, SO-M-07, SO-M-15).

put       into the plan of the year, with two or more tools and whoever does it
move      another day, place, tools or person, until it begins
call_off  with a reason
start     from here on the NGO knows of it, and its instruments are at work
report    what its tools showed is frozen; the NGO reads it
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, letters
from ortaq.core.canonical import sha256
from ortaq.core.duties import Owed
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, locked, moved_on, not_yours
from ortaq.law.findings import Finding
from ortaq.law.text import Text
from ortaq.oversight.models import CorrectiveAction, Instrument, MonitoringPlan, Visit
from ortaq.oversight.policy.visit import bearer_of, of_body, works_at
from ortaq.oversight.tools import begun
from ortaq.people.actor import Actor
from ortaq.people.models import User
from ortaq.people.policy import RESPONSIBLE
from ortaq.people.queries import people_of
from ortaq.projects.procedure.shared import nobody_was_faster, remark_given, said

from . import plan as planning
from . import report as reporting
from .action import ACTION
from .plan import counted, edition_of, error, span

State = Visit.State
OPEN_PLANS = (MonitoringPlan.State.DRAFT, MonitoringPlan.State.APPROVED)


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned of a visit. `tools` are keys of the edition; an officer or an engagement does it, by their numbers."""

    planned_on: date
    place: str = ""
    tools: Sequence[str] = ()
    officer: int | None = None
    engagement: int | None = None


def officers(plan: MonitoringPlan) -> QuerySet[User]:
    """Those who answer for the body today and may do a visit themselves."""
    return people_of(plan.project.contract.grantor_id, *RESPONSIBLE)


def findings(plan: MonitoringPlan, asked: Planned, others: int) -> list[Finding]:
    """What keeps a visit out of the plan: a day outside the year or the project's term, too few or unknown tools, a visit more
    than the edition's most, an officer who is none, an expert who is not this project's. `others` counts the plan's other visits.
    """
    edition, found = edition_of(plan), []
    runs = span(plan.project, plan.year)
    if runs is None or not runs[0] <= asked.planned_on <= runs[1]:
        message = _("The day lies outside the part of the year in which the project runs.")
        found.append(error(plan, "monitoring.min", "day_outside", message, "planned_on"))
    known, chosen = edition.grounds("monitoring_tools"), set(asked.tools)
    least = edition.parameter("monitoring.tools.min")
    if not chosen <= set(known):
        message = _("One of the tools is not in the list of the edition.")
        found.append(error(plan, least.key, "unknown_tool", message, "tools"))
    if isinstance(least.value, int) and len(chosen) < least.value:
        message = format_lazy(_("Choose at least {least} tools."), least=least.value)
        found.append(error(plan, least.key, "too_few_tools", message, "tools", chosen=len(chosen)))
    most = edition.parameter("monitoring.max")
    if isinstance(most.value, int) and others + 1 > most.value:
        message = format_lazy(
            _("In a calendar year a project is monitored at most {most} times."), most=most.value
        )
        found.append(
            error(plan, most.key, "too_many_visits", message, "planned_on", planned=others + 1)
        )
    engaged = plan.project.engagements.filter(until=None)
    if asked.engagement is not None and not engaged.filter(pk=asked.engagement).exists():
        message = _("This expert is not engaged on the project.")
        key = "monitoring.experts_per_project.max"
        found.append(error(plan, key, "not_engaged", message, "engagement"))
    if asked.officer is not None and not officers(plan).filter(pk=asked.officer).exists():
        message = _("This person does not answer for the state body.")
        found.append(error(plan, "monitoring.how", "not_an_officer", message, "officer"))
    return found


def fits_the_plan(visit: Visit, attempt: Attempt) -> Iterable[Finding]:
    """The plan is open, and the visit as asked (`asked`) fits into it."""
    others = [one for one in counted(visit.plan) if one.pk != visit.pk]
    yield from findings(visit.plan, attempt.facts["asked"], len(others))


def plan_is_open(visit: Visit, _attempt: Attempt) -> Iterable[Finding]:
    """Nothing is changed in a year that is closed."""
    if visit.plan.state not in OPEN_PLANS:
        yield moved_on(MOVE, visit.plan, "state")


def _set(visit: Visit, asked: Planned) -> None:
    visit.planned_on, visit.place = asked.planned_on, asked.place
    visit.tools = list(dict.fromkeys(asked.tools))
    visit.officer_id, visit.engagement_id = asked.officer, asked.engagement


def _moved(visit: Visit, attempt: Attempt) -> Mapping[str, Any]:
    _set(visit, attempt.facts["asked"])
    visit.version += 1
    visit.save()
    return {"planned_on": visit.planned_on, "tools": visit.tools}


def _called_off(visit: Visit, attempt: Attempt) -> Mapping[str, Any]:
    visit.called_off_reason = said(attempt, "remark")
    visit.version += 1
    visit.save(update_fields=["called_off_reason", "version"])
    return {}


def plan_is_approved(visit: Visit, _attempt: Attempt) -> Iterable[Finding]:
    """A visit begins under an approved plan."""
    if visit.plan.state != MonitoringPlan.State.APPROVED:
        message = _("The plan of the year is not approved yet.")
        yield error(visit.plan, "monitoring.min", "plan_not_approved", message)


def _started(visit: Visit, attempt: Attempt) -> Mapping[str, Any]:
    visit.started_at = attempt.now
    visit.save(update_fields=["started_at"])
    Instrument.objects.bulk_create(begun(visit, clock.day_of(attempt.now)))
    return {"tools": visit.tools}


def _reported(visit: Visit, attempt: Attempt) -> Mapping[str, Any]:
    visit.content = reporting.content_of(visit)
    visit.content_sha256 = sha256(visit.content)
    visit.reported_at = attempt.now
    visit.save(update_fields=["content", "content_sha256", "reported_at"])
    # From now on the NGO knows what is to be mended, and by when.
    for one in CorrectiveAction.objects.filter(observation__visit=visit):
        ACTION.settle(one)
    letters.prepare(
        visit,
        "visit_reported",
        people_of(visit.plan.project.contract.grantee_id, *RESPONSIBLE),
        "oversight/letters/visit_reported.txt",
        {"path": reverse("oversight:visit_report", args=[visit.pk])},
        release=True,
    )
    return {"sha256": visit.content_sha256}


MOVE = Step(
    "move",
    _("Change the visit"),
    source=State.PLANNED,
    target=None,
    by=of_body,
    requires=(plan_is_open, nobody_was_faster, fits_the_plan),
    effect=_moved,
)
CALL_OFF = Step(
    "call_off",
    _("Call the visit off"),
    source=State.PLANNED,
    target=State.CALLED_OFF,
    by=of_body,
    requires=(plan_is_open, remark_given),
    effect=_called_off,
    final=True,
)
START = Step(
    "start",
    _("Begin the visit"),
    source=State.PLANNED,
    target=State.STARTED,
    by=works_at,
    requires=(plan_is_approved,),
    effect=_started,
    cite="rules_social_order/2022 №18-2022 ¶9",
    final=True,
)
REPORT = Step(
    "report",
    _("Form the report"),
    source=State.STARTED,
    target=State.REPORTED,
    by=works_at,
    requires=(
        nobody_was_faster,
        reporting.tools_used,
        reporting.verdict_on_each,
        reporting.concluded,
        reporting.breaches_answered,
    ),
    effect=_reported,
    cite="rules_social_order/2022 №18-2022 ¶10",
    final=True,
)


def owed(visit: Visit) -> Iterable[Owed]:
    """Whoever does the visit owes its report; no source sets a day (SO-X-16). Before it begins only the body knows of it."""
    if visit.state not in (State.PLANNED, State.STARTED):
        return
    planned = visit.state == State.PLANNED
    yield Owed(
        "visit" if planned else "report_visit",
        bearer_of(visit),
        Text("Мониторинг жүргізу", "Провести мониторинг", "Do the monitoring visit")
        if planned
        else Text(
            "Мониторинг есебін қалыптастыру",
            "Сформировать отчёт о мониторинге",
            "Form the report of the visit",
        ),
        clock.end_of(visit.planned_on) if planned else None,
        reverse("oversight:visit", args=[visit.pk]),
        "rules_social_order/2022 №18-2022 ¶9, ¶10",
    )


VISIT: Procedure[Visit] = Procedure(Visit, (MOVE, CALL_OFF, START, REPORT), duties=owed)
PUT = Step("put", _("Plan a visit"), source=OPEN_PLANS, target=None, by=planning.of_body)


@transaction.atomic
def put(
    plan: MonitoringPlan,
    once: uuid.UUID,
    asked: Planned,
    *,
    why: Sequence[Mapping[str, Any]] = (),
    actor: Actor,
) -> Visit:
    """A visit more in the plan; the form `once` makes one. `why` holds what drew attention to the project. Raises `Refused` for
    strangers, after the year is closed, and with all that `findings` says.
    """
    fresh = locked(MonitoringPlan, plan.pk)
    if not PUT.by(actor, fresh):
        raise Refused(PUT, [not_yours(PUT)])
    if found := Visit.objects.filter(once=once, plan=fresh).first():
        return found
    if fresh.state not in PUT.sources:
        raise Refused(PUT, [moved_on(PUT, fresh, "state")])
    if stopped := findings(fresh, asked, len(counted(fresh))):
        raise Refused(PUT, stopped)
    last = max((visit.number for visit in fresh.visits.all()), default=0)
    made = Visit(plan=fresh, number=last + 1, once=once, why=list(why))
    _set(made, asked)
    return VISIT.begin(made, actor=actor, planned_on=made.planned_on, tools=made.tools)
