"""What pages and papers read of applications for the prize."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from ortaq.people.actor import Actor
from ortaq.people.policy import responsible_for
from ortaq.prizes.content.whole import Whole
from ortaq.prizes.models import Application, ApplicationConflict, Attachment
from ortaq.review import queries as review

State = Application.State


def applications_visible_to(actor: Actor) -> QuerySet[Application]:
    """The one visibility query: lists, pages, files and papers of applications all start here.

    An NGO's people see all of its own; the organiser those handed in, never a draft; a scorer those whose dossier the conflict
    gate has opened. To everybody else it is not known who applied before the list of applicants (`queries.round.applicants`).
    """
    visible = Q(organisation__in=actor.organisation_ids)
    if held := responsible_for(actor):
        visible |= Q(round__organiser__in=held) & ~Q(state=State.DRAFT)
    if actor.user is not None:
        visible |= Q(Exists(review.dossiers_open_to(actor).filter(pk=OuterRef("dossier"))))
    return Application.objects.filter(visible)


def page_of(actor: Actor) -> QuerySet[Application]:
    """Visible applications with what a page of one of them reads."""
    return applications_visible_to(actor).select_related(
        "round__organiser", "direction", "organisation", "dossier"
    )


def of_ngo(actor: Actor) -> QuerySet[Application]:
    """The applications of the NGO acted for, newest first; one query for a list."""
    ngo = actor.acting_for
    return page_of(actor).filter(organisation=ngo.pk if ngo else None).order_by("-id")


def earlier_of(actor: Actor) -> QuerySet[Application]:
    """What a new draft of the NGO acted for can be copied from, newest first."""
    return of_ngo(actor).exclude(state=State.DRAFT).filter(way=Application.Way.PORTAL)


def whole_of(application: Application) -> Whole:
    """The application with its files; two queries, the application comes with round and organisation."""
    files = list(
        Attachment.objects.filter(application=application, removed_at=None).select_related("file")
    )
    for one in files:
        one.application = application  # each asks it for its way (`Attachment.for_scorers`)
    conflicts = ApplicationConflict.objects.filter(application=application, settled_at=None)
    return Whole(application, files, conflicts.count() if application.state == State.DRAFT else 0)
