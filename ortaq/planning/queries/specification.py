"""What the pages of specifications and of the budget read, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ortaq.faces.parts import Entry
from ortaq.law.findings import Finding, Severity, stops
from ortaq.law.text import Text
from ortaq.people.actor import Actor
from ortaq.people.policy import responsible_for
from ortaq.planning import standard
from ortaq.planning.models import (
    BudgetRequest,
    Formation,
    Service,
    Specification,
    Topic,
)
from ortaq.planning.procedure.budgeting import request_findings, total_of
from ortaq.planning.procedure.specification import SPECIFICATION, needs_revision, tender_findings

from .history import history

State = Specification.State
MOST_SOURCES = 20


# --- Who sees what -------------------------------------------------------------------------------


def specifications_visible_to(actor: Actor) -> QuerySet[Specification]:
    """What is approved is public once the budget is; everything else is for the body."""
    public = Q(
        state__in=(State.APPROVED, State.SUPERSEDED),
        topic__formation__state=Formation.State.BUDGETED,
    )
    own = Q(topic__formation__body__in=responsible_for(actor))
    return Specification.objects.filter(public | own).select_related("topic__formation__body")


def specifications_of(actor: Actor) -> QuerySet[Specification]:
    """The specifications that the actor drafts."""
    return Specification.objects.filter(
        topic__formation__body__in=responsible_for(actor)
    ).select_related("topic__formation__body")


def services_of(actor: Actor) -> QuerySet[Service]:
    """The services of specifications that the actor drafts."""
    return Service.objects.filter(specification__in=specifications_of(actor)).select_related(
        "specification__topic__formation__body"
    )


def topics_of(actor: Actor) -> QuerySet[Topic]:
    """The topics of lists of the actor's bodies."""
    return (
        Topic.objects.filter(formation__body__in=responsible_for(actor))
        .select_related("formation__body")
        .defer("search")
    )


# --- Before a tender (used by `tenders`) -----------------------------------------------------------


def ready_for_tender(topic: Topic) -> bool:
    """Whether a tender for the topic may be prepared: money approved, specification made for it."""
    return not unready(topic)


def unready(topic: Topic) -> list[Finding]:
    """All that keeps the topic from a tender; one query (SO-T-058)."""
    return tender_findings(topic, approved_of(topic))


def approved_of(topic: Topic) -> Specification | None:
    """The specification in force of a topic, if there is one."""
    return topic.specifications.filter(state=State.APPROVED).first()


def specifications_to_tender(actor: Actor) -> list[Specification]:
    """The specifications in force of the actor's topics for which a tender may be prepared.

    Each with its `topic` and list of topics, the newest year first; one query.
    """
    rows = (
        specifications_of(actor)
        .filter(state=State.APPROVED, topic__approved_tiyn__gt=0)
        .filter(topic__formation__state=Formation.State.BUDGETED)
        .order_by("-topic__formation__plan_year", "topic__position")
    )
    return [one for one in rows if not tender_findings(one.topic, one)]


# --- A specification -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service with its kind, the values that the customer set, and what the Standard says."""

    service: Service
    kind: Text
    values: list[tuple[Text, Text]]
    findings: list[Finding]

    @property
    def wrong(self) -> list[Finding]:
        """What a reader has to look at: errors, warnings, requests to explain."""
        weighty = (Severity.ERROR, Severity.WARNING)
        return [
            one
            for one in self.findings
            if one.severity in weighty or one.code in ("above_maximum", "sample_too_small")
        ]

    @property
    def well(self) -> int:
        """How many values are within the Standard."""
        return sum(one.code == "within" for one in self.findings)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A specification as its page and its papers show it."""

    specification: Specification
    services: list[ServiceLine]
    indicators: list[Any]


def sheet(specification: Specification) -> Sheet:
    """Services and indicators of a specification; 2 queries."""
    services = list(specification.services.all())
    for service in services:
        service.specification = specification
    years = specification.topic.financial_years
    return Sheet(
        specification,
        [
            ServiceLine(
                service,
                standard.label_of(service.facts),
                standard.values_of(service.facts, years=years, edition=specification.edition),
                said,
            )
            for service, said in standard.of_specification(specification, services)
        ],
        list(specification.indicators.all()),
    )


def versions(topic: Topic) -> list[Specification]:
    """The versions of a topic's specification, the newest first; one query."""
    return list(topic.specifications.order_by("-number"))


def sources(topic: Topic) -> list[Specification]:
    """What a new version may copy: the topic's own last version, then the body's other ones.

    Approved and superseded ones alike; the newest year first; one query.
    """
    rows = (
        Specification.objects.filter(topic__formation__body=topic.formation.body_id)
        .filter(state__in=(State.APPROVED, State.SUPERSEDED))
        .select_related("topic__formation")
        .order_by("-topic__formation__plan_year", "-approved_at", "-pk")
    )
    found = list(rows[:200])
    own = [one for one in found if one.topic_id == topic.pk]
    latest: dict[int, Specification] = {}
    for one in found:
        if one.topic_id != topic.pk:
            latest.setdefault(one.topic_id, one)
    return [*own[:1], *latest.values()][:MOST_SOURCES]


STEPS = {
    "begin": _("Draft begun"),
    "write": _("Sections changed"),
    "write_service": _("Service changed"),
    "remove_service": _("Service removed"),
    "move_service": _("Order of services changed"),
    "write_indicators": _("Indicators changed"),
}


def entries(specification: Specification) -> list[Entry]:
    """The journal for people: what, when, who; 2 queries."""
    return history(specification, SPECIFICATION, STEPS)


# --- The budget ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A topic of the list on its way into the budget."""

    topic: Topic
    draft: Specification | None
    in_force: Specification | None
    request: BudgetRequest | None
    total_tiyn: int
    findings: list[Finding]
    revise: bool


@dataclass(frozen=True, slots=True)
class Budget:
    """All topics of a list with their sums."""

    lines: list[BudgetLine]

    @property
    def planned_tiyn(self) -> int:
        return sum(line.topic.planned_tiyn for line in self.lines)

    @property
    def requested_tiyn(self) -> int:
        return sum(line.total_tiyn for line in self.lines)

    @property
    def approved_tiyn(self) -> int | None:
        sums = [line.topic.approved_tiyn for line in self.lines]
        return None if None in sums else sum(one or 0 for one in sums)


def budget(formation: Formation) -> Budget:
    """The topics of the list with specifications, requests and sums; 3 queries."""
    topics = (
        formation.topics.filter(state=Topic.State.LISTED)
        .select_related("budget_request")
        .prefetch_related("specifications", "budget_request__lines")
        .defer("search")
    )
    return Budget([_budget_line(topic) for topic in topics])


def _budget_line(topic: Topic) -> BudgetLine:
    request: BudgetRequest | None = getattr(topic, "budget_request", None)
    ones = list(topic.specifications.all())
    draft = next((one for one in ones if one.state == State.DRAFT), None)
    in_force = next((one for one in ones if one.state == State.APPROVED), None)
    return BudgetLine(
        topic,
        draft,
        in_force,
        request,
        total_of(request.lines.all()) if request else 0,
        stops(request_findings(topic, request)),
        in_force is not None and needs_revision(topic, in_force),
    )


def by_activity(
    lines: Iterable[Any], services: Sequence[Service]
) -> list[tuple[Any, list[Any], int]]:
    """The lines of an estimate by main activity, each with its subtotal; what is for all comes last."""
    groups: dict[int | None, list[Any]] = {}
    for line in lines:
        groups.setdefault(line.service_id, []).append(line)
    names: dict[int | None, Service] = {service.pk: service for service in services}
    order = [*names, *(pk for pk in groups if pk not in names)]
    return [(names.get(pk), groups[pk], total_of(groups[pk])) for pk in order if pk in groups]


def services_for_estimate(topic: Topic) -> list[Service]:
    """The services of the specification in force, else of the draft; 2 queries at most."""
    chosen = (
        topic.specifications.filter(state__in=(State.APPROVED, State.DRAFT))
        .order_by("state")  # "approved" before "draft"
        .first()
    )
    return list(chosen.services.all()) if chosen else []
