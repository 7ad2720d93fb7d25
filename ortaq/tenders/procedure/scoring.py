"""Admission and points: one agreed value for each criterion, adopted by vote (SO-T-081..091).

propose     a member or the secretary puts points and grounds to the vote
admit       adopted, and nothing stands against the bid: it takes part with these points
turn_down   adopted, and C1 is 0, the price is dumping or the organisation may not bid

What is adopted is not changed: a second proposal is refused and kept in the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.keys import key_of
from ortaq.core.procedure import (
    SYSTEM,
    Attempt,
    Procedure,
    Refused,
    Step,
    anyone,
    keep_refusal,
    system_only,
)
from ortaq.law import commission as rules
from ortaq.law import tender as law_of
from ortaq.law.findings import Finding, Severity, stops
from ortaq.review import appointed
from ortaq.review.models import Motion
from ortaq.tenders.choices import arguments, edition_of
from ortaq.tenders.models import Bid, Tender

from .admission import as_bid, is_eligible, record

State = Bid.State
KIND = "scores"
STAGE_6 = rules.STAGE_6
MOST_DAYS = 36_500  # a hundred years


def not_adopted_yet(bid: Bid, attempt: Attempt) -> Iterable[Finding]:
    """Points that the commission has adopted stay (SO-T-090)."""
    if bid.state in (State.ADMITTED, State.NOT_ADMITTED):
        yield rules.against(edition_of(bid.lot.tender), "adopted_already")


def under_review(bid: Bid, attempt: Attempt) -> Iterable[Finding]:
    """The tender is with its commission: opened, and not decided."""
    tender = bid.lot.tender
    if tender.state != Tender.State.OPENED or tender.panel is None:
        cite = edition_of(tender).cite(STAGE_6)
        message = _("The commission of this tender is not reviewing bids now.")
        yield Finding("not_under_review", Severity.ERROR, message, cite)


def lawful(bid: Bid, attempt: Attempt) -> Iterable[Finding]:
    """Every criterion has one of its values; a bid that is out anyway need not be scored (SO-T-084)."""
    scores: Mapping[str, int] = attempt.facts["scores"]
    rubric = edition_of(bid.lot.tender).rubric(law_of.RUBRIC)
    faults = rubric.check(scores)
    if not _reasons(bid, {key: value for key, value in scores.items() if key in rubric.keys}):
        yield from faults
    else:
        yield from (fault for fault in faults if fault.code != "points_missing")


def experience_stated(bid: Bid, attempt: Attempt) -> Iterable[Finding]:
    """Days of experience on the market are a whole number (SO-T-099)."""
    days = attempt.facts.get("market_days")
    if not isinstance(days, int) or not 0 <= days <= MOST_DAYS:
        cite = edition_of(bid.lot.tender).cite(STAGE_6)
        message = _("State the experience on the market in whole days.")
        yield Finding("no_days", Severity.ERROR, message, cite, about="market_days")


def differs_explained(bid: Bid, attempt: Attempt) -> Iterable[Finding]:
    """Where the commission departs from what data say, it says why (SO-T-088, inferred)."""
    found, scores = record(bid), attempt.facts["scores"]
    grounds = attempt.facts.get("grounds") or {}
    for proposal in (found.database, found.experience):
        key = proposal.finding.about
        given = scores.get(key)
        if given is not None and given != proposal.points and not grounds.get(key):
            message = format_lazy(
                _("{criterion}: data say {points}. Say why you propose another value."),
                criterion=key,
                points=proposal.points,
            )
            numbers = {"proposed": proposal.points, "given": given}
            yield Finding(
                "differs_unexplained", Severity.ERROR, message, proposal.finding.cite, numbers, key
            )


def _reasons(bid: Bid, scores: Mapping[str, int], *, eligible: bool | None = None) -> list[Finding]:
    """Every reason not to admit the bid with these points."""
    may = is_eligible(bid) if eligible is None else eligible
    tender = bid.lot.tender
    return law_of.barred(
        edition_of(tender),
        as_bid(bid, scores, eligible=may),
        allocated_tiyn=bid.lot.allocated_tiyn,
        above_allocated=arguments(tender)["above_allocated"],
    )


# --- Adopted -----------------------------------------------------------------------------------------


def _taken(bid: Bid, attempt: Attempt) -> Mapping[str, Any]:
    """What was voted on becomes the bid's own."""
    motion: Motion = attempt.facts["motion"]
    bid.scores = motion.proposal["scores"]
    bid.market_experience_days = motion.proposal["market_days"]
    bid.findings = [finding.as_dict() for finding in attempt.facts["reasons"]]
    bid.save(update_fields=["scores", "market_experience_days", "findings"])
    return {
        "motion": motion.pk,
        "scores": bid.scores,
        "market_days": bid.market_experience_days,
        "reasons": [finding.code for finding in attempt.facts["reasons"]],
    }


PROPOSE = Step(
    "propose",
    _("Put the points to the vote"),
    source=(State.OPENED, State.ADMITTED, State.NOT_ADMITTED),
    target=None,
    by=anyone,
    requires=(not_adopted_yet, under_review, lawful, experience_stated, differs_explained),
    cite=STAGE_6,
)
ADMIT = Step(
    "admit",
    _("Admit with these points"),
    source=State.OPENED,
    target=State.ADMITTED,
    by=system_only,
    effect=_taken,
    cite=STAGE_6,
)
TURN_DOWN = Step(
    "turn_down",
    _("Do not admit"),
    source=State.OPENED,
    target=State.NOT_ADMITTED,
    by=system_only,
    effect=_taken,
    cite=STAGE_6,
)

SCORING: Procedure[Bid] = Procedure(Bid, (ADMIT, TURN_DOWN))


def propose(
    bid: Bid,
    *,
    actor: Any,
    scores: Mapping[str, int],
    market_days: int | None,
    grounds: Mapping[str, str] | None = None,
) -> Motion:
    """Put points for a bid to the vote of its commission, with what is known of the bidder now.

    `scores` by criterion, whole numbers of its levels; `grounds` what is said to each. Raises
    `Refused` with every clause in the way, for points adopted already too; that stays in the journal.
    """
    facts = {"scores": dict(scores), "market_days": market_days, "grounds": dict(grounds or {})}
    attempt = Attempt(actor, clock.now(), facts)
    first = [*not_adopted_yet(bid, attempt), *under_review(bid, attempt)]
    rest = (lawful, experience_stated, differs_explained)
    found = first or [finding for check in rest for finding in check(bid, attempt)]
    if in_the_way := stops(found):
        refused = Refused(PROPOSE, in_the_way)
        keep_refusal(refused, bid, actor, attempt.now)
        raise refused
    tender = bid.lot.tender
    assert tender.panel is not None  # `under_review`
    return appointed.put(
        tender.panel,
        kind=KIND,
        subject=key_of(bid),
        title=f"{bid.number} · {bid.organisation}",
        address=reverse("tenders:bid_review", args=[bid.pk]),
        proposal={**facts, "eligible": is_eligible(bid)},
        actor=actor,
        decide_by=tender.review_by,
    )


def adopted(motion: Motion, attempt: Attempt) -> None:
    """The commission adopted the points: the bid is admitted with them, or it is not."""
    pk = motion.subject.rpartition(":")[2]
    bid = Bid.objects.select_related("lot__tender", "organisation").get(pk=pk)
    # What was voted on decides: that the bidder's standing changed meanwhile is another question.
    reasons = _reasons(bid, motion.proposal["scores"], eligible=motion.proposal["eligible"])
    step = TURN_DOWN if reasons else ADMIT
    SCORING.take(step, bid, actor=SYSTEM, at=attempt.now, motion=motion, reasons=reasons)
