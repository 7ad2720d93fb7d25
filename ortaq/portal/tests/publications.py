"""Publications out of nothing, for the pages that read them."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from ortaq.core import clock
from ortaq.gazette.models import Publication, PublicationRegion

_numbers = count(1)


def a_publication(kind: str = Publication.Kind.GRANT, *regions: str, **said: Any) -> Publication:
    """A publication as the gazette would keep it."""
    number = next(_numbers)
    at: datetime = said.pop("published_at", None) or clock.now()
    made = Publication.objects.create(
        kind=kind,
        key=said.pop("key", f"x.{kind}:{number}"),
        address=said.pop("address", f"/x/{number}/"),
        title_kk=said.pop("title_kk", f"№ {number} жарияланым"),
        region=regions[0] if len(regions) == 1 else "",
        published_at=at,
        changed_at=at,
        digest=str(number),
        sequence=number,
        place=number,
        **said,
    )
    for region in regions:
        PublicationRegion.objects.create(publication=made, region=region)
    return made
