"""What the opening of bids requires and does (SO-T-076). The step is `tender.OPEN`, taken by `opening`.

A bid that cannot be opened (changed, or sealed for something else) is named as such and keeps no
other from being opened.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import canonical, deadlines, journal, letters, terms
from ortaq.core.keys import key_of
from ortaq.core.models import Duty
from ortaq.core.procedure import Attempt
from ortaq.faces import say
from ortaq.law import edition
from ortaq.law.findings import Finding, Severity
from ortaq.review import appointed, commission
from ortaq.review.models import Panel
from ortaq.tenders import sealing
from ortaq.tenders.models import Bid, BidFile, Tender

from . import openers
from .bid_submission import signers_of

# Who takes part once bids are opened, also with a bid that could not be opened.
BIDDING = (Bid.State.SUBMITTED, Bid.State.OPENED, Bid.State.ADMITTED, Bid.State.NOT_ADMITTED)
instant_of = lazy(say.instant, str)


def deadline_passed(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """The date and time stated in the documentation have passed: not a second earlier."""
    closes_at = tender.closes_at
    if not deadlines.is_over(closes_at, attempt.now):
        yield Finding(
            "too_early",
            Severity.ERROR,
            format_lazy(
                _("Bids are opened when their term has ended, on {deadline}; it is {now}."),
                deadline=instant_of(closes_at, seconds=True),
                now=instant_of(attempt.now, seconds=True),
            ),
            edition(tender.act, tender.edition).parameter("opening.when").cite,
            {"closes_at": closes_at and closes_at.isoformat(), "now": attempt.now.isoformat()},
        )


def opened(tender: Tender, attempt: Attempt) -> Mapping[str, Any]:
    """Open every bid, start the term of the review, tell the bidders."""
    bids = list(
        Bid.objects.select_for_update(of=("self",))
        .filter(lot__tender=tender, state=Bid.State.SUBMITTED)
        .prefetch_related("receipts")
        .order_by("pk")
    )
    files = {file.token: file for file in BidFile.objects.filter(bid__in=bids)}
    private = openers.private_half_of(tender)
    failed = [bid for bid in bids if not _open_bid(bid, files, private, tender, attempt)]
    Bid.objects.bulk_update(bids, ["state", "content", "price_tiyn"])
    BidFile.objects.bulk_update(files.values(), ["name", "kind", "key"], batch_size=200)
    tender.opened_at = attempt.now
    law_edition = edition(tender.act, tender.edition)
    tender.review_by = terms.due_at(law_edition, "review", attempt.now)
    tender.save(update_fields=["opened_at", "review_by"])
    _end_duties(tender, attempt)
    transaction.on_commit(partial(openers.forget, tender))
    tell_bidders(tender)
    address = reverse("tenders:opening", args=[tender.pk])
    letters.prepare(
        tender,
        "opened",
        signers_of({bid.organisation_id for bid in bids}).distinct(),
        "tenders/letters/opened.txt",
        {"address": settings.SITE_URL + address},
        release=True,
    )
    _call_commission(tender)
    return {
        "bids": len(bids),
        "failed": [bid.number for bid in failed],
        "commitments": {bid.number: bid.commitment for bid in bids},
    }


def tell_bidders(tender: Tender) -> None:
    """From the opening on the commission knows who bid: those tied to a bidder stop voting."""
    if tender.panel is None or tender.panel.state == Panel.State.ENDED:
        return
    bidders: Any = Bid.objects.filter(lot__tender=tender, state__in=BIDDING)
    appointed.list_bidders(tender.panel, bidders.values_list("organisation", flat=True))


def _call_commission(tender: Tender) -> None:
    """Members and secretary hear that the bids wait for them, and until when."""
    if tender.panel is None or tender.panel.state != Panel.State.IN_OFFICE:
        return  # whoever is appointed later hears of it then
    address = settings.SITE_URL + reverse("tenders:review", args=[tender.pk])
    people = [seat.person for seat in commission.sitting(tender.panel)]
    template = "tenders/letters/review.txt"
    letters.prepare(tender, "review", people, template, {"address": address}, release=True)


def _open_bid(
    bid: Bid, files: Mapping[str, BidFile], private: bytes, tender: Tender, attempt: Attempt
) -> bool:
    """Read one sealed bid into its columns; False when it is not what its receipt says."""
    try:
        content, keys = _unsealed(bid, private, tender, attempt)
    except sealing.Sealed as why:
        _note(bid, "opening_failed", {"why": str(why), "commitment": bid.commitment}, attempt)
        return False
    bid.content, bid.price_tiyn = content, content["price_tiyn"]
    bid.state = Bid.State.OPENED
    for one in content["files"]:
        file = files[one["token"]]
        file.name, file.kind = one["name"], one["kind"]
        file.key = bytes.fromhex(keys[one["token"]])
    _note(bid, "open", {"commitment": bid.commitment, "to": bid.state}, attempt)
    return True


def _unsealed(
    bid: Bid, private: bytes, tender: Tender, attempt: Attempt
) -> tuple[dict[str, Any], dict[str, str]]:
    """The content of a bid and the keys of its files, as its receipt commits to them."""
    assert tender.closes_at is not None
    closed = bytes(bid.sealed)
    about, ends = key_of(bid), tender.closes_at
    plain = sealing.unseal(private, closed, about, closes_at=ends, now=attempt.now)
    found = json.loads(plain)
    receipt = max(bid.receipts.all(), key=lambda one: one.pk)
    if not canonical.sha256(found["content"]) == bid.commitment == receipt.commitment:
        raise sealing.Sealed("Its content is not what was committed to.")
    return found["content"], found["keys"]


def _note(bid: Bid, step: str, facts: Mapping[str, Any], attempt: Attempt) -> None:
    journal.append(bid, step, facts=facts, at=attempt.now)


def _end_duties(tender: Tender, attempt: Attempt) -> None:
    """Nobody owes the submission of a draft any longer."""
    drafts = Bid.objects.filter(lot__tender=tender, state=Bid.State.DRAFT)
    Duty.objects.filter(subject__in=[key_of(bid) for bid in drafts], done_at=None).update(
        done_at=attempt.now
    )
