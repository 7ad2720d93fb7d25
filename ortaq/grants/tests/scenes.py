"""Scenes of grants: what happened before a test begins, by the real steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ortaq.core import clock
from ortaq.grants.models import (
    Competition,
    Lot,
    Plan,
    PlanField,
    PlanVersion,
    Topic,
    TopicAmount,
)
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation, Role
from ortaq.testing import factories

OPENS = clock.at(date(2020, 5, 14), 9)
CLOSES = clock.at(date(2020, 6, 3), 18)
DURING = clock.at(date(2020, 5, 20), 10)
TENGE = 100


@dataclass
class Cast:
    """Aliya manages an NGO, Bolat keeps its accounts, Dana heads a rival; Gulnara is the operator's."""

    ngo: Organisation
    rival: Organisation
    operator: Organisation
    aliya: Actor
    bolat: Actor
    dana: Actor
    gulnara: Actor


def cast() -> Cast:
    """The people that scenes of applications are played by."""
    ngo = factories.an_organisation(
        name_kk="«Әлем» қоғамдық қоры", name_ru="Общественный фонд «Алем»"
    )
    rival = factories.an_organisation(
        name_kk="«Қамқор» қоғамдық бірлестігі", name_ru="Общественное объединение «Камкор»"
    )
    operator = factories.an_organisation(
        "operator", name_kk="Гранттар операторы", name_ru="Оператор грантов"
    )
    return Cast(
        ngo,
        rival,
        operator,
        factories.a_member(ngo, Role.HEAD, surname="Әлиева", given_name="Әлия"),
        factories.a_member(ngo, Role.ACCOUNTANT, surname="Болатов", given_name="Болат"),
        factories.a_member(rival, Role.HEAD, surname="Данаева", given_name="Дана"),
        factories.a_member(operator, Role.OFFICER, surname="Гүлнарова", given_name="Гүлнар"),
    )


def plan_version(
    body: Organisation, amounts: Sequence[dict[int, int]] = ({2020: 5_000_000},)
) -> PlanVersion:
    """An approved plan with one field and a topic for each of `amounts` ({year: tenge})."""
    plan = Plan.objects.create(
        body=body,
        level=Plan.Level.REPUBLICAN,
        year=2020,
        title_kk="Гранттар жоспары",
        title_ru="План грантов",
    )
    version = PlanVersion.objects.create(
        plan=plan,
        number=1,
        state=PlanVersion.State.APPROVED,
        approved_at=clock.at(date(2020, 2, 27)),
    )
    field = PlanField.objects.create(
        version=version, position=1, number="1", name_kk="Білім беру", name_ru="Образование"
    )
    for position, by_year in enumerate(amounts, 1):
        topic = Topic.objects.create(
            version=version,
            field=field,
            position=position,
            number=str(position),
            title_kk=f"{position}-тақырып: еріктілерді қолдау",
            title_ru=f"Тема {position}: поддержка волонтёров",
            term=[[year, 3, 11] for year in by_year],
        )
        for year, tenge in by_year.items():
            TopicAmount.objects.create(topic=topic, year=year, amount_tiyn=tenge * TENGE)
    return version


def open_competition(
    operator: Organisation,
    *,
    amounts: Sequence[dict[int, int]] = ({2020: 5_000_000},),
    opens: datetime = OPENS,
    closes: datetime = CLOSES,
) -> Competition:
    """An announced competition with a lot for each of `amounts`."""
    version = plan_version(operator, amounts)
    competition = Competition.objects.create(
        operator=operator,
        version=version,
        edition="2020",
        title_kk="Үкіметтік емес ұйымдарға арналған гранттар конкурсы",
        title_ru="Конкурс грантов для неправительственных организаций",
        text_kk="Хабарландыру",
        text_ru="Объявление",
        announced_at=opens,
        closes_at=closes,
        latest_project_end=date(2020, 11, 27),
        balance_date=date(2020, 3, 31),
        state=Competition.State.ANNOUNCED,
    )
    for topic in version.topics.prefetch_related("amounts"):
        Lot.objects.create(
            competition=competition,
            topic=topic,
            position=topic.position,
            amount_tiyn=sum(one.amount_tiyn for one in topic.amounts.all()),
        )
    return competition
