"""The end of acceptance: moved by a decision before it, taken note of after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, deadlines, journal, letters, terms
from ortaq.core.procedure import Attempt
from ortaq.grants.models import Application, Competition, Extension
from ortaq.grants.policy.application import WRITERS
from ortaq.law.findings import Finding, Severity
from ortaq.people.models import Membership, User
from ortaq.review import panels

from .application import renew_duties

# --- Extension -----------------------------------------------------------------------------------


def before_the_end(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The old end has not passed (GR-A-06)."""
    if competition.closes_at is not None and attempt.now > competition.closes_at:
        yield Finding(
            "acceptance_over",
            Severity.ERROR,
            _(
                "Acceptance has ended, so it can no longer be extended: a decision must come "
                "before the old end."
            ),
            competition.rules.cite("GR-A-06", inferred=True),
            {"closes_at": competition.closes_at.isoformat()},
        )


def decision_stated(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """An extension has a date, a number, a reason and a new end."""
    facts = attempt.facts
    cite = competition.rules.cite("GR-A-06", inferred=True)
    if not all(facts.get(name) for name in ("decided_on", "number", "reason", "new_closes_at")):
        yield Finding(
            "no_decision",
            Severity.ERROR,
            _("State the date, the number and the reason of the decision, and the new end."),
            cite,
        )
    if (day := facts.get("decided_on")) and day > clock.day_of(attempt.now):
        yield Finding(
            "decision_ahead",
            Severity.ERROR,
            _("The decision cannot be of a day that has not come yet."),
            cite,
            {"decided_on": day},
            about="decided_on",
        )


def moves_later(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The new end lies after the old one, within the window or with a warning."""
    new = attempt.facts.get("new_closes_at")
    if new is None or competition.closes_at is None or competition.announced_at is None:
        return
    if new <= competition.closes_at:
        yield Finding(
            "not_later",
            Severity.ERROR,
            _("The new end must lie after the present one."),
            competition.rules.cite("GR-A-06", inferred=True),
            {"closes_at": competition.closes_at.isoformat()},
            about="new_closes_at",
        )
    window = competition.rules.window("acceptance")
    yield window.check(clock.day_of(competition.announced_at), clock.day_of(new))


def extended(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    """Move the end, keep the decision, write to everybody who has a draft."""
    facts, old = attempt.facts, competition.closes_at
    assert old is not None
    extension = Extension.objects.create(
        competition=competition,
        decided_on=facts["decided_on"],
        number=facts["number"],
        reason=facts["reason"],
        old_closes_at=old,
        new_closes_at=facts["new_closes_at"],
        made_by=attempt.actor.user,
        made_at=attempt.now,
        scan=facts.get("scan"),
    )
    competition.closes_at = extension.new_closes_at
    competition.save(update_fields=["closes_at"])
    renew_duties(competition)
    letters.prepare(
        competition,
        f"extended-{extension.pk}",
        draft_holders(competition),
        "grants/letters/extended.txt",
        {"extension": extension},
        release=True,
    )
    return {
        "old": journal.instant(old),
        "new": journal.instant(extension.new_closes_at),
        "number": extension.number,
        "decided_on": extension.decided_on.isoformat(),
    }


def draft_holders(competition: Competition) -> list[User]:
    """Everybody who may write on an application that is not handed in yet."""
    drafts = competition.applications.filter(state=Application.State.DRAFT)
    writers = Membership.objects.current().filter(
        organisation__in=drafts.values("organisation"), role__in=WRITERS
    )
    return list(User.objects.filter(pk__in=writers.values("user"), is_active=True).order_by("pk"))


# --- The end of acceptance -----------------------------------------------------------------------


def acceptance_over(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The end has passed: received at 18:00:00 is in time, later is late (GR-A-04)."""
    closes_at = competition.closes_at
    if not deadlines.is_over(closes_at, attempt.now):
        yield Finding(
            "acceptance_open",
            Severity.ERROR,
            _("Acceptance is still open."),
            competition.rules.cite("announcement 2020 §3"),
            {"closes_at": closes_at.isoformat() if closes_at else None},
        )


def closed(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    """List the applicants for the commission, start the terms of check and conflict round."""
    ended = competition.closes_at
    assert ended is not None
    if competition.check_days is None:
        competition.check_due_at = terms.due_at(competition.rules, "check", ended)
    else:
        calendar = terms.working_calendar(clock.day_of(ended))
        competition.check_due_at = clock.end_of(
            calendar.add(clock.day_of(ended), competition.check_days)
        )
    if competition.panel is None:
        competition.panel = panels.form(
            organisation=competition.operator,
            title_kk=competition.title_kk,
            title_ru=competition.title_ru,
            act="grants_rules",
            edition=competition.edition,
            local_budget=competition.version.plan.level == "local",
            actor=attempt.actor,
        )
    competition.save(update_fields=["check_due_at", "panel"])
    submitted = competition.applications.filter(state=Application.State.SUBMITTED)
    applicants = list(submitted.values_list("organisation_id", flat=True).distinct().order_by())
    panels.list_applicants(competition.panel, applicants, closed_at=ended)
    renew_duties(competition, over=True)
    return {"submitted": submitted.count(), "applicants": len(applicants)}
