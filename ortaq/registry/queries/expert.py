"""What the pages of the experts' register read."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet

from ortaq.core.kazakh import fold
from ortaq.people.actor import Actor
from ortaq.people.policy import RESPONSIBLE
from ortaq.registry import policy
from ortaq.registry.models import Affiliation, Expert, ExpertDirection


def experts_visible_to(actor: Actor) -> QuerySet[Expert]:
    """THE visibility of experts: the keeper of the register sees all, everybody else their own
    entry and those that the organisations they answer for proposed.
    """
    experts = Expert.objects.select_related("person", "proposed_by", "employer")
    if policy.may_see_register(actor):
        return experts
    if actor.user is None:
        return experts.none()
    answered_for = [
        organisation.pk
        for organisation in actor.organisations
        if actor.roles_in(organisation) & RESPONSIBLE
    ]
    return experts.filter(Q(person=actor.user) | Q(proposed_by__in=answered_for))


def register(
    experts: QuerySet[Expert],
    *,
    search: str = "",
    direction: str = "",
    side: str = "",
    state: str = "",
) -> QuerySet[Expert]:
    """The register in Kazakh alphabetical order, narrowed by what is not empty; directions fetched."""
    if words := fold(search):
        experts = experts.filter(search__contains=words)
    if direction:
        experts = experts.filter(directions__direction=direction)
    if side:
        experts = experts.filter(side=side)
    if state:
        experts = experts.filter(state=state)
    directions = ExpertDirection.objects.order_by("id")
    return experts.prefetch_related(Prefetch("directions", directions)).order_by("sort", "id")


def available(*, search: str = "", direction: str = "", side: str = "") -> QuerySet[Expert]:
    """Experts in the register who can be taken onto a commission."""
    everybody = Expert.objects.select_related("person", "proposed_by", "employer")
    return register(
        everybody,
        search=search,
        direction=direction,
        side=side,
        state=Expert.State.REGISTERED,
    )


def ties_of(expert: Expert) -> QuerySet[Affiliation]:
    """The person's recorded ties, past ones too, the open ones first."""
    ties = Affiliation.objects.filter(person=expert.person_id).select_related("organisation")
    return ties.order_by("until", "id")
