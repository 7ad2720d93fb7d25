"""Motions as the pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ortaq.law.findings import Finding
from ortaq.review.commission import sitting, tied
from ortaq.review.models import Motion, Panel, Seat, Vote


@dataclass(frozen=True, slots=True)
class Shown:
    """A motion for one reader. While it is open nobody sees how others voted."""

    row: Motion
    members: int
    cast: int
    own: bool | None
    votes: Sequence[Vote]
    finding: Finding | None
    closes: bool
    form: Any = None

    @property
    def open(self) -> bool:
        return self.row.state == Motion.State.OPEN


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a commission votes on, for one reader: their seat, and the motions by subject."""

    seat: Seat | None
    by_subject: dict[str, list[Shown]]

    def on(self, subject: str) -> list[Shown]:
        """The motions on a subject, the latest first."""
        return self.by_subject.get(subject, [])

    def voting(self, subject: str) -> bool:
        """Whether a vote on it is open."""
        return any(one.open for one in self.on(subject))


def agenda(panel: Panel | None, subjects: Iterable[str], actor: Any, form: Any = None) -> Agenda:
    """The motions on `subjects` as `actor` may see them; five queries whatever their number.

    `form` is the empty form of a vote, handed on where the reader may vote now.
    """
    if panel is None:
        return Agenda(None, {})
    seats = list(sitting(panel))
    user = actor.user
    seat = next((one for one in seats if user is not None and one.person_id == user.pk), None)
    members = sum(one.role == Seat.Role.MEMBER for one in seats)
    in_office = panel.state == Panel.State.IN_OFFICE
    barred = tied(panel)
    rows = (
        panel.motions.filter(subject__in=list(subjects))
        .select_related("put_by__person")
        .prefetch_related("votes__seat__person")
        .order_by("-id")
    )
    found: dict[str, list[Shown]] = {}
    for row in rows:
        votes = sorted(row.votes.all(), key=lambda vote: vote.pk)
        own = next((v.in_favour for v in votes if seat and v.seat_id == seat.pk), None)
        running = row.state == Motion.State.OPEN and in_office
        member = seat is not None and seat.role == Seat.Role.MEMBER
        may = bool(running and seat and member and own is None and seat.person_id not in barred)
        leads = seat is not None and (not member or seat.office == Seat.Office.CHAIR)
        found.setdefault(row.subject, []).append(
            Shown(
                row,
                members,
                len(votes),
                own,
                [] if row.state == Motion.State.OPEN else votes,
                Finding.of(row.finding) if row.finding else None,
                bool(running and leads and votes),
                form if may else None,
            )
        )
    return Agenda(seat if in_office else None, found)
