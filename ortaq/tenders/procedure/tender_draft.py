"""The documentation of a tender while it is drafted: its lots, texts and files (SO-T-043, SO-T-044)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from ortaq.core import files, journal
from ortaq.core.procedure import Refused, moved_on, not_yours
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.planning.models import Specification, Topic
from ortaq.planning.procedure.specification import tender_findings
from ortaq.tenders.models import Lot, Tender, TenderFile
from ortaq.tenders.policy.tender import buys, prepares

from .tender import APPROVE, TENDER
from .tender_money import held_elsewhere

ACT, EDITION = "tender_scoring", "2019"
MOST_FILES = 20


# --- Drafting ------------------------------------------------------------------------------------


@transaction.atomic
def begin(
    tender: Tender,
    topics: Sequence[Topic],
    *,
    actor: Actor,
    organiser: Organisation | None = None,
) -> Tender:
    """Save a draft with a lot for each of `topics`, which all belong to one customer.

    The customer is the body whose topics they are; `organiser` is a single one, if it is not
    the customer itself. The edition of the rules is pinned here (SO-T-002). `PermissionDenied`
    for anybody but the customer's officers, `Refused` for topics that are not ready (SO-T-058).
    """
    customers = {topic.formation.body_id for topic in topics}
    if len(customers) != 1:
        raise ValueError("the topics of a tender belong to one customer")
    tender.customer_id = customers.pop()
    if not buys(actor, tender):
        raise PermissionDenied
    tender.organiser_id = organiser.pk if organiser else tender.customer_id
    tender.single_organiser = tender.organiser_id != tender.customer_id
    tender.act, tender.edition = ACT, EDITION
    in_force = _ready(topics)
    TENDER.begin(
        tender,
        actor=actor,
        edition=f"{ACT}/{EDITION}",
        topics=[topic.pk for topic in topics],
        organiser=tender.organiser_id,
    )
    _add_lots(tender, topics, in_force)
    return tender


@transaction.atomic
def edit(tender: Tender, fields: Iterable[str], *, actor: Actor) -> None:
    """Save those of `fields` that differ from what is stored."""
    row = _own_draft(tender, actor)
    changed = sorted(name for name in fields if getattr(row, name) != getattr(tender, name))
    if changed:
        tender.version = row.version + 1
        tender.save(update_fields=[*changed, "version", "search"])
        _note(tender, "edit", actor, {"fields": changed, "version": tender.version})


@transaction.atomic
def choose_topics(tender: Tender, topics: Sequence[Topic], *, actor: Actor) -> None:
    """Make the lots of a draft exactly those of `topics`; lots that stay keep what was entered."""
    _own_draft(tender, actor)
    if any(topic.formation.body_id != tender.customer_id for topic in topics):
        raise ValueError("the topics of a tender belong to one customer")
    kept = set(tender.lots.values_list("topic_id", flat=True))
    added = [topic for topic in topics if topic.pk not in kept]
    in_force = _ready(added)
    tender.lots.exclude(topic__in=[topic.pk for topic in topics]).delete()
    for position, lot in enumerate(tender.lots.all(), 1):
        if lot.position != position:
            lot.position = position
            lot.save(update_fields=["position"])
    _add_lots(tender, added, in_force)
    _touch(tender, "choose_topics", actor, {"topics": [topic.pk for topic in topics]})


@transaction.atomic
def write_lot(lot: Lot, *, actor: Actor) -> None:
    """Save sum, dates and advance of a lot of a draft."""
    tender = _own_draft(lot.tender, actor)
    lot.save(update_fields=["allocated_tiyn", "starts_on", "ends_on", "advance_percent"])
    facts = {"lot": lot.position, "allocated": lot.allocated_tiyn}
    _touch(tender, "write_lot", actor, facts)


@transaction.atomic
def renew(lot: Lot, *, actor: Actor) -> None:
    """Take the specification that is in force now, where a later version was approved meanwhile."""
    tender = _own_draft(lot.tender, actor)
    found = _ready([lot.topic])[lot.topic_id]
    if found.pk != lot.specification_id:
        lot.specification = found
        lot.save(update_fields=["specification"])
        _touch(tender, "renew", actor, {"lot": lot.position, "specification": found.pk})


@transaction.atomic
def add_file(file: TenderFile, upload: Any, *, actor: Actor) -> TenderFile:
    """Add a part of the documentation; `ValidationError` for a file that is none of ours, or too many."""
    tender = _own_draft(file.tender, actor)
    if tender.files.count() >= MOST_FILES:
        raise ValidationError(
            _("The documentation holds %(most)s files already. Remove one, or join some."),
            code="too_many",
            params={"most": MOST_FILES},
        )
    file.file = files.store(
        upload, name=upload.name, person=actor.user, allowed=files.DOCUMENTS, public=True
    )
    file.save()
    _touch(tender, "add_file", actor, {"part": str(file.part), "sha256": file.file.sha256})
    return file


@transaction.atomic
def remove_file(file: TenderFile, *, actor: Actor) -> None:
    """Take a part out of a draft; what lies in the storage stays there."""
    tender = _own_draft(file.tender, actor)
    _touch(tender, "remove_file", actor, {"part": str(file.part), "sha256": file.file.sha256})
    file.delete()


def _add_lots(
    tender: Tender, topics: Sequence[Topic], in_force: Mapping[int, Specification]
) -> None:
    """A lot behind the others for each topic, with what is left of its approved sum."""
    last = tender.lots.aggregate(Max("position"))["position__max"] or 0
    held = held_elsewhere((topic.pk for topic in topics), tender)
    Lot.objects.bulk_create(
        Lot(
            tender=tender,
            topic=topic,
            specification=in_force[topic.pk],
            position=position,
            allocated_tiyn=_left(topic, held.get(topic.pk, 0)),
        )
        for position, topic in enumerate(topics, last + 1)
    )


def _left(topic: Topic, held: int) -> int:
    """What remains of the approved sum; all of it where nothing would, for the officer to settle."""
    approved = topic.approved_tiyn
    assert approved  # `_ready` saw to it
    return approved - held if held < approved else int(approved)


def _ready(topics: Sequence[Topic]) -> dict[int, Specification]:
    """The specification in force of each topic; `Refused` where one is not ready; one query."""
    rows = Specification.objects.filter(
        topic__in=[topic.pk for topic in topics], state=Specification.State.APPROVED
    )
    in_force = {row.topic_id: row for row in rows}
    findings = [
        finding for topic in topics for finding in tender_findings(topic, in_force.get(topic.pk))
    ]
    if findings:
        raise Refused(APPROVE, findings)
    return in_force


def _own_draft(tender: Tender, actor: Actor) -> Tender:
    """The row, locked; `Refused` when it is no longer a draft or not the actor's to change."""
    row = TENDER.lock(tender.pk)
    if not prepares(actor, row):
        raise Refused(APPROVE, [not_yours(APPROVE)])
    if row.state != Tender.State.DRAFT:
        raise Refused(APPROVE, [moved_on(APPROVE, row, "state")])
    return row


def _touch(tender: Tender, step: str, actor: Actor, facts: Mapping[str, Any]) -> None:
    """The package has a new version, and the journal knows why."""
    tender.version += 1
    tender.save(update_fields=["version"])
    _note(tender, step, actor, {**facts, "version": tender.version})


def _note(tender: Tender, step: str, actor: Actor, facts: Mapping[str, Any]) -> None:
    journal.append(tender, step, actor=actor.key, behalf=actor.behalf, facts=facts)
