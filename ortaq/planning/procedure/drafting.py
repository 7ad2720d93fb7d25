"""A list of topics while it is drafted: its head, its topics, what is taken over (SO-F-04).

Every function asks the policy, answers `Refused` once the topics are published, and writes the
formation's chain of the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Max

from ortaq import law
from ortaq.core import clock, journal
from ortaq.core.canonical import sha256
from ortaq.core.procedure import Refused, moved_on
from ortaq.people.actor import Actor
from ortaq.planning.models import Assessment, Formation, Topic
from ortaq.planning.policy import forms, works_for

from .changed import Changed
from .discussing import printed
from .editions import edition_of
from .formation import FORMATION, PUBLISH

ACT = "rules_social_order"
# What a topic of an earlier year hands on.
COPIED = (
    "field",
    "title_kk",
    "title_ru",
    "planned_tiyn",
    "justification_kk",
    "justification_ru",
    "sources",
    "target_group_kk",
    "target_group_ru",
    "result_kk",
    "result_ru",
    "region_code",
    "financial_years",
    "programme",
)


def edition_in_force() -> str:
    """The edition that a formation begun today is made under; `law.errors.Refused` if there is none."""
    return law.at(ACT, clock.today()).key


@transaction.atomic
def begin(formation: Formation, *, actor: Actor) -> Formation:
    """A new list of topics of a body for a year, under the edition in force today unless another is pinned.

    `PermissionDenied` for strangers; `ValueError` for another edition without a reason (SO-X-19).
    """
    if not works_for(actor, formation.body_id):
        raise PermissionDenied
    formation.act = ACT
    if not formation.edition:
        formation.edition = edition_in_force()
    if formation.edition != edition_in_force() and not formation.edition_reason.strip():
        raise ValueError("Another edition is pinned with a reason.")
    # The body's row is the lock: two colleagues who begin at once get two numbers.
    type(formation.body).objects.select_for_update().get(pk=formation.body_id)
    same_year = Formation.objects.filter(body=formation.body_id, plan_year=formation.plan_year)
    formation.number = (same_year.aggregate(Max("number"))["number__max"] or 0) + 1
    return FORMATION.begin(
        formation,
        actor=actor,
        edition=f"{formation.act}/{formation.edition}",
        plan_year=formation.plan_year,
    )


@transaction.atomic
def edit(formation: Formation, names: Iterable[str], *, actor: Actor) -> None:
    """Save these columns of a draft's head."""
    _draft(formation.pk, actor)
    names = list(names)
    formation.version += 1
    formation.save(update_fields=[*names, "version"])
    _write(formation, "edit", actor, columns=sorted(names))


@transaction.atomic
def write_topic(
    topic: Topic, assessments: Sequence[Assessment], *, actor: Actor, version: int = 0
) -> Topic:
    """Save a topic, a new one as the last; `assessments` are those that justify it.

    `version` is the one that the page showed: `Changed` when a colleague has saved since.
    """
    formation = _draft(topic.formation_id, actor)
    new = topic._state.adding
    if new:
        topic.position = (formation.topics.aggregate(Max("position"))["position__max"] or 0) + 1
    else:
        stored = formation.topics.get(pk=topic.pk)
        if stored.version != version:
            raise Changed(stored)
        # A colleague may have moved it meanwhile.
        topic.position, topic.version = stored.position, stored.version + 1
    topic.save()
    topic.assessments.set([one for one in assessments if one.body_id == formation.body_id])
    _write(
        formation,
        "add_topic" if new else "write_topic",
        actor,
        topic=topic.pk,
        content=sha256(printed(topic)),
    )
    return topic


@transaction.atomic
def remove_topic(topic: Topic, *, actor: Actor) -> None:
    """Take a topic out of a draft; those behind it move up."""
    formation = _draft(topic.formation_id, actor)
    row = formation.topics.get(pk=topic.pk)
    number, position = row.pk, row.position
    row.delete()
    formation.topics.filter(position__gt=position).update(position=F("position") - 1)
    _write(formation, "remove_topic", actor, topic=number, content=sha256(printed(row)))


@transaction.atomic
def move_topic(topic: Topic, by: int, *, actor: Actor) -> None:
    """Move a topic of a draft one place up (`by=-1`) or down (`by=1`); at an end it stays."""
    formation = _draft(topic.formation_id, actor)
    order = list(formation.topics.order_by("position", "id"))
    place = next(n for n, one in enumerate(order) if one.pk == topic.pk)
    target = place + by
    if not 0 <= target < len(order):
        return
    order[place], order[target] = order[target], order[place]
    for number, one in enumerate(order, 1):
        one.position = number
    Topic.objects.bulk_update(order, ["position"])
    _write(formation, "move_topic", actor, topic=topic.pk, position=target + 1)


@transaction.atomic
def copy_topics(formation: Formation, topics: Iterable[Topic], *, actor: Actor) -> list[Topic]:
    """Topics of the body's earlier lists as new ones of this draft, behind those it has.

    A field that the edition does not know is left empty: publishing asks for it.
    """
    row = _draft(formation.pk, actor)
    position = row.topics.aggregate(Max("position"))["position__max"] or 0
    known = set(field_keys(row))
    copies: dict[int, Topic] = {}
    for topic in topics:
        if topic.formation.body_id != row.body_id:
            raise PermissionDenied
        position += 1
        content: Mapping[str, Any] = {name: getattr(topic, name) for name in COPIED}
        copy = Topic(formation=row, position=position, **content)
        if copy.field not in known:
            copy.field = ""
        copy.save()
        copies[topic.pk] = copy
    links = Topic.assessments.through
    links.objects.bulk_create(
        links(topic=copies[link.topic_id], assessment_id=link.assessment_id)
        for link in links.objects.filter(topic__in=copies)
    )
    _write(row, "copy_topics", actor, topics=[copy.pk for copy in copies.values()])
    return list(copies.values())


def field_keys(formation: Formation) -> list[str]:
    """The keys of the fields of the formation's edition: 17 in 2018, 19 in 2022."""
    return [one.key for one in fields(formation)]


def fields(formation: Formation) -> list[law.Field]:
    """The fields of the formation's edition in their order (SO-G-09)."""
    return law.fields_of(str(edition_of(formation).parameter("fields.set").value))


def _draft(pk: int, actor: Actor) -> Formation:
    """The row, locked, while the actor may still change it."""
    row = FORMATION.lock(pk)
    if not forms(actor, row):
        raise PermissionDenied
    if row.state != Formation.State.DRAFT:
        raise Refused(PUBLISH, [moved_on(PUBLISH, row, "state")])
    return row


def _write(formation: Formation, step: str, actor: Actor, **facts: Any) -> None:
    journal.append(formation, step, actor=actor.key, behalf=actor.behalf, facts=facts)
