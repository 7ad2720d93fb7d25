"""A fourth world: social orders of an akimat that are monitored, evaluated and reported on."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ortaq.core import clock as house_clock
from ortaq.oversight.models import Lesson, Nomination, Notice, StatutoryReport
from ortaq.oversight.procedure import (
    action,
    council,
    evaluation,
    government,
    implementation,
    instrument,
    lesson,
    nomination,
    observation,
    plan,
    request,
    statutory,
    visit,
)
from ortaq.oversight.tests import scenes
from ortaq.people.models import Role, User
from ortaq.projects.models import Project
from ortaq.projects.tests import scenes as projects
from ortaq.testing import factories
from ortaq.testing.clock import TestClock

from .strangers import a_former

JULY = house_clock.at(date(scenes.YEAR, 7, 3), 12)
TOOLS = ("indicators", "mystery_shopper", "survey", "documents", "networks")
TEXTS = {
    f"{name}_{language}": "Мәтін"
    for name in ("process", "results", "goals")
    for language in ("kk", "ru")
}
WORDS = dict.fromkeys(("title_kk", "title_ru", "announcement_kk", "announcement_ru"), "Мәтін")


class Oversight:
    """`people` by role (None: nobody is signed in), `things` by the word that addresses use.

    Saule's akimat ordered two projects from Aliya's NGO. One runs: a visit of Saule's is under way, one of the independent expert
    Erlan is planned. The other is completed and being evaluated by the council's member. The half-year is reported to the ministry.
    """

    # What the notices hold is for those who signed and for the akimat; the planned visit is for nobody of the NGO.
    private = ("Құпия туыс", "Құпия орын")
    kept_from = (
        "nobody",
        "citizen",
        "head",
        "helper",
        "rival",
        "clerk",
        "neighbour",
        "authority",
        "former",
    )

    def __init__(self, clock: TestClock) -> None:
        self.clock = clock
        clock.set(scenes.NOW)
        self.cast = cast = scenes.ordered()
        self.member = scenes.an_expert("Мүсіреп", "Мақсат")
        self.people: dict[str, User | None] = {
            "nobody": None,
            # Belongs to nobody; that they administer the installation opens no door to them.
            "citizen": factories.a_person(is_staff=True, is_superuser=True),
            "head": cast.aliya.user,
            # Belongs to the NGO and answers for nothing.
            "helper": factories.a_member(cast.ngo, Role.STAFF).user,
            "rival": cast.dana.user,
            "akimat": cast.saule.user,
            # Belongs to the akimat and answers for nothing.
            "clerk": factories.a_member(cast.akimat, Role.STAFF).user,
            "neighbour": cast.kanat.user,
            "authority": cast.nurbol.user,
            "expert": cast.erlan.user,
            "assessor": self.member.user,
            "former": a_former((cast.ngo, cast.akimat)),
        }
        self.things: dict[str, Any] = {
            "project": cast.project,
            "akimat_body": cast.akimat,
            "year": scenes.YEAR,
            "scorer": self.member.user,
            **self._of_visits(),
            **self._of_councils(),
            **self._of_evaluation(),
            **self._of_reports(),
        }

    def _of_visits(self) -> dict[str, Any]:
        saule, cast = self.cast.saule, self.cast
        assert saule.user is not None
        made = plan.open_plan(cast.project, scenes.YEAR, actor=saule)
        engaged = scenes.engaged(cast)
        begun = visit.Planned(date(scenes.YEAR, 6, 30), "Көкшетау", TOOLS, officer=saule.user.pk)
        ahead = visit.Planned(date(scenes.YEAR, 9, 15), "Құпия орын", TOOLS, engagement=engaged.pk)
        first, second = (
            visit.put(made, uuid.uuid4(), asked, actor=saule) for asked in (begun, ahead)
        )
        plan.PLAN.take("approve", made, actor=saule)
        self.clock.set(JULY - timedelta(days=3))
        visit.VISIT.take("start", first, actor=saule)
        seen = observation.note(
            first,
            uuid.uuid4(),
            indicator="process",
            weight="serious",
            text="Тізім жоқ",
            seen_at=JULY - timedelta(days=4),
            actor=saule,
        )
        mended = action.order(
            seen, uuid.uuid4(), what="Тізім жасау", due_on=date(scenes.YEAR, 8, 1), actor=saule
        )
        asked = request.ask(
            first,
            uuid.uuid4(),
            what="Тізім",
            ground="Шарттың 3-қосымшасы",
            due_on=date(scenes.YEAR, 8, 1),
            actor=saule,
        )
        survey = first.instruments.get(tool="survey")
        instrument.open_until(survey, date(scenes.YEAR, 8, 1), actor=saule)
        said = {"satisfied": 4}
        heard = instrument.answer(survey, uuid.uuid4(), said, way="interview", actor=saule)
        seen_there = {
            "network": "Instagram",
            "link": "https://example.kz/1",
            "seen_on": JULY.date(),
            "tone": "even",
            "text": "",
        }
        networks = first.instruments.get(tool="networks")
        found = instrument.mention(networks, uuid.uuid4(), seen_there, None, actor=saule)
        return {
            "visit": first,
            "planned": second,
            "planned_number": second.number,
            "observation": seen.number,
            "action": mended,
            "request": asked,
            "code": survey.code,
            "mention": found,
            "interview": heard,
            "engagement": engaged,
            "engaged_notice": Notice.objects.latest("pk"),
        }

    def _of_councils(self) -> dict[str, Any]:
        saule = self.cast.saule
        self.council = scenes.in_office(self.cast, self.member)
        drafted = council.begin(self.cast.akimat, WORDS, actor=saule)
        open_one = council.begin(self.cast.akimat, WORDS, actor=saule)
        council.COUNCIL.take("announce", open_one, actor=saule)
        mine = nomination.nominate(open_one, {"experience": "Он жыл"}, actor=self.cast.dana)
        seated = Nomination.objects.get(council=self.council)
        return {
            "drafted": drafted,
            "open_council": open_one,
            "council": self.council,
            "candidate": mine,
            "seated": seated,
        }

    def _of_evaluation(self) -> dict[str, Any]:
        cast = self.cast
        other = scenes.order(projects.cast(), cast.akimat, "16", source="award:2")
        other.contract.grantee = cast.ngo
        other.contract.save(update_fields=["grantee"])
        Project.objects.filter(pk=other.pk).update(state=Project.State.ACCEPTED)
        other = Project.objects.get(pk=other.pk)
        found = evaluation.open_evaluation(other, self.council, actor=cast.saule)
        evaluation.give_notice(found, conflict=False, answers=scenes.answers(), actor=self.member)
        scenes.sign_sheet(found, self.member, (5, 4, 3, 4))
        evaluation.complete(found, actor=cast.saule)
        assert found.dossier is not None
        return {
            "done": other,
            "evaluation": found,
            "sheet": found.dossier.score_sheets.get(),
            "given_notice": Notice.objects.latest("pk"),
        }

    def _of_reports(self) -> dict[str, Any]:
        cast, done = self.cast, self.things_done()
        self.clock.set(JULY)
        report = statutory.open_report(
            cast.akimat, scenes.YEAR, StatutoryReport.Period.HALF, actor=cast.saule
        )
        for project in (cast.project, done):
            statutory.write_account(project, scenes.YEAR, TEXTS, version=0, actor=cast.saule)
        statutory.STATUTORY.take(
            "submit",
            report,
            actor=cast.saule,
            version=report.version,
            signer="Маратов Марат",
            signer_position="Әкім",
        )
        public = implementation.publish(cast.akimat, scenes.YEAR, issue=1, actor=cast.saule)
        told = government.open_information(cast.ministry, scenes.YEAR - 1, actor=cast.nurbol)
        words = lesson.Words(uuid.uuid4(), Lesson.Kind.ADVICE, "Жалғастыру", "Продолжать")
        (kept,) = lesson.keep(cast.project, [words], actor=cast.saule)
        return {"report": report, "public": public, "told": told, "lesson": kept}

    @staticmethod
    def things_done() -> Project:
        """The project that is completed."""
        return Project.objects.get(contract__number="16")

    def later(self) -> Iterator[tuple[User, str]]:
        """Nothing is shown to these people later that they are not shown now."""
        yield from ()
