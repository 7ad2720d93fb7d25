"""The schedule of reports: which there are, of which periods, due on which days (GR-I-16, GAP-I-11, IM-072).

schedule  the body sets periods and days; the proposal is one interim pair and the final pair (inferred)
make      the NGO begins the next interim or the final pair with one button
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, duties, journal
from ortaq.core.procedure import Refused, Step, locked, not_yours
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity
from ortaq.projects.models import Project, Report
from ortaq.projects.policy import project as of_project
from ortaq.projects.reporting.layout import FINAL

from .report import OPEN, REPORT, owed

State, Kind = Report.State, Report.Kind
INTERIM = (Kind.INTERIM_CREATIVE, Kind.INTERIM_FINANCIAL)
SET = Step("schedule", _("Set the schedule of reports"), (), None, of_project.accepts)
MAKE = Step("make", _("Make a report"), (), None, of_project.records)
# Where no source sets a day (GAP-I-11, GR-I-16), a fortnight for an interim report and a month for the final one are proposed.
INTERIM_DAYS, FINAL_DAYS = 14, 30
SCHEDULE = "guide, general requirements"


@dataclass(frozen=True, slots=True)
class Round:
    """A creative and a financial report of one period, due on one day."""

    is_final: bool
    begins: date
    ends: date
    due: date | None = None

    @property
    def kinds(self) -> tuple[Report.Kind, ...]:
        return FINAL if self.is_final else INTERIM


def proposal(project: Project) -> list[Round]:
    """What is proposed where nothing is set: one interim round in the middle of the term, and the final one."""
    begins, ends = project.contract.starts_on, project.contract.ends_on
    assert begins is not None
    assert ends is not None  # a signed contract has its term
    middle = begins + (ends - begins) // 2
    return [
        Round(False, begins, middle, middle + timedelta(days=INTERIM_DAYS)),
        Round(True, begins, ends, ends + timedelta(days=FINAL_DAYS)),
    ]


def schedule_findings(project: Project, rounds: Sequence[Round]) -> list[Finding]:
    """What is wrong with a schedule: days in order, within the term, one final round, nothing that was begun left out."""
    found = []
    contract = project.contract
    for number, one in enumerate(rounds):
        about = f"rounds-{number}"
        if one.ends < one.begins:
            found.append(_error("period_order", _("The period ends before it begins."), about))
        elif contract.starts_on and one.begins < contract.starts_on:
            found.append(
                _error(
                    "before_term", _("The period begins before the term of the contract."), about
                )
            )
        elif contract.ends_on and one.ends > contract.ends_on:
            found.append(
                _error("after_term", _("The period ends after the term of the contract."), about)
            )
        if one.due and one.due < one.ends:
            found.append(
                _error("due_early", _("A report is due after its period, not in it."), about)
            )
    if sum(one.is_final for one in rounds) != 1:
        found.append(_error("one_final", _("A schedule has exactly one final report."), ""))
    return found


def _error(code: str, message: Any, about: str) -> Finding:
    return Finding(code, Severity.ERROR, message, citing.read(SCHEDULE), about=about)


@transaction.atomic
def schedule(project: Project, rounds: Sequence[Round], *, actor: Any) -> None:
    """Set the periods and due days of all reports that are not submitted yet.

    The interim rounds in their order are the first, second ... interim report. What was submitted keeps its period; a draft
    beyond the schedule in which nobody has written goes. Raises `Refused`.
    """
    fresh = locked(Project, project.pk)
    fresh.contract = project.contract
    if not of_project.accepts(actor, fresh):
        raise Refused(SET, [not_yours(SET)])
    if found := schedule_findings(fresh, rounds):
        raise Refused(SET, found)
    known = {(row.kind, row.number): row for row in fresh.reports.all()}
    wanted = set()
    number = 0
    for one in sorted(rounds, key=lambda one: (one.is_final, one.ends)):
        number = 1 if one.is_final else number + 1
        for kind in one.kinds:
            wanted.add((kind, number))
            if row := known.get((kind, number)):
                _move(row, one)
            else:
                _begin(fresh, kind, number, one, actor)
    for key, row in known.items():
        if key not in wanted and row.state == State.DRAFT and not row.texts:
            duties.keep(row, ())
            row.delete()
    facts = {"rounds": [[one.is_final, one.begins, one.ends, one.due] for one in rounds]}
    journal.append(fresh, "schedule", actor=actor.key, behalf=actor.behalf, facts=facts)


def _move(row: Report, one: Round) -> None:
    """Give a report another due day, and a draft another period."""
    row.due_on = one.due
    if row.state == State.DRAFT:
        row.period_from, row.period_to = one.begins, one.ends
    row.save(update_fields=["period_from", "period_to", "due_on"])
    duties.keep(row, owed(row))


def _begin(project: Project, kind: str, number: int, one: Round, actor: Any) -> Report:
    """One report of a round, and the NGO's duty to submit it."""
    report = Report(
        project=project,
        kind=kind,
        number=number,
        period_from=one.begins,
        period_to=one.ends,
        due_on=one.due,
    )
    facts = {"kind": kind, "number": number, "from": one.begins, "to": one.ends, "due": one.due}
    return REPORT.begin(report, actor=actor, **facts)


@transaction.atomic
def make(project: Project, *, final: bool, actor: Any) -> Report:
    """The creative report that the NGO goes on with: the one that is open, the next of the schedule, or a new pair
    from the day after the last interim report to today. Pressed twice, the same report.
    """
    fresh = locked(Project, project.pk)
    fresh.contract = project.contract
    if not of_project.records(actor, fresh):
        raise Refused(MAKE, [not_yours(MAKE)])
    kinds = FINAL if final else INTERIM
    rows = list(Report.objects.filter(project=fresh, kind=kinds[0]).order_by("number"))
    if found := next((row for row in rows if row.state in OPEN), None):
        return found
    if final and rows:
        return rows[-1]
    begins, ends = fresh.contract.starts_on, fresh.contract.ends_on
    assert begins is not None
    assert ends is not None
    if not final:
        if rows:
            begins = min(rows[-1].period_to + timedelta(days=1), ends)
        ends = max(begins, min(clock.today(), ends))
    one = Round(final, begins, ends)
    made = [_begin(fresh, kind, len(rows) + 1, one, actor) for kind in kinds]
    return made[0]
