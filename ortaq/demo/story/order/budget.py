"""November 2022 to January 2023: specifications, the budget request, the budget, the Information."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.law.findings import stops
from ortaq.people.actor import Actor
from ortaq.planning.models import (
    BudgetRequest,
    EstimateLine,
    Formation,
    Information,
    Specification,
    Topic,
)
from ortaq.planning.procedure import requesting, specification
from ortaq.planning.procedure.formation import FORMATION
from ortaq.planning.procedure.specification import SPECIFICATION

from . import data, found
from .data import TENGE

State = Formation.State
BODY = "akimat"


def beats() -> Iterator[Beat]:
    told = data.order()["list"][BODY]
    yield beat(told["specified_at"], specify)
    yield beat(told["requested_at"], request)
    yield beat(told["budgeted_at"], enter_budget)
    yield beat(told["revised_at"], revise)
    yield beat(told["informed_at"], inform)


def listed() -> list[Topic]:
    return [topic for topic in found.topics(BODY) if topic.state == Topic.State.LISTED]


def row_of(topic: Topic) -> dict[str, Any]:
    """What the story knows of a topic; little of one that visitors have added."""
    rows = {row["kk"]: row for row in data.topics(BODY)}
    return rows.get(topic.title_kk, {})


def specify() -> None:
    """A specification for each topic that has none yet.

    A draft of somebody's is completed; one that cannot be approved even so gives way to a template.
    """
    saule = cast.actor("saule")
    for topic in listed():
        versions = list(topic.specifications.order_by("number"))
        if any(one.state == Specification.State.APPROVED for one in versions):
            continue
        drafts = [one for one in versions if one.state == Specification.State.DRAFT]
        template = row_of(topic).get("template", "events")
        for draft in drafts:
            complete(draft, topic, saule)
            if not stops(SPECIFICATION.findings("approve", draft, saule)):
                break
            SPECIFICATION.take("discard", draft, actor=saule)
        else:
            draft = specification.begin(topic, actor=saule, template=template)
            complete(draft, topic, saule)
        SPECIFICATION.take("approve", draft, actor=saule)


def complete(draft: Specification, topic: Topic, actor: Actor) -> None:
    """Write the sections that are still open."""
    told = data.order()["sections"]
    own = {
        "goal": {"kk": topic.result_kk, "ru": topic.result_ru},
        "tasks": {"kk": topic.justification_kk, "ru": topic.justification_ru},
    }
    known = {**own, **{key: data.said(pair) for key, pair in told.items()}, **draft.content}
    content = {key: known[key] for key in specification.sections_of(draft) if key in known}
    specification.write(draft, content=content, special=False, grounds=(), actor=actor)
    draft.refresh_from_db()


def request() -> None:
    """A request with its estimate for each topic, then all of them into the budget request."""
    saule, formation = cast.actor("saule"), found.formation(BODY)
    if formation.state != State.LISTED:
        return
    told = data.order()["request"]
    for topic in listed():
        if BudgetRequest.objects.filter(topic=topic).exists():
            continue
        content = {
            "level": {"key": "oblast"},
            "planning_documents": data.said(told["planning_documents"]),
            "tasks": data.said(told["tasks"]),
            "expected_result": {"kk": topic.result_kk, "ru": topic.result_ru},
            "activities": {"kk": topic.title_kk, "ru": topic.title_ru},
            "target_group": {"kk": topic.target_group_kk, "ru": topic.target_group_ru},
        }
        item = data.said(told["line"])
        line = EstimateLine(
            item_kk=item["kk"],
            item_ru=item["ru"],
            unit="жиынтық",
            quantity=Decimal(1),
            unit_cost_tiyn=topic.planned_tiyn,
        )
        requesting.write_request(
            topic, programme=told["programme"], content=content, lines=[line], actor=saule
        )
    FORMATION.take("request", formation, actor=saule)


def enter_budget() -> None:
    """The maslikhat approves; one topic gets less than was requested."""
    formation, told = found.formation(BODY), data.order()["list"][BODY]
    if formation.state != State.REQUESTED:
        return
    sums = {
        topic.pk: row["approved"] * TENGE if (row := row_of(topic)) else topic.requested_tiyn
        for topic in listed()
    }
    facts = {"sums": sums, "decision": told["decision"], "decided_on": told["decided_on"]}
    FORMATION.take("budget", formation, actor=cast.actor("saule"), **facts)


def revise() -> None:
    """A new version where the budget gives less than the one in force was made for (SO-T-058)."""
    saule = cast.actor("saule")
    for topic in listed():
        versions = topic.specifications.select_related("topic__formation")
        in_force = versions.filter(state=Specification.State.APPROVED).first()
        if in_force and specification.needs_revision(topic, in_force):
            draft = versions.filter(state=Specification.State.DRAFT).first()
            draft = draft or specification.begin(topic, actor=saule, source=in_force)
            SPECIFICATION.take("approve", draft, actor=saule)


def inform() -> None:
    """The Information after the budget, by 25 January."""
    formation = found.formation(BODY)
    after = formation.informations.filter(issue=Information.Issue.AFTER)
    if formation.state == State.BUDGETED and not after.exists():
        FORMATION.take("publish_budget", formation, actor=cast.actor("saule"))
