"""THE conflict gate: to whom what a dossier holds is open (GR-C-11)."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from .models import Conflict, Declaration, Dossier, Panel, Seat

# In these states dossiers may be opened by members.
OPEN = (Panel.State.SCORING, Panel.State.MEETING, Panel.State.CLOSED)


def open_to(person: int) -> Q:
    """The conflict gate as a condition on dossiers: declared without conflict, and none known."""
    declared = Declaration.objects.filter(
        seat__panel=OuterRef("panel"),
        seat__person=person,
        seat__until=None,
        seat__role=Seat.Role.MEMBER,
        organisation=OuterRef("organisation"),
        conflict=False,
    )
    conflicts = Conflict.objects.filter(
        panel=OuterRef("panel"), person=person, organisation=OuterRef("organisation")
    )
    return Q(Exists(declared)) & ~Q(Exists(conflicts))


def open_to_person(panel: int, person: int) -> QuerySet[Dossier]:
    """The dossiers of one panel that a person may score, whatever the panel's state."""
    return Dossier.objects.filter(open_to(person), panel=panel)


def dossiers_open_to(actor: Any) -> QuerySet[Dossier]:
    """THE visibility of dossiers: an active member's seat, a panel at work, a declaration of no
    conflict for that organisation, and no conflict from any source.
    """
    user = getattr(actor, "user", None)
    if user is None:
        return Dossier.objects.none()
    return Dossier.objects.filter(open_to(user.pk), panel__state__in=OPEN).select_related("panel")
