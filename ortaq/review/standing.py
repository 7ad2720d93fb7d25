"""What NGOs have running here, for the standing watch: seats of the experts whom they proposed or employ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse

from ortaq.core.keys import key_of
from ortaq.law.text import Text
from ortaq.registry.watched import Room, Thing

from .models import Panel, Seat

OVER = (Panel.State.CLOSED, Panel.State.ENDED)


def running(organisations: Any) -> Iterator[Thing]:
    rows = (
        Seat.objects.filter(
            Q(expert__proposed_by__in=organisations) | Q(expert__employer__in=organisations),
            until=None,
        )
        .exclude(panel__state__in=OVER)
        .select_related("panel", "expert")
    )
    for row in rows:
        assert row.expert is not None
        panel = row.panel
        for ngo in {row.expert.proposed_by_id, row.expert.employer_id} - {None}:
            assert ngo is not None
            # A person's name stands on the panel's page; here it would outlive their seat.
            yield Thing(key_of(row), ngo, panel.organisation_id, str(panel.title_kk), _page(panel))


def _page(panel: Panel) -> str:
    if panel.appointed:
        return reverse("review:commission", args=[panel.pk])
    return panel.address or reverse("review:panel", args=[panel.pk])


ROOM = Room(
    "seat",
    Text("комиссиядағы сарапшы орны", "место эксперта в комиссии", "seat of an expert"),
    "guide, grants, step 3",
    running,
    ("review:panel", "review:commission"),
)
