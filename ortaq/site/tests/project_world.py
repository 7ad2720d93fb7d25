"""A third world: a project of a grant with everything that can stand in its room, and one of a social order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils.datastructures import MultiValueDict

from ortaq.core import clock as house_clock
from ortaq.people.models import Role, User
from ortaq.projects import changing, once
from ortaq.projects.forms.change import FORMS
from ortaq.projects.identity import new_code
from ortaq.projects.models import Act, Contract, Evidence, Expense, Project
from ortaq.projects.procedure import (
    act,
    change,
    consultation,
    event,
    evidence,
    money,
    participant,
    reach,
    schedule,
    small,
    small_grant,
)
from ortaq.projects.procedure.recognition import Line
from ortaq.projects.tests import scenes
from ortaq.testing import factories
from ortaq.testing.clock import TestClock

from .strangers import a_former

TENGE = scenes.TENGE
NOON = house_clock.at(date(2020, 8, 3), 12)


class ProjectRoom:
    """`people` by role (None: nobody is signed in), `things` by the word that addresses use.

    Aliya's NGO carries out a grant of Gulnara's operator and, later, a social order of Saule's akimat. One event was held with one
    participant, one is planned, one cancelled. Each noun of the room stands there once, in a state in which something can be done.
    """

    # Names and telephones of participants, consumers and applicants, and those who never read them.
    private = ("Иманова", "Сапаров", "7000000042", "7000000043", "7000000044", "000 00 4")
    kept_from = ("nobody", "citizen", "helper", "rival", "clerk", "akimat", "former")

    def __init__(self, clock: TestClock) -> None:
        self.clock = clock
        clock.set(scenes.NOW)
        self.cast = scenes.cast()
        self.project = scenes.running(self.cast, small_grants=SMALL_GRANTS)
        Project.objects.filter(pk=self.project.pk).update(is_civic_centre=True)
        self.project.refresh_from_db()
        clock.set(NOON)
        akimat = factories.an_organisation("state_body")
        self.saule = factories.a_member(akimat, Role.HEAD)
        self.people: dict[str, User | None] = {
            "nobody": None,
            # Belongs to nobody; that they administer the installation opens no door to them.
            "citizen": factories.a_person(is_staff=True, is_superuser=True),
            "head": self.cast.aliya.user,
            "accountant": self.cast.bolat.user,
            # Belongs to the NGO and answers for nothing.
            "helper": factories.a_member(self.cast.ngo, Role.STAFF).user,
            "rival": self.cast.dana.user,
            "operator": self.cast.gulnara.user,
            # Belongs to the operator and answers for nothing.
            "clerk": self.cast.clerk.user,
            "akimat": self.saule.user,
            "former": a_former((self.cast.ngo, self.cast.operator, akimat)),
        }
        self.things: dict[str, Any] = {
            "project": self.project,
            **self._of_events(),
            **self._of_money(),
            **self._of_plan(),
            **self._of_small_grants(),
            **self._of_a_social_order(akimat),
        }

    def _of_events(self) -> dict[str, Any]:
        bolat, project = self.cast.bolat, self.project
        held = scenes.an_event(project, NOON - timedelta(days=2))
        planned = scenes.an_event(project, NOON + timedelta(days=9))
        cancelled = scenes.an_event(project, NOON + timedelta(days=5))
        event.take(event.CANCEL, cancelled, actor=bolat, reason="Ауырды")
        code = new_code()
        guest = Line(1, "Иманова Әсем", "Көкшетау", "+77000000042")
        registered = participant.register(held, guest, code=code)
        (piece,) = evidence.add(
            project,
            once.new(),
            [
                evidence.Piece(
                    {
                        "kind": Evidence.Kind.PHOTO,
                        "title": "Сурет",
                        "day": NOON.date(),
                        "link": "https://example.kz/1",
                    }
                )
            ],
            actor=bolat,
        )
        (line,) = consultation.add(
            project,
            once.new(),
            [Line(1, "Сапаров Ерлан", "", "+77000000043")],
            actor=bolat,
            day=NOON.date(),
            how="telephone",
            topic="methods",
            question="Есеп",
            consultant_name="Қалиева Сара",
        )
        return {
            "held": held,
            "planned": planned,
            "cancelled": cancelled,
            "code": planned.code,
            "held_code": held.code,
            "token": code,
            "guest": registered.consumer_id,
            "piece": piece.number,
            "consulted": line.number,
        }

    def _of_money(self) -> dict[str, Any]:
        line = self.project.contract.budget.get(key="~b3")
        spent = Expense(
            line=line,
            document=Expense.Document.INVOICE,
            document_number="7",
            spent_on=NOON.date(),
            payee="ЖК Үлгі",
            payee_is_organisation=False,
            what_for="Баннер",
            sum_tiyn=1000 * TENGE,
            scan=scenes.a_scan(),
            reason="Көрсетілді",
        )
        spent, _new = money.record(self.project, spent, once.new(), actor=self.cast.bolat)
        return {"expense": spent.number}

    def _of_plan(self) -> dict[str, Any]:
        typed = {"activity": ["~a1"], "place": ["Атбасар"], "reason": ["Жөндеу"], "effect": ["Жоқ"]}
        plan = changing.Plan(self.project.contract)
        form = FORMS["place"](MultiValueDict(typed), project=self.project, plan=plan)
        assert form.is_valid(), form.errors
        request = change.Request("place", form.kind, typed, form.rows(), "Жөндеу", "Жоқ")
        drafted = change.draft(self.project, once.new(), request, actor=self.cast.bolat)
        asked = change.draft(self.project, once.new(), request, actor=self.cast.bolat)
        change.CHANGE.take("ask", asked, actor=self.cast.aliya)
        written = schedule.make(self.project, final=False, actor=self.cast.bolat)
        indicator = self.project.contract.activities.get(key="~a1").indicators.get()
        return {
            "drafted_change": drafted.number,
            "asked_change": asked.number,
            "report": written,
            "indicator": indicator,
            "activity": indicator.activity,
            "reached": self._reached().number,
        }

    def _reached(self) -> Any:
        line, day = reach.Reached("Облыстық телеарна", 1_000), house_clock.today()
        (made,) = reach.record(
            self.project, once.new(), "indirect", day, [line], actor=self.cast.bolat
        )
        return made

    def _of_small_grants(self) -> dict[str, Any]:
        aliya = self.cast.aliya
        found: dict[str, Any] = {}
        for name in ("small_draft", "small_open"):
            words = dict.fromkeys(small.FIELDS, "Мәтін") | {"closes_at": NOON + timedelta(days=20)}
            one = small.prepare(self.project, once.new(), words, actor=self.cast.bolat)
            found[name] = one.number
        small.SMALL.take("publish", one, actor=aliya)
        asked = {
            "applicant": "citizen",
            "name": "Сапаров Ерлан",
            "contact": "+77000000044",
            "identifier": "",
            "region": "11",
            "title": "Аула",
            "text": "Мәтін",
            "asked_tiyn": 300_000 * TENGE,
            "consented": True,
        }
        grant = small_grant.apply(one, once.new(), asked)
        return found | {
            "small_code": one.code,
            "small_grant": grant.number,
            "small_receipt": str(grant.once),
        }

    def _of_a_social_order(self, akimat: Any) -> dict[str, Any]:
        """The same NGO's project of another body, ready for its act."""
        ours = scenes.running(self.cast, "16", source="award:2")
        Contract.objects.filter(pk=ours.contract_id).update(
            instrument=Contract.Instrument.SOCIAL_ORDER,
            act="tender_scoring",
            edition="2019",
            grantor=akimat,
        )
        Project.objects.filter(pk=ours.pk).update(state=Project.State.ACCEPTED)
        ours = Project.objects.get(pk=ours.pk)
        act.draft(ours, actor=self.cast.aliya)
        return {"order_project": ours, "act": Act.objects.get(project=ours)}

    def later(self) -> Iterator[tuple[User, str]]:
        """Nothing is shown to these people later that they are not shown now."""
        yield from ()


SMALL_GRANTS = {"kind": "up_to", "amount_tiyn": 300_000 * TENGE, "minimum": 1}
