"""February and March 2023: the commission is appointed, votes on every bid, the results are published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ortaq.core import clock
from ortaq.core.keys import key_of
from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.review.models import Motion, Panel
from ortaq.review.procedure import COMMISSION
from ortaq.review.procedure.motion import vote
from ortaq.tenders.models import Bid, Tender
from ortaq.tenders.procedure import commission, scoring
from ortaq.tenders.procedure.admission import record

from . import data, found, tender
from .data import Offer

State = Tender.State


def beats() -> Iterator[Beat]:
    told = data.order()["tender"]
    yield beat(told["commission_at"], appoint)
    for number, offer in enumerate(data.offers()):
        yield beat(told["proposed_at"] + timedelta(minutes=25 * number), agree_on, offer)
    yield beat(told["decided_at"], tender.take, "decide", State.OPENED)
    yield beat(told["published_at"], tender.take, "publish", State.DECIDED)


def appoint() -> None:
    """Three members, the first their chair, and a secretary, by order of the akimat."""
    told, saule, running = data.order()["tender"], cast.actor("saule"), found.tender()
    panel = commission.form(running, saule)
    if panel.state != Panel.State.APPOINTING:
        return
    seated = set(panel.seats.filter(until=None).values_list("person", flat=True))
    for number, key in enumerate(told["members"]):
        person = cast.user(key)
        if person.pk not in seated:
            COMMISSION.take("take_on", panel, actor=saule, person=person, chair=number == 0)
    if not panel.seats.filter(role="secretary", until=None).exists():
        COMMISSION.take("secretary", panel, actor=saule, person=cast.user(told["secretary"]))
    COMMISSION.take(
        "appoint",
        panel,
        actor=saule,
        order_number=told["order_number"],
        order_on=clock.today(),
        order_by=told["order_by"],
    )


def agree_on(offer: Offer) -> None:
    """The secretary puts the points of a bid to the vote, the members adopt them.

    What somebody has put to the vote already is voted on as it is.
    """
    told = data.order()["tender"]
    rows = Bid.objects.select_related("lot__tender__panel", "organisation")
    bid = rows.filter(lot__tender=found.tender(), organisation=cast.body(offer.ngo)).first()
    if bid is None or bid.state != Bid.State.OPENED:
        return
    open_now = Motion.objects.filter(subject=key_of(bid), state=Motion.State.OPEN)
    motion = open_now.select_related("panel").first() or scoring.propose(
        bid,
        actor=cast.actor(told["secretary"]),
        scores=offer.scores,
        market_days=record(bid).market_days,
        grounds=grounds(bid, offer),
    )
    voted = set(motion.votes.values_list("seat__person", flat=True))
    for key in told["members"]:
        actor = cast.actor(key)
        if actor.user is not None and actor.user.pk not in voted:
            vote(motion, actor=actor, in_favour=True)


def grounds(bid: Bid, offer: Offer) -> dict[str, str]:
    """A word where the commission departs from what data propose."""
    proposed = record(bid).proposed
    return {
        key: "Комиссия өтінімге қоса берілген құжаттарды ескерді."
        for key, points in offer.scores.items()
        if key in proposed and proposed[key] != points
    }
