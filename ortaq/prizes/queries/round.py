"""What pages read of the prize of a year."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core import clock
from ortaq.faces.parts import Event, Stage
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


def open_now() -> list[Round]:
    """The prizes that take applications at this instant, for everybody; two queries."""
    rows = Round.objects.filter(state=State.ANNOUNCED, apply_until__gte=clock.now())
    return list(rows.select_related("organiser").prefetch_related("directions"))


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


def timeline(found: Round) -> list[Event]:
    """The year of the prize: what has happened and what is ahead, each with the clause that sets its term."""
    term = found.rules.term
    announced = _("Announced") if found.announced_at else _("To be announced by")
    return [
        Event(
            found.announced_at or found.announce_due,
            announced,
            cite=term("prize.announce").cite,
        ),
        Event(found.apply_until, _("Applications are taken until"), cite=term("prize.apply").cite),
        Event(
            found.listed_at or found.list_due,
            _("List of applicants"),
            cite=term("prize.applicants_list").cite,
            state="done" if found.listed_at else "ahead",
        ),
        Event(
            found.published_at or found.results_due,
            pgettext_lazy("prize", "List of recipients"),
            cite=term("prize.results").cite,
            state="done" if found.published_at else "ahead",
        ),
        Event(
            found.payment_due,
            _("Diplomas and payment"),
            cite=term("prize.payment").cite,
            state="done" if found.state == State.ENDED else "ahead",
        ),
    ]


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
