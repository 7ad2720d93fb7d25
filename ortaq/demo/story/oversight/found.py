"""Where the story of oversight finds what it goes on with."""

from __future__ import annotations

from typing import Any

from ortaq.demo import cast
from ortaq.demo.story.projects import found as rooms
from ortaq.demo.story.projects.data import ORDER
from ortaq.oversight.models import Engagement, Evaluation, ExpertCouncil, MonitoringPlan, Visit
from ortaq.oversight.procedure.notice import QUESTIONS, Answers
from ortaq.people.actor import Actor, actor_for
from ortaq.projects.models import Project

from . import data


def project(ngo: str) -> Project:
    """The project of a social order that an NGO carries out; `Project.DoesNotExist` where it has none."""
    return rooms.project(ngo, ORDER)


def plan(ngo: str) -> MonitoringPlan:
    """The plan of the story's year; `MonitoringPlan.DoesNotExist` where nobody has opened it."""
    of = project(ngo)
    found: MonitoringPlan = MonitoringPlan.objects.get(project=of, year=data.YEAR)
    found.project = of
    return found


def engagement(of: Project) -> Engagement | None:
    """The expert engaged on a project now, whether or not they have signed the notice."""
    rows = of.engagements.filter(until=None).select_related("expert__person")
    found: Engagement | None = rows.first()
    if found is not None:
        found.project = of
    return found


def visit(number: int) -> Visit | None:
    """A visit of the story by its place in the file, where it was planned."""
    of = plan(data.rows("visit")[number]["ngo"])
    rows = of.visits.filter(once=data.form_of("visit", number))
    found: Visit | None = rows.select_related("engagement__expert__person", "officer").first()
    if found is not None:
        found.plan = of
    return found


def actor_of(engagement: Engagement) -> Actor:
    """The independent expert, acting."""
    return actor_for(engagement.expert.person)


def visitor(of: Visit) -> Actor:
    """Whoever does a visit: the project's expert, or the officer of the body."""
    person = of.engagement.expert.person if of.engagement else of.officer
    if person is None:
        raise LookupError("Nobody does this visit")
    return actor_for(person)


def council() -> ExpertCouncil:
    """The expert council of the akimat; `ExpertCouncil.DoesNotExist` before it is begun."""
    rows = ExpertCouncil.objects.filter(body=cast.body("akimat"))
    found = rows.select_related("body", "laid_before").order_by("id").first()
    if found is None:
        raise ExpertCouncil.DoesNotExist
    return found


def evaluation(ngo: str) -> Evaluation:
    """The evaluation of an NGO's project; `Evaluation.DoesNotExist` before it is opened."""
    of = project(ngo)
    rows = Evaluation.objects.select_related("council", "dossier__panel")
    found: Evaluation = rows.get(project=of)
    found.project = of
    return found


def answers(**yes: str) -> Answers:
    """The five questions of a notice: no to all but those named, each with its details."""
    given: dict[str, Any] = {
        key: {"yes": key in yes, "details": yes.get(key, "")} for key in QUESTIONS
    }
    return given
