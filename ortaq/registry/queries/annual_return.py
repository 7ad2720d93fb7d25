"""What the pages of annual returns read."""

from __future__ import annotations

from django.db.models import QuerySet

from ortaq.core.kazakh import fold
from ortaq.people.actor import Actor
from ortaq.registry import policy
from ortaq.registry.models import AnnualReturn


def returns_visible_to(actor: Actor) -> QuerySet[AnnualReturn]:
    """THE visibility of annual returns: those who keep the database see all, members their own."""
    returns = AnnualReturn.objects.select_related("organisation")
    if policy.keeps_database(actor):
        return returns
    return returns.filter(organisation__in=actor.organisation_ids)


def returns_list(
    returns: QuerySet[AnnualReturn], *, search: str = "", year: int | None = None, state: str = ""
) -> QuerySet[AnnualReturn]:
    """Returns, the latest first, narrowed by what is given."""
    if words := fold(search):
        returns = returns.filter(organisation__search__contains=words)
    if year:
        returns = returns.filter(year=year)
    if state:
        returns = returns.filter(state=state)
    return returns.order_by("-year", "-sent_on", "-id")
