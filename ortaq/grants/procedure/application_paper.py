"""Deliveries by post and by hand: whether they came in time, and what is kept of them (GR-A-05, 15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core.procedure import Attempt
from ortaq.grants.models import Application, PaperDelivery
from ortaq.grants.queries.application import whole_of
from ortaq.law import grants as rules
from ortaq.law.findings import Finding, Severity

from .application_submission import issue_receipt


def reached_in_time(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """What counts is when it reached the operator, not when it was posted (GR-A-05)."""
    closes_at = application.competition.closes_at
    if closes_at is not None:
        received_at = _receipt_at(attempt)
        yield rules.in_time(
            application.competition.rules, received_at=received_at, closes_at=closes_at
        )


def _receipt_at(attempt: Attempt) -> datetime:
    """When the delivery reached the desk; now, while a page only asks what could be done."""
    received_at: datetime = attempt.facts.get("received_at", attempt.now)
    return received_at


def reached_late(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """The opposite of `reached_in_time`: nobody turns away what came in time."""
    if not any(f.severity is Severity.ERROR for f in reached_in_time(application, attempt)):
        yield Finding(
            "not_late", Severity.ERROR, _("This delivery came in time, so it is to be accepted.")
        )


def possible_instant(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """A delivery arrives after the announcement and not in the future."""
    received_at = _receipt_at(attempt)
    announced_at = application.competition.announced_at
    if received_at > attempt.now or (announced_at and received_at < announced_at):
        yield Finding(
            "impossible_instant",
            Severity.ERROR,
            _("The time of receipt lies before the announcement or in the future. Correct it."),
            about="received_at",
        )


def received(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    delivery = _keep_delivery(application, attempt)
    receipt = issue_receipt(
        application,
        whole_of(application),
        received_at=delivery.received_at,
        by=attempt.actor.user,
    )
    return {"number": receipt.number, "sha256": receipt.sha256, "method": application.method}


def received_late(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    delivery = _keep_delivery(application, attempt)
    application.applicant_name = application.organisation.name
    application.save()
    return {"received_at": delivery.received_at, "method": application.method}


def filed(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    delivery = _keep_delivery(application, attempt)
    return {"received_at": delivery.received_at, "carrier": delivery.carrier}


def _keep_delivery(application: Application, attempt: Attempt) -> PaperDelivery:
    facts = attempt.facts
    return PaperDelivery.objects.create(
        application=application,
        received_at=facts["received_at"],
        carrier=facts.get("carrier", ""),
        bound_and_signed=bool(facts.get("bound_and_signed")),
        registered_by=attempt.actor.user,
        scan=facts.get("scan"),
    )


def no_delivery_yet(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """Paper is registered once."""
    if PaperDelivery.objects.filter(application=application).exists():
        yield Finding(
            "delivery_known",
            Severity.ERROR,
            _("The paper of this application has been registered already."),
        )
