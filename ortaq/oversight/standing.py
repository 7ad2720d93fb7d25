"""What NGOs have running here, for the standing watch: engagements of the experts whom they proposed or employ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse

from ortaq.core.keys import key_of
from ortaq.law.text import Text
from ortaq.registry.watched import Room, Thing

from .models import Engagement


def running(organisations: Any) -> Iterator[Thing]:
    rows = Engagement.objects.filter(
        Q(expert__proposed_by__in=organisations) | Q(expert__employer__in=organisations),
        until=None,
    ).select_related("expert", "project__contract")
    for row in rows:
        for ngo in {row.expert.proposed_by_id, row.expert.employer_id} - {None}:
            assert ngo is not None
            yield Thing(
                key_of(row),
                ngo,
                row.project.contract.grantor_id,
                str(row.project),
                reverse("oversight:engagement", args=[row.pk]),
            )


ROOM = Room(
    "engagement",
    Text("мониторинг тағайындауы", "назначение на мониторинг", "monitoring assignment"),
    "rules_social_order/2022 №18-2022 ¶9",
    running,
    ("oversight:engagement",),
)
