"""The officer's look before the list of applicants: admitted, or refused with a ground and a reason (PR-003, 006, 015, 017).

The sources set no procedure for it (GAP-P-12): nothing that is decided here is known to the applicant before the list is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, letters
from ortaq.core.procedure import Attempt
from ortaq.law.findings import Finding, Severity
from ortaq.prizes.content import checks
from ortaq.prizes.models import Application, PaperDelivery, Round

from .told import address_of, signers_of

PLACE = "guide, prizes"


def look_runs(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """Acceptance is over and the list is not published yet."""
    if application.round.state != Round.State.CHECKING:
        yield _error(
            application,
            "no_look_now",
            _(
                "Applications are looked at after acceptance has ended and before the list of applicants is published."
            ),
        )


def papers_there(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """What a delivery on paper lacks; the officer decides, for the rules are silent on correcting defects (GAP-P-12)."""
    delivery = PaperDelivery.objects.filter(application=application).first()
    if delivery is not None:
        yield from checks.lacks(application.round.rules, delivery.papers)


def original_seen(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """An original that was asked for has not come yet: the officer decides."""
    if application.original_asked_at and not application.original_seen_on:
        yield Finding(
            "original_awaited",
            Severity.WARNING,
            _("The paper original of the bank certificate was asked for and has not been seen."),
            application.round.rules.cite("GAP-P-09", inferred=True),
        )


def ground_stated(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """A refusal names its ground and gives reasons."""
    facts = attempt.facts
    if "ground" in facts and not facts["ground"]:
        yield _error(application, "no_ground", _("Choose the ground of the refusal."), "ground")
    if "reason" in facts and not str(facts["reason"]).strip():
        yield _error(
            application,
            "no_reason",
            _("Write the reason: the applicant reads it in its letter."),
            "reason",
        )


def not_asked_yet(application: Application, attempt: Attempt) -> Iterable[Finding]:
    if application.original_asked_at:
        yield _error(application, "asked_already", _("The original was asked for already."))


def asked_and_not_seen(application: Application, attempt: Attempt) -> Iterable[Finding]:
    if not application.original_asked_at or application.original_seen_on:
        yield _error(application, "nothing_awaited", _("No original is awaited."))


def _error(application: Application, code: str, message: Any, about: str = "") -> Finding:
    cite = application.round.rules.cite(PLACE, inferred=True)
    return Finding(code, Severity.ERROR, message, cite, about=about)


# --- What happens --------------------------------------------------------------------------------


def admitted(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    _looked(application, attempt, Application.Ground.NONE, "")
    return {"number": application.number}


def refused(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    """Keep ground and reason; the journal keeps the ground alone, for a reason may name persons."""
    ground = str(attempt.facts["ground"])
    _looked(application, attempt, ground, str(attempt.facts["reason"]).strip())
    return {"number": application.number, "ground": ground}


def reopened(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    """Nothing is decided any more; ground and reason stay as what the next refusal begins with."""
    application.looked_by, application.looked_at = None, None
    application.save(update_fields=["looked_by", "looked_at"])
    return {"number": application.number}


def _looked(application: Application, attempt: Attempt, ground: str, reason: str) -> None:
    application.ground, application.reason = ground, reason
    application.looked_by, application.looked_at = attempt.actor.user, attempt.now
    application.save(update_fields=["ground", "reason", "looked_by", "looked_at"])


def original_asked(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    application.original_asked_at = attempt.now
    application.save(update_fields=["original_asked_at"])
    letters.prepare(
        application,
        "original",
        signers_of(application),
        "prizes/letters/original.txt",
        {"address": settings.SITE_URL + address_of(application)},
        release=True,
    )
    return {"number": application.number}


def original_was_seen(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    application.original_seen_on = clock.day_of(attempt.now)
    application.save(update_fields=["original_seen_on"])
    return {"number": application.number}
