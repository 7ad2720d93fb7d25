"""What NGOs have running here, for the standing watch: applications handed in and not decided yet."""

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
    ).select_related("round")
    for row in rows.only("number", "organisation", "round__organiser"):
        yield Thing(
            key_of(row),
            row.organisation_id,
            row.round.organiser_id,
            str(row),
            reverse("prizes:application", args=[row.pk]),
        )


ROOM = Room(
    "prize_application",
    Text("сыйлықақыға өтінім", "заявка на премию", "application for the prize"),
    "guide, NGO database",
    running,
    ("prizes:application",),
)
