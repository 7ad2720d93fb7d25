"""What the pages of review and results read. Points are for the organiser, the customer and the sitting
commission until the results are published; then for everybody (secrecy of SO-T-079 goes on).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

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

from .tender import tenders_visible_to

State = Tender.State
OPENED = (State.OPENED, State.DECIDED, State.PUBLISHED, State.ENDED)
SEALED = (State.DRAFT, State.APPROVED, State.ANNOUNCED)
PUBLISHED = (State.PUBLISHED, State.ENDED)
# So many lots are shown with all their bids on one page: each is a table and a screen of a telephone.
AT_ONCE = 10
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
    def points(self) -> list[str]:
        """The points of each criterion in order; a dash where none was given."""
        return [str(self.bid.scores.get(f"C{number}", "—")) for number in range(1, 7)]

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


@dataclass(frozen=True, slots=True)
class LotShown:
    """A decided lot in a list: who won it, and of how many bids."""

    lot: Lot
    winner: Bid | None
    bids: int


def is_long(tender: Tender) -> bool:
    """Whether the results of a tender are a list, and each lot's decision stands on a page of its own; one query."""
    return tender.lots.count() > AT_ONCE


def lots_in_short(tender: Tender) -> list[LotShown]:
    """How each lot ended, as the steps left it; two queries."""
    lots = (
        tender.lots.select_related("topic")
        .only(
            "position", "result", "allocated_tiyn", "tender", "topic__title_kk", "topic__title_ru"
        )
        .annotate(of=Count("bids", filter=Q(bids__state__in=REVIEWED)))
        .order_by("position")
    )
    first = Bid.objects.filter(lot__tender=tender, place=1, state=Bid.State.ADMITTED)
    shown = (*(f"organisation__{name}" for name in ("kind", "bin", "name_kk", "name_ru")),)
    rows = first.select_related("organisation").only("lot", "price_tiyn", *shown)
    winners = {bid.lot_id: bid for bid in rows}
    return [
        LotShown(lot, winners.get(lot.pk) if lot.result == Lot.Result.WINNER else None, lot.of)
        for lot in lots
    ]


def published_lots(actor: Actor) -> QuerySet[Lot]:
    """The lots whose results everybody may read."""
    rows = Lot.objects.filter(tender__in=tenders_visible_to(actor), tender__state__in=PUBLISHED)
    return rows.select_related("topic", "tender__customer", "tender__organiser")


def lots_of(tender: Tender, only: Lot | None = None) -> list[LotReview]:
    """Every lot, or one, with its bids, places and prices; five queries, for one lot four."""
    decided = decide(tender, only)
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
