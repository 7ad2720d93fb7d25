"""Scenes of tenders. `a_planned_tender` comes to the announcement by the real steps, from the list of
topics on; where a test is about something else, what stands before is set directly, which is quicker.
Bids are written and handed in by the steps that the pages take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from ortaq.core import clock
from ortaq.documents.writing import paths
from ortaq.documents.writing.merge import Edit
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.planning.models import Formation, Service, Specification, Topic
from ortaq.planning.tests import budget_scenes
from ortaq.planning.tests.scenes import Cast
from ortaq.planning.tests.scenes import cast as planning_cast
from ortaq.tenders import sealing
from ortaq.tenders.content.parts import slug
from ortaq.tenders.models import Bid, BidReceipt, Lot, Tender
from ortaq.tenders.procedure import bid as procedure
from ortaq.tenders.procedure import bid_draft as draft
from ortaq.tenders.procedure import tender_draft as documentation
from ortaq.tenders.procedure.tender import TENDER
from ortaq.testing.remembered import remembered

ANNOUNCED = clock.at(date(2024, 2, 1), 10)
CLOSES = clock.at(date(2024, 2, 22), 18)
BEGUN_ON, CLOSES_ON = date(2024, 2, 1), date(2024, 2, 22)
DURING = clock.at(date(2024, 2, 12), 12)
AFTER = clock.at(date(2024, 2, 22), 18, 0, 1)
TENGE = 100
ALLOCATED = 10_000_000 * TENGE
PDF = b"%PDF-1.4\n% invented charter\n%%EOF\n"
SECRET = "Құпия әдіс"  # a text to look for where it must not stand


@dataclass
class Scene:
    """The cast of planning, with a tender of the akimat whose officer is Saule, and its one lot."""

    cast: Cast
    tender: Tender
    lot: Lot


def a_specification(
    formation: Formation, position: int = 1, *, years: int = 1, sum_tiyn: int = ALLOCATED
) -> Specification:
    """An approved specification of a budgeted topic with two services."""
    topic = Topic.objects.create(
        formation=formation,
        position=position,
        field="youth_policy_children_initiatives",
        title_kk=f"{position}-лот: жастармен жұмыс",
        title_ru=f"Лот {position}: работа с молодёжью",
        planned_tiyn=sum_tiyn,
        approved_tiyn=sum_tiyn,
        financial_years=years,
        state=Topic.State.LISTED,
    )
    specification = Specification.objects.create(
        topic=topic,
        act="standard_social_order",
        edition="2022",
        state=Specification.State.APPROVED,
        sum_tiyn=sum_tiyn,
    )
    for number, (name_kk, name_ru, quantity) in enumerate(
        (("Тренингтер", "Тренинги", 3), ("Буклеттер", "Буклеты", 500)), 1
    ):
        Service.objects.create(
            specification=specification,
            key=f"s{number}",
            position=number,
            name_kk=name_kk,
            name_ru=name_ru,
            requirements_kk="Кемінде 25 қатысушы",
            requirements_ru="Не менее 25 участников",
            quantity=quantity,
        )
    return specification


@remembered
def an_announced_tender(
    people: Cast, *, lots: int = 1, closes_at: datetime = CLOSES, years: int = 1
) -> Tender:
    """A tender of the akimat that accepts bids."""
    formation = Formation.objects.create(
        body=people.akimat,
        level=Formation.Level.LOCAL,
        plan_year=2024,
        act="rules_social_order",
        edition="2022",
        state=Formation.State.BUDGETED,
    )
    tender = Tender.objects.create(
        customer=people.akimat,
        organiser=people.akimat,
        act="tender_scoring",
        edition="2019",
        number="2024-1",
        title_kk="Жастар саясаты бойынша әлеуметтік тапсырыс",
        title_ru="Социальный заказ по молодёжной политике",
        contact="Сәуле Қасымова, +7 700 000 00 06",
        state=Tender.State.ANNOUNCED,
        approved_at=ANNOUNCED,
        announced_at=ANNOUNCED,
        closes_at=closes_at,
        seal_key=sealing.new_pair(),
    )
    for position in range(1, lots + 1):
        specification = a_specification(formation, position, years=years)
        Lot.objects.create(
            tender=tender,
            topic=specification.topic,
            specification=specification,
            position=position,
            allocated_tiyn=ALLOCATED,
            starts_on=date(2024, 3, 1),
            ends_on=date(2024, 11, 30),
        )
    return tender


@remembered
def a_scene(planned: Any = None, **tender: Any) -> Scene:
    """An announced tender with one lot; planned from the list of topics on where a clock is given."""
    people = planning_cast()
    made = a_planned_tender(planned, people) if planned else an_announced_tender(people, **tender)
    return Scene(people, made, made.lots.select_related("tender", "topic").order_by("position")[0])


@remembered
def a_planned_tender(clock_fixture: Any, people: Cast, tenge: int = 5_000_000) -> Tender:
    """Announced at `ANNOUNCED`, every step taken: topic, discussion, specification, budget, tender."""
    formation = budget_scenes.budgeted(clock_fixture, people.saule, people.akimat, tenge)
    return an_announced(clock_fixture, people, topics=list(formation.topics.all()))


# --- Bids --------------------------------------------------------------------------------------------

LEVELS = (
    ("input", "quantitative"),
    ("process", "quantitative"),
    ("short_term", "qualitative"),
    ("long_term", "qualitative"),
)
CONTENT: dict[str, Any] = {
    **{
        f"goals_match/~g{n}/{key}": text
        for n in (1, 2, 3)
        for key, text in {"goal": f"Жарғының {n}-мақсаты", "match": "Қызметке сай"}.items()
    },
    "experience/market": "2018 жылдан бері",
    "experience/projects/~e1/name": "Ерікті",
    "experience/projects/~e1/counts_as": "social",
    "experience/projects/~e1/first": "2018-03",
    "experience/projects/~e1/last": "2022-11",
    "experience/projects/~e1/customer_geography": "Қор, Түркістан",
    "experience/projects/~e1/cost": 5_000_000 * TENGE,
    "experience/projects/~e1/results": "200 қатысушы",
    "qualification/~t1/member_name": "Әлиева Әлия",
    "qualification/~t1/position": "үйлестіруші",
    "qualification/~t1/qualification": "Педагог, 10 жыл",
    "description/tasks": "Екі тапсырма",
    "description/mechanism": SECRET,
    "description/coverage_direct": 75,
    "description/coverage_indirect": 5000,
    "description/coverage_by_group/~c1/group": "Жастар",
    "description/coverage_by_group/~c1/persons": 75,
    **{
        f"plan/~a{n}/{key}": text
        for n, service in ((1, "ss1"), (2, "ss2"))
        for key, text in {
            "service": service,
            "kind": "тренинг",
            "name": f"{n}-іс-шара",
            "term": "2024 жылғы сәуірдің 1-онкүндігі",
            "place": "Түркістан қаласы",
            "responsible": "Әлиева Әлия",
            "about": "Бір күндік",
        }.items()
    },
    "media_plan/~m1/topic": "Тренинг туралы",
    "media_plan/~m1/responsible": "Болатов Болат",
    "media_plan/~m1/medium": "Жергілікті газет",
    "media_plan/~m1/expected_date": "2024 жылғы мамыр",
    **{
        f"indicators/~i{n}/{key}": text
        for n, (level, nature) in enumerate(LEVELS, 1)
        for key, text in {
            "level": level, "nature": nature, "text": "Көрсеткіш", "expected": "75",
        }.items()
    },
    "risks/~r1/risk": "Карантин",
    "risks/~r1/strategy": "Онлайн",
    "services/ss1/offer": "Үш тренинг",
    "services/ss1/quantity": 3,
    "services/ss2/offer": "Буклет",
    "services/ss2/quantity": 500,
}  # fmt: skip


def content_of(lot: Lot) -> dict[str, Any]:
    """`CONTENT` for the services of any lot: each answered as asked, the first two in the plan."""
    rest = {path: value for path, value in CONTENT.items() if not path.startswith("services/")}
    services = list(lot.specification.services.order_by("position"))
    answers = {
        f"services/{slug(one)}/{key}": value
        for number, one in enumerate(services)
        for key, value in {
            "offer": "Буклет" if number else "Үш тренинг",
            "quantity": one.quantity,
        }.items()
    }
    plan = {f"plan/~a{n}/service": slug(one) for n, one in enumerate(services[:2], 1)}
    return rest | answers | plan


def write(bid: Bid, values: dict[str, Any], actor: Actor) -> None:
    """Write values (by path) into a draft, as its pages do."""
    units: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        units.setdefault(paths.unit_of(path), {})[path] = value
    version = Bid.objects.values_list("version", flat=True).get(pk=bid.pk)
    draft.save(bid, [Edit(unit, version, found) for unit, found in units.items()], actor=actor)


@remembered
def a_draft(lot: Lot, actor: Actor, **facts: Any) -> Bid:
    """A new, empty draft."""
    assert actor.acting_for is not None
    return draft.begin(lot, actor.acting_for, actor=actor, **facts)


@remembered
def a_complete_draft(lot: Lot, actor: Actor, *, tenge: int = 9_000_000) -> Bid:
    """A draft that lacks nothing, with its price."""
    bid = a_draft(lot, actor)
    write(bid, {**content_of(lot), "price/offer": tenge * TENGE}, actor)
    draft.attach(bid, ContentFile(PDF, "жарғы.pdf"), actor=actor, slot="charter")
    return bid


@remembered
def a_submitted_bid(lot: Lot, actor: Actor, *, tenge: int = 9_000_000) -> BidReceipt:
    """A bid handed in; its receipt."""
    return procedure.submit(a_complete_draft(lot, actor, tenge=tenge), actor=actor, declared=True)


# --- The documentation -------------------------------------------------------------------------------


def a_ready_topic(people: Cast, position: int = 1) -> Topic:
    """A topic of the akimat with its money and the specification made for it."""
    formation, _made = Formation.objects.get_or_create(
        body=people.akimat,
        plan_year=2024,
        defaults={
            "level": Formation.Level.LOCAL,
            "act": "rules_social_order",
            "edition": "2022",
            "state": Formation.State.BUDGETED,
        },
    )
    return a_specification(formation, position + formation.topics.count()).topic


@remembered
def a_tender_draft(
    clock_fixture: Any,
    people: Cast,
    *,
    on: date = BEGUN_ON,
    closes_on: date = CLOSES_ON,
    lots: int = 1,
    topics: list[Topic] | None = None,
    organiser: Organisation | None = None,
) -> Tender:
    """A draft of Saule that lacks nothing, begun on the day and written by the steps of its pages."""
    clock_fixture.set(clock.at(on, 9))
    topics = topics or [a_ready_topic(people) for _number in range(lots)]
    draft = Tender(
        title_kk="Жастар саясаты бойынша әлеуметтік тапсырыс",
        title_ru="Социальный заказ по молодёжной политике",
        conditions_kk="Қызметтер облыс аумағында көрсетіледі.",
        conditions_ru="Услуги оказываются на территории области.",
        contact="Сәуле Қасымова, +7 700 000 00 06",
        closes_at=clock.at(closes_on, 18),
    )
    documentation.begin(draft, topics, actor=people.saule, organiser=organiser)
    for lot in draft.lots.select_related("tender"):
        lot.starts_on = closes_on + timedelta(days=8)
        lot.ends_on = closes_on + timedelta(days=200)
        documentation.write_lot(lot, actor=people.saule)
    draft.refresh_from_db()
    return draft


def set_deadline(draft: Tender, day: date, actor: Actor) -> None:
    """Another deadline of a draft."""
    draft.closes_at = clock.at(day, 18)
    documentation.edit(draft, ["closes_at"], actor=actor)


@remembered
def an_announced(clock_fixture: Any, people: Cast, **draft: Any) -> Tender:
    """A tender approved and announced by Saule at `ANNOUNCED`."""
    tender = a_tender_draft(clock_fixture, people, **draft)
    clock_fixture.set(ANNOUNCED)
    TENDER.take("approve", tender, actor=people.saule)
    TENDER.take("announce", tender, actor=people.saule)
    return tender
