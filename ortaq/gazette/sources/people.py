"""State bodies and operators that publish something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from ortaq.core import keys
from ortaq.gazette.models import Publication
from ortaq.gazette.telling import Draft, Source, same
from ortaq.people.models import Organisation

from .said import begun, distinct, told

Kind = Publication.Kind
BODIES = (
    Organisation.Kind.STATE_BODY,
    Organisation.Kind.AUTHORISED_BODY,
    Organisation.Kind.OPERATOR,
)


def _bodies() -> QuerySet[Organisation]:
    theirs = Publication.objects.filter(body=OuterRef("pk"), withdrawn=False)
    said = theirs.exclude(kind=Kind.BODY)
    return Organisation.objects.filter(Exists(said), kind__in=BODIES)


def _published(rows: Sequence[Organisation]) -> Iterator[Draft]:
    at = begun([keys.organisation(row.pk) for row in rows])
    for row in rows:
        yield Draft(
            row.pk,
            f"/bodies/{row.bin}/",
            row.name_kk,
            row.name_ru,
            published_at=at.get(keys.organisation(row.pk)),
            regions=distinct([row.region_code]),
            body=row.pk,
            state=row.kind,
            facts=told(bin=row.bin),
            searched=(row.bin,),
        )


SOURCES = (Source(Kind.BODY, "people.organisation", _bodies, _published, {"organisation": same}),)
