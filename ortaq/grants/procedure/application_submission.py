"""Handing in and taking back: what submission requires, the receipt it gives, who hears of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import canonical, clock, letters
from ortaq.core.procedure import Attempt
from ortaq.faces import say
from ortaq.grants.content import checks, manifest
from ortaq.grants.content.whole import Whole
from ortaq.grants.models import Application, Competition, Receipt
from ortaq.grants.queries.application import whole_of
from ortaq.law import grants as rules
from ortaq.law.findings import Finding, Severity
from ortaq.people.models import Role, Standing, User
from ortaq.registry import returns

State = Application.State
# Applications with which an NGO competes for a lot, besides its drafts.
ENTERED = (State.SUBMITTED, State.ADMITTED, State.REFUSED)

instant_of = lazy(say.instant, str)


def deadline_open(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """Acceptance has not ended: the deadline itself is in time, a second later is not (GR-A-04)."""
    competition = application.competition
    closes_at = competition.closes_at
    if competition.state == Competition.State.ANNOUNCED and closes_at is not None:
        judged = rules.in_time(
            application.competition.rules, received_at=attempt.reached, closes_at=closes_at
        )
        if judged.severity is Severity.OK:
            return
    if application.state == State.DRAFT:
        message = _(
            "Acceptance ended on {deadline}; by the server's clock it is {now}. Nothing can be "
            "handed in any more. What you wrote is kept as a draft: you can copy it into a new "
            "application when the topic is announced again."
        )
    else:
        message = _(
            "Acceptance ended on {deadline}; by the server's clock it is {now}. An application "
            "can be withdrawn only until then: this one takes part."
        )
    yield Finding(
        "acceptance_over",
        Severity.ERROR,
        format_lazy(
            message,
            deadline=instant_of(closes_at, seconds=True),
            now=instant_of(attempt.reached, seconds=True),
        ),
        application.competition.rules.parameter("acceptance.closing_time").cite,
        {"closes_at": closes_at and closes_at.isoformat(), "now": attempt.reached.isoformat()},
    )


def eligible(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """The NGO may take part (GR-A-08, GR-A-09).

    A recorded standing (liquidation, bankruptcy, attached property, suspended activity) stops the
    submission: such an NGO is excluded from the competition itself, and no ground of refusal
    R1-R4 speaks of it later. Late or absent data in the NGO database are ground R3, which the
    operator has to find and to give reasons for (GR-A-23); here they only warn.
    """
    day = clock.day_of(attempt.now)
    standings = Standing.objects.current(day).filter(organisation=application.organisation_id)
    kinds = set(standings.values_list("kind", flat=True))
    yield from rules.applicant(application.competition.rules, filing="on_time", standings=kinds)
    judged = returns.in_time(application.organisation, day)
    if judged.severity is not Severity.OK:
        yield Finding(
            judged.code,
            Severity.WARNING,
            judged.message,
            judged.cite,
            judged.numbers,
            "organisation",
        )


def complete(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """All nine parts are there and in order (GR-A-13 ... 22, GR-K-06 ... 10)."""
    return checks.everything(_whole(application, attempt))


def declared(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """Whoever submits makes the declaration of the letter, annex 1 (GR-A-17)."""
    if not attempt.facts.get("declared"):
        yield Finding(
            "not_declared",
            Severity.ERROR,
            _("Confirm the declaration of the letter: that all information is true."),
            application.competition.rules.cite("413-rules via announcement 2020 annex 1"),
            about="declared",
        )


def only_one_for_the_topic(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """A second application for the same topic is unusual, not forbidden (GR-A-12)."""
    others = Application.objects.filter(
        organisation=application.organisation_id, lot=application.lot_id, state__in=ENTERED
    ).exclude(pk=application.pk)
    if number := others.values_list("number", flat=True).first():
        yield Finding(
            "second_application",
            Severity.WARNING,
            format_lazy(
                _(
                    "Your organisation has already applied for this topic ({number}). A second "
                    "application is accepted beside it; to replace the first, withdraw it."
                ),
                number=number,
            ),
            application.competition.rules.cite("announcement 2020 §4", inferred=True),
        )


def _whole(application: Application, attempt: Attempt) -> Whole:
    """The application with all its content, loaded once for the attempt."""
    if "whole" not in attempt.facts:
        attempt.facts["whole"] = whole_of(application)
    application.whole = attempt.facts["whole"]
    return cast(Whole, attempt.facts["whole"])


# --- What happens ------------------------------------------------------------------------------------


def submitted(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    """Settle the content, give the receipt, tell the NGO."""
    whole = _whole(application, attempt)
    for written in whole.written:
        settled = manifest.settled(written)
        if settled != written.row.data:
            written.row.data = settled
            written.row.save(update_fields=["data"])
    sums = [one.sums() for _written, one in whole.estimates]
    application.grant_tiyn = sum(one.grant for one in sums)
    application.total_tiyn = sum(one.total for one in sums)
    receipt = issue_receipt(application, whole, received_at=attempt.reached, by=attempt.actor.user)
    letters.prepare(
        application,
        "receipt",
        signers_of(application) | User.objects.filter(pk=attempt.actor.user.pk),
        "grants/letters/application_receipt.txt",
        {"receipt": receipt, "address": settings.SITE_URL + address_of(application)},
        release=True,
    )
    return {"number": receipt.number, "sha256": receipt.sha256, "files": len(receipt.files)}


def issue_receipt(
    application: Application, whole: Whole, *, received_at: datetime, by: User
) -> Receipt:
    """The next receipt of the competition, for the content as it stands.

    Numbers have no gaps: they are counted under the lock of the competition's row, which
    `submit` and `register` take before anything else.
    """
    competition = application.competition
    last = competition.receipts.aggregate(last=Max("position"))["last"] or 0
    content = manifest.manifest(whole)
    number = f"{received_at.astimezone(clock.ALMATY).year}-{competition.pk}-{last + 1:05d}"
    application.number = number
    application.submitted_at = received_at
    application.applicant_name = application.organisation.name
    application.save()
    return Receipt.objects.create(
        application=application,
        competition=competition,
        position=last + 1,
        number=number,
        received_at=received_at,
        sha256=canonical.sha256(content),
        content=canonical.canonical(content),
        files=manifest.files(whole),
        submitted_by=by,
    )


def address_of(application: Application) -> str:
    """The path of an application's page."""
    return reverse("grants:application", args=[application.pk])


def signers_of(application: Application) -> Any:
    """Head and deputy of the NGO today: they get its letters."""
    day = clock.today()
    return User.objects.filter(
        memberships__organisation=application.organisation_id,
        memberships__role__in=(Role.HEAD, Role.DEPUTY),
        memberships__starts_on__lte=day,
    ).exclude(memberships__ends_on__lte=day)


def withdrawn(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    return {"number": application.number, "reason": str(attempt.facts.get("reason") or "")[:500]}
