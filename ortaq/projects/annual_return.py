"""What this room holds of an NGO's year, for its annual return (NG-011): contracts in force, and what was paid under them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from ortaq.registry.content.known import Held

from .models import Contract

SOURCES = {
    Contract.Instrument.GRANT: "grant",
    Contract.Instrument.SOCIAL_ORDER: "social_order",
}


def contracts_of(organisation: int, year: int) -> Iterator[Held]:
    """The signed contracts of an NGO (its number) that were in force in `year`, with the sums paid in it; one query."""
    begun = Q(starts_on=None) | Q(starts_on__year__lte=year)
    goes_on = Q(ends_on=None, concluded_on__year=year) | Q(ends_on__year__gte=year)
    in_year = Q(project__tranches__paid_on__year=year)
    rows = (
        Contract.objects.filter(begun, goes_on, grantee=organisation, state=Contract.State.SIGNED)
        .annotate(paid=Coalesce(Sum("project__tranches__paid_tiyn", filter=in_year), 0))
        .order_by("starts_on", "id")
    )
    for row in rows:
        yield Held(
            key=f"contract-{row.pk}",
            title_kk=row.title_kk,
            title_ru=row.title_ru,
            source=SOURCES[Contract.Instrument(row.instrument)],
            number=row.number,
            concluded_on=row.concluded_on,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            amount_tiyn=row.sum_tiyn,
            paid_tiyn=int(row.paid),
        )
