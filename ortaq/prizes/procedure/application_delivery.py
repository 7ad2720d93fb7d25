"""Applications on paper: the officer registers what came by post or by hand (PR-012, PR-013).

What came on paper is kept as scans; its annexes are not typed again but for the bank account, which the payment needs (PR-021).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, files
from ortaq.core.procedure import Refused, keep_refusal, locked
from ortaq.law.findings import Finding, Severity
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.prizes.content import prefilled
from ortaq.prizes.models import Application, Attachment, Direction, Round
from ortaq.prizes.policy import round as policy

from .application import APPLICATION, RECEIVE

State = Round.State


def register(
    direction: Direction,
    organisation: Organisation,
    *,
    actor: Actor,
    received_at: datetime,
    way: str,
    once: UUID,
    language: str = "kk",
    carrier: str = "",
    papers: Mapping[str, int | None] | None = None,
    account: Mapping[str, str] | None = None,
    scans: Sequence[Any] = (),
) -> Application:
    """Register what came on paper; sent twice it is one application.

    `received_at` is the instant at which it reached the organiser: what came late is refused, and that it came stands in the
    journal of the round. `papers` tells for each of the six kinds its sheets, `account` rows 9-11 of annex 2, `scans` are uploaded
    files. Raises `Refused`, `PermissionDenied`, and `ValidationError` for a file that cannot be taken.
    """
    if not policy.organises(actor, direction.round):
        raise PermissionDenied
    try:
        return _registered(
            direction,
            organisation,
            actor=actor,
            way=way,
            once=once,
            language=language,
            account=account or {},
            scans=scans,
            delivery={
                "received_at": received_at,
                "carrier": carrier,
                "papers": dict(papers or {}),
            },
        )
    except Refused as refused:
        if refused.has("received_late"):
            keep_refusal(refused, direction.round, actor, clock.now())
        raise


@transaction.atomic
def _registered(
    direction: Direction,
    organisation: Organisation,
    *,
    actor: Actor,
    way: str,
    once: UUID,
    language: str,
    account: Mapping[str, str],
    scans: Sequence[Any],
    delivery: Mapping[str, Any],
) -> Application:
    found = locked(Round, direction.round_id)
    if there := Application.objects.filter(round=found, once=once).first():
        return there
    if found.state not in (State.ANNOUNCED, State.CHECKING):
        raise Refused(RECEIVE, [_closed(found)])
    known = prefilled.questionnaire(organisation, language)
    answers = {key: value for key, value in known.items() if key not in prefilled.BANK}
    answers |= {key: value for key, value in account.items() if value}
    application = Application(
        round=found,
        direction=direction,
        organisation=organisation,
        language=language,
        way=way,
        once=once,
        content={"questionnaire": answers},
        created_by=actor.user,
        created_at=clock.now(),
    )
    APPLICATION.begin(application, actor=actor, way=str(way), direction=direction.field)
    for scan in scans:
        stored = files.store(scan, name=scan.name, person=actor.user, allowed=files.DOCUMENTS)
        Attachment.objects.create(application=application, kind=Attachment.Kind.SIGNED, file=stored)
    APPLICATION.take(RECEIVE, application, actor=actor, **delivery)
    return application


def _closed(found: Round) -> Finding:
    return Finding(
        "desk_closed",
        Severity.ERROR,
        _("The list of applicants is published: nothing further can be registered."),
        found.rules.cite("guide, prizes", inferred=True),
    )
