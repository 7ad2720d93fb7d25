"""What of this room is signed electronically, by whom.

protocol   of results, its frozen content; the commission as its order names it now, chair first, and the secretary
contract   of a social order: a contract of `projects`, to which this room adds what only it has (`kinds`)
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core.keys import person
from ortaq.projects import signing
from ortaq.projects.models import Contract
from ortaq.projects.signing import PDFS, Kind
from ortaq.review.models import Seat
from ortaq.signing import occasions
from ortaq.signing.occasions import Occasion, Party, What

from .choices import edition_of
from .models import Protocol, Tender
from .policy.tender import organises
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

# --- The protocol of results -------------------------------------------------------------------------


def signers_of(protocol: Protocol) -> list[Party]:
    """Those whose lines the paper has: everybody who sits on the commission."""
    seats = Seat.objects.filter(panel=protocol.tender.panel_id, until=None)
    order: dict[str, int] = {Seat.Office.CHAIR: 0}
    return [
        Party(
            f"seat-{seat.pk}",
            f"{seat.person.short_name}, {seat.title}",
            iin=seat.person.iin or None,
            person=person(seat.person_id),
        )
        for seat in sorted(
            seats.select_related("person").order_by("id"),
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
        open=lambda protocol: protocol.tender.state in (Tender.State.DECIDED, Tender.State.PUBLISHED),
        packs=lambda actor, protocol: bool(organises(actor, protocol.tender)),
        papers=lambda protocol: [
            (label, reverse("tenders:results_paper", args=[protocol.tender_id, language, "pdf"]))
            for language, label in PDFS.items()
        ],
    )
)
