"""What the pages of annual returns read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, FilteredRelation, Q, QuerySet, Value, When

from ortaq.core import clock
from ortaq.core.kazakh import fold
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.registry import policy, returns
from ortaq.registry.models import AnnualReturn

State = AnnualReturn.State


def returns_visible_to(actor: Actor) -> QuerySet[AnnualReturn]:
    """THE visibility of annual returns: members see their own, those who keep the database all that were sent.

    Who reads what stands in one, `policy.annual_return.may_read` says.
    """
    rows = AnnualReturn.objects.select_related("organisation")
    own = Q(organisation__in=actor.organisation_ids)
    return (
        rows.filter(own | ~Q(state=State.DRAFT))
        if policy.keeps_database(actor)
        else rows.filter(own)
    )


def returns_list(
    rows: QuerySet[AnnualReturn], *, search: str = "", year: int | None = None, state: str = ""
) -> QuerySet[AnnualReturn]:
    """Returns that were sent, the latest first, narrowed by what is given."""
    rows = rows.exclude(state=State.DRAFT)
    if words := fold(search):
        rows = rows.filter(organisation__search__contains=words)
    if year:
        rows = rows.filter(year=year)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("-year", "-sent_on", "-id")


def queue(rows: QuerySet[AnnualReturn]) -> QuerySet[AnnualReturn]:
    """What waits for a decision, the oldest first."""
    return rows.filter(state=State.SENT).order_by("sent_on", "id")


@dataclass(frozen=True, slots=True)
class YearOfNgo:
    """One year of an NGO: its return, if any, and whether it may be begun."""

    year: int
    due_on: date
    row: AnnualReturn | None
    late: bool
    past_due: bool


def years_of(organisation: Organisation, first: int, last: int) -> list[YearOfNgo]:
    """The years from `last` down to `first` with the NGO's returns, and all earlier ones that it has; one query."""
    rows = {row.year: row for row in AnnualReturn.objects.filter(organisation=organisation)}
    years = {year for year in range(first, last + 1) if returns.is_obliged(organisation, year)}
    found = []
    for year in sorted(years | set(rows), reverse=True):
        row, due = rows.get(year), returns.due_on(year)
        late = row is not None and returns.is_late(row)
        unsent = row is None or row.sent_on is None
        found.append(YearOfNgo(year, due, row, late, unsent and clock.today() > due))
    return found


# --- The year as the authorised body sees it (NG-026) ------------------------------------------------

ON_TIME, LATE, ABSENT, REVIEW = "on_time", "late", "absent", "review"
STANDINGS = (ON_TIME, LATE, REVIEW, ABSENT)


def filing(year: int) -> QuerySet[Any]:
    """The NGOs that file on `year`, each with `standing` (on_time, late, review, absent), `return_id` and `sent_on`.

    In review is whatever was sent and is not approved yet; the day of the first sending decides on time or late (NG-024).
    """
    day = "filed__sent_on"
    if returns.edition().parameter("return.judged_by").value != "first_sending":
        day = "filed__approved_on"
    sent = Q(filed__isnull=False) & ~Q(filed__state=State.DRAFT)
    approved = Q(filed__state=State.APPROVED) | Q(filed__approved_on__isnull=False)
    standing = Case(
        When(~sent | Q(filed__isnull=True), then=Value(ABSENT)),
        When(~approved, then=Value(REVIEW)),
        When(**{f"{day}__gt": returns.due_on(year)}, then=Value(LATE)),
        default=Value(ON_TIME),
    )
    return (
        Organisation.objects.annotate(
            filed=FilteredRelation("returns", condition=Q(returns__year=year))
        )
        .filter(returns.obliged_for(year))
        .annotate(standing=standing, return_id=F("filed__id"), sent_on=F("filed__sent_on"))
    )


def filing_counts(year: int) -> dict[str, int]:
    """How many NGOs stand how on `year`; one query."""
    counts = filing(year).order_by().values("standing").annotate(number=Count("pk"))
    found = {row["standing"]: row["number"] for row in counts}
    return {standing: found.get(standing, 0) for standing in STANDINGS}


def filing_list(year: int, *, standing: str = "", search: str = "") -> QuerySet[Any]:
    """The NGOs of the overview in Kazakh alphabetical order."""
    rows = filing(year)
    if standing:
        rows = rows.filter(standing=standing)
    if words := fold(search):
        rows = rows.filter(search__contains=words)
    return rows.order_by("sort", "id")
