"""What the pages of review and results read. Points are for the organiser, the customer and the sitting
commission until the results are published; then for everybody (secrecy of SO-T-079 goes on).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ortaq.core.keys import key_of
from ortaq.faces import say
from ortaq.law.findings import Finding
from ortaq.law.tender import Judged
from ortaq.law.wording import in_tenge
from ortaq.people.actor import Actor
from ortaq.people.policy import responsible_for
from ortaq.projects.models import Contract
from ortaq.review.models import Motion, Seat
from ortaq.tenders.models import Bid, Lot, Protocol, Tender
from ortaq.tenders.procedure.decided import Decided
from ortaq.tenders.procedure.results import decide

State = Tender.State
OPENED = (State.OPENED, State.DECIDED, State.PUBLISHED, State.ENDED)
SEALED = (State.DRAFT, State.APPROVED, State.ANNOUNCED)
PUBLISHED = (State.PUBLISHED, State.ENDED)
REVIEWED = (Bid.State.OPENED, Bid.State.ADMITTED, Bid.State.NOT_ADMITTED)


def tenders_reviewed_by(actor: Actor) -> QuerySet[Tender]:
    """The opened tenders whose points the actor may see before they are published."""
    return tenders_seated_on(actor).filter(state__in=OPENED)


def tenders_seated_on(actor: Actor) -> QuerySet[Tender]:
    """The tenders that the actor organises, buys by, or sits on the commission of."""
    if actor.user is None:
        return Tender.objects.none()
    seats = Seat.objects.filter(panel=OuterRef("panel"), person=actor.user, until=None)
    held = responsible_for(actor)
    return Tender.objects.filter(
        Q(organiser__in=held) | Q(customer__in=held) | Exists(seats)
    ).select_related("panel", "customer", "organiser")


def bids_reviewed_by(actor: Actor) -> QuerySet[Bid]:
    """The opened bids of those tenders, with what a page of one reads."""
    return Bid.objects.filter(
        state__in=REVIEWED, lot__tender__in=tenders_reviewed_by(actor)
    ).select_related("lot__tender__panel", "lot__topic", "organisation", "lot__tender__customer")


@dataclass(frozen=True, slots=True)
class Line:
    """A bid in the list: what is known of it, and whether a vote on it is open."""

    bid: Bid
    judged: Judged | None
    voting: bool

    @property
    def points(self) -> list[int | str]:
        """The points of each criterion in order; a dash where none was given."""
        return [self.bid.scores.get(f"C{number}", "—") for number in range(1, 7)]

    @property
    def reasons(self) -> list[Finding]:
        """Why the bid is not admitted; nothing for one that is."""
        if self.bid.state != Bid.State.NOT_ADMITTED:
            return []
        return [Finding.of(kept) for kept in self.bid.findings]

    @property
    def total(self) -> int | None:
        return sum(self.bid.scores.values()) if len(self.bid.scores) == 6 else None

    @property
    def conditional(self) -> str:
        """The conditional price, exact to the last part of a tiyn."""
        price = self.judged.conditional_tiyn if self.judged else None
        return "—" if price is None else f"{in_tenge(price, say.language())} ₸"


@dataclass(frozen=True, slots=True)
class LotReview:
    found: Decided
    lines: list[Line]
    winner: Bid | None
    contract: Contract | None

    @property
    def lot(self) -> Lot:
        return self.found.lot


def lots_of(tender: Tender) -> list[LotReview]:
    """Every lot with its bids, places and prices; five queries."""
    decided = decide(tender)
    open_now = set(
        Motion.objects.filter(panel=tender.panel_id, state=Motion.State.OPEN).values_list(
            "subject", flat=True
        )
    )
    contracts = {
        contract.source: contract
        for contract in Contract.objects.filter(source__in=[key_of(one.lot) for one in decided])
    }
    return [
        LotReview(
            one,
            sorted(
                (Line(bid, one.judged(bid), key_of(bid) in open_now) for bid in one.bids),
                key=_by_place,
            ),
            one.winner,
            contracts.get(key_of(one.lot)),
        )
        for one in decided
    ]


def _by_place(line: Line) -> tuple[bool, int, int]:
    place = line.judged.place if line.judged else None
    return (place is None, place or 0, line.bid.pk)


def published_protocol(actor: Actor, pk: int) -> Protocol | None:
    """The protocol for this reader: for everybody once published, before that for those who review."""
    rows = Protocol.objects.select_related("tender").filter(tender__pk=pk)
    seen = rows.filter(tender__state__in=PUBLISHED).first()
    if seen is not None:
        return seen
    return rows.filter(tender__in=tenders_reviewed_by(actor)).first()


def own_bids(actor: Actor, tender: Tender) -> Any:
    """The actor's own bids in a tender."""
    return Bid.objects.filter(lot__tender=tender, organisation__in=actor.organisation_ids)
