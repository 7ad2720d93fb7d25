"""The tender of a lot: announcement, opening of bids, results."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.utils.translation import gettext_noop as _

from ortaq import law
from ortaq.law import fields
from ortaq.law.tender import RUBRIC
from ortaq.opendata import exact
from ortaq.people.models import Organisation
from ortaq.planning.models import Service, Topic
from ortaq.tenders.models import Bid, Lot
from ortaq.tenders.queries.review import PUBLISHED

from .contracted import contracted
from .families import Family, Offer
from .parts import (
    Part,
    bilingual,
    document,
    filled,
    party,
    period,
    reference,
    said,
    together,
    value,
)
from .planned import approved, tender_id
from .told import Told

FIELDS = "x_ortaq_fields"  # the code list of fields, see docs/open-data.md


def offered(
    family: Family, topic: Topic, offer: Offer, related: list[Part] | None = None
) -> Iterator[Told]:
    lot, tender = offer.lot, offer.lot.tender
    assert tender.announced_at is not None  # `families` leaves out the others
    head: Part = {"id": tender_id(topic)}
    again = ("tenderUpdate",)
    content: Part = {
        "buyer": reference(tender.customer),
        "parties": together(
            [party(tender.customer, "buyer"), party(tender.organiser, "procuringEntity")]
        ),
        "tender": {**head, **_tender(topic, offer)},
    }
    if topic.approved_tiyn is not None:
        content["planning"] = {"budget": approved(family, topic)}
    if related:
        content["relatedProcesses"] = related
    yield Told("tender", tender.announced_at, ("tender",), ("tenderAmendment",), content)
    if tender.opened_at:
        yield Told("opening", tender.opened_at, again, again, _opened(head, offer))
    if tender.published_at and tender.state in PUBLISHED:
        yield Told(
            "award",
            tender.published_at,
            ("award", "tenderUpdate"),
            ("awardUpdate", "tenderUpdate"),
            _awarded(head, offer, topic),
        )
    if offer.deal is not None:
        yield from contracted(family, offer.deal, f"lot-{lot.pk}")


def _tender(topic: Topic, offer: Offer) -> Part:
    lot, tender = offer.lot, offer.lot.tender
    open_url = exact.address("tenders:tender", tender.pk)
    return {
        **bilingual("title", topic.title_kk, topic.title_ru),
        **bilingual("description", topic.result_kk, topic.result_ru),
        "status": "active",
        "procuringEntity": reference(tender.organiser),
        "items": [_item(one, topic) for one in offer.services],
        "value": value(lot.allocated_tiyn),
        "procurementMethod": "open",
        # The standard has this text in one language only.
        "procurementMethodDetails": said("text", _("Tender of the social order among NGOs"))[
            "text"
        ],
        "mainProcurementCategory": "services",
        "awardCriteria": "ratedCriteria",
        **bilingual("awardCriteriaDetails", *_criteria(tender.act, tender.edition)),
        "submissionMethod": ["electronicSubmission"],
        "submissionMethodDetails": open_url,
        "tenderPeriod": period(tender.announced_at, tender.closes_at),
        **filled("contractPeriod", period(lot.starts_on, lot.ends_on)),
        "documents": [
            document(
                "notice",
                "tenderNotice",
                _("Announcement of the tender"),
                open_url,
                tender.announced_at,
            ),
            document(
                "lot",
                "technicalSpecifications",
                _("Technical specification of the lot"),
                exact.address("tenders:lot", lot.pk),
                tender.announced_at,
            ),
        ],
    }


@cache
def _criteria(act: str, edition: str) -> tuple[str, str]:
    """The criteria of the edition in Kazakh and Russian."""
    rubric = law.edition(act, edition).rubric(RUBRIC)
    kk, ru = (
        "; ".join(f"{one.key}: {one.label.say(language)}" for one in rubric.criteria)
        for language in ("kk", "ru")
    )
    return kk, ru


@cache
def _known_fields() -> frozenset[str]:
    return frozenset(fields.fields_by_name().values())


def _item(service: Service, topic: Topic) -> Part:
    found: Part = {
        "id": service.key,
        **bilingual("description", service.name_kk, service.name_ru),
        "quantity": service.quantity,
    }
    if topic.field in _known_fields():
        words = fields.field(topic.field).text
        found["classification"] = {
            "scheme": FIELDS,
            "id": topic.field,
            **bilingual("description", words.kk, words.ru),
        }
    return found


def _opened(head: Part, offer: Offer) -> Part:
    tender = offer.lot.tender
    bidders = [bid.organisation for bid in offer.bids]
    found: Part = {
        "tender": {
            **head,
            "numberOfTenderers": len({one.pk for one in bidders}),
            **filled("awardPeriod", period(tender.opened_at, tender.review_by)),
            "documents": [
                document(
                    "opening",
                    "openingProtocol",
                    _("Protocol of the opening of bids"),
                    exact.address("tenders:opening", tender.pk),
                    tender.opened_at,
                )
            ],
        },
        "bids": {"statistics": [_counted("bids", len(offer.bids))]},
    }
    if offer.bids:
        found["tender"]["tenderers"] = _each(bidders)
        found["parties"] = together(party(one, "tenderer") for one in bidders)
        found["bids"]["details"] = [_bid(bid, "pending") for bid in offer.bids]
    return found


def _each(organisations: list[Organisation]) -> list[Part]:
    return list({one.pk: reference(one) for one in organisations}.values())


def _counted(measure: str, number: int) -> Part:
    return {"id": measure, "measure": measure, "value": number}


def _bid(bid: Bid, status: str) -> Part:
    found: Part = {
        "id": bid.number or f"bid-{bid.pk}",
        "status": status,
        "tenderers": [reference(bid.organisation)],
    }
    if bid.submitted_at:
        found["date"] = exact.instant(bid.submitted_at)
    if bid.price_tiyn is not None:
        found["value"] = value(bid.price_tiyn)
    return found


def _awarded(head: Part, offer: Offer, topic: Topic) -> Part:
    lot, tender = offer.lot, offer.lot.tender
    assert tender.published_at is not None
    valid = [bid for bid in offer.bids if bid.state == Bid.State.ADMITTED]
    # A bid that could not be opened is not admitted either.
    refused = [bid for bid in offer.bids if bid.state != Bid.State.ADMITTED]
    winner = next((bid for bid in valid if bid.place == 1), None)
    held = lot.result == Lot.Result.WINNER and winner is not None
    award: Part = {
        "id": f"lot-{lot.pk}",
        **bilingual("title", topic.title_kk, topic.title_ru),
        "status": "active" if held else "unsuccessful",
        "date": exact.instant(tender.published_at),
        "documents": [
            document(
                "results",
                "awardNotice",
                _("Results of the tender"),
                exact.address("tenders:results", tender.pk, fragment=f"lot-{lot.pk}"),
                tender.published_at,
            )
        ],
    }
    found: Part = {
        "tender": {**head, "status": "complete" if held else "unsuccessful"},
        "bids": {
            "statistics": [
                _counted("validBids", len(valid)),
                _counted("disqualifiedBids", len(refused)),
            ],
            "details": [
                {"id": bid.number or f"bid-{bid.pk}", "status": status}
                for some, status in ((valid, "valid"), (refused, "disqualified"))
                for bid in some
            ],
        },
        "awards": [award],
    }
    if not offer.bids:
        del found["bids"]["details"]
    if held and winner is not None:
        award["value"] = value(winner.price_tiyn or 0)
        award["suppliers"] = [reference(winner.organisation)]
        award["relatedBid"] = winner.number or f"bid-{winner.pk}"
        found["parties"] = [party(winner.organisation, "supplier")]
    return found
