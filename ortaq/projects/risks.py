"""What may go wrong with a project, from its figures: findings with what to do, and how deep the trouble is.

No source says when a project is in trouble: the bounds below are our proposal. Each finding's `about` names the page where it is mended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.faces.say import day
from ortaq.law.findings import Finding, Severity

from .models import Activity, Project
from .queries.progress import DONE, LATE, UNREAD, Progress

Trouble = Project.Trouble

# Late activities are named one by one up to so many.
NAMED = 5
# How far one measure may run behind another, as a share of the whole.
BEHIND, FAR_BEHIND = Fraction(3, 10), Fraction(1, 2)
HALF = Fraction(1, 2)
# Fewer participants than four fifths of those expected.
ENOUGH_PEOPLE = Fraction(4, 5)
# Days: for evidence after an event; for final reports after the term; before the end, for the final presentation.
FOR_EVIDENCE, FOR_REPORTS, BEFORE_END = 7, 30, 30
WARNINGS_ARE_TROUBLE = 4
PERCENT = 100
NAME = 90


@dataclass(frozen=True, slots=True)
class Condition:
    """What the risks of one project are reckoned from, on one day. Sums in tiyn."""

    project: Project
    today: date
    progress: Progress
    lines_overspent: int = 0
    unrecorded_events: int = 0
    events_without_evidence: int = 0
    events_short_of_people: int = 0
    events_with_small_sample: int = 0
    reports_overdue: int = 0
    reports_returned: int = 0
    changes_asked: int = 0
    tranches_late: int = 0

    @property
    def time(self) -> Fraction:
        """The part of the term that has passed, 0 to 1."""
        return time_passed(self.project, self.today)

    @property
    def money(self) -> Fraction:
        """The part of the contract's sum that is spent; more than 1 when it is overspent."""
        return Fraction(self.project.spent_tiyn, self.project.contract.sum_tiyn)


def time_passed(project: Project, today: date) -> Fraction:
    """The part of the term that has passed by the end of `today`, 0 to 1; 0 where no term is stated."""
    begins, ends = project.contract.starts_on, project.contract.ends_on
    if begins is None or ends is None:
        return Fraction(0)
    whole = (ends - begins).days + 1
    return Fraction(min(max((today - begins).days + 1, 0), whole), whole)


def findings(condition: Condition) -> list[Finding]:
    """All risks, the worst first. None for a project that is over."""
    if condition.project.state not in (Project.State.RUNNING, Project.State.ACCEPTED):
        return []
    found = [*_plan(condition), *_money(condition), *_people(condition), *_papers(condition)]
    order = [Severity.ERROR, Severity.WARNING, Severity.NOTICE]
    return sorted(found, key=lambda one: order.index(one.severity))


def trouble(found: Iterable[Finding]) -> Project.Trouble:
    """How deep the trouble is that these findings tell of."""
    severities = [one.severity for one in found]
    warnings = severities.count(Severity.WARNING)
    if Severity.ERROR in severities or warnings >= WARNINGS_ARE_TROUBLE:
        return Trouble.DEEP
    return Trouble.SOME if warnings else Trouble.NONE


def percent(share: Fraction) -> int:
    """Whole per cents, cut off: 99.9 % is not everything."""
    return int(share * PERCENT)


def _plan(at: Condition) -> Iterator[Finding]:
    works, lines = at.progress.works, at.progress.lines
    late = [work for work in works if work.state == LATE]
    if late and len(late) * 4 >= len(works):
        yield Finding(
            "many_late", Severity.ERROR,
            format_lazy(_("Late are {late} of {all} activities. Agree with the other party on what to do first, and ask for a "
                          "change of terms where they cannot be kept."), late=len(late), all=len(works)),
            about="changes",
        )  # fmt: skip
    for work in late[:NAMED]:
        yield Finding(
            "activity_late", Severity.WARNING,
            format_lazy(_("“{name}” was due by {day}; {done} of {all} indicators are reached. Record what was done and attach "
                          "evidence, or ask for another term."),
                        name=Truncator(work.activity.text).chars(NAME), day=day(work.due),
                        done=work.done, all=len(work.lines)),
            about=f"activity-{work.activity.pk}",
        )  # fmt: skip
    if len(late) > NAMED:
        yield Finding(
            "more_late",
            Severity.NOTICE,
            format_lazy(_("Late activities beside those: {count}."), count=len(late) - NAMED),
            about="plan",
        )
    yield from _indicators(at, len(lines))
    unread = sum(line.state == UNREAD for line in lines)
    if unread:
        yield Finding(
            "no_numbers", Severity.NOTICE,
            format_lazy(_("Indicators without a number: {count}. Nothing can show that they are reached; ask for a change that gives "
                          "them one."), count=unread),
            about="unread",
        )  # fmt: skip
    shown = [w for w in works if w.activity.section == Activity.Section.PRESENTATION]
    ends = at.project.contract.ends_on
    if (
        ends
        and shown
        and not any(w.events for w in shown)
        and ends - at.today <= timedelta(BEFORE_END)
    ):
        yield Finding(
            "no_presentation", Severity.WARNING,
            format_lazy(_("The term ends on {day}, and no event is planned for the final public presentation."), day=day(ends)),
            about="event_new",
        )  # fmt: skip


def _indicators(at: Condition, count: int) -> Iterator[Finding]:
    lines = at.progress.lines
    if not count:
        return
    reached = sum((line.done.part_of(line.target) for line in lines), Fraction(0)) / count
    gap = at.time - reached
    if gap >= BEHIND:
        yield Finding(
            "indicators_behind", Severity.ERROR if gap >= FAR_BEHIND else Severity.WARNING,
            format_lazy(_("{time} % of the time has passed, and the evidence shows {done} % of what the indicators plan. Attach what is "
                          "there; see what can still be done in time."),
                        time=percent(at.time), done=percent(reached)),
            numbers={"time": at.time, "reached": reached}, about="evidence",
        )  # fmt: skip
    waiting = sum(line.state == DONE for line in lines)
    if waiting:
        yield Finding(
            "waits_for_acceptance", Severity.NOTICE,
            format_lazy(_("Indicators reached by evidence that is not accepted yet: {count}."), count=waiting),
            about="evidence",
        )  # fmt: skip


def _money(at: Condition) -> Iterator[Finding]:
    project, spent = at.project, at.project.spent_tiyn
    if at.lines_overspent:
        yield Finding(
            "lines_overspent", Severity.ERROR,
            format_lazy(_("Lines of the estimate on which more is spent than planned: {count}. Move money between lines by a change "
                          "request before the report."), count=at.lines_overspent),
            about="money",
        )  # fmt: skip
    if spent > project.contract.sum_tiyn:
        yield Finding(
            "overspent", Severity.ERROR,
            _("More is spent than the contract gives. What is beyond it is for the organisation's own account."), about="money",
        )  # fmt: skip
    elif at.money - at.time >= BEHIND:
        yield Finding(
            "money_runs_out", Severity.WARNING,
            format_lazy(_("{money} % of the money is spent and {time} % of the time has passed: it may not last to the end."),
                        money=percent(at.money), time=percent(at.time)),
            about="money",
        )  # fmt: skip
    elif at.time >= HALF and at.time - at.money >= BEHIND:
        yield Finding(
            "money_unspent", Severity.WARNING,
            format_lazy(_("{time} % of the time has passed and {money} % of the money is spent. Record the expenses that are "
                          "there; what is not needed goes back."), money=percent(at.money), time=percent(at.time)),
            about="money",
        )  # fmt: skip
    if at.tranches_late:
        yield Finding(
            "tranches_late", Severity.WARNING,
            format_lazy(_("Payments planned for an earlier day are not recorded: {count}."), count=at.tranches_late),
            about="money",
        )  # fmt: skip


def _people(at: Condition) -> Iterator[Finding]:
    planned = at.project.contract.social_effect.get("direct_beneficiaries") or 0
    covered = Fraction(at.project.covered, planned) if planned else Fraction(1)
    if at.time >= HALF and at.time - covered >= BEHIND:
        yield Finding(
            "few_people", Severity.WARNING,
            format_lazy(_("{covered} of {planned} direct beneficiaries took part so far, and {time} % of the time has passed. Enter the "
                          "lists of participants; plan how to reach the others."),
                        covered=at.project.covered, planned=planned, time=percent(at.time)),
            about="people",
        )  # fmt: skip
    if at.events_short_of_people:
        yield Finding(
            "events_short_of_people", Severity.WARNING,
            format_lazy(_("Events to which fewer than four fifths of those expected came: {count}. Complete the lists, or say the reason "
                          "in the event."), count=at.events_short_of_people),
            about="events",
        )  # fmt: skip
    if at.events_with_small_sample:
        yield Finding(
            "small_samples", Severity.WARNING,
            format_lazy(_("Events rated by fewer than one participant in ten: {count}. Satisfaction cannot be told; send the link to the "
                          "participants once more."), count=at.events_with_small_sample),
            about="people",
        )  # fmt: skip


def _papers(at: Condition) -> Iterator[Finding]:
    if at.reports_overdue:
        yield Finding(
            "reports_overdue", Severity.ERROR,
            format_lazy(_("Reports not submitted in time: {count}."), count=at.reports_overdue), about="reports",
        )  # fmt: skip
    if at.reports_returned:
        yield Finding(
            "reports_returned", Severity.WARNING,
            format_lazy(_("Reports returned with remarks: {count}. Answer the remarks and submit again."),
                        count=at.reports_returned),
            about="reports",
        )  # fmt: skip
    ends = at.project.contract.ends_on
    if ends and ends < at.today and at.project.state == Project.State.RUNNING:
        over = ends + timedelta(FOR_REPORTS) < at.today
        yield Finding(
            "term_over", Severity.ERROR if over else Severity.WARNING,
            format_lazy(_("The term ended on {day}, and the final reports are not accepted yet."), day=day(ends)), about="reports",
        )  # fmt: skip
    if at.unrecorded_events:
        yield Finding(
            "events_unrecorded", Severity.WARNING,
            format_lazy(_("Events whose day has passed, and nobody recorded whether they were held: {count}."),
                        count=at.unrecorded_events),
            about="events",
        )  # fmt: skip
    if at.events_without_evidence:
        yield Finding(
            "events_without_evidence", Severity.WARNING,
            format_lazy(_("Events held more than a week ago without any evidence: {count}. Attach photographs, lists and publications while "
                          "they are at hand."), count=at.events_without_evidence),
            about="events",
        )  # fmt: skip
    if at.changes_asked:
        yield Finding(
            "changes_asked", Severity.NOTICE,
            format_lazy(_("Change requests that wait for the body's answer: {count}."), count=at.changes_asked), about="changes",
        )  # fmt: skip
