"""The opening of bids: all at once, by nobody, when the deadline has passed (SO-T-076).

The step itself is one of the tender's (`tender.OPEN`); here stands what it requires and does.
`open_due` takes it, from `ortaq tick` each minute and from any page that meets a tender whose time
has come. A bid that cannot be opened (changed, or sealed for something else) is named as such and
keeps no other from being opened.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import canonical, clock, journal, letters, terms
from ortaq.core.keys import key_of
from ortaq.core.models import Duty
from ortaq.core.procedure import SYSTEM, Attempt, Refused
from ortaq.faces import say
from ortaq.law import edition
from ortaq.law.findings import Finding, Severity
from ortaq.review import appointed
from ortaq.tenders import sealing
from ortaq.tenders.models import Bid, BidFile, Tender

from . import bid_vault as vault
from .bid_submission import signers_of
from .commission import tell_bidders

State = Tender.State
instant_of = lazy(say.instant, str)


def deadline_passed(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """The date and time stated in the documentation have passed: not a second earlier."""
    closes_at = tender.closes_at
    if closes_at is None or attempt.now <= closes_at:
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
    failed = [bid for bid in bids if not _open_bid(bid, files, tender, attempt)]
    Bid.objects.bulk_update(bids, ["state", "content", "price_tiyn"])
    BidFile.objects.bulk_update(files.values(), ["name", "kind", "key"], batch_size=200)
    tender.opened_at = attempt.now
    law_edition = edition(tender.act, tender.edition)
    tender.review_by = terms.due_at(law_edition, "review", attempt.now)
    tender.save(update_fields=["opened_at", "review_by"])
    _end_duties(tender, attempt)
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
    if tender.panel is not None:
        appointed.list_bidders(tender.panel, sorted({bid.organisation_id for bid in bids}))
    return {
        "bids": len(bids),
        "failed": [bid.number for bid in failed],
        "commitments": {bid.number: bid.commitment for bid in bids},
    }


def _open_bid(bid: Bid, files: Mapping[str, BidFile], tender: Tender, attempt: Attempt) -> bool:
    """Read one sealed bid into its columns; False when it is not what its receipt says."""
    try:
        content, keys = _unsealed(bid, tender, attempt)
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


def _unsealed(bid: Bid, tender: Tender, attempt: Attempt) -> tuple[dict[str, Any], dict[str, str]]:
    """The content of a bid and the keys of its files, as its receipt commits to them."""
    assert tender.closes_at is not None
    closed = bytes(bid.sealed)
    about, ends = key_of(bid), tender.closes_at
    plain = sealing.unseal(tender.seal_key, closed, about, closes_at=ends, now=attempt.now)
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


def open_tender(tender: Tender, *, actor: Any = SYSTEM) -> None:
    """Take the step. What is refused (too early, by a person, with the clock set back) raises
    `Refused` and stands in the journal.
    """
    from .tender import OPEN, TENDER

    try:
        TENDER.take(OPEN, tender, actor=actor)
    except Refused as refused:
        codes = ", ".join(finding.code for finding in refused.findings)
        if codes != "moved_on":  # another process opened them a moment ago
            vault.note_refusal(tender, actor, codes, "open_refused")
        raise


@dataclass(slots=True)
class Opened:
    """What `open_due` did: the tenders opened, and why others could not be."""

    closed: list[Tender] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def open_due() -> Opened:
    """Open every tender whose deadline has passed. Safe at any time and for several at once."""
    found = Opened()
    due = Tender.objects.filter(state=State.ANNOUNCED, closes_at__lt=clock.now())
    for tender in due.order_by("closes_at", "id"):
        try:
            open_tender(tender)
        except Refused as refused:
            if {finding.code for finding in refused.findings} != {"moved_on"}:
                found.refused.append(refused)
        else:
            found.closed.append(tender)
    return found


def opened_if_due(tender: Tender) -> Tender:
    """The tender as a page is to show it: opened, if its deadline has passed. No query otherwise."""
    due = tender.state == State.ANNOUNCED and tender.closes_at and tender.closes_at < clock.now()
    if due:
        open_due()
        tender.refresh_from_db()
    return tender
