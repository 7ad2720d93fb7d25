"""A competition from its end of acceptance to its contracts, by the real steps.

    closed({1: {"aliya": 20, "dana": 18}, 2: {"aliya": 15}})

Each lot names its applicants, in the order of submission, with the total that every member gives
(None: refused in the check).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client

from ortaq.core import clock as house_clock
from ortaq.grants.models import (
    AdmissibilityCheck,
    Application,
    Attachment,
    Competition,
    Lot,
    Outcome,
)
from ortaq.grants.procedure import admissibility
from ortaq.grants.procedure.admissibility import CHECK
from ortaq.grants.procedure.application import submit
from ortaq.grants.procedure.application_draft import attach
from ortaq.grants.procedure.competition import COMPETITION
from ortaq.grants.procedure.contract import draft_contract
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import User
from ortaq.projects.models import Contract
from ortaq.registry.tests.scenes import registered
from ortaq.review import queries
from ortaq.review.models import Dossier, Meeting, Panel
from ortaq.review.procedure import PANEL, SHEET
from ortaq.review.procedure.declaring import open_questions
from ortaq.review.procedure.sheet import save_draft
from ortaq.testing import factories
from ortaq.testing.clock import TestClock
from ortaq.testing.remembered import remembered

from . import scenes
from .application_scenes import PDF, a_complete_draft, write

# What an application says of annex 3 of the contract, beside what every one has to say.
RICH_TEAM = {
    "project_team/~t4/member_name": "Нұрланова Гүлмира",
    "project_team/~t4/position": "психолог",
    "project_team/~t4/role": "other",
    "project_team/~t4/relevant_experience": "Үш жоба",
    "project_team/~t4/years": 7,
    "project_team/~t4/duties": "Тренингтерді өткізу",
    "project_team/~t4/engaged": True,
}
RICH_CONTENT = {
    "basics/goal": "Ауыл жастарын еріктілікке тарту",
    "basics/territory": "Ақмола облысы, Көкшетау қаласы",
    "basics/target_groups": "14-29 жастағы жастар\nАуыл мұғалімдері",
    "basics/expected_results": "200 ерікті дайындалады\n4 ауылда орталық ашылады",
    "partners/~k1/partner": "«Ауыл жастары» қоғамдық бірлестігі",
    "partners/~k1/participation": "Ақпараттық қолдау",
    "monitoring_plan/rows/~m1/task": "Еріктілерді дайындау",
    "monitoring_plan/rows/~m1/activity": "Тренинг",
    "monitoring_plan/rows/~m1/results": "Дайындалған еріктілер",
    "monitoring_plan/rows/~m1/indicators": (
        "Қатысушылар саны: 200-ден кем емес; Тренингтер саны – 4\nФото/видео есеп: 6/1"
    ),
    "monitoring_plan/rows/~m1/frequency": "Ай сайын",
    "monitoring_plan/rows/~m2/task": "Орталықтар ашу",
    "monitoring_plan/rows/~m2/activity": "Ауылдарда орталық ашу",
    "monitoring_plan/rows/~m2/results": "Жұмыс істейтін орталықтар",
    "monitoring_plan/rows/~m2/indicators": "Орталықтардың жұмысы жақсарады",
    "monitoring_plan/rows/~m2/frequency": "Тоқсан сайын",
    "calendar_plan/~c1/activity": "Тренинг",
    "calendar_plan/~c1/months": [1, 2, 4],
    "calendar_plan/~c2/activity": "Кездесулер",
    "calendar_plan/~c2/months": [1, 2, 3, 4, 5],
}
CONSENTS = (("~k1", "«Ауыл жастары» қоғамдық бірлестігі"), ("~t4", "Нұрланова Гүлмира"))

Passed = AdmissibilityCheck.Result.PASSED
Plan = Mapping[int, Mapping[str, int | None]]
SURNAMES = ("Ерланов", "Қайратов", "Өтегенов", "Әубәкіров")
RECEIVED = house_clock.at(date(2020, 6, 4), 10)
SCORED = house_clock.at(date(2020, 6, 15), 10)


@dataclass
class Scene:
    """A competition, its commission, and everybody around it."""

    clock: TestClock
    cast: scenes.Cast
    competition: Competition
    plan: Plan
    experts: list[User] = field(default_factory=list)
    secretary: User | None = None
    applications: dict[tuple[int, str], Application] = field(default_factory=dict)

    @property
    def panel(self) -> Panel:
        assert self.competition.panel is not None
        return self.competition.panel

    def lot(self, position: int) -> Lot:
        return self.competition.lots.get(position=position)

    def application(self, lot: int, who: str) -> Application:
        found = self.applications[lot, who]
        found.refresh_from_db()
        return found

    def outcome(self, lot: int) -> Outcome:
        return Outcome.objects.select_related("winner", "lot__competition").get(
            lot__competition=self.competition, lot__position=lot
        )

    def take(self, step: str, **facts: Any) -> None:
        self.clock.travel(minutes=1)
        COMPETITION.take(step, self.competition, actor=self.cast.gulnara, **facts)

    def in_panel(self, step: str, actor: Actor | None = None, **facts: Any) -> None:
        panel = Panel.objects.get(pk=self.panel.pk)
        PANEL.take(step, panel, actor=actor or self.cast.gulnara, **facts)

    def client(self, who: str | Actor) -> Client:
        """A browser in which somebody of the cast has signed in."""
        actor = self.actor(who) if isinstance(who, str) else who
        assert actor.user is not None
        client = Client()
        client.force_login(actor.user)
        return client

    def actor(self, who: str) -> Actor:
        actor: Actor = getattr(self.cast, who)
        return actor


def submitted(clock: TestClock, plan: Plan) -> Scene:
    """Everybody of the plan has submitted."""
    return _by(plan, _submitted(clock, _without_points(plan)))


def _without_points(plan: Plan) -> Plan:
    """The plan as it stands until somebody scores: the same for all competitions with these applicants."""
    return {
        lot: {who: None if total is None else 0 for who, total in entries.items()}
        for lot, entries in plan.items()
    }


def _by(plan: Plan, scene: Scene) -> Scene:
    scene.plan = plan
    return scene


@remembered
def _submitted(clock: TestClock, plan: Plan) -> Scene:
    clock.set(scenes.DURING)
    cast = scenes.cast()
    competition = scenes.open_competition(cast.operator, amounts=[{2020: 5_000_000}] * len(plan))
    scene = Scene(clock, cast, competition, plan)
    for position, entries in plan.items():
        for who in entries:
            lot = scene.lot(position)
            draft = a_complete_draft(lot, scene.actor(who), f"{position}-жоба, {who}")
            _enrich(draft, scene.actor(who))
            submit(draft, actor=scene.actor(who), declared=True)
            scene.applications[position, who] = draft
    return scene


def _enrich(draft: Application, actor: Actor) -> None:
    """What fills annex 3 of the contract later."""
    write(draft, "GRANT-A3", RICH_TEAM, actor)
    write(draft, "GRANT-A4", RICH_CONTENT, actor)
    for row, name in CONSENTS:
        file = ContentFile(PDF, "consent.pdf")
        attach(draft, file, actor=actor, kind=Attachment.Kind.CONSENT, about=name, row=row)


def checked(clock: TestClock, plan: Plan) -> Scene:
    """Acceptance is over and everybody is admitted or refused; F2 waits for no check."""
    return _by(plan, _checked(clock, _without_points(plan)))


@remembered
def _checked(clock: TestClock, plan: Plan) -> Scene:
    scene = submitted(clock, plan)
    clock.set(RECEIVED)
    scene.take("close_acceptance")
    for (position, who), application in scene.applications.items():
        if len(plan[position]) > 1:
            check(application, scene.cast.gulnara, admitted=plan[position][who] is not None)
    return scene


def check(application: Application, officer: Actor, *, admitted: bool = True) -> None:
    """As an officer does: what the records show is confirmed at once, the rest item by item."""
    admissibility.confirm_proposed(application, actor=officer)
    done = set(application.checks.values_list("item", flat=True))
    for item in admissibility.items(application.competition.rules):
        if item.key not in done:
            admissibility.record(
                application, item.key, Passed, actor=officer, evidence="тексерілді"
            )
    if not admitted:
        admissibility.record(
            application, "charter", "failed", actor=officer, reason="Жарғы көшірмесі жоқ."
        )
    CHECK.take("admit" if admitted else "refuse", application, actor=officer)


def scoring_begun(clock: TestClock, plan: Plan, *, experts: int = 3) -> Scene:
    """The commission is final and the dossiers are open."""
    return _by(plan, _scoring_begun(clock, _without_points(plan), experts=experts))


@remembered
def _scoring_begun(clock: TestClock, plan: Plan, *, experts: int = 3) -> Scene:
    scene = checked(clock, plan)
    for surname in SURNAMES[:experts]:
        person = factories.a_person(surname=surname, given_name="Ерлан")
        expert = registered(person, None, actor_for(person), scene.cast.gulnara)
        scene.in_panel("seat", expert=expert, confirmed=True)
        scene.experts.append(person)
    scene.secretary = factories.a_person(surname="Сәулеева", given_name="Сәуле")
    scene.in_panel("seat_secretary", person=scene.secretary)
    scene.in_panel("send_declarations", due_on=None)
    for person in scene.experts:
        declare(scene.panel, person)
    scene.in_panel("approve")
    scene.take("begin_scoring")
    return scene


def declare(panel: Panel, person: User) -> None:
    """A member has no conflict with anybody."""
    panel = Panel.objects.get(pk=panel.pk)
    seat = panel.seats.get(person=person)
    answers = {row.organisation_id: (False, "") for row in open_questions(panel, seat)}
    PANEL.take("declare", panel, actor=actor_for(person), answers=answers)


def marks(total: int) -> dict[str, Any]:
    """A sheet of the republican rubric with this total."""
    points = {"S1_capacity": 1, "S2_specialists": 1, "S3_content": 1, "S4_results": 1}
    points["S5_budget_terms"] = 1
    most = {"S1_capacity": 5, "S2_specialists": 3, "S3_content": 7, "S4_results": 5}
    most["S5_budget_terms"] = 5
    left = total - 5
    for key, limit in most.items():
        more = min(left, limit - 1)
        points[key] += more
        left -= more
    assert left == 0, f"No sheet has {total} points."
    return {
        key: {"points": value, "ticks": [], "fully": False, "comment": "Негіздеме."}
        for key, value in points.items()
    }


def sign(person: User, application: Application, total: int) -> None:
    """A member scores one application."""
    dossier = Dossier.objects.select_related("panel").get(application=application)
    seat = dossier.panel.seats.get(person=person, until=None)
    saved = save_draft(dossier, seat, None, marks(total), version=0, window="w")
    SHEET.take("sign", saved.sheet, actor=actor_for(person), version=saved.sheet.version)


@remembered
def meeting(clock: TestClock, plan: Plan, **facts: Any) -> Scene:
    """Everybody has signed; the meeting is open."""
    scene = scoring_begun(clock, plan, **facts)
    clock.set(SCORED)
    for position, who in scene.applications:
        application, total = scene.application(position, who), plan[position][who]
        if application.dossier_id and total is not None:
            for person in scene.experts:
                sign(person, application, total)
    scene.take("begin_meeting")
    scene.competition.refresh_from_db()
    return scene


@remembered
def closed(clock: TestClock, plan: Plan, **facts: Any) -> Scene:
    """The meeting is over; ties, if any, went to the application submitted first."""
    scene = meeting(clock, plan, **facts)
    close_meeting(scene)
    return scene


def ready_to_close(scene: Scene) -> None:
    """Chair and deputy elected, attendance and minutes kept."""
    panel = Panel.objects.get(pk=scene.panel.pk)
    seats = list(panel.seats.filter(role="member", until=None).order_by("id"))
    for office, candidate in zip(("chair", "deputy"), seats, strict=False):
        for person in scene.experts:
            if panel.seats.filter(office=office, until=None).exists():
                break
            seat = panel.seats.get(pk=candidate.pk)
            scene.in_panel("vote", actor_for(person), office=office, candidate=seat)
    meeting = Meeting.objects.get(panel=panel)
    meeting.present.set(panel.seats.filter(until=None))
    Meeting.objects.filter(pk=meeting.pk).update(
        place="Астана, Достық көшесі, 1",
        minutes_kk="Балдар талқыланды.",
        minutes_ru="Баллы обсуждены.",
    )


def close_meeting(scene: Scene) -> None:
    """The meeting over, with ties decided for the application submitted first."""
    ready_to_close(scene)
    panel = Panel.objects.get(pk=scene.panel.pk)
    ties = queries.ties(panel)
    decided = queries.decisions(panel, ties)
    for contest, tied in ties.items():
        if contest not in decided:
            scene.in_panel(
                "decide_tie",
                winner=tied[0],
                votes_for=2,
                votes_against=1,
                reason="Жоба ауылдарды көбірек қамтиды.",
            )
    scene.in_panel("close_meeting")
    scene.competition.refresh_from_db()


@remembered
def prepared(clock: TestClock, plan: Plan, **facts: Any) -> Scene:
    """The outcomes are prepared and the protocol is drawn up; nothing is published."""
    scene = closed(clock, plan, **facts)
    scene.take("prepare")
    scene.take("draw_up", number="1")
    return scene


@remembered
def published(clock: TestClock, plan: Plan, **facts: Any) -> Scene:
    """The results are public."""
    scene = prepared(clock, plan, **facts)
    scene.take("publish")
    scene.competition.refresh_from_db()
    return scene


@remembered
def drafted(clock: TestClock, plan: Plan | None = None) -> tuple[Scene, Contract]:
    """The contract with the winner of the first topic is drafted; by default there is one topic."""
    scene = published(clock, plan or {1: {"aliya": 20, "dana": 18}})
    clock.travel(hours=1)
    return scene, draft_contract(scene.outcome(1), scene.cast.gulnara).contract
