"""What feeds and pages of subscriptions read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from ortaq.core import duties
from ortaq.core.keys import organisation as organisation_key
from ortaq.core.models import Duty
from ortaq.gazette.models import Publication
from ortaq.gazette.queries import published
from ortaq.people.agenda import EVENTS
from ortaq.people.models import Membership, Organisation
from ortaq.subscriptions.filters import Filters
from ortaq.subscriptions.models import OrganisationCalendar

# A feed is asked for every hour; whoever wants all takes the open data.
ENTRIES = 100
# A term stays in the calendar for a while after it has ended.
PAST = timedelta(days=30)


def entries(filters: Filters) -> list[Publication]:
    """What changed last of what is followed, the last first."""
    return list(filters.narrow(published()).order_by("-sequence")[:ENTRIES])


def deadlines(filters: Filters, now: datetime) -> list[Publication]:
    """The public terms of what is followed: those that are still to come, and of the last month."""
    rows = filters.narrow(published()).filter(closes_at__gte=now - PAST)
    return list(rows.order_by("closes_at", "pk")[:EVENTS])


def calendar_holder(token: str) -> OrganisationCalendar | None:
    """Whose calendar of which organisation this is, as long as the person belongs to it."""
    found = OrganisationCalendar.objects.filter(token=token, user__is_active=True)
    row = found.select_related("user", "organisation").first()
    if row is None:
        return None
    held = Membership.objects.current().filter(user=row.user_id, organisation=row.organisation_id)
    return row if held.exists() else None


def duties_of(organisation: Organisation) -> Sequence[Duty]:
    """The open duties of an organisation, the most urgent first."""
    return list(duties.open_for([organisation_key(organisation.pk)])[:EVENTS])


def calendars_of(person: int) -> QuerySet[OrganisationCalendar]:
    """The calendars that a person has."""
    return OrganisationCalendar.objects.filter(user=person)
