"""Who may do what with panels, dossiers and sheets: predicates over (actor, subject).

`may_open` is THE conflict gate: every way to what a dossier holds goes through it.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef

from ortaq.core.procedure import SYSTEM
from ortaq.people.models import User
from ortaq.people.policy import RESPONSIBLE, predicate
from ortaq.registry.models import Expert

from .gate import dossiers_open_to
from .models import Dossier, Panel, ScoreSheet, Seat


@predicate
def is_system(actor: Any, panel: Panel) -> bool:
    """The system itself: automatic steps."""
    return actor is SYSTEM


@predicate
def organises(actor: Any, panel: Panel) -> bool:
    """Head, deputy or officer of the organisation that formed the panel, acting for it."""
    organisation = getattr(actor, "acting_for", None)
    return (
        organisation is not None
        and organisation.pk == panel.organisation_id
        and bool(actor.roles_in(organisation) & RESPONSIBLE)
    )


def _sits(actor: Any, panel: Panel, role: str) -> bool:
    user = getattr(actor, "user", None)
    return user is not None and panel.seats.filter(person=user, role=role, until=None).exists()


@predicate
def is_panel_member(actor: Any, panel: Panel) -> bool:
    """Holds a member's seat at present."""
    return _sits(actor, panel, Seat.Role.MEMBER)


@predicate
def is_secretary(actor: Any, panel: Panel) -> bool:
    """Keeps the minutes of this panel at present (GR-C-13)."""
    return _sits(actor, panel, Seat.Role.SECRETARY)


runs_panel = organises | is_secretary
organises_or_system = is_system | organises


@predicate
def may_open(actor: Any, dossier: Dossier) -> bool:
    """The conflict gate: an active member's seat, a panel at work, a declaration of no conflict for
    the very organisation, and no conflict known from any source (GR-C-11). One query.
    """
    return dossiers_open_to(actor).filter(pk=dossier.pk).exists()


@predicate
def writes_sheet(actor: Any, sheet: ScoreSheet) -> bool:
    """The sheet is the actor's own and its dossier is open to them."""
    user = getattr(actor, "user", None)
    return (
        user is not None
        and sheet.seat.person_id == user.pk
        and dossiers_open_to(actor).filter(pk=sheet.dossier_id).exists()
    )


def judges(person: User) -> bool:
    """Whether somebody sits on a commission or stands in the register of experts. One query."""
    seats = Seat.objects.filter(person=OuterRef("pk"), until=None)
    entries = Expert.objects.filter(person=OuterRef("pk"), state=Expert.State.REGISTERED)
    return User.objects.filter(Exists(seats) | Exists(entries), pk=person.pk).exists()
