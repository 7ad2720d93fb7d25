"""The yearly dates of the Information: 5 January, 1 August, 25 January (SO-F-13, SO-F-17, SO-F-21).

What an edition does not know (the 2018 one, as far as it was read) is not due at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse

from ortaq import law
from ortaq.core import clock, terms
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.law.text import Text
from ortaq.planning.models import Formation, Information

from .editions import edition_of

State = Formation.State
Issue = Information.Issue

# The states in which the Information before the budget is still ahead, and the one after it.
AHEAD = {
    Issue.BEFORE: {State.DISCUSSION, State.DECIDING, State.REPORTED},
    Issue.AFTER: {State.REQUESTED, State.BUDGETED},
}
SUBMIT = Text(
    "Ақпаратты (3-қосымша) кеңеске беру",
    "Внести Информацию (приложение 3) в совет",
    "Submit the Information (annex 3) to the council",
)
PUBLISH = Text(
    "Бюджет бекітілгеннен кейін Ақпаратты (3-қосымша) жариялау және уәкілетті органға жіберу",
    "Опубликовать Информацию (приложение 3) после утверждения бюджета и направить её уполномоченному органу",
    "Publish the Information (annex 3) after the budget and send it to the authorised body",
)


def term_of(level: str, issue: str) -> str:
    """The term of an Information.

    Before the budget: central bodies by 5 January, local ones by 1 August. After it: 25 January.
    """
    if issue == Issue.AFTER:
        return "information.after_budget"
    return "information.central" if level == Formation.Level.CENTRAL else "information.local"


def due(
    formation: Formation, issue: str, calendar: law.WorkingCalendar | None = None
) -> law.Due | None:
    """When annex 3 is due and what to know of that day; None where the edition sets no date.

    Lists hand over the `calendar` (default: this installation's, one query).
    """
    key, edition = term_of(formation.level, issue), edition_of(formation)
    if key not in edition.terms:
        return None
    # Local bodies inform their councils in the year before the planned one (SO-X-08).
    year = formation.plan_year - (key == "information.local")
    return law.due(edition.term(key), date(year, 1, 1), calendar or terms.working_calendar())


def is_late(due: law.Due | None, sent_at: datetime | None) -> bool:
    """Whether it was sent after the end of its day, or has not been sent by now."""
    return due is not None and (sent_at or clock.now()) > clock.end_of(due.due_on)


def owed(formation: Formation) -> Iterable[Owed]:
    """The Informations that the body still has to hand over; the date is known long before."""
    issued = formation.informations.filter(issue=Issue.AFTER)
    for issue, title, code, page in (
        (Issue.BEFORE, SUBMIT, "submit", "planning:formation_submit"),
        (Issue.AFTER, PUBLISH, "publish_budget", "planning:formation"),
    ):
        if formation.state not in AHEAD[issue] or (last := due(formation, issue)) is None:
            continue
        if issue == Issue.AFTER and issued.exists():
            continue
        yield Owed(
            code,
            organisation(formation.body_id),
            title,
            clock.end_of(last.due_on),
            reverse(page, args=[formation.pk]),
            last.term.cite.place,
        )
