"""Results: computed exactly from adopted points, frozen in the protocol, published in one step
(SO-T-093..102).

put_tie     equal conditional prices and equal experience: the commission chooses, with a ground
decided     results of all lots, places of all bids, the protocol
published   the public page and the letters, at one instant
ended       the last contract is concluded, and with it the commission's office
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import canonical, clock, letters
from ortaq.core.duties import Owed
from ortaq.core.keys import key_of
from ortaq.core.models import JournalEntry
from ortaq.core.procedure import Attempt, Refused, Step, anyone, keep_refusal
from ortaq.law import commission as rules
from ortaq.law import tender as law_of
from ortaq.law.findings import Finding, Severity
from ortaq.projects.models import Contract
from ortaq.review import appointed
from ortaq.review.models import Motion, Panel
from ortaq.signing import occasions, requirement
from ortaq.tenders.choices import arguments, edition_of
from ortaq.tenders.models import Bid, Lot, Protocol, Tender

from .admission import as_bid
from .bid_submission import signers_of
from .decided import REVIEWED, Decided
from .protocol import draw_up
from .scoring import ADMIT, TURN_DOWN

STAGE_6, STAGE_7 = rules.STAGE_6, "guide, stage 7"
TIE = "tie"
OPENED = (Bid.State.OPENED, *REVIEWED)
OPENED_BID = "open"  # the entry of a bid at the opening, with its commitment
# What the database says against the journal: code and sentence.
CHANGED_BID = (
    "bid_changed",
    _(
        "{bid}: its price or content is not what was opened. Somebody changed it afterwards. Tell "
        "the administrator."
    ),
)
CHANGED_POINTS = (
    "points_changed",
    _(
        "{bid}: the points are not those that the commission adopted. Somebody changed them past "
        "its vote. Tell the administrator."
    ),
)


def decide(tender: Tender, only: Lot | None = None) -> list[Decided]:
    """The result of every lot, or of one, by the points adopted so far; three queries, for one lot two."""
    lots = [only] if only else list(tender.lots.select_related("topic").order_by("position"))
    by_lot: dict[int, list[Bid]] = {lot.pk: [] for lot in lots}
    rows = Bid.objects.filter(state__in=OPENED)
    rows = rows.filter(lot=only) if only else rows.filter(lot__tender=tender)
    for bid in rows.select_related("organisation").order_by("submitted_at", "id"):
        by_lot[bid.lot_id].append(bid)
    ties: dict[str, Motion] = {}
    if tender.panel_id is not None:
        adopted = Motion.objects.filter(
            panel=tender.panel_id, kind=TIE, state=Motion.State.ADOPTED
        ).order_by("id")
        ties = {motion.subject: motion for motion in adopted}
    return [_of_lot(tender, lot, by_lot[lot.pk], ties.get(key_of(lot))) for lot in lots]


def _of_lot(tender: Tender, lot: Lot, bids: Sequence[Bid], tie: Motion | None) -> Decided:
    if any(bid.state not in REVIEWED for bid in bids):
        return Decided(lot, bids, None, None)
    asked = [
        as_bid(bid, bid.scores, days=bid.market_experience_days, eligible=_eligible(bid))
        for bid in bids
    ]
    facts: dict[str, Any] = {"allocated_tiyn": lot.allocated_tiyn, **arguments(tender)}
    result = law_of.decide(edition_of(tender), asked, **facts)
    if result.kind == "tie" and tie is not None and sorted(result.tied) == tie.proposal["tied"]:
        winner = tie.proposal["winner"]
        result = law_of.decide(edition_of(tender), asked, tie_winner=winner, **facts)
        return Decided(lot, bids, result, tie)
    return Decided(lot, bids, result, None)


def _eligible(bid: Bid) -> bool:
    """As it was when the commission decided on the bid."""
    return not any(finding["code"] == "not_eligible" for finding in bid.findings)


# --- Equal in everything ------------------------------------------------------------------------------

PUT_TIE = Step(
    "put_tie",
    _("Put the choice to the vote"),
    source=Tender.State.OPENED,
    target=None,
    by=anyone,
    cite="GAP-T-07",
)


def put_tie(lot: Lot, *, actor: Any, winner: Bid | None, ground: str) -> Motion:
    """Put to the vote which of equal bids wins, with the ground (SO-T-100). Raises `Refused`."""
    tender = lot.tender
    found = next(one for one in decide(tender) if one.lot.pk == lot.pk)
    edition = edition_of(tender)
    wrong: list[Finding] = []
    if tender.panel is None or found.result is None or found.result.kind != "tie":
        message = _("This lot has no equal bids between which to choose.")
        wrong.append(
            Finding("no_tie", Severity.ERROR, message, edition.cite("GAP-T-07", inferred=True))
        )
    elif winner is None or winner.number not in found.result.tied:
        message = _("Choose one of the equal bids.")
        cite = edition.cite("GAP-T-07", inferred=True)
        wrong.append(Finding("no_choice", Severity.ERROR, message, cite, about="winner"))
    if not ground.strip():
        wrong.append(rules.against(edition, "no_ground", about="ground"))
    if wrong:
        refused = Refused(PUT_TIE, wrong)
        keep_refusal(refused, tender, actor, clock.now())
        raise refused
    assert tender.panel is not None
    assert winner is not None
    assert found.result is not None
    return appointed.put(
        tender.panel,
        kind=TIE,
        subject=key_of(lot),
        title=f"Лот {lot.position}: {winner.number} · {winner.organisation}",
        address=reverse("tenders:review", args=[tender.pk]),
        proposal={"winner": winner.number, "tied": sorted(found.result.tied)},
        reason=ground.strip(),
        actor=actor,
        decide_by=tender.review_by,
    )


# --- Deciding ------------------------------------------------------------------------------------------


def all_decided(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """The commission has decided on every bid, and on every tie (SO-T-081, 082, 100)."""
    edition = edition_of(tender)
    for found in decide(tender):
        numbers = {"lot": found.lot.position, "bids": [bid.number for bid in found.waiting]}
        if found.waiting:
            message = _("The commission has not decided on every bid yet.")
            cite = edition.cite(STAGE_6)
            yield Finding("bids_waiting", Severity.ERROR, message, cite, numbers)
        elif found.result is not None and found.result.kind == "tie":
            message = _(
                "Bids are equal in price and experience, or their experience is not known. The "
                "commission must choose and state the ground."
            )
            cite = edition.cite("GAP-T-07", inferred=True)
            yield Finding(
                "tie", Severity.ERROR, message, cite, numbers | {"bids": found.result.tied}
            )


def as_the_journal_has_it(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """Bids are as they were opened, points as they were adopted; two queries (SO-T-090, inferred)."""
    reviewed = Bid.objects.filter(lot__tender=tender, state__in=REVIEWED)
    bids = {key_of(bid): bid for bid in reviewed}
    steps = (OPENED_BID, ADMIT.name, TURN_DOWN.name)
    cite = edition_of(tender).cite(STAGE_6, inferred=True)
    for entry in JournalEntry.objects.filter(subject__in=bids, step__in=steps).order_by("pk"):
        bid, facts = bids[entry.subject], entry.facts
        if entry.step == OPENED_BID:
            content = bid.content or {}
            same = canonical.sha256(content) == facts["commitment"]
            same = same and bid.price_tiyn == content["price_tiyn"]
            code, message = CHANGED_BID
        else:
            given = (bid.scores, bid.market_experience_days)
            same = given == (facts["scores"], facts["market_days"])
            code, message = CHANGED_POINTS
        if not same:
            said = format_lazy(message, bid=bid.number)
            yield Finding(code, Severity.ERROR, said, cite, {"bid": bid.number})


def decided(tender: Tender, attempt: Attempt) -> Mapping[str, Any]:
    """Write down results and places, and freeze the protocol. Nobody outside sees them yet."""
    lots = decide(tender)
    for found in lots:
        assert found.result is not None  # `all_decided`
        found.lot.result = found.result.kind
        found.lot.result_findings = [one.as_dict() for one in found.result.findings]
        found.lot.save(update_fields=["result", "result_findings"])
        for bid in found.bids:
            judged = found.judged(bid)
            assert judged is not None
            bid.place = judged.place
            bid.findings = [one.as_dict() for one in judged.findings]
        Bid.objects.bulk_update(found.bids, ["place", "findings"])
    protocol = draw_up(tender, lots, attempt.now)
    return {"lots": len(lots), "protocol": protocol.sha256}


def protocol_ready(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """The protocol of results stands (SO-T-101)."""
    if not Protocol.objects.filter(tender=tender).exists():
        message = _("The protocol of results is not drawn up.")
        yield Finding("no_protocol", Severity.ERROR, message, edition_of(tender).cite(STAGE_6))


def signed_electronically(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """Where electronic signatures are required, the whole commission has signed the protocol."""
    if protocol := Protocol.objects.filter(tender=tender).first():
        protocol.tender = tender
        yield from requirement.missing("tenders.protocol", protocol)


def owed_signatures(tender: Tender) -> Iterable[Owed]:
    """Whose electronic signature on the protocol is required and missing."""
    occasion = occasions.get("tenders.protocol")
    protocol = Protocol.objects.filter(tender=tender).first()
    if occasion is not None and protocol is not None:
        protocol.tender = tender
        yield from requirement.owed(occasion, protocol, STAGE_6)


def published(tender: Tender, attempt: Attempt) -> Mapping[str, Any]:
    """The public page opens and every bidder hears, at one instant."""
    tender.published_at = attempt.now
    tender.save(update_fields=["published_at"])
    bids = Bid.objects.filter(lot__tender=tender, state__in=REVIEWED).select_related("lot__topic")
    address = settings.SITE_URL + reverse("tenders:results", args=[tender.pk])
    for bid in bids.order_by("id"):
        letters.prepare(
            bid,
            "results",
            signers_of([bid.organisation_id]).distinct(),
            "tenders/letters/results.txt",
            {"tender": tender, "won": _won(bid), "address": address},
            release=True,
        )
    results = {str(lot.position): lot.result for lot in tender.lots.all()}
    protocol = Protocol.objects.get(tender=tender)
    return {"results": results, "protocol": protocol.sha256}


def _won(bid: Bid) -> bool:
    return bid.place == 1 and bid.lot.result == Lot.Result.WINNER


def winner_of(lot: Lot) -> Bid | None:
    """The winner of a decided lot; one query."""
    if lot.result != Lot.Result.WINNER:
        return None
    rows = Bid.objects.filter(lot=lot, place=1, state=Bid.State.ADMITTED)
    return rows.select_related("organisation", "lot__tender").first()


# --- The end -------------------------------------------------------------------------------------------


def contracts_concluded(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """Every winner's contract is signed, or its winner declined it (SO-T-072, SO-T-110)."""
    won = tender.lots.filter(result=Lot.Result.WINNER)
    over = Contract.objects.filter(
        source__in=[key_of(lot) for lot in won],
        state__in=(Contract.State.SIGNED, Contract.State.DECLINED),
    )
    if over.count() < len(won):
        message = _("Not every contract of this tender is concluded yet.")
        yield Finding("contracts_open", Severity.ERROR, message, edition_of(tender).cite(STAGE_6))


def ended(tender: Tender, attempt: Attempt) -> Mapping[str, Any]:
    """The commission's office ends with the contract (SO-T-072)."""
    if tender.panel is not None and tender.panel.state != Panel.State.ENDED:
        appointed.end(tender.panel)
    return {"commission": tender.panel_id}
