"""What pages read of the prize of a year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.faces.parts import Stage
from ortaq.people.actor import Actor
from ortaq.people.policy import responsible_for
from ortaq.prizes.models import Application, Direction, Round

State = Round.State
# Once its list is out, it is public who applied.
LISTED = (
    Application.State.ADMITTED,
    Application.State.AWARDED,
    Application.State.NOT_AWARDED,
)


def rounds_visible_to(actor: Actor) -> QuerySet[Round]:
    """The one visibility query: what is announced is public, a draft is its organiser's."""
    visible = Q(announced_at__isnull=False)
    if held := responsible_for(actor):
        visible |= Q(organiser__in=held)
    return Round.objects.filter(visible).select_related("organiser")


def page_of(actor: Actor) -> QuerySet[Round]:
    """Visible rounds with their directions."""
    return rounds_visible_to(actor).prefetch_related(
        Prefetch("directions", Direction.objects.order_by("position"))
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A direction of the list of applicants, with those in it."""

    direction: Direction
    applicants: list[Application]


def applicants(found: Round) -> list[Listed]:
    """The list of applicants as it is published, by direction and as they came in (PR-026, PR-027); two queries. Nothing before."""
    if found.listed_at is None:
        return []
    rows = (
        Application.objects.filter(round=found, state__in=LISTED)
        .select_related("organisation")
        .order_by("number")
    )
    by_direction: dict[int, list[Application]] = {}
    for row in rows:
        by_direction.setdefault(row.direction_id, []).append(row)
    return [Listed(one, by_direction.get(one.pk, [])) for one in found.directions.all()]


def desk(found: Round) -> list[Application]:
    """What was handed in, as the organiser's desk lists it: by number; one query. Drafts are nobody's."""
    return list(
        Application.objects.filter(round=found)
        .exclude(state=Application.State.DRAFT)
        .select_related("organisation", "direction", "paper_delivery")
        .order_by("number")
    )


def counts(found: Round) -> dict[str, int]:
    """How many applications stand in each state, drafts left out; one query."""
    rows = (
        Application.objects.filter(round=found)
        .exclude(state=Application.State.DRAFT)
        .order_by()
        .values_list("state")
        .annotate(Count("id"))
    )
    return dict(rows)


def dates(found: Round) -> Iterator[tuple[Any, Any, Any]]:
    """The year of the prize as a timeline shows it: (what, when it was or is due, whether it was)."""
    yield _("Announced"), found.announced_at or found.announce_due, bool(found.announced_at)
    if found.apply_until:
        over = found.apply_until < clock.now()
        yield _("Applications are taken until"), found.apply_until, over
    if found.listed_at or found.list_due:
        yield _("List of applicants"), found.listed_at or found.list_due, bool(found.listed_at)
    if found.results_due:
        when = found.published_at or found.results_due
        yield _("Results"), when, bool(found.published_at)
    if found.payment_due:
        yield _("Diplomas and payment"), found.payment_due, found.state == State.ENDED


def stages(found: Round) -> list[Stage]:
    """Where the round stands, as the desk shows it."""
    order = [
        (State.DRAFT, _("Preparing")),
        (State.ANNOUNCED, _("Applications")),
        (State.CHECKING, _("Check")),
        (State.LISTED, _("List of applicants")),
        (State.SCORING, _("Scoring")),
        (State.DECIDING, _("Decision")),
        (State.PUBLISHED, _("Results")),
        (State.ENDED, _("Handed over")),
    ]
    names = [state for state, _text in order]
    here = names.index(State(found.state))
    return [
        Stage(text, "", "doing" if at == here else "done" if at < here else "todo")
        for at, (_state, text) in enumerate(order)
    ]
