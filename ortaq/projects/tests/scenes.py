"""A contract that lacks nothing, and its parties; the steps take it from there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from ortaq.core import clock, files
from ortaq.core.models import StoredFile
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation, Role
from ortaq.projects import tally
from ortaq.projects.completeness import CHAIN, GENERAL, SOCIAL_EFFECT
from ortaq.projects.models import (
    Activity,
    Approval,
    BudgetLine,
    Contract,
    Event,
    Indicator,
    Project,
    TeamMember,
)
from ortaq.projects.planned import settle
from ortaq.projects.procedure.contract import CONTRACT
from ortaq.testing import factories
from ortaq.testing.remembered import remembered

NOW = clock.at(date(2020, 6, 20), 10)
TENGE = 100
PDF = b"%PDF-1.4\n% invented\n%%EOF\n"


@dataclass
class Cast:
    """Gulnara, Talgat, Zhanna and Nurlan agree for the operator, Aliya for her NGO; Bolat keeps its
    accounts; Dana heads a rival; a clerk of the operator answers for nothing.
    """

    operator: Organisation
    ngo: Organisation
    gulnara: Actor
    talgat: Actor
    zhanna: Actor
    nurlan: Actor
    clerk: Actor
    aliya: Actor
    bolat: Actor
    dana: Actor

    @property
    def chain(self) -> list[Actor]:
        return [self.gulnara, self.talgat, self.zhanna, self.nurlan, self.aliya]


@remembered
def cast() -> Cast:
    operator = factories.an_organisation("operator", name_kk="Гранттар операторы")
    ngo = factories.an_organisation(name_kk="«Әлем» қоғамдық қоры")
    rival = factories.an_organisation(name_kk="«Қамқор» қоғамдық бірлестігі")

    def member(body: Organisation, role: str, surname: str, name: str) -> Actor:
        return factories.a_member(body, role, surname=surname, given_name=name)

    return Cast(
        operator,
        ngo,
        member(operator, Role.OFFICER, "Омарова", "Гүлнара"),
        member(operator, Role.OFFICER, "Талғатов", "Талғат"),
        member(operator, Role.DEPUTY, "Жанова", "Жанна"),
        member(operator, Role.HEAD, "Нұрланов", "Нұрлан"),
        member(operator, Role.STAFF, "Қызметкер", "Қанат"),
        member(ngo, Role.HEAD, "Сәрсенова", "Әлия"),
        member(ngo, Role.ACCOUNTANT, "Ыбыраев", "Болат"),
        member(rival, Role.HEAD, "Жұмабаева", "Дана"),
    )


@remembered
def contract(people: Cast, source: str = "award:1", **fields: Any) -> Contract:
    """A draft with nothing missing: 1 000 000 tenge, July to November 2020."""
    made = Contract(
        instrument=Contract.Instrument.GRANT,
        act="grants_rules",
        edition="2020",
        source=source,
        source_number="2020-1-00001",
        grantor=people.operator,
        grantee=people.ngo,
        title_kk="Ерікті жастар",
        title_ru="Молодые волонтёры",
        direction_kk="Білім беру",
        sum_tiyn=1_000_000 * TENGE,
        advance_tiyn=400_000 * TENGE,
        starts_on=date(2020, 7, 1),
        ends_on=date(2020, 11, 20),
        general=dict.fromkeys(GENERAL, "Мәтін") | {"partners": "1\nҚор"},
        social_effect=dict.fromkeys(SOCIAL_EFFECT, 0)
        | {"employees": 3, "specialists": 1, "partners": 1, "direct_beneficiaries": 100},
    )
    for name, value in fields.items():
        setattr(made, name, value)
    CONTRACT.begin(made, actor=people.gulnara)
    _fill(made)
    for position, (role, person) in enumerate(zip(CHAIN, people.chain, strict=True), 1):
        named = None if role == Approval.Role.GRANTEE else person.user
        Approval.objects.create(contract=made, position=position, role=role, person=named)
    return made


def _fill(made: Contract) -> None:
    team = (
        ("staff", "Сәрсенова Әлия", "head"),
        ("staff", "Ыбыраев Болат", "accountant"),
        ("staff", "Қалиева Сара", "pr"),
        ("civil_law", "Нұрланова Гүлмира", "other"),
    )
    for position, (table, name, role) in enumerate(team, 1):
        TeamMember.objects.create(
            contract=made,
            table=table,
            position=position,
            full_name=name,
            post="маман",
            role=role,
            contact=f"+7 700 000 00 1{position}",
            share="50",
        )
    for position, section in enumerate(Activity.Section.values, 1):
        activity = Activity.objects.create(
            contract=made,
            key=f"~a{position}",
            section=section,
            task="Еріктілерді дайындау" if section == Activity.Section.TASK else "",
            position=position,
            text=f"{position}-іс-шара",
            place="Көкшетау",
            channel="Сайт",
            term="2020 ж. шілде",
            months=["2020-07"],
        )
        indicator = Indicator(
            activity=activity, position=1, text="Қатысушылар", planned="100-ден кем емес"
        )
        settle(indicator)
        indicator.save()
    training = made.activities.get(key="~a1")
    lines = (
        ("salaries_lines", None, "Директор", 900_000),
        ("material_support_lines", None, "Ноутбук", 100_000 - 50_000),
        ("handouts_lines", training, "Баннер", 50_000),
    )
    for position, (category, paid, item, tenge) in enumerate(lines, 1):
        BudgetLine.objects.create(
            contract=made,
            key=f"~b{position}",
            year=2020,
            position=position,
            category=category,
            activity=paid,
            item=item,
            unit="дана",
            quantity=Decimal(1),
            unit_cost_tiyn=tenge * TENGE,
            grant_tiyn=tenge * TENGE,
        )


@remembered
def approving(people: Cast, agreed: int = 0, **fields: Any) -> Contract:
    """Sent into the chain; the first `agreed` places have agreed."""
    made = contract(people, **fields)
    CONTRACT.take("send", made, actor=people.gulnara)
    for number, actor in enumerate(people.chain[:agreed], 1):
        CONTRACT.take("accept" if number == len(people.chain) else "agree", made, actor=actor)
    return made


@remembered
def agreed(people: Cast, **fields: Any) -> Contract:
    """Everybody has agreed."""
    return approving(people, 5, **fields)


def a_scan(name: str = "шарт.pdf") -> StoredFile:
    return files.store(ContentFile(PDF), name=name)


def paper(number: str = "15") -> dict[str, Any]:
    """What signing takes."""
    return {"number": number, "concluded_on": date(2020, 6, 20), "scan": a_scan()}


@remembered
def signed(people: Cast, number: str = "15", **fields: Any) -> Contract:
    made = agreed(people, **fields)
    CONTRACT.take("sign", made, actor=people.gulnara, **paper(number))
    return made


@remembered
def running(people: Cast, number: str = "15", **fields: Any) -> Project:
    """A project just opened by its signed contract: tasks, indicators, lines of `contract`."""
    return signed(people, number, **fields).project


@remembered
def an_event(project: Project, begins: datetime, **fields: Any) -> Event:
    """A seminar of two hours for 30 people, as it stands in the plan."""
    last = project.event_set.count()
    given = {
        "title_kk": "Еріктілерге семинар",
        "title_ru": "Семинар для волонтёров",
        "kind": Event.Kind.SEMINAR,
        "service": "training",
        "form": "seminar",
        "place": "Көкшетау, Абай көшесі, 1",
        "expected_participants": 30,
        **fields,
    }
    made = Event.objects.create(
        project=project,
        once=uuid.uuid4(),
        number=last + 1,
        activity=project.contract.activities.first(),
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        **given,
    )
    with transaction.atomic():
        tally.settle(project)
    return made
