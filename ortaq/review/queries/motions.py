"""Motions as the pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ortaq.law.findings import Finding
from ortaq.review.models import Motion, Panel, Seat, Vote

from .panels import my_seat


@dataclass(frozen=True, slots=True)
class Shown:
    """A motion for one reader. While it is open nobody sees how others voted."""

    row: Motion
    members: int
    cast: int
    own: bool | None
    votes: Sequence[Vote]
    finding: Finding | None
    may_vote: bool
    closes: bool
    form: Any = None


def shown(panel: Panel, subject: str, actor: Any, form: Any = None) -> list[Shown]:
    """The motions on a subject, the latest first, as `actor` may see them; five queries.

    `form` is the empty form of a vote, given where the reader may vote now.
    """
    from ortaq.review.appointed import tied
    rows = list(
        panel.motions.filter(subject=subject)
        .select_related("panel", "put_by__person")
        .prefetch_related("votes__seat__person")
        .order_by("-id")
    )
    if not rows:
        return []
    seat = my_seat(panel, actor.user) if actor.user is not None else None
    member = seat is not None and seat.role == Seat.Role.MEMBER
    barred = tied(panel)
    members = panel.seats.filter(until=None, role=Seat.Role.MEMBER).count()
    found = []
    for row in rows:
        votes = list(row.votes.all())
        own = next((v.in_favour for v in votes if seat and v.seat_id == seat.pk), None)
        running = row.state == Motion.State.OPEN and panel.state == Panel.State.IN_OFFICE
        may = bool(running and member and own is None and seat and seat.person_id not in barred)
        leads = seat is not None and (not member or seat.office == Seat.Office.CHAIR)
        found.append(
            Shown(
                row,
                members,
                len(votes),
                own,
                [] if running else sorted(votes, key=lambda vote: vote.pk),
                Finding.of(row.finding) if row.finding else None,
                may,
                bool(running and leads and votes),
                form if may else None,
            )
        )
    return found
