"""Who knows of the scoring of a round, and how far each of those who score is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.people.actor import Actor
from ortaq.people.models import User
from ortaq.people.policy import responsible_for
from ortaq.prizes.models import Application, Attachment, Round
from ortaq.review.gate import dossiers_open_to
from ortaq.review.models import Conflict, Dossier, Panel, ScoreSheet, Seat

from .round import LISTED

State = Round.State
# From the list of applicants on there is something to score.
SCORED = (State.LISTED, State.SCORING, State.DECIDING, State.PUBLISHED, State.ENDED)


def organised_by(actor: Actor) -> QuerySet[Round]:
    """The rounds of the authorised body for whose staff the actor acts."""
    rows = Round.objects.filter(organiser__in=responsible_for(actor))
    return rows.select_related("organiser", "panel")


def scoring_visible_to(actor: Actor) -> QuerySet[Round]:
    """The one visibility query of the scoring: the organiser sees it, and who scores or scored; nobody else."""
    if actor.user is None:
        return Round.objects.none()
    seats = Seat.objects.filter(panel=OuterRef("panel"), person=actor.user)
    mine = Q(pk__in=organised_by(actor).order_by().values("pk"))
    rows = Round.objects.select_related("organiser", "panel")
    return rows.filter(mine | Exists(seats), state__in=SCORED)


def scored_visible_to(actor: Actor) -> QuerySet[Application]:
    """Applications whose content the scoring opens: to the organiser, and to who scores past the gate of the declaration (PR-032)."""
    rows = Application.objects.select_related("round", "direction", "organisation", "dossier")
    if actor.user is None:
        return rows.none()
    mine = organised_by(actor).filter(state__in=SCORED).order_by().values("pk")
    return rows.filter(
        Q(round__in=mine, state__in=LISTED) | Q(dossier__in=dossiers_open_to(actor).values("pk"))
    )


def evidence_of(application: Application) -> list[Attachment]:
    """The files that a scorer needs; certificates are the organiser's. One query."""
    rows = application.attachments.filter(removed_at=None).select_related("file", "application")
    return [one for one in rows.order_by("kind", "id") if one.for_scorers]


@dataclass(slots=True)
class Member:
    """Somebody who scores: how far they are, never what they gave."""

    seat: Seat
    conflicts: list[Conflict] = field(default_factory=list)
    declared: bool = False

    @property
    def person(self) -> User:
        return self.seat.person

    @property
    def standing(self) -> tuple[Any, str]:
        """In words, and in which tone."""
        if self.seat.until is not None:
            return _("scores no longer"), "neutral"
        if not self.declared:
            return _("has not declared yet"), "warning"
        if not self.seat.dossiers:
            return _("no application is open"), "bad"
        if self.seat.signed >= self.seat.dossiers:
            return pgettext_lazy("scorer", "all sheets are signed"), "good"
        return _("is scoring"), "progress"


def members_of(panel: Panel) -> list[Member]:
    """Everybody who was named, each with what stands between them and applicants; three queries."""
    seats = panel.seats.select_related("person").order_by("person__sort", "id")
    found = {seat.person_id: Member(seat) for seat in seats}
    declared = set(
        Seat.objects.filter(panel=panel, declarations__isnull=False).values_list(
            "person", flat=True
        )
    )
    for key, one in found.items():
        one.declared = key in declared
    rows = panel.conflicts.filter(person__in=found).select_related("organisation")
    for conflict in rows.order_by("id"):
        found[conflict.person_id].conflicts.append(conflict)
    return list(found.values())


def my_files(actor: Actor, panel: Panel) -> list[tuple[Dossier, ScoreSheet | None]]:
    """The applications open to somebody who scores, direction by direction, each with their own sheet if they began one; two queries."""
    assert actor.user is not None
    own = ScoreSheet.objects.filter(dossier__panel=panel, seat__person=actor.user, seat__until=None)
    sheets = {one.dossier_id: one for one in own}
    rows = dossiers_open_to(actor).filter(panel=panel).order_by("contest_title", "title", "id")
    return [(one, sheets.get(one.pk)) for one in rows]
