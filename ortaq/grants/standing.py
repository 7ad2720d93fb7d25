"""What NGOs have running here, for the standing watch: applications handed in and not decided yet (GR-A-09)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from ortaq.core.keys import key_of
from ortaq.law.text import Text
from ortaq.registry.watched import Room, Thing

from .models import Application

State = Application.State


def running(organisations: Any) -> Iterator[Thing]:
    rows = Application.objects.filter(
        organisation__in=organisations, state__in=(State.SUBMITTED, State.ADMITTED)
    ).select_related("competition")
    for row in rows.only("number", "organisation", "competition__operator"):
        yield Thing(
            key_of(row),
            row.organisation_id,
            row.competition.operator_id,
            str(row),
            reverse("grants:application", args=[row.pk]),
        )


ROOM = Room(
    "application",
    Text("өтінім", "заявка", "application"),
    "announcement 2020 §2; guide, grants",
    running,
    ("grants:application",),
)
