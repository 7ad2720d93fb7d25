"""The protocol of results as frozen content: commission, every bid, its points, price and place
(SO-T-101). The paper in `papers.protocol` says it in Kazakh and Russian.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ortaq.core import canonical
from ortaq.core.keys import key_of
from ortaq.law.findings import plain
from ortaq.review.models import Motion, Panel
from ortaq.tenders.models import Bid, Protocol, Tender

from .decided import Decided

FORMAT = "ortaq.tender-protocol/1"


def draw_up(tender: Tender, lots: Sequence[Decided], at: datetime) -> Protocol:
    """The protocol of these results, kept for good."""
    content = record(tender, lots, at)
    digest = canonical.sha256(content)
    return Protocol.objects.create(tender=tender, content=content, sha256=digest, made_at=at)


def record(tender: Tender, lots: Sequence[Decided], at: datetime) -> dict[str, Any]:
    """Everything that the protocol says, as JSON."""
    votes = _votes(tender.panel)
    return {
        "format": FORMAT,
        "edition": f"{tender.act}/{tender.edition}",
        "number": tender.number,
        "title_kk": tender.title_kk,
        "title_ru": tender.title_ru,
        "customer": _organisation(tender.customer),
        "organiser": _organisation(tender.organiser),
        "closed_at": tender.closes_at and tender.closes_at.isoformat(),
        "opened_at": tender.opened_at and tender.opened_at.isoformat(),
        "decided_at": at.isoformat(),
        "commission": _commission(tender.panel),
        "lots": [_lot(found, votes) for found in lots],
    }


def _organisation(row: Any) -> dict[str, str]:
    return {"bin": row.bin, "name_kk": row.name_kk, "name_ru": row.name_ru}


def _commission(panel: Panel | None) -> dict[str, Any]:
    if panel is None:
        return {"order": "", "people": []}
    seats = panel.seats.select_related("person").order_by("role", "id")
    return {
        "order": panel.order_number,
        "on": panel.order_on and panel.order_on.isoformat(),
        "by": panel.order_by,
        "people": [
            {
                "name": seat.person.full_name,
                "short_name": seat.person.short_name,
                "role": seat.role,
                "office": seat.office,
                "until": seat.until and seat.until.isoformat(),
                "reason": seat.end_reason,
            }
            for seat in seats
            if seat.until is None or (panel.in_office_from and seat.until > panel.in_office_from)
        ],
    }


def _votes(panel: Panel | None) -> dict[str, Motion]:
    """The adopted motion on each subject."""
    if panel is None:
        return {}
    rows = panel.motions.filter(state=Motion.State.ADOPTED).prefetch_related("votes__seat__person")
    return {motion.subject: motion for motion in rows.order_by("id")}


def _lot(found: Decided, votes: dict[str, Motion]) -> dict[str, Any]:
    result = found.result
    assert result is not None
    lot = found.lot
    return {
        "position": lot.position,
        "title_kk": lot.topic.title_kk,
        "title_ru": lot.topic.title_ru,
        "allocated_tiyn": lot.allocated_tiyn,
        "kind": result.kind,
        "winner": result.winner,
        "findings": [one.as_dict() for one in result.findings],
        "tie": _voted(found.tie) if found.tie else None,
        "bids": [_bid(bid, found, votes.get(key_of(bid))) for bid in found.bids],
    }


def _bid(bid: Bid, found: Decided, motion: Motion | None) -> dict[str, Any]:
    judged = found.judged(bid)
    assert judged is not None
    return {
        "number": bid.number,
        "bidder": _organisation(bid.organisation),
        "admitted": judged.admitted,
        "scores": bid.scores,
        "total": judged.total,
        "price_tiyn": judged.price_tiyn,
        "reduction_percent": judged.reduction_percent,
        "conditional_tiyn": plain(judged.conditional_tiyn),
        "place": judged.place,
        "market_days": bid.market_experience_days,
        "findings": [one.as_dict() for one in judged.findings],
        "vote": _voted(motion) if motion else None,
    }


def _voted(motion: Motion) -> dict[str, Any]:
    return {
        "reason": motion.reason,
        "grounds": motion.proposal.get("grounds", {}),
        "votes": [
            {
                "name": vote.seat.person.short_name,
                "in_favour": vote.in_favour,
                "remark": vote.remark,
            }
            for vote in sorted(motion.votes.all(), key=lambda vote: vote.pk)
        ],
    }
