"""Projects as those see them who oversee them."""

from __future__ import annotations

from django.db.models import QuerySet

from ortaq.people.actor import Actor
from ortaq.people.policy import responsible_for
from ortaq.projects.models import Contract, Project


def projects_overseen_by(actor: Actor) -> QuerySet[Project]:
    """The one visibility query of overseers: projects of social orders of the bodies for which the actor answers, with their
    parties; one query.
    """
    return (
        Project.objects.filter(
            contract__instrument=Contract.Instrument.SOCIAL_ORDER,
            contract__grantor__in=responsible_for(actor),
        )
        .select_related("contract__grantor", "contract__grantee")
        .defer("baseline", "contract__general", "contract__search")
    )
