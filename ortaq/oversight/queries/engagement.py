"""Engagements of independent experts."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from ortaq.oversight.models import Engagement
from ortaq.people.actor import Actor

from .project import projects_overseen_by


def engagements_visible_to(actor: Actor) -> QuerySet[Engagement]:
    """The one visibility query: the body sees those of its projects, the expert their own; nobody else, the NGO neither."""
    rows = Engagement.objects.select_related(
        "expert__person", "project__contract__grantor", "project__contract__grantee"
    )
    if actor.user is None:
        return rows.none()
    mine = projects_overseen_by(actor).order_by().values("pk")
    return rows.filter(Q(project__in=mine) | Q(expert__person=actor.user))
