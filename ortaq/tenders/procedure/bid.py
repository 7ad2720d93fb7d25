"""The bid: draft → submitted → opened, or withdrawn.

    submit      seal it and give the receipt: number, instant, commitment (SO-T-014, SO-T-076 … 079)
    withdraw    before the deadline; a new bid copies what was written
    discard     a draft that nobody wants any more

`opened` is set for all bids of a tender by its one step `open` (`opening`); what follows belongs to
the commission.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import (
    CLOCK_BEHIND,
    Attempt,
    Procedure,
    Refused,
    Step,
    keep_refusal,
)
from ortaq.law.text import Text
from ortaq.people.actor import Actor
from ortaq.signing.requirement import required
from ortaq.tenders.models import Bid, BidReceipt, Tender
from ortaq.tenders.policy import bid as policy

from . import bid_submission as submission
from . import bid_vault as vault

State = Bid.State


def _discarded(bid: Bid, attempt: Attempt) -> Mapping[str, Any]:
    """Nothing of a draft is left but its chain in the journal."""
    drop_content(list(bid.files.values_list("token", flat=True)))
    return {"lot": bid.lot_id}


def drop_content(tokens: list[str]) -> None:
    """Delete encrypted contents once the transaction has ended well."""
    for token in tokens:
        transaction.on_commit(partial(default_storage.delete, vault.path_of(token)))


SUBMIT = Step(
    "submit",
    _("Hand in the bid"),
    source=State.DRAFT,
    target=State.SUBMITTED,
    by=policy.may_submit,
    requires=(
        submission.deadline_open,
        submission.eligible,
        submission.complete,
        submission.declared,
        required("tenders.bid"),
    ),
    effect=submission.submitted,
    cite="guide, SO vs grants table",
)
WITHDRAW = Step(
    "withdraw",
    _("Withdraw the bid"),
    source=State.SUBMITTED,
    target=State.WITHDRAWN,
    by=policy.is_signer,
    requires=(submission.deadline_open, submission.code_fits),
    effect=submission.withdrawn,
    cite="guide, stage 6",
    final=True,
)
DISCARD = Step(
    "discard",
    _("Discard the draft"),
    source=State.DRAFT,
    target=None,
    by=policy.may_discard,
    effect=_discarded,
    removes=True,
    final=True,
)


def owed(bid: Bid) -> Iterable[Owed]:
    """A draft is to be handed in by the deadline."""
    tender = bid.lot.tender
    if bid.state == State.DRAFT and tender.state == Tender.State.ANNOUNCED:
        yield Owed(
            "submit_bid",
            organisation(bid.organisation_id),
            Text(
                "Конкурстық өтінімді тапсыру",
                "Подать конкурсную заявку",
                "Hand in the bid",
            ),
            tender.closes_at,
            submission.address_of(bid),
            "guide, SO vs grants table",
        )


BID: Procedure[Bid] = Procedure(Bid, (SUBMIT, WITHDRAW, DISCARD), duties=owed)


def submit(bid: Bid, *, actor: Actor, declared: bool, code: str = "") -> BidReceipt:
    """Hand a draft in; its receipt. Raises `Refused` with all that is in the way: the draft stays.
    Who comes too late, or with the clock set back, stands in the journal. `code`: see `bid_vault.put_away`.
    Pressed twice, the second press finds the first one's receipt, also when the bids have been opened meanwhile.
    """
    try:
        _take(SUBMIT, bid, actor, declared=declared, code=code, cache={})
    except Refused as refused:
        bid.refresh_from_db()
        if bid.state in (State.DRAFT, State.WITHDRAWN) or not refused.has("moved_on", "not_yours"):
            raise
        if not policy.is_bidder(actor, bid):
            raise
    receipt = bid.receipts.last()
    assert receipt is not None
    return receipt


def withdraw(bid: Bid, *, actor: Actor, code: str = "") -> None:
    """Take a bid back before the deadline; raises `Refused` afterwards, or for a code that is not its own."""
    _take(WITHDRAW, bid, actor, code=code)


def _take(step: Step, bid: Bid, actor: Actor, **facts: Any) -> None:
    """The tender is locked first: a bid is either in before the opening or refused, never half."""
    try:
        with transaction.atomic():
            Tender.objects.select_for_update(of=("self",)).get(lots__bids=bid.pk)
            BID.take(step, bid, actor=actor, **facts)
    except Refused as refused:
        if refused.has("acceptance_over", CLOCK_BEHIND):
            keep_refusal(refused, bid, actor, clock.now())
        raise
