"""Sheets and votes: one's own, and at the meeting those of all members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from ortaq import law
from ortaq.people.models import User
from ortaq.review import scoring
from ortaq.review.models import Ballot, Dossier, MarkChange, Panel, ScoreSheet, Seat


def own_sheet(dossier: Dossier, seat: Seat) -> ScoreSheet | None:
    """The member's own sheet for a dossier, once there is one."""
    rows = ScoreSheet.objects.select_related("dossier__panel", "seat")
    return rows.filter(dossier=dossier, seat=seat).first()


def own_votes(seat: Seat | None) -> dict[str, int]:
    """For whom this seat votes now, by office."""
    if seat is None:
        return {}
    return dict(Ballot.objects.filter(voter=seat).values_list("office", "candidate"))


def recused_from(panel: Panel, organisations: set[int], members: Sequence[Seat]) -> dict[int, int]:
    """How many of the members have a conflict with each of the organisations that have any."""
    rows = panel.conflicts.filter(
        organisation__in=organisations, person__in=[seat.person_id for seat in members]
    )
    counted = rows.values("organisation").annotate(people=Count("person", distinct=True))
    return dict(counted.values_list("organisation", "people"))


def signed_sheets(dossier: Dossier) -> QuerySet[ScoreSheet]:
    """The sheets that count for a dossier, by the names of their authors."""
    rows = ScoreSheet.objects.filter(dossier=dossier, state=ScoreSheet.State.SIGNED)
    return rows.select_related("seat__person").order_by("seat__person__sort", "id")


def changes_of(sheets: Sequence[ScoreSheet]) -> QuerySet[MarkChange]:
    """The changes of points at the meeting, in their order."""
    rows = MarkChange.objects.filter(sheet__in=sheets).select_related("sheet__seat__person")
    return rows.order_by("id")


@dataclass(frozen=True, slots=True)
class Far:
    """A sheet far from the others', with the exact numbers of the comparison."""

    person: User
    hint: scoring.Hint


def far_from_others(rubric: law.Rubric, sheets: Sequence[ScoreSheet]) -> list[Far]:
    """The sheets that lie far from the median of the others'."""
    found = []
    for sheet in sheets:
        others = [other.total or 0 for other in sheets if other is not sheet]
        if hint := scoring.hint(rubric, sheet.total or 0, others):
            found.append(Far(sheet.seat.person, hint))
    return found
