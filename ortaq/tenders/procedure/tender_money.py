"""What tenders hold of the money of a topic."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, Sum

from ortaq.tenders.models import Lot, Tender

# Lots that no longer hold the money of their topic.
RELEASED = Q(result=Lot.Result.NOT_HELD)


def held_elsewhere(topics: Iterable[int], tender: Tender) -> dict[int, int]:
    """What other tenders, drafts apart, allocate to each of the topics, in tiyn; one query."""
    lots = Lot.objects.filter(topic__in=list(topics)).exclude(tender=tender.pk)
    lots = lots.exclude(tender__state=Tender.State.DRAFT).exclude(RELEASED)
    rows = lots.order_by().values_list("topic").annotate(Sum("allocated_tiyn"))
    return dict(rows)
