"""February and March 2023: the commission is appointed, votes on every bid, the results are published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import QuerySet

from ortaq.core import clock
from ortaq.core.keys import key_of
from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.people.actor import actor_for
from ortaq.review.commission import tied
from ortaq.review.models import Motion, Panel, Seat
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
    """Three members, the first their chair, and a secretary, by order of the akimat.

    Whom somebody has put on the list already stays there.
    """
    told, saule, running = data.order()["tender"], cast.actor("saule"), found.tender()
    panel = commission.form(running, saule)
    if panel.state != Panel.State.APPOINTING:
        return
    for key in told["members"]:
        seated = list(members_of(panel))
        person = cast.user(key)
        enough = len(seated) >= len(told["members"]) and len(seated) % 2
        if enough or person.pk in {seat.person_id for seat in seated}:
            continue
        chair = not any(seat.office == Seat.Office.CHAIR for seat in seated)
        COMMISSION.take("take_on", panel, actor=saule, person=person, chair=chair)
    if not panel.seats.filter(role=Seat.Role.SECRETARY, until=None).exists():
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
    voted = set(motion.votes.values_list("seat", flat=True))
    for seat in (
        members_of(motion.panel).exclude(pk__in=voted).exclude(person__in=tied(motion.panel))
    ):
        vote(motion, actor=actor_for(seat.person), in_favour=True)


def members_of(panel: Panel) -> QuerySet[Seat]:
    """Who sits on the commission with a vote."""
    sitting = panel.seats.filter(role=Seat.Role.MEMBER, until=None)
    return sitting.select_related("person").order_by("id")


def grounds(bid: Bid, offer: Offer) -> dict[str, str]:
    """A word where the commission departs from what data propose."""
    proposed = record(bid).proposed
    return {
        key: "Комиссия өтінімге қоса берілген құжаттарды ескерді."
        for key, points in offer.scores.items()
        if key in proposed and proposed[key] != points
    }
