"""What NGOs have running here, for the standing watch: bids from the opening until the results (SO-T-015).

Before the opening nobody but the bidder knows that a bid exists, so none is told of.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from ortaq.core.keys import key_of
from ortaq.law.text import Text
from ortaq.registry.watched import Room, Thing

from .models import Bid, Tender

State = Bid.State
UNDER_REVIEW = (Tender.State.OPENED, Tender.State.DECIDED)


def running(organisations: Any) -> Iterator[Thing]:
    rows = Bid.objects.filter(
        organisation__in=organisations,
        state__in=(State.OPENED, State.ADMITTED),
        lot__tender__state__in=UNDER_REVIEW,
    ).select_related("lot__tender")
    for row in rows.only("number", "organisation", "lot__tender__organiser"):
        yield Thing(
            key_of(row),
            row.organisation_id,
            row.lot.tender.organiser_id,
            str(row),
            reverse("tenders:bid", args=[row.pk]),
        )


ROOM = Room(
    "bid",
    Text("конкурстық ұсыныс", "конкурсное предложение", "bid"),
    "guide, stage 6",
    running,
    ("tenders:bid",),
)
