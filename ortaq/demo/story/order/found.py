"""Where the social order's story finds what it goes on with."""

from __future__ import annotations

from ortaq.demo import cast
from ortaq.planning.models import Formation, Topic
from ortaq.tenders.models import Lot, Tender

from . import data


def formation(body: str) -> Formation:
    """The list of topics of a body; `Formation.DoesNotExist` before it is begun."""
    year = data.order()["list"][body]["year"]
    rows = Formation.objects.filter(body=cast.body(body), plan_year=year)
    found = rows.select_related("body").order_by("id").first()
    if found is None:
        raise Formation.DoesNotExist
    return found


def topics(body: str) -> list[Topic]:
    """The topics of a body's list in their order, each with its list."""
    return list(formation(body).topics.select_related("formation__body").order_by("position"))


def tender() -> Tender:
    """The tender of the akimat; `Tender.DoesNotExist` before it is drafted."""
    rows = Tender.objects.filter(customer=cast.body("akimat"))
    found = rows.select_related("panel").order_by("id").first()
    if found is None:
        raise Tender.DoesNotExist
    return found


def lots() -> list[Lot]:
    rows = tender().lots.select_related("tender", "topic", "specification")
    return list(rows.order_by("position"))
