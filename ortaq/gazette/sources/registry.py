"""What is public of the register: NGOs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.urls import reverse

from ortaq.core import keys
from ortaq.gazette.models import Publication
from ortaq.gazette.telling import Draft, Source, same, through
from ortaq.registry.models import AnnualReturn, Ngo, NgoDirection

from .said import begun, distinct, since, the_one, told

Kind = Publication.Kind


def _ngos() -> QuerySet[Ngo]:
    return Ngo.objects.select_related("organisation").defer("key", "organisation__search")


def _registered(rows: Sequence[Ngo]) -> Iterator[Draft]:
    at = begun([keys.organisation(row.pk) for row in rows])
    directions: dict[int, list[NgoDirection]] = defaultdict(list)
    for one in NgoDirection.objects.filter(ngo__in=rows).order_by("id"):
        directions[one.ngo_id].append(one)
    for row in rows:
        organisation, mine = row.organisation, directions[row.pk]
        yield Draft(
            row.pk,
            reverse("portal:ngo", args=[organisation.bin]),
            organisation.name_kk,
            organisation.name_ru,
            published_at=at.get(keys.organisation(row.pk)) or since(organisation.registered_on),
            field=the_one(one.direction for one in mine),
            regions=distinct([row.region_code]),
            recipient=row.pk,
            facts=told(
                bin=organisation.bin,
                legal_form=row.legal_form,
                directions=sorted(one.direction for one in mine),
                figures_year=row.figures_year,
                staff=row.staff,
                volunteers=row.volunteers,
                turnover_tiyn=row.turnover_tiyn,
                filed_year=row.filed_year,
            ),
            searched=(
                organisation.bin,
                *(text for one in mine for text in (one.text.kk, one.text.ru)),
            ),
        )


SOURCES = (
    Source(
        Kind.NGO,
        "registry.ngo",
        _ngos,
        _registered,
        {
            "organisation": same,
            "registry.annualreturn": through(AnnualReturn.objects.all(), "pk", "organisation"),
        },
    ),
)
