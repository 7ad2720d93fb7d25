"""What pages read of bids."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from ortaq.people.actor import Actor
from ortaq.people.policy import responsible_for
from ortaq.planning.models import Service
from ortaq.review.models import Seat
from ortaq.tenders.models import Bid, BidReceipt, Lot, Tender

State = Bid.State
OPEN = (State.OPENED, State.ADMITTED, State.NOT_ADMITTED)


def bids_visible_to(actor: Actor) -> QuerySet[Bid]:
    """The one visibility query: lists, pages, files and papers of bids all start here.

    An NGO's people see their own. Before the opening nobody else learns even that a bid exists;
    from then on the organiser, the customer and the sitting commission see those of their tender.
    """
    visible = Q(organisation__in=actor.organisation_ids)
    if held := responsible_for(actor):
        bodies = Q(lot__tender__organiser__in=held) | Q(lot__tender__customer__in=held)
        visible |= Q(state__in=OPEN) & bodies
    if actor.user is not None:
        seats = Seat.objects.filter(
            panel=OuterRef("lot__tender__panel"), person=actor.user, until=None
        )
        visible |= Q(state__in=OPEN) & Q(Exists(seats))
    return Bid.objects.filter(visible)


def page_of(actor: Actor) -> QuerySet[Bid]:
    """Visible bids with what a page of one of them reads."""
    return with_lot(bids_visible_to(actor))


def with_lot(bids: QuerySet[Bid]) -> QuerySet[Bid]:
    """Bids with their lot, tender and organisation."""
    return bids.select_related(
        "lot__tender__customer",
        "lot__tender__organiser",
        "lot__topic",
        "lot__specification",
        "organisation",
    )


def of_ngo(actor: Actor) -> QuerySet[Bid]:
    """The bids of the NGO acted for, newest first; one query for a list."""
    ngo = actor.acting_for
    return with_lot(bids_visible_to(actor).filter(organisation=ngo.pk if ngo else None)).order_by(
        "-id"
    )


def lots_open_to_bids() -> QuerySet[Lot]:
    """Lots of announced tenders with what the page on which a bid is begun reads."""
    return Lot.objects.exclude(
        tender__state__in=(Tender.State.DRAFT, Tender.State.APPROVED)
    ).select_related("tender__customer", "tender__organiser", "topic", "specification")


def services_of(lot: Lot) -> list[Service]:
    """What the customer buys, in its order; one query."""
    return list(Service.objects.filter(specification=lot.specification_id))


def opened(tender: Tender) -> list[Bid]:
    """The bids of a tender as the protocol of opening lists them: by lot, as they came in."""
    return list(
        Bid.objects.filter(lot__tender=tender, state__in=(*OPEN, State.SUBMITTED))
        .select_related("lot__topic", "organisation")
        .prefetch_related(Prefetch("receipts", BidReceipt.objects.order_by("id")))
        .order_by("lot__position", "submitted_at", "id")
    )
