"""What a published result is recalculated from: the frozen points, in the form that `ortaq law grant | tender` reads.

    ortaq law grant topic-12.json        gives the published winner, on any machine

Of a grant every sheet that counts is there as its total alone, the totals of an application from the least to the
greatest: their order says nothing of who sat where, and sheets of one member cannot be told across applications. Which
applicant an application is of says only the number, and that the applicant alone knows; the winner is published
(GR-S-17). Of a tender the adopted points, which are public anyway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from ortaq.core.money import plain
from ortaq.grants.models import Competition, Outcome
from ortaq.grants.models import Lot as GrantLot
from ortaq.law import inputs
from ortaq.law.findings import Finding
from ortaq.tenders.choices import arguments
from ortaq.tenders.models import Lot as TenderLot
from ortaq.tenders.queries.review import PUBLISHED

ADMITTED = "admitted"
NOT_ELIGIBLE = "not_eligible"
DECIDED_TIES = ("tie_decided",)


@dataclass(frozen=True, slots=True)
class Recalculated:
    """A published result beside what the law says of its file: `again` is the answer of `ortaq law`."""

    title: str
    file: Mapping[str, Any]
    kind: str
    winner: str
    again: Mapping[str, Any]

    @property
    def agrees(self) -> bool:
        return (self.again["kind"], self.again["winner"] or "") == (self.kind, self.winner)


# --- Grants ---------------------------------------------------------------------------------------


def grant_lots() -> QuerySet[GrantLot]:
    """The topics whose results are published."""
    rows = GrantLot.objects.filter(
        competition__state=Competition.State.PUBLISHED, outcome__published_at__isnull=False
    )
    return rows.select_related(
        "topic", "competition__version__plan", "competition__protocol", "outcome__winner"
    )


def grant_file(lot: GrantLot) -> dict[str, Any]:
    """The input of `ortaq law grant` for a topic from `grant_lots`; one query."""
    competition, kept = lot.competition, _kept_grant(lot)
    decided = any(one["code"] in DECIDED_TIES for one in kept["findings"])
    return {
        "edition": competition.edition,
        "local_budget": competition.version.plan.level == "local",
        "applications": [
            {
                "id": one["number"],
                "admitted": one["state"] == ADMITTED,
                # Sorted: see above.
                "totals": sorted(total for _seat, total in one["by_member"]),
            }
            for one in kept["applications"]
        ],
        "tie_winner": kept["winner"] if decided else None,
    }


def _kept_grant(lot: GrantLot) -> Mapping[str, Any]:
    """The topic in the frozen protocol, which has them in the order of the competition."""
    order = list(lot.competition.lots.values_list("pk", flat=True))
    kept: Mapping[str, Any] = lot.competition.protocol.content["lots"][order.index(lot.pk)]
    return kept


def grant(lot: GrantLot) -> Recalculated:
    """The published outcome of a topic beside that of its file."""
    outcome: Outcome = lot.outcome
    file = grant_file(lot)
    winner = outcome.winner.number if outcome.winner else ""
    return Recalculated(lot.topic.title, file, outcome.kind, winner, inputs.grant(file).as_dict())


# --- Tenders --------------------------------------------------------------------------------------


def tender_lots() -> QuerySet[TenderLot]:
    """The lots whose results are published."""
    rows = TenderLot.objects.filter(tender__state__in=PUBLISHED)
    return rows.select_related("topic", "tender__protocol").defer("topic__search")


def tender_file(lot: TenderLot) -> dict[str, Any]:
    """The input of `ortaq law tender` for a lot from `tender_lots`; no query. Prices are in tenge, exact."""
    kept = _kept_tender(lot)
    return {
        "edition": lot.tender.edition,
        "allocated": plain(kept["allocated_tiyn"]),
        **arguments(lot.tender),
        "bids": [_bid(one) for one in kept["bids"]],
        "tie_winner": kept["winner"] if kept["tie"] else None,
    }


def _kept_tender(lot: TenderLot) -> Mapping[str, Any]:
    lots: Sequence[Mapping[str, Any]] = lot.tender.protocol.content["lots"]
    return next(one for one in lots if one["position"] == lot.position)


def _bid(kept: Mapping[str, Any]) -> dict[str, Any]:
    findings = [Finding.of(one) for one in kept["findings"]]
    return {
        "id": kept["number"],
        "scores": kept["scores"],
        "price": plain(kept["price_tiyn"]),
        "market_experience_days": kept["market_days"],
        "eligible": not any(one.code == NOT_ELIGIBLE for one in findings),
    }


def tender(lot: TenderLot) -> Recalculated:
    """The published result of a lot beside that of its file."""
    kept, file = _kept_tender(lot), tender_file(lot)
    return Recalculated(
        lot.topic.title, file, lot.result, kept["winner"] or "", inputs.bids(file).as_dict()
    )
