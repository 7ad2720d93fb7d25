"""Reports: written → submitted → accepted, or returned with remarks and submitted again (GR-I-16, IM-042..072).

write     section by section, by several people at once
submit    the head of the NGO; everything is frozen with its hash, the receipt names it
return    the body, with remarks per section; each round is kept
accept    the body; both finals accepted end the running of the project
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, duties
from ortaq.core.canonical import sha256
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import SYSTEM, Attempt, Procedure, Refused, Step
from ortaq.documents.writing import paths
from ortaq.documents.writing.merge import Edit
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.projects import completeness
from ortaq.projects.models import Project, Remark, Report, Submission
from ortaq.projects.policy.report import judges, submits, writes
from ortaq.projects.reporting import checks
from ortaq.projects.reporting.annexes import references
from ortaq.projects.reporting.content import assemble, keys_now, mark_of
from ortaq.projects.reporting.layout import ANSWERS, FINAL, form_of
from ortaq.signing.requirement import required

from . import people_list
from .project import PROJECT
from .shared import by_its_act

State, Kind = Report.State, Report.Kind
OPEN = (State.DRAFT, State.RETURNED)


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
    attempt.facts["assembled"] = report.assembled = made
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
    people_list.keep(report, content["annexes"], attempt.now)
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
    """Whoever returns a report says what is to be mended, section by section of this very form: another section nobody could answer."""
    remarks: Mapping[str, str] = attempt.facts.get("remarks") or {}
    sections = {one.key for one in form_of(report).sections if not one.fixed}
    for key in sorted(set(remarks) - sections):
        yield Finding(
            "no_such_section",
            Severity.ERROR,
            _(
                "This report has no section “%(section)s” that could be mended. Open the report anew and write the remark beside "
                "one of its sections."
            )
            % {"section": key[:60]},
            numbers={"section": key[:60]},
            about="remarks",
        )
    if not remarks:
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
    requires=(complete, required("projects.report")),
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

REPORT: Procedure[Report] = Procedure(
    Report, (SUBMIT, RETURN, ACCEPT), duties=owed, cites=by_its_act
)
