"""Scenes of grants: what happened before a test begins, by the real steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ortaq.core import clock
from ortaq.grants import importing
from ortaq.grants.models import Competition, Plan, PlanVersion
from ortaq.grants.procedure import competition_draft
from ortaq.grants.procedure.competition import COMPETITION
from ortaq.grants.procedure.plan import VERSION, new_version
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Organisation, Role, User
from ortaq.people.policy import RESPONSIBLE
from ortaq.testing import factories
from ortaq.testing.remembered import remembered

APPROVED = clock.at(date(2020, 2, 27), 9)
OPENS = clock.at(date(2020, 5, 14), 9)
CLOSES = clock.at(date(2020, 6, 3), 18)
DURING = clock.at(date(2020, 5, 20), 10)
TENGE = 100
OFFICE = "office@operator.example.kz"


@dataclass
class Cast:
    """Aliya manages an NGO, Bolat keeps its accounts, Dana heads a rival, Gulnara is the operator's
    officer, Saule an akimat's; Erlan is an expert and belongs to nobody."""

    ngo: Organisation
    rival: Organisation
    operator: Organisation
    akimat: Organisation
    aliya: Actor
    bolat: Actor
    dana: Actor
    gulnara: Actor
    saule: Actor
    erlan: Actor


@remembered
def cast() -> Cast:
    """The people that scenes of grants are played by."""
    ngo = factories.an_organisation(
        name_kk="«Әлем» қоғамдық қоры", name_ru="Общественный фонд «Алем»"
    )
    rival = factories.an_organisation(
        name_kk="«Қамқор» қоғамдық бірлестігі", name_ru="Общественное объединение «Камкор»"
    )
    operator = factories.an_organisation(
        "operator", name_kk="Гранттар операторы", name_ru="Оператор грантов", email=OFFICE
    )
    akimat = factories.an_organisation(
        "state_body", name_kk="Түркістан облысының әкімдігі", name_ru="Акимат Туркестанской области"
    )
    return Cast(
        ngo,
        rival,
        operator,
        akimat,
        factories.a_member(ngo, Role.HEAD, surname="Әлиева", given_name="Әлия"),
        factories.a_member(ngo, Role.ACCOUNTANT, surname="Болатов", given_name="Болат"),
        factories.a_member(rival, Role.HEAD, surname="Данаева", given_name="Дана"),
        factories.a_member(operator, Role.OFFICER, surname="Гүлнарова", given_name="Гүлнар"),
        factories.a_member(akimat, Role.OFFICER, surname="Қасымова", given_name="Сәуле"),
        actor_for(factories.a_person(surname="Ерланов", given_name="Ерлан")),
    )


def gulnara(operator: Organisation | None = None) -> Actor:
    """A responsible officer of the operator (a new one without `operator`) since 2015."""
    operator = operator or factories.an_organisation(
        "operator", name_kk="Гранттар операторы", email=OFFICE
    )
    since = APPROVED - timedelta(days=1)
    for person in User.objects.filter(memberships__organisation=operator).order_by("pk"):
        actor = actor_for(person, now=since)
        if actor.roles_in(operator) & RESPONSIBLE:
            return actor.instead(operator)
    return factories.a_member(operator, Role.OFFICER, surname="Гүлнарова", given_name="Гүлнар")


def plan_table(amounts: Sequence[Mapping[int, int]]) -> list[list[str]]:
    """A table as operators write it: a topic in the first field for each of `amounts` in tenge."""
    heads = [
        "field_no", "field_name_kk", "field_name_ru", "topic_no", "title_kk", "title_ru",
        "term_kk", "territory_kk", "amount_tenge", "year",
    ]  # fmt: skip
    rows = [
        [
            "1",
            "Білім беру",
            "Образование",
            str(number),
            f"{number}-тақырып: еріктілерді қолдау",
            f"Тема {number}: поддержка волонтёров",
            ", ".join(f"{y} жылғы наурыз-қараша" for y in by_year),
            "Ақмола облысы",
            str(tenge),
            str(year),
        ]
        for number, by_year in enumerate(amounts, 1)
        for year, tenge in by_year.items()
    ]
    return [heads, *rows]


@remembered
def draft_version(
    actor: Actor,
    table: Sequence[Sequence[str]] | None = None,
    totals: Sequence[Sequence[str]] | None = None,
    *,
    body: Organisation | None = None,
    **plan: Any,
) -> PlanVersion:
    """A draft of the first version of a plan of 2020, filled from `table` (default: empty)."""
    fields: dict[str, Any] = {
        "level": Plan.Level.REPUBLICAN,
        "year": 2020,
        "title_kk": "Гранттар жоспары",
        "title_ru": "План грантов",
        **plan,
    }
    with clock.frozen(APPROVED - timedelta(days=1)):
        owner = body or actor.acting_for
        assert owner is not None
        made = Plan.objects.create(body=owner, **fields)
        version = new_version(made, actor=actor)
        if table is not None:
            VERSION.take("import", version, actor=actor, table=table, totals=totals)
    return version


@remembered
def approve(version: PlanVersion, actor: Actor, *, at: datetime = APPROVED) -> PlanVersion:
    """The version in force by an act of the same day."""
    with clock.frozen(at):
        VERSION.take(
            "approve",
            version,
            actor=actor,
            act_body="Ақпарат және қоғамдық даму министрлігі",
            act_date=clock.day_of(at),
            act_number="72",
        )
    return version


def approved_plan(actor: Actor, topics: int = 1) -> PlanVersion:
    """A version in force with as many topics of 5 million tenge."""
    return plan_version(actor.acting_for, [{2020: 5_000_000}] * topics)


@remembered
def shipped_plan(actor: Actor) -> PlanVersion:
    """The real plan of 2020 with its printed totals, in force."""
    return approve(draft_version(actor, *importing.shipped()), actor)


@remembered
def plan_version(
    body: Organisation | None, amounts: Sequence[Mapping[int, int]] = ({2020: 5_000_000},)
) -> PlanVersion:
    """An approved plan of the operator with a topic for each of `amounts` ({year: tenge})."""
    actor = gulnara(body)
    return approve(draft_version(actor, plan_table(amounts)), actor)


COMPLETE: dict[str, Any] = {
    "title_kk": "Үкіметтік емес ұйымдарға арналған гранттар конкурсы",
    "title_ru": "Конкурс грантов для неправительственных организаций",
    "text_kk": "Хабарландыру",
    "text_ru": "Объявление",
    "contacts_kk": "Гүлнар Гүлнарова, +7 700 000 00 05",
    "contacts_ru": "Гульнара Гульнарова, +7 700 000 00 05",
    "closes_at": CLOSES,
    "latest_project_end": date(2020, 11, 27),
    "balance_date": date(2020, 3, 31),
}


@remembered
def draft_competition(
    actor: Actor, version: PlanVersion | None = None, topics: int = 1, **fields: Any
) -> Competition:
    """A draft that lacks nothing, begun a day before `OPENS`; `fields` say what is different."""
    version = version or approved_plan(actor, topics)
    competition = Competition(version=version, **{**COMPLETE, **fields})
    with clock.frozen(OPENS - timedelta(days=1)):
        every = version.topics.prefetch_related("amounts")
        return competition_draft.begin(competition, every, actor=actor)


@remembered
def announced_competition(
    actor: Actor, topics: int = 1, *, at: datetime = OPENS, **fields: Any
) -> Competition:
    """An announced competition with a lot for each topic of its plan."""
    competition = draft_competition(actor, topics=topics, **fields)
    with clock.frozen(at):
        COMPETITION.take("announce", competition, actor=actor)
    return competition


def open_competition(
    operator: Organisation,
    *,
    amounts: Sequence[Mapping[int, int]] = ({2020: 5_000_000},),
    opens: datetime = OPENS,
    closes: datetime = CLOSES,
) -> Competition:
    """An announced competition with a lot for each of `amounts`."""
    return announced_competition(
        gulnara(operator), version=plan_version(operator, amounts), at=opens, closes_at=closes
    )
