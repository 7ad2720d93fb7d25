"""Spring 2023: who monitors each project is decided, experts are engaged and sign the notice, visits are planned."""

from __future__ import annotations

from collections.abc import Iterator

from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.oversight.models import Engagement, MonitoringPlan
from ortaq.oversight.procedure import engagement as engaging
from ortaq.oversight.procedure import plan as planning
from ortaq.oversight.procedure import visit as visiting
from ortaq.oversight.procedure.plan import PLAN
from ortaq.registry.models import Expert

from . import data, found

State = Engagement.State


def beats() -> Iterator[Beat]:
    for told in data.rows("monitoring"):
        ngo = told["ngo"]
        yield beat(told["opened_at"], begin, ngo)
        if "expert" in told:
            yield beat(told["engaged_at"], engage, ngo, "expert")
        if "cleared_at" in told:
            yield beat(told["cleared_at"], sign, ngo, told.get("conflict", ""))
        if "instead" in told:
            yield beat(told["ended_at"], end, ngo)
            yield beat(told["instead_at"], engage, ngo, "instead")
            yield beat(told["instead_cleared_at"], sign, ngo, "")
        if "approved_at" in told:
            yield beat(told["approved_at"], approve, ngo)


def begin(ngo: str) -> None:
    """The plan of the year, with the decision who monitors."""
    officer = cast.actor(data.row_of("monitoring", ngo)["by"])
    planning.open_plan(found.project(ngo), data.YEAR, actor=officer)


def engage(ngo: str, place: str) -> None:
    """An independent expert is asked for the notice, unless one is engaged already."""
    told, project = data.row_of("monitoring", ngo), found.project(ngo)
    if found.engagement(project) is None:
        expert = Expert.objects.get(person=cast.user(told[place]))
        document = f"№ {project.contract.number} шартқа қосымша бұйрық"
        engaging.invite(project, expert, document=document, actor=cast.actor(told["by"]))


def sign(ngo: str, conflict: str) -> None:
    """The expert signs that there is no conflict, or declares one."""
    engagement = found.engagement(found.project(ngo))
    if engagement is None or engagement.state != State.INVITED:
        return
    given = found.answers(close_kinship=conflict) if conflict else found.answers()
    actor = found.actor_of(engagement)
    engaging.sign(engagement, conflict=bool(conflict), answers=given, actor=actor)


def end(ngo: str) -> None:
    told = data.row_of("monitoring", ngo)
    engagement = found.engagement(found.project(ngo))
    if engagement is not None and engagement.state == State.BARRED:
        officer = cast.actor(told["by"])
        engaging.ENGAGEMENT.take("end", engagement, actor=officer, remark=told["ended"])


def approve(ngo: str) -> None:
    """The visits of the year, by the expert where one monitors, and the plan approved."""
    told, plan = data.row_of("monitoring", ngo), found.plan(ngo)
    if plan.state != MonitoringPlan.State.DRAFT:
        return
    officer, engagement = cast.actor(told["by"]), found.engagement(plan.project)
    assert officer.user is not None
    for number, row in enumerate(data.rows("visit")):
        if row["ngo"] == ngo:
            asked = visiting.Planned(
                row["planned_on"],
                row["place"],
                row["tools"],
                officer=None if engagement else officer.user.pk,
                engagement=engagement.pk if engagement else None,
            )
            visiting.put(plan, data.form_of("visit", number), asked, actor=officer)
    PLAN.take("approve", plan, actor=officer, reason=told.get("reason", ""))
