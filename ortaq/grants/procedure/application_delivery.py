"""Applications on paper: the operator's desk registers what came by post, hand or e-mail (GR-A-05, 15).

The electronic copy that comes with the paper (a Word document and a signed scan) is kept as
files of the application; its forms are not typed again. Whether everything is there is for the
operator's check, not for the desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, duties, files
from ortaq.core.models import StoredFile
from ortaq.core.procedure import Refused
from ortaq.grants.content.parts import written_parts
from ortaq.grants.models import Application, ApplicationPart, Attachment, Competition, Lot
from ortaq.grants.policy import application as policy
from ortaq.law import grants as rules
from ortaq.law.findings import Finding, Severity
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.review import panels
from ortaq.review.models import Panel

from .application import APPLICATION, FILE_PAPER, RECEIVE, RECEIVE_LATE
from .application_submission import ENTERED
from .competition import COMPETITION, owed


def submitted_here(lot: Lot, organisation: Organisation) -> Application | None:
    """An application of this NGO for the lot that came through the site: its receipt was first,
    so paper that follows belongs to it (GR-X-06).
    """
    found = Application.objects.filter(
        lot=lot,
        organisation=organisation,
        method=Application.Method.PORTAL,
        state__in=ENTERED,
        paper_delivery=None,
    )
    return found.order_by("id").first()


@transaction.atomic
def register(
    lot: Lot,
    organisation: Organisation,
    *,
    actor: Actor,
    received_at: datetime,
    method: str,
    title: str = "",
    language: str = "kk",
    carrier: str = "",
    bound_and_signed: bool = False,
    scans: Sequence[Any] = (),
) -> Application:
    """Register a delivery; the application it belongs to, new or known.

    `received_at` is the instant at which it reached the desk: it decides whether it is accepted
    or "not accepted". `scans` are uploaded files. Raises `Refused`, `PermissionDenied`, and
    `ValidationError` for a file that cannot be taken.
    """
    competition = lot.competition
    if not policy.may_register_delivery(actor, competition):
        raise PermissionDenied
    competition = COMPETITION.lock(competition.pk)
    if finding := _closed_for_the_desk(competition):
        raise Refused(RECEIVE, [finding])
    kept = [files.store(scan, name=scan.name, person=actor.user) for scan in scans]
    facts: dict[str, Any] = {
        "received_at": received_at,
        "carrier": carrier,
        "bound_and_signed": bound_and_signed,
        "scan": kept[0] if kept else None,
    }
    if known := submitted_here(lot, organisation):
        APPLICATION.take(FILE_PAPER, known, actor=actor, **facts)
        return known
    application = Application(
        competition=competition,
        lot=lot,
        organisation=organisation,
        method=method,
        title=title,
        language=language,
        created_by=actor.user,
        created_at=clock.now(),
    )
    APPLICATION.begin(application, actor=actor, method=method)
    _keep(application, kept)
    judged = rules.in_time(
        application.competition.rules, received_at=received_at, closes_at=_end_of(competition)
    )
    late = judged.severity is Severity.ERROR
    APPLICATION.take(RECEIVE_LATE if late else RECEIVE, application, actor=actor, **facts)
    if not late and competition.state == Competition.State.CHECKING and competition.panel:
        # Acceptance ended before the desk came to it: the commission's list takes this one in.
        panels.list_applicants(
            competition.panel,
            list(
                competition.applications.filter(state=Application.State.SUBMITTED)
                .values_list("organisation_id", flat=True)
                .distinct()
            ),
            closed_at=_end_of(competition),
        )
        duties.keep(competition, owed(competition))
    return application


def _keep(application: Application, kept: Sequence[StoredFile]) -> None:
    for part in written_parts(application):
        ApplicationPart.objects.create(application=application, form=part.form_id, year=part.year)
    for file in kept:
        Attachment(application=application, kind=Attachment.Kind.SIGNED, file=file).save()


def _end_of(competition: Competition) -> datetime:
    assert competition.closes_at is not None
    return competition.closes_at


def _closed_for_the_desk(competition: Competition) -> Finding | None:
    """Deliveries are registered until the commission's composition is final: up to then its
    members can still declare on one more applicant.
    """
    listing = (Panel.State.FORMING, Panel.State.DECLARING)
    forming = competition.panel is None or competition.panel.state in listing
    if competition.state == Competition.State.ANNOUNCED:
        return None
    if competition.state == Competition.State.CHECKING and forming:
        return None
    return Finding(
        "desk_closed",
        Severity.ERROR,
        _(
            "The composition of the commission is final already, so no further delivery can be "
            "registered. Write to the head of the operator."
        ),
    )
