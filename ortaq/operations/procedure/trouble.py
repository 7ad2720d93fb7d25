"""What an administrator does with what broke or was slow."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from ortaq.core import clock
from ortaq.operations.models.trouble import Noticed
from ortaq.people import policy
from ortaq.people.actor import Actor


def settle(row: Noticed, *, actor: Actor) -> None:
    """Seen, and dealt with. Twice is as once; what happens again after it stands open again by itself."""
    if not policy.is_staff(actor):
        raise PermissionDenied
    rows = type(row)._default_manager.filter(pk=row.pk, settled_at=None)
    rows.update(settled_at=clock.now(), settled_by=actor.user)
