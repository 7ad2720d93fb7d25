"""What is told of a process, event by event: from the planned topic to the end of the contract.

An event is made of what is public now; `keeping` compares it with what was published of it before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from ortaq.tenders.models import Lot

from .contracted import elsewhere
from .families import Family
from .offered import offered
from .parts import Part
from .planned import planned
from .told import Told


@dataclass(frozen=True, slots=True)
class Story:
    """A process with its events, in the order of what came first."""

    ocid: str
    told: list[Told]
    lot: int | None = None


def ocid_of(noun: str, pk: int) -> str:
    """The identifier of the process that begins with a topic, a later lot, or a contract concluded elsewhere."""
    return f"{settings.ORTAQ_OCID_PREFIX}-{noun}-{pk}"


def stories(family: Family, first_lot: int | None = None) -> Iterator[Story]:
    """The processes of a family. A topic goes on with the lot `first_lot` (default: the first that was announced); each
    later lot of it is a process of its own, related to the first.
    """
    if family.topic is None:
        assert family.deal is not None
        yield Story(ocid_of("contract", family.deal.contract.pk), list(elsewhere(family)))
        return
    topic, offers = family.topic, family.offers
    first = next((one for one in offers if one.lot.pk == first_lot), next(iter(offers), None))
    ocid = ocid_of("topic", topic.pk)
    told = [*planned(family, topic), *(offered(family, topic, first) if first else ())]
    yield Story(ocid, told, first.lot.pk if first else None)
    failed = bool(first and first.lot.result == Lot.Result.NOT_HELD)
    for offer in offers:
        if offer is first:
            continue
        related = [_related("planning", ocid)]
        if failed:
            related.append(_related("unsuccessfulProcess", ocid))
        own = ocid_of("lot", offer.lot.pk)
        yield Story(own, list(offered(family, topic, offer, related)), offer.lot.pk)


def _related(how: str, ocid: str) -> Part:
    return {"id": how, "relationship": [how], "scheme": "ocid", "identifier": ocid}
