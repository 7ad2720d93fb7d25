"""Scenes from the list of topics to the approved budget, by the real steps."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ortaq.core import clock
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.planning.models import BudgetRequest, EstimateLine, Formation, Specification, Topic
from ortaq.planning.procedure import budgeting, requesting, specification
from ortaq.planning.procedure.formation import FORMATION
from ortaq.planning.procedure.specification import SPECIFICATION
from ortaq.planning.queries.specification import approved_of
from ortaq.testing.remembered import remembered

from . import scenes

TENGE = 100
ANSWERS = {
    key: {"kk": "Жауап", "ru": "Ответ"} for keys in budgeting.QUESTIONS.values() for key in keys
}


@remembered
def listed(clock_fixture: Any, actor: Actor, body: Organisation, topics: int = 1) -> Formation:
    """A list of topics formed without a council, with the reason for that."""
    formation = scenes.published(clock_fixture, actor, body, topics)
    scenes.reported(clock_fixture, formation, actor)
    FORMATION.take(
        "form_list",
        formation,
        actor=actor,
        topics={topic.pk: Topic.State.LISTED for topic in formation.topics.all()},
        without_council="Кеңес әлі құрылмаған.",
    )
    return formation


@remembered
def a_specification(
    actor: Actor, topic: Topic, template: str = "events", **fields: Any
) -> Specification:
    """A draft that lacks nothing: a template, with the sections that it leaves open."""
    found = specification.begin(topic, actor=actor, template=template)
    open_ones = {
        key: {"kk": f"{key} мәтіні", "ru": f"Текст {key}"}
        for key in specification.sections_of(found)
        if not found.content.get(key)
    }
    given = {"special": False, "grounds": (), **fields}
    specification.write(found, content={**found.content, **open_ones}, actor=actor, **given)
    found.refresh_from_db()
    return found


@remembered
def specified(actor: Actor, topic: Topic, template: str = "events") -> Specification:
    """An approved specification of a topic of the list."""
    return specified_as_it_stands(actor, a_specification(actor, topic, template))


def specified_as_it_stands(actor: Actor, draft: Specification) -> Specification:
    """The draft approved."""
    SPECIFICATION.take("approve", draft, actor=actor)
    return draft


def revised(actor: Actor, topic: Topic) -> Specification:
    """The next version of an approved specification, made for the sum that the budget gave."""
    version = specification.begin(topic, actor=actor, source=approved_of(topic))
    return specified_as_it_stands(actor, version)


def a_request(actor: Actor, topic: Topic, *tenge: int) -> BudgetRequest:
    """A budget request that is answered, with a line for each sum (default: 5 000 000)."""
    lines = [
        EstimateLine(
            item_kk=f"{number}-шығыс",
            item_ru=f"Расход {number}",
            unit="дана",
            quantity=Decimal(1),
            unit_cost_tiyn=each * TENGE,
        )
        for number, each in enumerate(tenge or (5_000_000,), 1)
    ]
    content = {**ANSWERS, "level": {"key": "oblast"}}
    return requesting.write_request(
        topic, programme="001", content=content, lines=lines, actor=actor
    )


@remembered
def requested(clock_fixture: Any, actor: Actor, body: Organisation, topics: int = 1) -> Formation:
    """Every topic of the list specified and in the submitted budget request."""
    return request(listed(clock_fixture, actor, body, topics), actor)


def request(formation: Formation, actor: Actor) -> Formation:
    """A list of topics specified and taken into the budget request."""
    for topic in formation.topics.all():
        specified(actor, topic)
        a_request(actor, topic)
    FORMATION.take("request", formation, actor=actor)
    return formation


@remembered
def budgeted(clock_fixture: Any, actor: Actor, body: Organisation, *tenge: int) -> Formation:
    """The budget approved: one topic for each sum (5 000 000 tenge were requested for each)."""
    sums = tenge or (5_000_000,)
    return approve(requested(clock_fixture, actor, body, len(sums)), actor, *sums)


@remembered
def approve(formation: Formation, actor: Actor, *sums: int) -> Formation:
    """The budget gives the topics these sums, in tenge and in their order."""
    topics = formation.topics.order_by("position")
    FORMATION.take(
        "budget",
        formation,
        actor=actor,
        sums={topic.pk: each * TENGE for topic, each in zip(topics, sums, strict=True)},
        decision="№ 12/3-VII",
        decided_on=clock.today(),
    )
    return formation
