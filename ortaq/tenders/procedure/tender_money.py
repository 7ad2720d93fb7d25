"""What tenders hold of the money of a topic."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet, Sum

from ortaq.projects.models import Contract
from ortaq.tenders.models import Lot, Tender

# Lots that no longer hold the money of their topic: nobody won, or the winner did not conclude the
# contract, so that the service can be tendered anew (GAP-T-12, inferred).
RELEASED = Q(result=Lot.Result.NOT_HELD) | Q(order__contract__state=Contract.State.DECLINED)


def held_elsewhere(topics: Iterable[int], tender: Tender) -> dict[int, int]:
    """What other tenders, drafts apart, allocate to each of the topics, in tiyn; one query."""
    return held_by(Lot.objects.filter(topic__in=list(topics)).exclude(tender=tender.pk))


def held_by(lots: QuerySet[Lot]) -> dict[int, int]:
    """By topic, what these lots hold of its money, in tiyn; one query."""
    lots = lots.exclude(tender__state=Tender.State.DRAFT).exclude(RELEASED)
    return dict(lots.order_by().values_list("topic").annotate(Sum("allocated_tiyn")))
