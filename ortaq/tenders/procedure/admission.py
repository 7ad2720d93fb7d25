"""What is known of an opened bid before anybody scores it: reasons against it, the register of
returns for C4, recorded experience for C5 and for equal prices (SO-T-088, 089, 096, 099).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ortaq.core import clock
from ortaq.documents.writing import values
from ortaq.law import commission, tender
from ortaq.law.findings import Finding, stops
from ortaq.law.rubric import Proposal
from ortaq.registry import returns
from ortaq.tenders.choices import arguments, edition_of
from ortaq.tenders.models import Bid

from .bid_submission import bidder


@dataclass(frozen=True, slots=True)
class Record:
    """What data say of a bid. `market_days` is experience on the market of the service."""

    against: list[Finding]
    database: Proposal
    experience: Proposal
    market_days: int

    @property
    def proposed(self) -> dict[str, int]:
        """The points that data propose; the commission decides."""
        return {"C4": self.database.points, "C5": self.experience.points}


def record(bid: Bid) -> Record:
    """The record of an opened bid, which comes with its lot, tender and organisation; four queries."""
    edition = edition_of(bid.lot.tender)
    closed = bid.lot.tender.closes_at
    assert closed is not None  # its tender was announced
    last_day = clock.day_of(closed)
    spans = _spans(bid.content or {}, last_day)
    return Record(
        against=tender.barred(
            edition,
            as_bid(bid, {}, eligible=is_eligible(bid)),
            allocated_tiyn=bid.lot.allocated_tiyn,
            above_allocated=arguments(bid.lot.tender)["above_allocated"],
        ),
        database=_database(bid, last_day),
        experience=commission.experience_level(
            edition,
            social_months=len(_months(spans["social"])),
            market_months=len(_months(spans["market"])),
        ),
        market_days=_days(spans["market"]),
    )


def is_eligible(bid: Bid) -> bool:
    """Whether the organisation may bid at all, by what is known now (SO-T-007, 008)."""
    return not stops(bidder(bid.organisation, edition_of(bid.lot.tender), clock.now()))


def as_bid(
    bid: Bid, scores: Mapping[str, int], *, days: int | None = None, eligible: bool = True
) -> tender.Bid:
    """The bid as the law looks at it, under its own number."""
    return tender.Bid(
        key=bid.number,
        price_tiyn=bid.price_tiyn or 0,
        scores=dict(scores),
        market_experience_days=days,
        eligible=eligible,
    )


# --- C4 ----------------------------------------------------------------------------------------------


def _database(bid: Bid, day: date) -> Proposal:
    """The return that answers for the NGO on the last day for bids (NG-032, inferred)."""
    answer = returns.answers_of([bid.organisation], day)[bid.organisation_id]
    return commission.database_level(
        edition_of(bid.lot.tender), sent_on=answer.filed_on, due_on=answer.due_on
    )


# --- C5 ----------------------------------------------------------------------------------------------

Span = tuple[date, date]


def _spans(content: Mapping[str, Any], last_day: date) -> dict[str, list[Span]]:
    """The projects that the bid lists, by what they count as; what still runs, until `last_day`."""
    table = ((content.get("sections") or {}).get("experience") or {}).get("projects") or []
    found: dict[str, list[Span]] = {"social": [], "market": []}
    for row in table:
        first, last = values.month(row.get("first")), values.month(row.get("last"))
        if first is None or row.get("counts_as") not in found:
            continue
        ends = last_day if last is None else min(_end_of(last), last_day)
        if first <= ends:
            found[row["counts_as"]].append((first, ends))
    return found


def _end_of(first: date) -> date:
    """The last day of the month that begins on `first`."""
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _months(spans: Iterable[Span]) -> set[tuple[int, int]]:
    """The calendar months in which something ran; each counts once (inferred)."""
    found: set[tuple[int, int]] = set()
    for first, last in spans:
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        found |= {divmod(first.year * 12 + first.month - 1 + n, 12) for n in range(count)}
    return found


def _days(spans: Iterable[Span]) -> int:
    """The days on which something ran; projects side by side count once."""
    total, reached = 0, date.min
    for first, last in sorted(spans):
        begins = max(first, reached + timedelta(days=1)) if reached > date.min else first
        if begins <= last:
            total += (last - begins).days + 1
            reached = last
    return total
