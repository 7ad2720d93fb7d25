"""Visits of monitoring: who knows of one, and from when."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from ortaq.oversight.models import Engagement, Visit
from ortaq.people.actor import Actor
from ortaq.projects.queries.project import projects_visible_to

from .attention import with_state
from .project import projects_overseen_by

BEGUN = (Visit.State.STARTED, Visit.State.REPORTED)


def visits_visible_to(actor: Actor) -> QuerySet[Visit]:
    """The one visibility query: the body sees all visits of its projects, the expert those of an engagement that was cleared, the NGO
    those that have begun; nobody else any.
    """
    rows = with_state(Visit.objects.all())
    if actor.user is None:
        return rows.none()
    overseen = projects_overseen_by(actor).order_by().values("pk")
    carried = projects_visible_to(actor).filter(
        pk=OuterRef("plan__project"), contract__grantee__in=actor.organisation_ids
    )
    working = Engagement.State.ACTIVE
    return rows.filter(
        Q(plan__project__in=overseen)
        | Q(engagement__expert__person=actor.user, engagement__state=working)
        | (Q(state__in=BEGUN) & Q(Exists(carried)))
    )
