"""What of this room is signed electronically, by whom.

bid        the commitment to its content: a signature says nothing of a sealed bid (SO-T-079)
protocol   of results, its frozen content; the commission as its order names it now, chair first, and the secretary
contract   of a social order: a contract of `projects`, to which this room adds what only it has (`kinds`)
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core import canonical
from ortaq.core.keys import key_of, organisation, person
from ortaq.projects import signing
from ortaq.projects.models import Contract
from ortaq.projects.signing import PDFS, Kind
from ortaq.review.commission import sat
from ortaq.review.models import Seat
from ortaq.signing import occasions
from ortaq.signing.occasions import Occasion, Party, What

from .choices import edition_of
from .content import manifest
from .models import Bid, Protocol, Tender
from .policy import bid as of_bid
from .policy.tender import organises
from .procedure import bid_vault as vault
from .queries.review import tenders_reviewed_by

# --- The contract ----------------------------------------------------------------------------------


def of_order(contract: Contract) -> dict[str, Any]:
    """What the supplier promised and was scored for, and its requisites (SO-T-104, SO-T-106)."""
    order = contract.order
    return {"promises": order.promises, "requisites": order.requisites}


def _settle(contract: Contract) -> None:
    from .procedure.contract import ORDER

    ORDER.settle(contract)


signing.kinds[Contract.Instrument.SOCIAL_ORDER] = Kind(of_order, _settle)

# --- The bid -----------------------------------------------------------------------------------------


def bid_of(actor: Any, pk: int) -> Bid | None:
    """A bid for those who write it: nobody else learns before the opening that there is one."""
    rows = Bid.objects.filter(organisation__in=actor.organisation_ids)
    rows = rows.select_related("organisation", "lot__tender", "lot__topic")
    return next((one for one in rows.filter(pk=pk) if of_bid.is_writer(actor, one)), None)


def what_of_bid(bid: Bid) -> What:
    """The commitment that the receipt will name: of the draft as it is now, of what was handed in afterwards."""
    commitment = bid.commitment
    if bid.state == Bid.State.DRAFT:
        commitment = canonical.sha256(manifest.manifest(vault.whole_of(bid)))
    topic = bid.lot.topic
    return What(
        version=bid.version,
        title={"kk": topic.title_kk, "ru": topic.title_ru},
        content={
            "format": "ortaq.bid-commitment/1",
            "lot": key_of(bid.lot),
            "bidder": bid.organisation.bin,
            "commitment": commitment,
        },
    )


BID = occasions.register(
    Occasion(
        "tenders.bid",
        _("Bid"),
        find=bid_of,
        edition=lambda bid: edition_of(bid.lot.tender),
        what=what_of_bid,
        parties=lambda bid: [
            Party(
                "bidder",
                pgettext_lazy("who signs", "bidder"),
                bin=bid.organisation.bin,
                organisation=organisation(bid.organisation_id),
            )
        ],
        may_sign=lambda actor, bid, _party: bool(of_bid.is_signer(actor, bid)),
        address=lambda bid: reverse(
            "tenders:bid_submit" if bid.state == Bid.State.DRAFT else "tenders:bid", args=[bid.pk]
        ),
        packs=lambda actor, bid: bool(of_bid.is_signer(actor, bid)),
        open=lambda bid: bid.state == Bid.State.DRAFT and bool(bid.draft),
    )
)

# --- The protocol of results -------------------------------------------------------------------------


def signers_of(protocol: Protocol) -> list[Party]:
    """Those whose lines the paper has: everybody who sits on the commission."""
    seats = sat(protocol.tender.panel_id, protocol.tender.published_at)
    order: dict[str, int] = {Seat.Office.CHAIR: 0}
    return [
        Party(
            f"seat-{seat.pk}",
            f"{seat.person.short_name}, {seat.title}",
            iin=seat.person.iin or None,
            person=person(seat.person_id),
        )
        for seat in sorted(
            seats,
            key=lambda seat: (seat.role == Seat.Role.SECRETARY, order.get(seat.office, 1)),
        )
    ]


def protocol_of(actor: Any, pk: int) -> Protocol | None:
    """The protocol for those who review the tender."""
    rows = Protocol.objects.filter(tender__in=tenders_reviewed_by(actor))
    return rows.select_related("tender__customer", "tender__organiser").filter(pk=pk).first()


def _protocol_signed(protocol: Protocol, _signature: Any) -> None:
    from .procedure.tender import TENDER

    TENDER.settle(protocol.tender)


PROTOCOL = occasions.register(
    Occasion(
        "tenders.protocol",
        _("Protocol of results"),
        find=protocol_of,
        edition=lambda protocol: edition_of(protocol.tender),
        what=lambda protocol: What(
            version=protocol.tender.number or protocol.pk,
            title={
                "kk": f"№ {protocol.tender.number}: {protocol.tender.title_kk}",
                "ru": f"№ {protocol.tender.number}: {protocol.tender.title_ru}",
            },
            content=protocol.content,
        ),
        parties=signers_of,
        may_sign=lambda actor, _protocol, party: bool(actor.key) and party.person == actor.key,
        address=lambda protocol: reverse("tenders:review", args=[protocol.tender_id]),
        signed=_protocol_signed,
        open=lambda protocol: (
            protocol.tender.state in (Tender.State.DECIDED, Tender.State.PUBLISHED)
        ),
        packs=lambda actor, protocol: bool(organises(actor, protocol.tender)),
        papers=lambda protocol: [
            (label, reverse("tenders:results_paper", args=[protocol.tender_id, language, "pdf"]))
            for language, label in PDFS.items()
        ],
    )
)
