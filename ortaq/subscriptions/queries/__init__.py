"""What feeds and pages of subscriptions read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from ortaq.core import duties
from ortaq.core.keys import organisation as organisation_key
from ortaq.core.models import Duty
from ortaq.gazette.models import Publication
from ortaq.gazette.queries import published, watermark
from ortaq.people.agenda import EVENTS
from ortaq.people.models import Membership, Organisation
from ortaq.subscriptions.filters import Filters
from ortaq.subscriptions.models import OrganisationCalendar

# A feed is asked for every hour; whoever wants all takes the open data. The last changes are those of some months.
ENTRIES, NEWS = 100, 20_000
# What a calendar shows of a publication.
SHOWN = (
    "kind", "title_kk", "title_ru", "closes_at", "changed_at", "address", "body__name_kk", "body__name_ru",
)  # fmt: skip
# A term stays in the calendar for a while after it has ended.
PAST = timedelta(days=30)


def entries(filters: Filters) -> list[Publication]:
    """What changed last of what is followed, the last first, however long ago; four queries at most, for a page some more.

    What is frequent is found among the last changes of all. Only what is rare there is asked of everything.
    """
    chosen: list[int] = []
    if not filters.ngo and not filters.page:
        rows = filters.narrow(published()).filter(sequence__gt=watermark() - NEWS)
        # Numbers first: whole rows with their organisations are not sorted by the ten thousand.
        chosen = list(rows.order_by("-sequence").values_list("pk", flat=True)[:ENTRIES])
    if len(chosen) < ENTRIES:
        rows = filters.narrow(published(), few=False)
        chosen = list(rows.order_by("-sequence").values_list("pk", flat=True)[:ENTRIES])
    return list(published().filter(pk__in=chosen).order_by("-sequence"))


def deadlines(filters: Filters, now: datetime) -> list[Publication]:
    """The public terms of what is followed: those that are still to come, and of the last month."""
    rows = filters.narrow(published()).filter(closes_at__gte=now - PAST)
    return list(
        rows.select_related(None)
        .select_related("body")
        .only(*SHOWN)
        .order_by("closes_at", "pk")[:EVENTS]
    )


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
