"""The end of acceptance and the list of applicants (PR-012, PR-026, PR-027)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import deadlines, duties, letters, terms
from ortaq.core.procedure import Attempt
from ortaq.faces import say
from ortaq.law.findings import Finding, Severity
from ortaq.prizes.models import Application, Round

from .told import address_of, signers_of

State = Application.State
instant_of = lazy(say.instant, str)


def acceptance_over(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """The last instant of 1 September has passed; that instant itself is in time (PR-012, GAP-P-13)."""
    if not deadlines.is_over(found.apply_until, attempt.now):
        yield Finding(
            "acceptance_open",
            Severity.ERROR,
            _("Acceptance is still open."),
            found.rules.term("prize.apply").cite,
        )


def closed(found: Round, attempt: Attempt) -> Mapping[str, Any]:
    """The term of the list begins; whoever still has a draft owes nothing any more."""
    assert found.apply_until is not None
    found.list_due = terms.due_at(found.rules, "prize.applicants_list", found.apply_until)
    found.save(update_fields=["list_due"])
    for draft in found.applications.filter(state=State.DRAFT):
        duties.keep(draft, ())
    return {
        "submitted": found.applications.filter(state=State.SUBMITTED).count(),
        "list_due": found.list_due.isoformat(),
    }


def all_looked_at(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """Every application is admitted or refused with its ground before anything is published."""
    open_ = found.applications.filter(state=State.SUBMITTED).count()
    if open_:
        yield Finding(
            "not_looked_at",
            Severity.ERROR,
            format_lazy(
                _("Applications nobody has decided on yet: {number}. Admit or refuse each."),
                number=open_,
            ),
            found.rules.cite("guide, prizes"),
            {"open": open_},
            about="applications",
        )


def list_in_time(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """Within ten working days; later it is a breach, which stays in the journal."""
    if found.list_due is not None and attempt.now > found.list_due:
        yield Finding(
            "listed_late",
            Severity.WARNING,
            format_lazy(
                _("The list of applicants was to be published no later than {due}."),
                due=instant_of(found.list_due),
            ),
            found.rules.term("prize.applicants_list").cite,
            {"due_at": found.list_due.isoformat()},
        )


def listed(found: Round, attempt: Attempt) -> Mapping[str, Any]:
    """Publish the list; each applicant hears what became of its application."""
    found.listed_at = attempt.now
    found.save(update_fields=["listed_at"])
    rows = found.applications.filter(state__in=(State.ADMITTED, State.REFUSED))
    for application in rows.select_related("round", "direction", "organisation"):
        letters.prepare(
            application,
            "listed",
            signers_of(application),
            "prizes/letters/listed.txt",
            {
                "application": application,
                "address": settings.SITE_URL + address_of(application),
            },
            release=True,
        )
    return {
        "admitted": rows.filter(state=State.ADMITTED).count(),
        "refused": rows.filter(state=State.REFUSED).count(),
        "late": found.list_due is not None and attempt.now > found.list_due,
    }
