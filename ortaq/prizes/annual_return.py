"""What this room holds of an NGO's year, for its annual return (NG-011): prizes that are published, and what was paid of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from ortaq.core import clock
from ortaq.registry.content.known import Held

from .queries.award import awards_of


def prizes_of(organisation: int, year: int) -> Iterator[Held]:
    """The prizes of an NGO (its number) of `year` or paid in it, from the day of their publication to that of the transfer; one query.

    A prize has no contract: what proves it is its diploma.
    """
    rows = awards_of(organisation).filter(Q(direction__round__year=year) | Q(paid_on__year=year))
    for row in rows:
        prize, label = row.direction.round, row.direction.label
        until = prize.payment_due and clock.day_of(prize.payment_due)
        yield Held(
            key=f"prize-{row.pk}",
            title_kk=f"Үкіметтік емес ұйымдарға арналған {prize.year} жылғы сыйлықақы: {label.kk}",
            title_ru=f"Премия для неправительственных организаций {prize.year} года: {label.ru}",
            source="prize",
            number=row.diploma_number,
            concluded_on=row.diploma_on,
            starts_on=prize.published_at and clock.day_of(prize.published_at),
            ends_on=row.paid_on or until,
            amount_tiyn=row.share_tiyn,
            paid_tiyn=_paid_in(row.paid_on, row.paid_tiyn, year),
        )


def _paid_in(day: date | None, sum_tiyn: int | None, year: int) -> int:
    return sum_tiyn or 0 if day is not None and day.year == year else 0
