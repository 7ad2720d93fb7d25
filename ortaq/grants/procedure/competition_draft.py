"""A competition before it is announced: its topics and its texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from ortaq import law
from ortaq.core import clock, journal
from ortaq.core.procedure import Refused, moved_on, not_yours
from ortaq.grants.models import Competition, Lot, Topic
from ortaq.grants.policy.competition import is_its_operator
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.people.policy import is_operator

from .competition import ANNOUNCE, COMPETITION


@transaction.atomic
def begin(
    competition: Competition,
    topics: Iterable[Topic],
    *,
    actor: Actor,
    repeats: Mapping[int, Lot] | None = None,
) -> Competition:
    """Save a draft of the operator acted for, with a lot for each of `topics`.

    `repeats` names, by topic, the failed lot that the new one repeats (GR-P-14). The edition of
    the rules is pinned here. `PermissionDenied` for anybody but the operator.
    """
    if not is_operator(actor):
        raise PermissionDenied
    assert isinstance(actor.acting_for, Organisation)
    competition.operator = actor.acting_for
    competition.edition = law.at("grants_rules", clock.today()).key
    COMPETITION.begin(
        competition, actor=actor, version=competition.version_id, kind=str(competition.kind)
    )
    _write_lots(competition, topics, repeats or {})
    return competition


@transaction.atomic
def edit(competition: Competition, fields: Iterable[str], *, actor: Actor) -> None:
    """Save those of `fields` that differ from what is stored."""
    row = _own_draft(competition, actor)
    changed = sorted(name for name in fields if getattr(row, name) != getattr(competition, name))
    if changed:
        competition.save(update_fields=[*changed, "search"])
        _note(competition, "edit", actor, {"fields": changed})


@transaction.atomic
def choose_topics(competition: Competition, topics: Iterable[Topic], *, actor: Actor) -> None:
    """Make the lots of a draft exactly `topics`, which all belong to one version of its plan.

    The competition then names that version. Lots that repeat a failed one stay what they are.
    """
    chosen = list(topics)
    _own_draft(competition, actor)
    versions = {topic.version_id for topic in chosen}
    if len(versions) > 1 or any(t.version.plan_id != competition.version.plan_id for t in chosen):
        raise ValueError("the topics of a competition belong to one version of its plan")
    if chosen:
        competition.version = chosen[0].version
        competition.save(update_fields=["version"])
    kept = competition.lots.filter(topic__in=[topic.pk for topic in chosen])
    repeats = {lot.topic_id: lot.repeats for lot in kept.select_related("repeats") if lot.repeats}
    competition.lots.all().delete()
    _write_lots(competition, chosen, repeats)
    _note(
        competition,
        "choose_topics",
        actor,
        {"topics": [topic.number for topic in chosen], "version": competition.version_id},
    )


def _write_lots(
    competition: Competition, topics: Iterable[Topic], repeats: Mapping[int, Lot]
) -> None:
    ordered = sorted(topics, key=lambda topic: topic.position)
    Lot.objects.bulk_create(
        Lot(
            competition=competition,
            topic=topic,
            position=position,
            repeats=repeats.get(topic.pk),
            amount_tiyn=sum(amount.amount_tiyn for amount in topic.amounts.all()),
        )
        for position, topic in enumerate(ordered, 1)
    )


def _own_draft(competition: Competition, actor: Actor) -> Competition:
    """The row, locked; `Refused` when it is no longer a draft or not the actor's to change."""
    row = COMPETITION.lock(competition.pk)
    if not is_its_operator(actor, row):
        raise Refused(ANNOUNCE, [not_yours(ANNOUNCE)])
    if row.state != Competition.State.DRAFT:
        raise Refused(ANNOUNCE, [moved_on(ANNOUNCE, row, "state")])
    return row


def _note(competition: Competition, step: str, actor: Actor, facts: Mapping[str, Any]) -> None:
    journal.append(competition, step, actor=actor.key, behalf=actor.behalf, facts=facts)
