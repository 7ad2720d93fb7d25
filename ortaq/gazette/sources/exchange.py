"""What is public of other systems: awards of past years, as the state's tables tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse

from ortaq.exchange.models import PastAward
from ortaq.exchange.queries.past import public_awards
from ortaq.gazette.models import Publication
from ortaq.gazette.telling import Draft, Keys, Source, same
from ortaq.people.models import Organisation

from .said import distinct, iso, shorter, since, told

Kind = Publication.Kind


def _awards(rows: Sequence[PastAward]) -> Iterator[Draft]:
    bins = {bin_ for row in rows for bin_ in (row.body_bin, row.ngo_bin)}
    known = dict(Organisation.objects.filter(bin__in=bins).values_list("bin", "pk"))
    for row in rows:
        yield Draft(
            row.pk,
            reverse("exchange:past_award", args=[row.pk]),
            row.title_kk or row.title_ru,
            row.title_ru,
            published_at=since(row.concluded_on) or row.taken_at,
            summary_kk=shorter(row.result),
            instrument=row.instrument,
            year=row.year,
            field=row.field,
            regions=distinct([row.region_code]),
            body=known.get(row.body_bin),
            recipient=known.get(row.ngo_bin),
            sum_tiyn=row.sum_tiyn,
            facts=told(
                body_bin=row.body_bin,
                body_name=row.body_name,
                recipient_bin=row.ngo_bin,
                recipient_name=row.ngo_name,
                number=row.number,
                concluded_on=iso(row.concluded_on),
            ),
            searched=(row.body_name, row.ngo_name, row.body_bin, row.ngo_bin, row.number),
        )


def _of_organisations(keys: Keys) -> Iterable[int]:
    """The awards that name these organisations by their BIN: one that joins later finds them."""
    bins = list(Organisation.objects.filter(pk__in=keys).values_list("bin", flat=True))
    rows = PastAward.objects.filter(ngo_bin__in=bins) | PastAward.objects.filter(body_bin__in=bins)
    return rows.order_by().values_list("pk", flat=True)


SOURCES = (
    Source(
        Kind.PAST,
        "exchange.pastaward",
        public_awards,
        _awards,
        {"exchange.pastaward": same, "organisation": _of_organisations},
    ),
)
