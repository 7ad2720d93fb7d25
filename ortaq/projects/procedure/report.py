"""Reports: written → submitted → accepted, or returned with remarks and submitted again (GR-I-16, IM-042..072).

schedule  the body sets periods and days; the proposal is one interim pair and the final pair (inferred, GAP-I-11)
make      the NGO begins the next interim or the final pair with one button
write     section by section, by several people at once
submit    the head of the NGO; everything is frozen with its hash, the receipt names it
return    the body, with remarks per section; each round is kept
accept    the body; both finals accepted end the running of the project
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, duties, journal
from ortaq.core.canonical import sha256
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import SYSTEM, Attempt, Procedure, Refused, Step, locked, not_yours
from ortaq.documents.writing import paths
from ortaq.documents.writing.merge import Edit
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.projects import completeness
from ortaq.projects.models import Project, Remark, Report, Submission
from ortaq.projects.policy import project as of_project
from ortaq.projects.policy.report import judges, submits, writes
from ortaq.projects.reporting import checks
from ortaq.projects.reporting.annexes import references
from ortaq.projects.reporting.content import assemble, keys_now, mark_of
from ortaq.projects.reporting.layout import ANSWERS, FINAL

from .project import PROJECT

State, Kind = Report.State, Report.Kind
INTERIM = (Kind.INTERIM_CREATIVE, Kind.INTERIM_FINANCIAL)
OPEN = (State.DRAFT, State.RETURNED)
SET = Step("schedule", _("Set the schedule of reports"), (), None, of_project.accepts)
MAKE = Step("make", _("Make a report"), (), None, of_project.records)
# Where no source sets a day (GAP-I-11, GR-I-16), a fortnight for an interim report and a month for the final one are proposed.
INTERIM_DAYS, FINAL_DAYS = 14, 30
SCHEDULE = "guide, general requirements"


# --- The schedule --------------------------------------------------------------------------------


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


# --- Writing -------------------------------------------------------------------------------------


@dataclass(slots=True)
class Written:
    """What a save changed, by path, and what was typed against somebody else's change."""

    changed: list[str] = field(default_factory=list)
    conflicts: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def write(
    report: Report, edits: Sequence[Edit], *, actor: Any, insist: Collection[str] = ()
) -> Written:
    """Save what was typed into a draft. `version` of an edit is the mark of the text that the page showed.

    A place that somebody else has changed since stays as it is, and what was typed is named in `conflicts`; `insist` are the
    places where the writer has seen both texts and chosen their own. Raises `Refused` when the report is not being written any
    more or is not the actor's to write.
    """
    rows = Report.objects.select_related("project__contract__grantee").defer("project__baseline")
    row = rows.select_for_update(of=("self",)).get(pk=report.pk)
    if not writes(actor, row) or row.state not in OPEN:
        raise Refused(WRITE, [not_open(row)])
    flat, found = paths.flatten(row.texts), Written()
    for edit in edits:
        for path, mine in edit.values.items():
            theirs, typed = str(flat.get(path) or ""), str(mine or "")
            if typed == theirs:
                continue
            current = edit.version == mark_of(theirs) or path in insist
            if current or row.writers.get(path) == actor.key:
                flat[path] = typed
                row.writers[path] = actor.key
                found.changed.append(path)
            elif edit.version != mark_of(typed):  # else nobody touched it on this page
                found.conflicts[path] = typed
    if found.changed:
        row.texts = paths.nest(flat)
        if any(references(str(flat[path])) for path in found.changed):
            row.annexes = keys_now(row)  # from here on these numbers are meant
        row.edited_at = clock.now()
        row.save(update_fields=["texts", "writers", "annexes", "edited_at"])
    report.texts, report.writers = row.texts, row.writers
    report.annexes, report.edited_at = row.annexes, row.edited_at
    return found


def not_open(report: Report) -> Finding:
    """That a report is not being written any more."""
    return Finding(
        "not_open",
        Severity.ERROR,
        _(
            "This report is not being written at the moment, or not by you. "
            "What you typed is below and is not saved: copy it if you need it."
        ),
        numbers={"state": str(report.get_state_display())},
    )


# --- Steps ---------------------------------------------------------------------------------------


def last_remarks(report: Report) -> list[Remark]:
    """What was said of the last round."""
    return [one for one in report.remarks.all() if one.round == report.round]


def complete(report: Report, attempt: Attempt) -> Iterable[Finding]:
    """Everything that the form asks for is there; what only does not fit warns."""
    made = assemble(report, last_remarks(report))
    attempt.facts["assembled"] = made
    yield from checks.findings_of(made)


def _submitted(report: Report, attempt: Attempt) -> Mapping[str, Any]:
    made = attempt.facts["assembled"]
    content = made.content
    if report.kind == Kind.FINAL_CREATIVE:
        content["fields"]["date"] = clock.day_of(attempt.now).isoformat()
    answers = paths.flatten(report.texts)
    for remark in last_remarks(report):
        remark.answer = str(answers.get(f"{ANSWERS}/r{remark.pk}", ""))
        remark.save(update_fields=["answer"])
    report.round += 1
    report.submitted_at = attempt.now
    report.decided_at = report.decided_by = None
    report.annexes = keys_now(report)
    report.save(update_fields=["round", "submitted_at", "decided_at", "decided_by", "annexes"])
    digest = sha256(content)
    Submission.objects.create(
        report=report,
        round=report.round,
        content=content,
        content_sha256=digest,
        submitted_at=attempt.now,
        submitted_by=attempt.actor.user,
    )
    late = checks.days_late(report, clock.day_of(attempt.now))
    return {"round": report.round, "sha256": digest, "days_late": late}


def remarks_given(report: Report, attempt: Attempt) -> Iterable[Finding]:
    """Whoever returns a report says what is to be mended, section by section."""
    if not attempt.facts.get("remarks"):
        yield Finding(
            "no_remark",
            Severity.ERROR,
            _("Write at least one remark beside the section that is to be mended."),
            about="remarks",
        )


def _returned(report: Report, attempt: Attempt) -> Mapping[str, Any]:
    remarks = attempt.facts["remarks"]
    Remark.objects.bulk_create(
        Remark(report=report, round=report.round, section=section, text=text)
        for section, text in remarks.items()
    )
    return {**_decided(report, attempt), "sections": sorted(remarks)}


def _decided(report: Report, attempt: Attempt) -> Mapping[str, Any]:
    report.decided_at, report.decided_by = attempt.now, attempt.actor.user
    report.save(update_fields=["decided_at", "decided_by"])
    return {"round": report.round}


def _accepted(report: Report, attempt: Attempt) -> Mapping[str, Any]:
    finals = Report.objects.filter(project=report.project_id, kind__in=FINAL).exclude(pk=report.pk)
    both = report.kind in FINAL and finals.filter(state=State.ACCEPTED).exists()
    if both:
        PROJECT.take("accept", report.project, actor=SYSTEM, at=attempt.now)
        for other in report.project.reports.exclude(pk=report.pk):
            duties.keep(other, owed(other), now=attempt.now)
    return {**_decided(report, attempt), "ends_the_running": both}


WRITE = Step("write", _("Write the report"), OPEN, None, by=writes)
SUBMIT = Step(
    "submit",
    _("Submit the report"),
    source=OPEN,
    target=State.SUBMITTED,
    by=submits,
    requires=(complete,),
    effect=_submitted,
    cite="guide, general requirements",
    final=True,
)
RETURN = Step(
    "return",
    _("Return with remarks"),
    source=State.SUBMITTED,
    target=State.RETURNED,
    by=judges,
    requires=(remarks_given,),
    effect=_returned,
    cite="GR-I-16",
)
ACCEPT = Step(
    "accept",
    _("Accept the report"),
    source=State.SUBMITTED,
    target=State.ACCEPTED,
    by=judges,
    effect=_accepted,
    cite="GR-I-16",
    final=True,
)


def owed(report: Report) -> Iterable[Owed]:
    """The NGO owes the report, then the body its decision."""
    project = report.project
    if project.state != Project.State.RUNNING:
        return
    address = reverse("projects:report", args=[project.pk, report.pk])
    if report.state in OPEN:
        yield Owed(
            "submit_report",
            organisation(project.contract.grantee_id),
            _TO_MEND if report.state == State.RETURNED else _TO_SUBMIT[Kind(report.kind)],
            clock.end_of(report.due_on) if report.due_on else None,
            address,
            "guide, general requirements",
        )
    elif report.state == State.SUBMITTED:
        yield Owed(
            "judge_report",
            organisation(project.contract.grantor_id),
            _TO_JUDGE,
            None,
            address,
            str(completeness.cite(project.contract, "GR-I-16", inferred=True)),
        )


_TO_SUBMIT = {
    Kind.INTERIM_CREATIVE: Text(
        "Аралық шығармашылық есепті тапсыру",
        "Сдать промежуточный творческий отчёт",
        "Submit the interim creative report",
    ),
    Kind.INTERIM_FINANCIAL: Text(
        "Аралық қаржылық есепті тапсыру",
        "Сдать промежуточный финансовый отчёт",
        "Submit the interim financial report",
    ),
    Kind.FINAL_CREATIVE: Text(
        "Қорытынды шығармашылық есепті тапсыру",
        "Сдать итоговый творческий отчёт",
        "Submit the final creative report",
    ),
    Kind.FINAL_FINANCIAL: Text(
        "Қорытынды қаржылық есепті тапсыру",
        "Сдать итоговый финансовый отчёт",
        "Submit the final financial report",
    ),
}
_TO_MEND = Text(
    "Қайтарылған есепті түзетіп, қайта тапсыру",
    "Исправить возвращённый отчёт и сдать снова",
    "Mend the returned report and submit it again",
)
_TO_JUDGE = Text(
    "Жоба есебін қарау", "Рассмотреть отчёт по проекту", "Look through the report of a project"
)

REPORT: Procedure[Report] = Procedure(Report, (SUBMIT, RETURN, ACCEPT), duties=owed)
