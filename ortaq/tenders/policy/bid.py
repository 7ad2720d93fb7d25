"""Who may see and do what with bids."""

from __future__ import annotations

from ortaq.core import clock
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation, Role
from ortaq.people.policy import Predicate, predicate
from ortaq.tenders.models import Bid, Lot, Tender

WRITERS = frozenset({Role.HEAD, Role.DEPUTY, Role.OFFICER, Role.ACCOUNTANT})
SIGNERS = frozenset({Role.HEAD, Role.DEPUTY})
State = Bid.State


@predicate
def is_bidder(actor: Actor, bid: Bid) -> bool:
    """Belongs to the NGO that bids, in whatever role."""
    return bool(actor.roles_in(bid.organisation_id))


@predicate
def is_writer(actor: Actor, bid: Bid) -> bool:
    """Writes bids of this NGO: head, deputy, officer or accountant."""
    return bool(actor.roles_in(bid.organisation_id) & WRITERS)


@predicate
def is_signer(actor: Actor, bid: Bid) -> bool:
    """May bind the NGO: its head or deputy head."""
    return bool(actor.roles_in(bid.organisation_id) & SIGNERS)


@predicate
def began(actor: Actor, bid: Bid) -> bool:
    return actor.user is not None and bid.created_by_id == actor.user.pk


@predicate
def is_draft(_actor: Actor, bid: Bid) -> bool:
    return bid.state == State.DRAFT


@predicate
def is_opened(_actor: Actor, bid: Bid) -> bool:
    """Its content has been read at the opening."""
    return bid.content is not None


@predicate
def has_draft(_actor: Actor, bid: Bid) -> bool:
    """Its draft lies here. Where two persons open, that of a bid handed in does not."""
    tender = bid.lot.tender
    return bool(bid.draft) or tender.opening == Tender.Opening.ONE


def accepts_bids(tender: Tender) -> bool:
    """Whether bids can be handed in at this instant; the deadline itself still counts."""
    return (
        tender.state == Tender.State.ANNOUNCED
        and tender.closes_at is not None
        and clock.now() <= tender.closes_at
    )


@predicate
def acceptance_runs(_actor: Actor, bid: Bid) -> bool:
    return accepts_bids(bid.lot.tender)


@predicate
def may_begin(actor: Actor, lot: Lot) -> bool:
    """Writes for the organisation acted for while bids are accepted. Whether that organisation
    may bid at all is a matter of law with its own sentence (`submission.eligible`).
    """
    acting = actor.acting_for
    return (
        acting is not None
        and acting.kind in (Organisation.Kind.NGO, Organisation.Kind.OTHER)
        and bool(actor.roles_in(acting) & WRITERS)
        and accepts_bids(lot.tender)
    )


# Before the opening the NGO reads its own bid and nobody else reads any. Afterwards see
# `queries.bid.bids_visible_to`: whoever sees a bid then may read it.
may_read: Predicate = (is_bidder & has_draft) | is_opened
may_edit: Predicate = is_writer & is_draft & acceptance_runs
may_submit: Predicate = is_signer
may_discard: Predicate = is_signer | (is_writer & began)
