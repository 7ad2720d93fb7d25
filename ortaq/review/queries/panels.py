"""Panels and who sits on them."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ortaq.people.policy import RESPONSIBLE
from ortaq.review.models import Panel, Seat


def panels_visible_to(actor: Any) -> QuerySet[Panel]:
    """THE visibility of panels: those of the organisations one answers for, and those one sits on."""
    panels = Panel.objects.select_related("organisation")
    if actor.user is None:
        return panels.none()
    seated = Seat.objects.filter(panel=OuterRef("pk"), person=actor.user, until=None)
    organised = [
        organisation.pk
        for organisation in actor.organisations
        if actor.roles_in(organisation) & RESPONSIBLE
    ]
    return panels.filter(Exists(seated) | Q(organisation__in=organised)).order_by("-id")


def my_seat(panel: Panel, user: Any) -> Seat | None:
    """The present seat of a person on a panel."""
    return panel.seats.filter(person=user, until=None).first()
