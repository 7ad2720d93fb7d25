"""What stands in the way of forming an expert council, and what its edition says of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock
from ortaq.core.procedure import Attempt
from ortaq.law.findings import Finding, Severity
from ortaq.oversight.models import ExpertCouncil, Nomination
from ortaq.planning.models import Council
from ortaq.projects.procedure.shared import said

Place = Nomination.State
WORDS = ("title_kk", "title_ru", "announcement_kk", "announcement_ru")
YEARS = "expert_council.term_calendar_years"
SELECTION = "expert_council.selection"


def edition_of(council: ExpertCouncil) -> law.Edition:
    """The edition that the council pins (SO-X-19)."""
    return law.edition(council.act, council.edition)


def finding(
    council: ExpertCouncil,
    code: str,
    message: Any,
    about: str = "",
    *,
    warns: bool = False,
    **numbers: Any,
) -> Finding:
    cite = edition_of(council).parameter(SELECTION).cite
    return Finding(
        code, Severity.WARNING if warns else Severity.ERROR, message, cite, numbers, about
    )


def selected_by(council: ExpertCouncil, way: str) -> bool:
    """Whether the edition selects members this way: `self_nomination`, `approval_by_council` (SO-E-07, SO-E-09; neither in 2018)."""
    return way in (edition_of(council).parameter(SELECTION).value or ())


def announcement_written(council: ExpertCouncil, _attempt: Attempt) -> Iterable[Finding]:
    """Name and announcement stand in both languages (SO-E-07)."""
    missing = next((name for name in WORDS if not getattr(council, name).strip()), None)
    if missing is not None:
        message = _("Write the name and the announcement in Kazakh and in Russian.")
        yield finding(council, "not_written", message, missing)


def announced_first(council: ExpertCouncil, _attempt: Attempt) -> Iterable[Finding]:
    """Where members put themselves forward, they learn of it from the announcement (SO-E-07)."""
    if council.announced_at is None and selected_by(council, "self_nomination"):
        message = _("Publish the announcement first: candidates put themselves forward after it.")
        yield finding(council, "not_announced", message)


def days_are_over(council: ExpertCouncil, attempt: Attempt) -> Iterable[Finding]:
    """The days for self-nomination have passed (SO-E-08)."""
    until = council.nominations_until
    if until is not None and attempt.now <= until:
        message = _("Candidates can still put themselves forward.")
        yield finding(council, "nominations_open", message, until=until)


def somebody_chosen(council: ExpertCouncil, _attempt: Attempt) -> Iterable[Finding]:
    """The composition has members, and everybody who was put forward has an answer with reasons (SO-E-06)."""
    if not council.nominations.filter(state=Place.CHOSEN).exists():
        yield finding(council, "nobody_chosen", _("Choose who is to sit on the council."))
    open_ones = council.nominations.filter(state=Place.OFFERED).count()
    if open_ones:
        message = format_lazy(_("Candidates without an answer: {count}."), count=open_ones)
        yield finding(council, "candidates_open", message, count=open_ones)


def needs_no_approval(council: ExpertCouncil, _attempt: Attempt) -> Iterable[Finding]:
    """The edition names no approval by the NGO council (2018)."""
    if selected_by(council, "approval_by_council"):
        message = _("The NGO cooperation council approves the composition first.")
        yield finding(council, "not_approved", message)


def laid_before_one(council: ExpertCouncil, attempt: Attempt) -> Iterable[Finding]:
    """The NGO cooperation council that approves is named (SO-E-09, SO-X-18)."""
    if not isinstance(attempt.facts.get("laid_before"), Council):
        message = _("Choose the NGO cooperation council that approves the composition.")
        yield finding(council, "no_ngo_council", message, "laid_before")


def minutes_named(council: ExpertCouncil, attempt: Attempt) -> Iterable[Finding]:
    """The approval has its day, which is not to come."""
    day = attempt.facts.get("approved_on")
    if not isinstance(day, date):
        yield finding(council, "no_day", _("Write the day of the approval."), "approved_on")
    elif day > clock.day_of(attempt.now):
        yield finding(council, "day_to_come", _("This day has not come yet."), "approved_on")


def office_in_order(council: ExpertCouncil, attempt: Attempt) -> Iterable[Finding]:
    """First and last day of office are named; a term longer than the edition's is a warning (SO-E-05, SO-X-13)."""
    first, last = attempt.facts.get("office_from"), attempt.facts.get("office_until")
    if not isinstance(first, date) or not isinstance(last, date):
        yield finding(
            council,
            "no_term",
            _("Write from when to when the council is in office."),
            "office_from",
        )
        return
    if last < first:
        yield finding(council, "ends_before", _("The term ends before it begins."), "office_until")
    years = edition_of(council).parameter(YEARS)
    if isinstance(years.value, int) and last >= anniversary(first, years.value):
        message = format_lazy(_("The term is longer than {years} years."), years=years.value)
        yield finding(
            council, "term_too_long", message, "office_until", warns=True, years=years.value
        )


def anniversary(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def term_over_or_reason(council: ExpertCouncil, attempt: Attempt) -> Iterable[Finding]:
    """A council ends with its term, or before it with a reason."""
    last = council.office_until
    if (last is None or clock.day_of(attempt.now) <= last) and not said(attempt, "remark"):
        message = _("The term is not over yet: write why the council ends before.")
        yield finding(council, "no_remark", message, "remark")


def in_time(council: ExpertCouncil) -> QuerySet[Nomination]:
    """Those who put themselves forward within the days and still want to."""
    return council.nominations.filter(own=True, late=False).exclude(state=Place.WITHDRAWN)
