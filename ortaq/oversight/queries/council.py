"""What the pages of expert councils read, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.faces.parts import Entry
from ortaq.oversight.models import ExpertCouncil, Nomination
from ortaq.oversight.procedure import nomination
from ortaq.oversight.procedure.council import COUNCIL
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.people.policy import responsible_for
from ortaq.planning.models import Council
from ortaq.planning.policy import BODIES
from ortaq.planning.queries.history import history

State = ExpertCouncil.State
Place = Nomination.State
# What the NGO council sees of a composition: not before it is laid before it.
LAID = (State.SUBMITTED, State.IN_OFFICE, State.ENDED)
TITLES = {
    "begin": _("The council is being prepared"),
    "nominate": nomination.NOMINATE.title,
    "withdraw": nomination.WITHDRAW.title,
    "invite": nomination.INVITE.title,
    "answer": nomination.ANSWER.title,
    "replace": nomination.REPLACE.title,
}


# --- Who sees what -----------------------------------------------------------------------------------


PUBLIC = Q(announced_at__isnull=False) | Q(state__in=(State.IN_OFFICE, State.ENDED))


def public_councils() -> QuerySet[ExpertCouncil]:
    """What everybody sees: councils that were announced, and those in office however they were formed."""
    return ExpertCouncil.objects.filter(PUBLIC).select_related("body")


def councils_visible_to(actor: Actor) -> QuerySet[ExpertCouncil]:
    """What everybody sees, and those into which the actor was invited; their bodies have `councils_managed_by`."""
    seen = PUBLIC
    if actor.user is not None:
        mine = Nomination.objects.filter(person=actor.user)
        seen |= Q(pk__in=mine.values("council"))
    return ExpertCouncil.objects.filter(seen).select_related("body")


def councils_managed_by(actor: Actor) -> QuerySet[ExpertCouncil]:
    """Councils of the bodies that the actor answers for, and compositions laid before an NGO council of theirs."""
    bodies = responsible_for(actor)
    laid = Q(laid_before__body__in=bodies, state__in=LAID)
    rows = ExpertCouncil.objects.filter(Q(body__in=bodies) | laid)
    return rows.select_related("body", "laid_before__body")


def bodies_of(actor: Actor) -> QuerySet[Organisation]:
    """The state bodies for which the actor may prepare a council."""
    rows = Organisation.objects.filter(pk__in=responsible_for(actor), kind__in=BODIES)
    return rows.order_by("sort", "id")


# --- Lists ---------------------------------------------------------------------------------------------


def open_now() -> QuerySet[ExpertCouncil]:
    """Councils for which people can put themselves forward in time, the most urgent first; one query."""
    rows = public_councils().filter(state=State.ANNOUNCED)
    open_ones = rows.filter(Q(nominations_until=None) | Q(nominations_until__gte=clock.now()))
    return open_ones.order_by("nominations_until", "id")


def rest(query: str, given: Mapping[str, str]) -> KeyPage[ExpertCouncil]:
    """A page of all other councils, by words of their name and body; those who sit there today are counted; one query."""
    today = clock.today()
    sits = Q(nominations__state=Place.CHOSEN, nominations__since__lte=today)
    sits &= Q(nominations__until=None) | Q(nominations__until__gt=today)
    rows = _named(public_councils().exclude(pk__in=open_now().order_by().values("pk")), query)
    return key_page(rows.annotate(seats=Count("nominations", filter=sits)), given, order=("-pk",))


def managed(actor: Actor, given: Mapping[str, str]) -> KeyPage[ExpertCouncil]:
    """A page of the councils that the actor manages; candidates who have not withdrawn are counted; one query."""
    candidates = Q(nominations__state__in=(Place.OFFERED, Place.CHOSEN, Place.DECLINED))
    rows = councils_managed_by(actor).annotate(
        candidates=Count("nominations", filter=candidates, distinct=True)
    )
    return key_page(rows, given, order=("-pk",))


def _named(rows: QuerySet[ExpertCouncil], query: str) -> QuerySet[ExpertCouncil]:
    for word in fold(query).split():
        rows = rows.filter(Q(search__contains=word) | Q(body__search__contains=word))
    return rows


# --- One council ---------------------------------------------------------------------------------------


def candidates(council: ExpertCouncil) -> list[Nomination]:
    """All who were put forward or invited, those in time first; one query."""
    return list(council.nominations.select_related("person").order_by("late", "id"))


def members(council: ExpertCouncil) -> list[Nomination]:
    """Who sat or sits on a council since it took office; one query."""
    rows = council.nominations.filter(state=Place.CHOSEN, since__isnull=False)
    return list(rows.select_related("person").order_by("since", "id"))


def own_nomination(council: ExpertCouncil, actor: Actor) -> Nomination | None:
    """The actor's own; at most one query."""
    if actor.user is None:
        return None
    return council.nominations.filter(person=actor.user).first()


def ngo_councils(body: Organisation) -> QuerySet[Council]:
    """The NGO councils that can approve the composition: the body's own; where it has none, those of its region, or for a body without
    a region the Coordination Council (SO-X-18: the act does not say more).
    """
    own = Council.objects.filter(body=body)
    if body.region_code:
        near = Q(region_code=body.region_code) | Q(body__region_code=body.region_code)
        level = Council.objects.filter(near, kind=Council.Kind.COOPERATION)
    else:
        level = Council.objects.filter(kind=Council.Kind.COORDINATION)
    found = own if own.exists() else level
    return found.select_related("body").order_by("kind", "id")


def entries(council: ExpertCouncil) -> list[Entry]:
    """The council's journal for people; 2 queries."""
    return history(council, COUNCIL, TITLES)
