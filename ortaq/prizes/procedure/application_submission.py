"""Handing in and taking back: what submission requires, the receipt it gives, who hears of it (PR-003..008, 012..015)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

from django.conf import settings
from django.db.models import Max
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import canonical, clock, letters
from ortaq.core.procedure import Attempt
from ortaq.faces import say
from ortaq.law import prizes as rules
from ortaq.law.findings import Finding, Severity
from ortaq.people.models import Organisation, Standing, User
from ortaq.prizes.content import checks, manifest
from ortaq.prizes.content.whole import Whole
from ortaq.prizes.models import Application, Award, PaperDelivery, Receipt, Round
from ortaq.prizes.queries.application import whole_of
from ortaq.registry import returns

from .told import address_of, signers_of

State = Application.State
PLACE = "guide, prizes"
REQUIRED = "required"
instant_of = lazy(say.instant, str)
said = lazy(say.text, str)


def acceptance_open(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """1 September has not passed: its last second is in time, the next one is late (PR-012, GAP-P-13)."""
    found = application.round
    announced = found.state == Round.State.ANNOUNCED and found.apply_until is not None
    if announced and found.apply_until and attempt.reached <= found.apply_until:
        return
    if application.state == State.DRAFT:
        message = _(
            "Applications were taken until {deadline}; by the server's clock it is {now}. Nothing can be handed in any more. "
            "What you wrote is kept as a draft and can be copied into the application of the next year."
        )
    else:
        message = _(
            "Applications were taken until {deadline}; by the server's clock it is {now}. An application can be withdrawn "
            "only until then: this one takes part."
        )
    yield Finding(
        "acceptance_over",
        Severity.ERROR,
        format_lazy(
            message,
            deadline=instant_of(found.apply_until, seconds=True),
            now=instant_of(attempt.reached, seconds=True),
        ),
        found.rules.term("prize.apply").cite,
        {
            "apply_until": found.apply_until and found.apply_until.isoformat(),
            "now": attempt.reached.isoformat(),
        },
    )


def eligible(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """The organisation may be nominated at all (PR-003, 006, 008)."""
    return nominee(application.organisation, application.round, attempt.now)


def nominee(organisation: Organisation, found: Round, now: datetime) -> Iterable[Finding]:
    """Whether an organisation may be nominated in a round: an error for each reason why not, warnings for what the officer will
    see. Three queries.

    Parties, unions and religious associations are no NGOs (PR-003); three years after a prize bar (PR-006, PR-007); the NGO
    database is shown and refuses only where the edition's parameter says so (PR-008, GAP-P-06).
    """
    edition, day = found.rules, clock.day_of(now)
    standings = Standing.objects.current(day).filter(organisation=organisation)
    is_ngo = organisation.kind == Organisation.Kind.NGO
    yield from rules.applicant(
        edition,
        is_ngo=is_ngo,
        legal_form=organisation.legal_form,
        standings=set(standings.values_list("kind", flat=True)),
    )
    for received_on in prizes_received(organisation):
        yield from rules.barred(edition, received_on, day)
    if is_ngo:
        judged = returns.in_time(organisation, day)
        if judged.severity is not Severity.OK:
            required = edition.parameter("prize.database_check").value == REQUIRED
            severity = Severity.ERROR if required else Severity.WARNING
            yield replace(judged, severity=severity, about="organisation")


def prizes_received(organisation: Organisation) -> list[date]:
    """The days on which it received a prize: of the payment, else of the published results (PR-007, GAP-P-04); one query."""
    rows = Award.objects.filter(application__organisation=organisation).exclude(
        direction__round__published_at=None
    )
    found = rows.values_list("paid_on", "direction__round__published_at")
    days = (paid_on or (at and clock.day_of(at)) for paid_on, at in found)
    return [day for day in days if day]


def only_one_direction(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """One NGO is nominated in one direction of a year (PR-005)."""
    other = nominated(application)
    if other is not None:
        message = format_lazy(
            _(
                "This organisation is nominated already this year: application {number}, direction “{direction}”. One NGO is "
                "nominated in one direction; while acceptance runs, that application can be withdrawn and a new one filed."
            ),
            number=other.number,
            direction=said(other.direction.label),
        )
        cite = application.round.rules.parameter("prize.directions_per_ngo").cite
        yield Finding("second_direction", Severity.ERROR, message, cite, {"number": other.number})


def nominated(application: Application) -> Application | None:
    """The other application of the year with which the organisation is nominated."""
    return (
        Application.objects.filter(
            round=application.round_id,
            organisation=application.organisation_id,
            state__in=Application.NOMINATED,
        )
        .exclude(pk=application.pk)
        .select_related("direction")
        .first()
    )


def complete(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """All six kinds of papers are there and in order (PR-014, PR-015)."""
    return checks.everything(_whole(application, attempt))


def declared(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """Whoever submits says that it is true (inferred)."""
    if not attempt.facts.get("declared"):
        yield Finding(
            "not_declared",
            Severity.ERROR,
            _("Confirm that all information is true."),
            application.round.rules.cite("guide, prize annex 1", inferred=True),
            about="declared",
        )


def reached_in_time(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """Paper counts by the instant at which it reached the organiser, not by the postmark (PR-012, PR-013; inferred)."""
    found, received_at = application.round, attempt.facts.get("received_at", attempt.now)
    cite = found.rules.term("prize.apply").cite
    if received_at > attempt.now or (found.announced_at and received_at < found.announced_at):
        yield Finding(
            "impossible_instant",
            Severity.ERROR,
            _("The time of receipt lies before the announcement or in the future. Correct it."),
            cite,
            about="received_at",
        )
    elif found.apply_until is None or received_at > found.apply_until:
        message = format_lazy(
            _(
                "It reached you on {received}, applications were taken until {deadline}: it came late and is not registered. "
                "Send it back with a letter."
            ),
            received=instant_of(received_at, seconds=True),
            deadline=instant_of(found.apply_until, seconds=True),
        )
        yield Finding("received_late", Severity.ERROR, message, cite, about="received_at")


def _whole(application: Application, attempt: Attempt) -> Whole:
    """The application with all its content, loaded once for the attempt."""
    if "whole" not in attempt.facts:
        attempt.facts["whole"] = whole_of(application)
    return cast(Whole, attempt.facts["whole"])


# --- What happens --------------------------------------------------------------------------------


def submitted(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    """Give the receipt, tell the NGO."""
    receipt = _receipt(application, attempt, attempt.reached)
    letters.prepare(
        application,
        "receipt",
        signers_of(application) | User.objects.filter(pk=attempt.actor.user.pk),
        "prizes/letters/receipt.txt",
        {"receipt": receipt, "address": settings.SITE_URL + address_of(application)},
        release=True,
    )
    return {"number": receipt.number, "sha256": receipt.sha256, "files": len(receipt.files)}


def received(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    """Keep what came on paper, give the receipt, tell the NGO."""
    facts = attempt.facts
    delivery = PaperDelivery.objects.create(
        application=application,
        received_at=facts["received_at"],
        carrier=facts.get("carrier", ""),
        papers=facts.get("papers") or {},
        registered_by=attempt.actor.user,
        registered_at=attempt.now,
    )
    receipt = _receipt(application, attempt, delivery.received_at)
    letters.prepare(
        application,
        "receipt",
        signers_of(application),
        "prizes/letters/receipt.txt",
        {"receipt": receipt, "address": settings.SITE_URL + address_of(application)},
        release=True,
    )
    return {"number": receipt.number, "sha256": receipt.sha256, "way": str(application.way)}


def _receipt(application: Application, attempt: Attempt, received_at: datetime) -> Receipt:
    """The next receipt of the round. Numbers have no gaps: the row of the round is locked."""
    found, whole = application.round, _whole(application, attempt)
    last = found.receipts.aggregate(last=Max("position"))["last"] or 0
    content = manifest.manifest(whole)
    application.number = f"{found.year}-{last + 1:04d}"
    application.submitted_at = received_at
    application.applicant_name = application.organisation.name_kk
    application.save(update_fields=["number", "submitted_at", "applicant_name"])
    return Receipt.objects.create(
        application=application,
        round=found,
        position=last + 1,
        number=application.number,
        received_at=received_at,
        sha256=canonical.sha256(content),
        content=canonical.canonical(content),
        files=manifest.files(whole),
        submitted_by=attempt.actor.user,
    )


def withdrawn(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    application.withdrawn_at = attempt.now
    application.save(update_fields=["withdrawn_at"])
    return {"number": application.number}
