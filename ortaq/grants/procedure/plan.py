"""Versions of a plan, and proposals for it.

version    draft → approved → superseded; an approved version never changes (GR-P-04)
proposal   draft → sent → taken | not taken (GR-P-03)

Drafts of both can be discarded by whoever writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, journal, regions
from ortaq.core.procedure import (
    Attempt,
    Procedure,
    Refused,
    Step,
    locked,
    moved_on,
    not_yours,
)
from ortaq.grants import importing
from ortaq.grants.models import (
    Plan,
    PlanField,
    PlanVersion,
    PrintedTotal,
    Proposal,
    SmallGrantTerms,
    Topic,
    TopicAmount,
)
from ortaq.grants.policy.plan import answers_proposal, edits_version, forms_plan, writes_proposal
from ortaq.law.findings import Finding, Severity
from ortaq.people.actor import Actor

State = PlanVersion.State


def _cite(place: str, *, inferred: bool = False) -> law.Citation:
    return law.edition("grants_rules", "2020").cite(place, inferred=inferred)


def has_topics(version: PlanVersion, attempt: Attempt) -> Iterable[Finding]:
    """There is at least one topic, and each has money."""
    if not version.topics.exists():
        yield Finding(
            "no_topics",
            Severity.ERROR,
            _("The plan has no topics yet. Import a table or add topics."),
            _cite("plan 2020, head row"),
        )
    poor = list(version.topics.filter(amounts=None).values_list("number", flat=True))
    if poor:
        yield Finding(
            "topics_without_money",
            Severity.ERROR,
            _("Some topics have no amount for any year."),
            _cite("plan 2020, head row"),
            {"topics": poor},
        )


def act_stated(version: PlanVersion, attempt: Attempt) -> Iterable[Finding]:
    """The approving act has body, date and number (GR-P-04)."""
    facts = attempt.facts
    given = [
        facts.get(name) or getattr(version, name) for name in ("act_body", "act_date", "act_number")
    ]
    if not all(given):
        yield Finding(
            "no_act",
            Severity.ERROR,
            _("State the act that approves this version: body, date and number."),
            _cite("announcement 2020 §8"),
        )


def _approved(version: PlanVersion, attempt: Attempt) -> Mapping[str, Any]:
    for name in ("act_body", "act_date", "act_number"):
        if attempt.facts.get(name):
            setattr(version, name, attempt.facts[name])
    version.approved_at = attempt.now
    before = PlanVersion.objects.filter(plan=version.plan, state=State.APPROVED).first()
    if before is not None:
        VERSION.take(SUPERSEDE, before, actor=attempt.actor, at=attempt.now)
    version.save(update_fields=["act_body", "act_date", "act_number", "approved_at"])
    return {
        "act": f"{version.act_date} № {version.act_number}",
        "topics": version.topics.count(),
        "supersedes": before.number if before else None,
    }


def _imported(version: PlanVersion, attempt: Attempt) -> Mapping[str, Any]:
    return importing.fill(version, attempt.facts["table"], attempt.facts.get("totals"))


def _discarded(version: PlanVersion, attempt: Attempt) -> Mapping[str, Any]:
    return {"number": version.number, "topics": version.topics.count()}


IMPORT = Step(
    "import",
    _("Import topics from a table"),
    source=State.DRAFT,
    target=None,
    by=edits_version,
    effect=_imported,
    cite="GR-P-05",
)
APPROVE = Step(
    "approve",
    _("Approve this version"),
    source=State.DRAFT,
    target=State.APPROVED,
    by=edits_version,
    requires=(has_topics, act_stated),
    effect=_approved,
    cite="announcement 2020 §8",
    final=True,
)
SUPERSEDE = Step(
    "supersede",
    _("Replace by a later version"),
    source=State.APPROVED,
    target=State.SUPERSEDED,
    by=edits_version,
    cite="announcement 2020 §8",
)

DISCARD = Step(
    "discard",
    _("Discard the draft"),
    source=State.DRAFT,
    target=None,
    by=edits_version,
    effect=_discarded,
    cite="GR-P-04",
    final=True,
    removes=True,
)

VERSION: Procedure[PlanVersion] = Procedure(PlanVersion, (IMPORT, APPROVE, SUPERSEDE, DISCARD))


@transaction.atomic
def discard_version(version: PlanVersion, *, actor: Actor) -> None:
    """Discard a draft; a plan that has no other version goes with it. Raises `Refused`."""
    plan = locked(Plan, version.plan_id)
    VERSION.take(DISCARD, version, actor=actor)
    if not plan.versions.exists():
        plan.delete()


@transaction.atomic
def new_version(plan: Plan, *, actor: Actor) -> PlanVersion:
    """A draft of the next version, copied from the one in force where there is one.

    A draft that somebody has begun already is given instead of a second one.
    `PermissionDenied` when the actor neither forms the plan nor prepares it.
    """
    plan = locked(Plan, plan.pk)  # its versions are numbered one by one
    begun = plan.versions.filter(state=State.DRAFT).first()
    if begun is not None and edits_version(actor, begun):
        return begun
    last = plan.versions.aggregate(Max("number"))["number__max"] or 0
    base = plan.versions.filter(state=State.APPROVED).first()
    version = PlanVersion(plan=plan, number=last + 1, based_on=base)
    if not (edits_version(actor, version) or forms_plan(actor, plan)):
        raise PermissionDenied
    if base is not None:
        version.unit_tiyn = base.unit_tiyn
    VERSION.begin(version, actor=actor, number=version.number)
    if base is not None:
        _copy(base, version)
    return version


def _copy(base: PlanVersion, version: PlanVersion) -> None:
    """Fields, topics, amounts, small grants and printed totals of `base` into an empty `version`."""
    fields: dict[int, PlanField] = {}
    for field in base.fields.all():
        old, field.pk, field.version = field.pk, None, version
        field.save()
        fields[old] = field
    for topic in base.topics.prefetch_related("amounts").select_related("small_grants"):
        amounts = list(topic.amounts.all())
        small: SmallGrantTerms | None = getattr(topic, "small_grants", None)
        topic.pk, topic.version, topic.field = None, version, fields[topic.field_id]
        topic._state.adding = True
        topic.save()
        for amount in amounts:
            TopicAmount.objects.create(
                topic=topic, year=amount.year, amount_tiyn=amount.amount_tiyn
            )
        if small is not None:
            small.pk, small.topic = None, topic
            small._state.adding = True
            small.save()
    PrintedTotal.objects.bulk_create(
        PrintedTotal(
            version=version,
            field=fields[total.field_id] if total.field_id else None,
            year=total.year,
            label=total.label,
            printed=total.printed,
            amount_tiyn=total.amount_tiyn,
        )
        for total in base.printed_totals.all()
    )


def locked_draft(version: PlanVersion, *, actor: Actor) -> PlanVersion:
    """The version, locked for a change of its topics; `Refused` unless a draft that the actor edits."""
    row = VERSION.lock(version.pk)
    if not edits_version(actor, row):
        raise Refused(IMPORT, [not_yours(IMPORT)])
    if row.state != State.DRAFT:
        raise Refused(IMPORT, [moved_on(IMPORT, row, "state")])
    return row


@transaction.atomic
def write_topic(
    topic: Topic, amounts: Mapping[int, int], small: SmallGrantTerms | None, *, actor: Actor
) -> Topic:
    """Save a topic of a draft with its tiyn by year and its small grants (None: it has none)."""
    version = locked_draft(topic.version, actor=actor)
    topic.save()
    topic.amounts.exclude(year__in=amounts).delete()
    TopicAmount.objects.bulk_create(
        [TopicAmount(topic=topic, year=year, amount_tiyn=tiyn) for year, tiyn in amounts.items()],
        update_conflicts=True,
        unique_fields=["topic", "year"],
        update_fields=["amount_tiyn"],
    )
    if small is None:
        SmallGrantTerms.objects.filter(topic=topic).delete()
    else:
        small.topic = topic
        small.save()
    journal.append(
        version,
        "edit_topic",
        actor=actor.key,
        behalf=actor.behalf,
        facts={"topic": topic.number},
    )
    return topic


@transaction.atomic
def copy_to_regions(topic: Topic, codes: Iterable[str], *, actor: Actor) -> list[Topic]:
    """One copy of `topic` per region, after the last topic of the version (GR-P-12).

    The region's name replaces the territory; the title is the editor's to adapt. `Refused`
    unless the version is a draft that the actor edits, `ValueError` for an unknown region.
    """
    version = locked_draft(topic.version, actor=actor)
    position = version.topics.aggregate(Max("position"))["position__max"] or 0
    amounts = list(topic.amounts.all())
    source, copies = topic.number, []
    for offset, code in enumerate(dict.fromkeys(codes), 1):
        region = regions.find(code, importing.day_of(version))
        if region is None:
            raise ValueError(code)
        copy = Topic.objects.get(pk=topic.pk)
        copy.pk = None
        copy._state.adding = True
        copy.position, copy.number = position + offset, str(position + offset)
        copy.number_in_field = ""
        copy.coverage, copy.regions, copy.region_count = Topic.Coverage.REGIONS, [code], None
        copy.territory_printed = region.name.kk
        copy.save()
        TopicAmount.objects.bulk_create(
            TopicAmount(topic=copy, year=a.year, amount_tiyn=a.amount_tiyn) for a in amounts
        )
        copies.append(copy)
    journal.append(
        version,
        "copy_to_regions",
        actor=actor.key,
        behalf=actor.behalf,
        facts={"topic": source, "copies": [c.number for c in copies]},
        at=clock.now(),
    )
    return copies


# --- Proposals -----------------------------------------------------------------------------------


def has_name_and_summary(proposal: Proposal, attempt: Attempt) -> Iterable[Finding]:
    """All eight items of form GRANT-PP are filled in (GR-P-03)."""
    items = {
        "name": _("Name of the project is missing."),
        "rationale": _("The rationale is missing."),
        "goal": _("The goal is missing."),
        "tasks": _("The tasks are missing."),
        "summary": _("The short description is missing."),
        "amount_tiyn": _("The amount needed is missing."),
        "geography": _("The geography is missing."),
        "expected_results": _("The expected results are missing."),
    }
    for item, message in items.items():
        if not getattr(proposal, item):
            yield Finding(
                "item_missing",
                Severity.ERROR,
                message,
                _cite("guide, grants, step 1"),
                about=item,
            )


def _sent(proposal: Proposal, attempt: Attempt) -> Mapping[str, Any]:
    proposal.sent_at = attempt.now
    proposal.save(update_fields=["sent_at"])
    return {}


def answered(proposal: Proposal, attempt: Attempt) -> Iterable[Finding]:
    """A decision on a proposal says why."""
    if not str(attempt.facts.get("answer") or "").strip():
        yield Finding(
            "no_answer",
            Severity.ERROR,
            _("Write to the NGO why the proposal is or is not taken into account."),
            about="answer",
        )


def _answered(proposal: Proposal, attempt: Attempt) -> Mapping[str, Any]:
    proposal.answer = attempt.facts["answer"]
    proposal.topic = attempt.facts.get("topic")
    proposal.save(update_fields=["answer", "topic"])
    return {}


SEND = Step(
    "send",
    _("Send the proposal"),
    source=Proposal.State.DRAFT,
    target=Proposal.State.SENT,
    by=writes_proposal,
    requires=(has_name_and_summary,),
    effect=_sent,
    cite="guide, grants, step 1",
)
TAKE_UP = Step(
    "take_up",
    _("Take into account"),
    source=Proposal.State.SENT,
    target=Proposal.State.TAKEN,
    by=answers_proposal,
    requires=(answered,),
    effect=_answered,
    cite="guide, grants, step 1",
)
LEAVE = Step(
    "leave",
    _("Do not take into account"),
    source=Proposal.State.SENT,
    target=Proposal.State.NOT_TAKEN,
    by=answers_proposal,
    requires=(answered,),
    effect=_answered,
    cite="guide, grants, step 1",
)

DISCARD_PROPOSAL = Step(
    "discard",
    _("Discard the draft"),
    source=Proposal.State.DRAFT,
    target=None,
    by=writes_proposal,
    cite="GR-P-03",
    final=True,
    removes=True,
)

PROPOSAL: Procedure[Proposal] = Procedure(Proposal, (SEND, TAKE_UP, LEAVE, DISCARD_PROPOSAL))


@transaction.atomic
def write_proposal(proposal: Proposal, fields: Iterable[str], *, actor: Actor) -> None:
    """Save `fields` of a draft, new or begun before; `Refused` once it is sent, or for strangers."""
    if not writes_proposal(actor, proposal):
        raise Refused(SEND, [not_yours(SEND)])
    if proposal._state.adding:
        PROPOSAL.begin(proposal, actor=actor)
        return
    draft = Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.DRAFT)
    if not draft.update(state=Proposal.State.DRAFT):  # changes nothing, but holds the row
        raise Refused(SEND, [moved_on(SEND, Proposal.objects.get(pk=proposal.pk), "state")])
    proposal.save(update_fields=[*fields, "search"])
