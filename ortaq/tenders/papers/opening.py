"""The protocol of opening (SO-T-077): every bid that arrived, its price, what it committed to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation

from ortaq.core.bilingual import pick
from ortaq.documents.filling import fill
from ortaq.documents.forms import form
from ortaq.documents.paper import Paper
from ortaq.faces import say
from ortaq.law.text import Text
from ortaq.tenders.models import Bid, Tender
from ortaq.tenders.queries import bid as queries

UNREADABLE = Text(
    "Ашылмады: мазмұны бақылау сомасына сай емес",
    "Не вскрыта: содержание не соответствует контрольной сумме",
    "Could not be opened: it is not what was committed to",
)


def protocol(tender: Tender, language: str) -> Paper:
    """The protocol of an opened tender; a fixed number of queries."""
    bids = queries.opened(tender)
    values = {
        "fields": {
            "number": tender.number,
            "title": pick(tender.title_kk, tender.title_ru, language),
            "customer": _name(tender.customer, language),
            "organiser": _name(tender.organiser, language),
            "closed": _instant(tender.closes_at, language),
            "opened": _instant(tender.opened_at, language),
            "count": len(bids),
        },
        "sections": {"bids": [_row(bid, language) for bid in bids]},
    }
    return fill(form("SO-OP", tender.edition), values, language)


def _row(bid: Bid, language: str) -> dict[str, Any]:
    receipt = list(bid.receipts.all())[-1]
    topic = bid.lot.topic
    opened = bid.content is not None
    return {
        "lot": f"{bid.lot.position}. {pick(topic.title_kk, topic.title_ru, language)}",
        "bidder": f"{_name(bid.organisation, language)}, {bid.organisation.bin}",
        "receipt": f"{receipt.number}\n{_instant(receipt.at, language)}",
        "price": bid.price_tiyn if opened else UNREADABLE.say(language),
        "files": len(receipt.files),
        "commitment": receipt.commitment,
    }


def _name(organisation: Any, language: str) -> str:
    return pick(organisation.name_kk, organisation.name_ru, language)


def _instant(at: datetime | None, language: str) -> str:
    with translation.override(language):
        return say.instant(at, seconds=True) if at else ""
