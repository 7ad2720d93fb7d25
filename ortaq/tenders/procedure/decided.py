"""A lot as the commission's points decide it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ortaq.law import tender as law_of
from ortaq.review.models import Motion
from ortaq.tenders.models import Bid, Lot

REVIEWED = (Bid.State.ADMITTED, Bid.State.NOT_ADMITTED)


@dataclass(frozen=True, slots=True)
class Decided:
    """A lot, its opened bids, and what the law says of them; None while a bid is not reviewed."""

    lot: Lot
    bids: Sequence[Bid]
    result: law_of.Result | None
    tie: Motion | None

    @property
    def waiting(self) -> list[Bid]:
        """The bids that the commission has not decided on yet."""
        return [bid for bid in self.bids if bid.state not in REVIEWED]

    @property
    def winner(self) -> Bid | None:
        number = self.result.winner if self.result else None
        return next((bid for bid in self.bids if bid.number == number), None) if number else None

    @property
    def tied(self) -> list[Bid]:
        """Those among whom a decision is needed or was taken."""
        keys = self.result.tied if self.result else ()
        return [bid for bid in self.bids if bid.number in keys]

    def judged(self, bid: Bid) -> law_of.Judged | None:
        """What became of a bid."""
        rows = self.result.bids if self.result else ()
        return next((row for row in rows if row.key == bid.number), None)
