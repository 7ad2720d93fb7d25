"""A social order of Saule's akimat that Aliya's NGO carries out, and Erlan of the experts' register."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from ortaq.core import clock
from ortaq.core.clock import day_of
from ortaq.oversight.models import (
    Engagement,
    Evaluation,
    ExpertCouncil,
    MonitoringPlan,
    Nomination,
    Visit,
)
from ortaq.oversight.procedure import annex8, evaluation
from ortaq.oversight.procedure import engagement as engaging
from ortaq.oversight.procedure import plan as planning
from ortaq.oversight.procedure import visit as visiting
from ortaq.oversight.procedure.notice import QUESTIONS
from ortaq.oversight.procedure.plan import PLAN
from ortaq.oversight.procedure.visit import VISIT
from ortaq.oversight.tools import TOOLS
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Organisation, Role
from ortaq.projects.models import Contract, Project
from ortaq.projects.tests import scenes as projects
from ortaq.registry.models import Expert
from ortaq.review.procedure import SHEET
from ortaq.review.procedure.sheet import save_draft
from ortaq.testing import factories
from ortaq.testing.remembered import remembered

# The edition of 2022 is in force; projects of the scenes run through this year.
NOW = clock.at(date(2023, 3, 1), 10)
YEAR = 2023


@dataclass
class Cast:
    """Saule orders for the akimat and Marat is a colleague of hers; Aliya and Bolat carry the order out; Dana heads a rival NGO;
    Erlan is an expert of the register; Nurbol answers for the authorised body; Kanat is an officer of another akimat.
    """

    akimat: Organisation
    other: Organisation
    ministry: Organisation
    ngo: Organisation
    saule: Actor
    marat: Actor
    kanat: Actor
    nurbol: Actor
    aliya: Actor
    bolat: Actor
    dana: Actor
    erlan: Actor
    project: Project

    @property
    def expert(self) -> Expert:
        assert self.erlan.user is not None
        return Expert.objects.get(person=self.erlan.user)


@remembered
def ordered() -> Cast:
    """The project has just begun; nobody monitors it yet. Needs a clock at `NOW`."""
    people = projects.cast()
    akimat = factories.an_organisation("state_body", name_kk="Ақмола облысының әкімдігі")
    other = factories.an_organisation("state_body", name_kk="Жетісу облысының әкімдігі")
    ministry = factories.an_organisation("authorised_body", name_kk="Министрлік")
    project = order(people, akimat)
    return Cast(
        akimat,
        other,
        ministry,
        people.ngo,
        factories.a_member(akimat, Role.OFFICER, surname="Серікова", given_name="Сәуле"),
        factories.a_member(akimat, Role.HEAD, surname="Маратов", given_name="Марат"),
        factories.a_member(other, Role.OFFICER, surname="Қанатов", given_name="Қанат"),
        factories.a_member(ministry, Role.HEAD, surname="Нұрболов", given_name="Нұрбол"),
        people.aliya,
        people.bolat,
        people.dana,
        an_expert("Ерланов", "Ерлан"),
        project,
    )


@remembered
def order(people: Any, akimat: Organisation, number: str = "15", **fields: Any) -> Project:
    """A project of a social order of `akimat`, from March to November of 2023, for 1 000 000 tenge if not said otherwise."""
    given = {"starts_on": date(YEAR, 3, 1), "ends_on": date(YEAR, 11, 20), **fields}
    made = projects.running(people, number, **given)
    # The steps of a social order's own contract are told in `tenders`; here only who orders matters.
    Contract.objects.filter(pk=made.contract_id).update(
        instrument=Contract.Instrument.SOCIAL_ORDER,
        act="tender_scoring",
        edition="2019",
        grantor=akimat,
    )
    return Project.objects.get(pk=made.pk)


def an_expert(surname: str, given_name: str) -> Actor:
    """A person in the experts' register who put themselves forward."""
    person = factories.a_person(surname=surname, given_name=given_name)
    Expert.objects.create(
        person=person,
        side=Expert.Side.NGO,
        state=Expert.State.REGISTERED,
        proposed_at=clock.now(),
        name=person.full_name,
    )
    return actor_for(person)


def answers(**yes: str) -> dict[str, dict[str, Any]]:
    """The five questions of the notice: no to all but those named, each with its details."""
    return {key: {"yes": key in yes, "details": yes.get(key, "")} for key in QUESTIONS}


@remembered
def engaged(cast: Cast, *, cleared: bool = True) -> Engagement:
    """Erlan is engaged on the project, and has signed that there is no conflict."""
    made = engaging.invite(cast.project, cast.expert, document="№ 7", actor=cast.saule)
    if cleared:
        engaging.sign(made, conflict=False, answers=answers(), actor=cast.erlan)
    return made


@remembered
def planned(cast: Cast, *days: date, approved: bool = True) -> MonitoringPlan:
    """The plan of 2023 with visits by Saule on these days; the sum of the project is below the threshold."""
    plan = planning.open_plan(cast.project, YEAR, actor=cast.saule)
    assert cast.saule.user is not None
    for day in days or (date(YEAR, 5, 15), date(YEAR, 9, 15)):
        asked = visiting.Planned(
            day, "Көкшетау", ("indicators", "documents"), officer=cast.saule.user.pk
        )
        visiting.put(plan, uuid.uuid4(), asked, actor=cast.saule)
    if approved:
        PLAN.take("approve", plan, actor=cast.saule, reason="Жоба қысқа")
    return plan


@remembered
def begun() -> Cast:
    """As `ordered`, with the year's plan approved and its visit of May under way. Needs a clock at `NOW`."""
    cast = ordered()
    visit = planned(cast).visits.earliest("planned_on")
    with clock.frozen(clock.at(visit.planned_on, 10)):
        visiting.VISIT.take("start", visit, actor=cast.saule)
    return cast


@remembered
def in_office(cast: Cast, *people: Actor) -> ExpertCouncil:
    """An expert council of the akimat with these members; how it is formed is told in its own tests."""
    made = ExpertCouncil.objects.create(
        body=cast.akimat,
        act="rules_social_order",
        edition="2022",
        title_kk="Сараптамалық кеңес",
        state=ExpertCouncil.State.IN_OFFICE,
        office_from=date(YEAR, 1, 10),
        office_until=date(YEAR + 3, 1, 9),
    )
    for person in people:
        assert person.user is not None
        Nomination.objects.create(
            council=made,
            person=person.user,
            experience="Он жыл",
            state=Nomination.State.CHOSEN,
            put_forward_at=NOW,
            since=date(YEAR, 1, 10),
        )
    return made


@remembered
def completed(cast: Cast) -> Project:
    """The project with its final reports accepted, ready to be evaluated."""
    project = Project.objects.get(pk=cast.project.pk)
    project.state = Project.State.ACCEPTED
    project.save(update_fields=["state"])
    return project


@remembered
def evaluated(cast: Cast, *points: tuple[int, ...]) -> Evaluation:
    """A project whose evaluation is scored by as many members as there are rows of points, and completed."""
    members = [an_expert("Мүше", f"{number}-ші") for number in range(len(points))]
    council = in_office(cast, *members)
    found = evaluation.open_evaluation(completed(cast), council, actor=cast.saule)
    for member, row in zip(members, points, strict=True):
        evaluation.give_notice(found, conflict=False, answers=answers(), actor=member)
        sign_sheet(found, member, row)
    evaluation.complete(found, actor=cast.saule)
    return found


def sign_sheet(found: Evaluation, member: Actor, points: tuple[int, ...]) -> None:
    """The member's sheet with these points, each with a comment, signed."""
    dossier = found.dossier
    assert dossier is not None
    seat = dossier.panel.seats.get(person=member.user, until=None)
    keys = annex8.rubric_of(found).keys
    marks = {
        key: {"points": value, "ticks": [], "fully": False, "comment": "Түсініктеме"}
        for key, value in zip(keys, points, strict=True)
    }
    saved = save_draft(dossier, seat, None, marks, version=0, window="w")
    SHEET.take("sign", saved.sheet, actor=member)


WORDS = {"recommendations_kk": "Жалғастыру", "recommendations_ru": "Продолжать"}


@remembered
def written(found: Evaluation, cast: Cast) -> Evaluation:
    """The report's texts in both languages."""
    values = dict(WORDS)
    for key in annex8.rubric_of(found).keys:
        values |= {f"{key}_kk": "Жақсы", f"{key}_ru": "Хорошо"}
    annex8.write(found, values, seen={}, insist=values, actor=cast.saule)
    return found


@remembered
def begun_with_all_tools(cast: Cast, clock: Any, at: Any) -> Visit:
    """A visit of Saule's with all five tools, begun `at`; another one with the same tools is planned."""
    plan = planning.open_plan(cast.project, YEAR, actor=cast.saule)
    assert cast.saule.user is not None
    for day in (day_of(at), date(YEAR, 9, 15)):
        asked = visiting.Planned(day, "Көкшетау", tuple(TOOLS), officer=cast.saule.user.pk)
        visiting.put(plan, uuid.uuid4(), asked, actor=cast.saule)
    PLAN.take("approve", plan, actor=cast.saule, reason="Жоба қысқа")
    clock.set(at)
    visit = plan.visits.get(number=1)
    VISIT.take("start", visit, actor=cast.saule)
    return visit
