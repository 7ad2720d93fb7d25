"""Organisations, signed contracts with their annexes, projects as they were opened."""

from __future__ import annotations

from datetime import date, timedelta

from bench import bulk
from bench.data import WORDS, bins
from ortaq.core import clock
from ortaq.people.models import Membership, Organisation, Role, User
from ortaq.projects import baseline
from ortaq.projects.models import Activity, BudgetLine, Contract, Indicator, Project, TeamMember
from ortaq.projects.procedure.project import standard_of

from .shape import (
    ACTIVITIES,
    BEFORE,
    COMMON,
    INDICATORS,
    LARGE,
    LENGTH,
    LINES,
    OF_AN_NGO,
    PLANNED,
    SPENT,
    SUM,
    Row,
    Shape,
    shape,
)


def organisations(projects: int) -> dict[str, int]:
    """An operator, and an NGO for every five projects; the first has its people."""
    numbers = bins()
    made = {}
    operator = Organisation.objects.create(
        kind="operator", bin=next(numbers), name_kk="Оператор", name_ru="Оператор"
    )
    ngos = Organisation.objects.bulk_create(
        [
            Organisation(
                bin=next(numbers),
                name_kk=f"«{WORDS[n % len(WORDS)].title()} {n}» қоғамдық қоры",
                name_ru=f"Фонд {n}",
            )
            for n in range(-(-projects // OF_AN_NGO))
        ],
        batch_size=1000,
    )
    for name, organisation, role in (
        ("officer", operator, Role.OFFICER),
        ("manager", ngos[0], Role.HEAD),
        ("accountant", ngos[0], Role.ACCOUNTANT),
    ):
        person = User(email=f"{name}@example.kz", surname="Сәрсенова", given_name=name.title())
        person.set_unusable_password()
        person.save()
        Membership.objects.create(
            user=person, organisation=organisation, role=role, starts_on=date(2020, 1, 1)
        )
        made[name] = person.pk
    return made | {"operator": operator.pk, "ngo": ngos[0].pk}


def contracts(projects: int, operator: int) -> None:
    """Signed contracts with annex 3 and the estimate: four activities, sixteen indicators, eight lines."""
    today, words = clock.today(), len(WORDS)
    ngo = Organisation.objects.filter(kind="ngo").order_by("pk").values_list("pk", flat=True)[0]
    pattern = Contract(
        instrument=Contract.Instrument.GRANT,
        act="grants_rules",
        edition="2020",
        grantor_id=operator,
        direction_kk="Азаматтық қоғамды дамыту",
        sum_tiyn=SUM,
        advance_tiyn=SUM * 4 // 10,
        concluded_on=today - timedelta(days=BEFORE + 10),
        starts_on=today - timedelta(days=BEFORE + 5),
        ends_on=today + timedelta(days=LENGTH - BEFORE + 20),
        general={"goal": "Ауыл тұрғындарының қоғамдық бастамаларын қолдау. " * 6},
        social_effect={"direct_beneficiaries": 100},
        state=Contract.State.SIGNED,
        signed_at=clock.now(),
    )
    bulk.load(
        pattern,
        ("id", "source", "number", "grantee_id", "title_kk", "title_ru", "search"),
        (
            (
                n + 1,
                f"bench:{n}",
                f"{n}-Г",
                ngo + n // OF_AN_NGO,
                f"{WORDS[n % words].title()}: ауыл бастамалары {n}",
                f"Сельские инициативы {n}",
                f"{n}-г {WORDS[n % words]}: ауыл бастамалары {n} сельские инициативы {n}",
            )
            for n in range(projects)
        ),
    )
    member = TeamMember(table="staff", post="маман", share="50", contact="+7 700 000 00 00")
    bulk.load(
        member,
        ("contract_id", "position", "full_name", "role"),
        (
            (n + 1, position, f"Сәрсенова Әлия {n}", role)
            for n in range(projects)
            for position, role in enumerate(TeamMember.Role.values, 1)
        ),
    )
    months = [f"{today:%Y-%m}"]
    activity = Activity(
        section="task",
        task="Ауыл тұрғындарын оқыту және қоғамдық бастамаларын қолдау",
        place="Ақмола облысының аудандары",
        term="ай сайын",
        months=months,
    )
    bulk.load(
        activity,
        ("id", "contract_id", "key", "position", "text"),
        (
            (
                n * ACTIVITIES + a + 1,
                n + 1,
                f"~a{a}",
                a,
                f"{a + 1}. Ауыл тұрғындарына арналған " * 4,
            )
            for n in range(projects)
            for a in range(ACTIVITIES)
        ),
    )
    indicator = Indicator(
        planned=f"{PLANNED}-нан кем емес", reading=Indicator.Reading.AT_LEAST, minimum=PLANNED
    )
    bulk.load(
        indicator,
        ("id", "activity_id", "position", "text"),
        (
            (a * INDICATORS + i + 1, a + 1, i, f"Қатысушылардың дағдысы, {i + 1}-көрсеткіш " * 3)
            for a in range(projects * ACTIVITIES)
            for i in range(INDICATORS)
        ),
    )
    line = BudgetLine(
        year=today.year,
        unit="дана",
        quantity=1,
        unit_cost_tiyn=SUM // LINES,
        grant_tiyn=SUM // LINES,
    )
    categories = ("salaries_lines", "handouts_lines", "material_support_lines", "handouts_lines")
    bulk.load(
        line,
        ("id", "contract_id", "key", "position", "category", "item"),
        (
            (n * LINES + k + 1, n + 1, f"~b{k}", k, categories[k % 4], f"{k + 1}-шығыс бабы")
            for n in range(projects)
            for k in range(LINES)
        ),
    )


def all_projects(projects: int) -> None:
    """Opened, with their kept figures."""
    signed = Contract.objects.get(pk=1)
    content = baseline.of(signed)
    pattern = Project(
        standard=standard_of(signed),
        baseline=content,
        baseline_sha256=baseline.sha256(content),
        opened_at=clock.now() - timedelta(days=BEFORE + 10),
        reckoned_on=clock.today(),
        indicators=ACTIVITIES * INDICATORS,
        paid_tiyn=SUM * 4 // 10,
        spent_tiyn=SPENT,
        admitted_tiyn=SPENT // 2,
    )
    counted = ("events", "events_held", "attendances", "covered", "answers", "points")
    names = ("id", "contract_id", "trouble", *counted, "indicators_done", "indicators_proved")

    def figures(of: Shape) -> Row:
        return (
            of.events,
            of.held,
            of.held * of.each,
            min(of.people, of.held * of.each),
            of.held * of.answers,
            of.held * of.points,
            of.reached(1),
            of.reached(2),
        )

    known = {of: figures(of) for of in (COMMON, LARGE)}
    bulk.load(pattern, names, ((n + 1, n + 1, n % 3, *known[shape(n)]) for n in range(projects)))
