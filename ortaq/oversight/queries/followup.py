"""What follows from a visit: documents asked for, observations, corrective actions; who knows of each, and the lists of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.oversight.models import CorrectiveAction, DocumentRequest, Observation, Visit
from ortaq.people.actor import Actor
from ortaq.projects.models import Project

from .project import projects_overseen_by
from .visit import visits_visible_to

State = CorrectiveAction.State
OPEN = (State.OPEN, State.DONE)


def requests_visible_to(actor: Actor) -> QuerySet[DocumentRequest]:
    """The one visibility query of requests: whoever knows of the visit knows what is asked at it."""
    visits = visits_visible_to(actor).order_by().values("pk")
    return DocumentRequest.objects.filter(visit__in=visits).select_related(
        *_visit("visit"), "visit__engagement__expert"
    )


def actions_visible_to(actor: Actor) -> QuerySet[CorrectiveAction]:
    """The one visibility query of corrective actions: those who do the visit at once, the NGO with its report."""
    return (
        CorrectiveAction.objects.filter(observation__visit__in=_told(actor))
        .select_related("observation", *_visit("observation__visit"), "proof")
        .select_related("observation__visit__engagement__expert")
    )


def observations_visible_to(actor: Actor) -> QuerySet[Observation]:
    """The one visibility query of observations, as of the actions that follow from them."""
    return Observation.objects.filter(visit__in=_told(actor)).select_related("photo")


def _told(actor: Actor) -> QuerySet[Visit]:
    """Visits whose observations the actor knows: as body or expert all, as the NGO those whose report is formed."""
    working = Q(plan__project__in=projects_overseen_by(actor).order_by().values("pk"))
    if actor.user is not None:
        working |= Q(engagement__expert__person=actor.user)
    visits: QuerySet[Visit] = visits_visible_to(actor).order_by()
    return visits.filter(working | Q(reported_at__isnull=False)).values("pk")  # type: ignore[return-value]


def _visit(name: str) -> list[str]:
    project = f"{name}__plan__project__contract"
    return [f"{project}__grantor", f"{project}__grantee"]


# --- Of one visit ---------------------------------------------------------------------------------


def seen_at(visit: Visit) -> QuerySet[Observation]:
    """The observations of a visit with their actions; two queries."""
    actions = Prefetch("actions", CorrectiveAction.objects.select_related("proof"))
    return visit.observations.select_related("photo").prefetch_related(actions)


def still_open(project: Project, before: Visit) -> QuerySet[CorrectiveAction]:
    """What earlier visits asked to be mended and is not confirmed yet: the next visit looks at it."""
    return (
        CorrectiveAction.objects.filter(
            observation__visit__plan__project=project,
            observation__visit__reported_at__isnull=False,
            state__in=OPEN,
        )
        .exclude(observation__visit=before)
        .select_related("observation__visit__plan")
    )


# --- Of the NGO ------------------------------------------------------------------------------------


def asked_of(actor: Actor, project: Project) -> list[DocumentRequest]:
    """What oversight asks of the NGO in a project, what is to be answered first; one query."""
    rows = requests_visible_to(actor).filter(visit__plan__project=project)
    order = DocumentRequest.State.values
    return sorted(rows, key=lambda one: (order.index(one.state), one.due_on))


def to_mend(actor: Actor, project: Project) -> list[CorrectiveAction]:
    """Corrective actions of a project that the reader knows of, the open ones first; one query."""
    rows = actions_visible_to(actor).filter(
        observation__visit__plan__project=project, observation__visit__reported_at__isnull=False
    )
    order = State.values
    return sorted(rows, key=lambda one: (order.index(one.state), one.due_on))


def begun(actor: Actor, project: Project) -> list[Visit]:
    """The visits of a project that have begun; one query."""
    rows = visits_visible_to(actor).filter(plan__project=project, started_at__isnull=False)
    return list(rows.order_by("-started_at"))


# --- Of the body -----------------------------------------------------------------------------------


def actions_of_body(
    actor: Actor, asked: Mapping[str, Any], today: date
) -> QuerySet[CorrectiveAction]:
    """What the body acted for follows up, narrowed by `asked` (`q`, `show`); no query yet."""
    overseen = projects_overseen_by(actor)
    if actor.acting_for is not None:
        overseen = overseen.filter(contract__grantor=actor.acting_for)
    if words := fold(str(asked.get("q", ""))[:200]):
        overseen = overseen.filter(
            Q(contract__search__contains=words) | Q(contract__grantee__search__contains=words)
        )
    mine = overseen.order_by().filter(pk=OuterRef("observation__visit__plan__project"))
    rows = CorrectiveAction.objects.filter(
        Exists(mine), observation__visit__reported_at__isnull=False
    ).select_related("observation__visit__plan__project__contract__grantee")
    show = asked.get("show") or "open"
    if show == "late":
        return rows.filter(state=State.OPEN, due_on__lt=today)
    if show in State.values and show != State.OPEN:
        return rows.filter(state=show)
    return rows.filter(state__in=OPEN)


def page_of_actions(
    actor: Actor, asked: Mapping[str, Any], today: date
) -> KeyPage[CorrectiveAction]:
    """One page of them, the earliest day first; one query."""
    return key_page(actions_of_body(actor, asked, today), asked, order=["due_on", "id"], size=50)
