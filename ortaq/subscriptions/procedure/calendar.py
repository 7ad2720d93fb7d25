"""The secret address at which a person reads the duties of one of their organisations in a calendar."""

from __future__ import annotations

from ortaq.people.actor import Actor
from ortaq.people.models import Organisation, new_token
from ortaq.subscriptions.models import OrganisationCalendar


def calendar_of(organisation: Organisation, *, actor: Actor) -> OrganisationCalendar:
    """The person's calendar of an organisation of theirs, made when first asked for."""
    assert actor.user is not None
    found, _made = OrganisationCalendar.objects.get_or_create(
        user=actor.user, organisation=organisation
    )
    return found


def renew(calendar: OrganisationCalendar) -> None:
    """Give it another address; the old one stops working at once."""
    calendar.token = new_token()
    calendar.save(update_fields=["token"])
