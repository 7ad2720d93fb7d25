"""Annex 9 of a state body: being prepared → submitted → accepted, or returned with remarks and submitted again (SO-R-01..07).

open     by the body, or by the clock when the period is over; its day is stored
submit   signed by the first head or whoever acts for them; the rows are frozen with their hash
return   by the authorised body, with remarks on the report or on rows
accept   by the authorised body

What a row says of a project is its `Account`, written once for annexes 5 and 9 alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, journal
from ortaq.core.canonical import sha256
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import (
    SYSTEM,
    Attempt,
    Procedure,
    Refused,
    Step,
    locked,
    moved_on,
    not_yours,
)
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.oversight import annex9
from ortaq.oversight.models import (
    Account,
    StatutoryRemark,
    StatutoryReport,
    StatutorySubmission,
)
from ortaq.oversight.policy.project import authorised, oversees, works_for
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.projects.models import Project
from ortaq.projects.procedure.shared import nobody_was_faster, said

from .statutory_checks import cite_of, edition_of, missing

State = StatutoryReport.State
Period = StatutoryReport.Period
TEXTS = ("goals", "process", "results", "impact")
LONGEST = 20_000


def prepares(actor: Any, report: StatutoryReport) -> bool:
    """Answers for the body whose report it is."""
    return actor is not SYSTEM and works_for(actor, report.body_id)


def collects(actor: Any, _report: StatutoryReport) -> bool:
    """Answers for the authorised body."""
    return actor is not SYSTEM and authorised(actor)


# --- What a step asks ------------------------------------------------------------------------------


def content_of(report: StatutoryReport) -> dict[str, Any]:
    """The report as it would be submitted now."""
    return annex9.assemble(report.body_id, report.year, report.period)


def is_complete(report: StatutoryReport, attempt: Attempt) -> Iterable[Finding]:
    """Every row says what its columns ask for, in both languages (SO-R-03, SO-R-04)."""
    content = attempt.facts.setdefault("content", content_of(report))
    yield from missing(report, content)


def period_is_over(report: StatutoryReport, attempt: Attempt) -> Iterable[Finding]:
    """A report on a period is submitted after its last day, unless it is due before (the edition of 2018)."""
    last = annex9.bounds(report.year, report.period)[1]
    if (
        clock.day_of(attempt.now) <= min(last, clock.day_of(report.due_at))
        and clock.day_of(report.due_at) > last
    ):
        yield Finding(
            "period_runs",
            Severity.ERROR,
            _("The period is not over yet: the report shows all of it."),
            cite_of(report),
            {"until": last},
        )


def is_signed(report: StatutoryReport, attempt: Attempt) -> Iterable[Finding]:
    """Whoever signs is named with the position (SO-R-07)."""
    for name in ("signer", "signer_position"):
        if not said(attempt, name):
            yield Finding(
                "not_signed",
                Severity.ERROR,
                _(
                    "Write who signs the report: the first head, or whoever acts for them, with the position."
                ),
                edition_of(report).cite("№18-2022 annex 9 note ¶3")
                if report.edition != "2018"
                else cite_of(report),
                about=name,
            )


def remarks_answered(report: StatutoryReport, _attempt: Attempt) -> Iterable[Finding]:
    """After a return each remark has an answer."""
    open_ones = report.remarks.filter(round=report.round, answer="").count()
    if report.state == State.RETURNED and open_ones:
        yield Finding(
            "remarks_open",
            Severity.ERROR,
            format_lazy(_("Remarks without an answer: {count}."), count=open_ones),
            cite_of(report),
            {"count": open_ones},
            "remarks",
        )


def remarks_given(report: StatutoryReport, attempt: Attempt) -> Iterable[Finding]:
    """A report is returned with at least one remark; `remarks` is a list of (number of a project or None, text)."""
    if not any(text.strip() for _project, text in attempt.facts.get("remarks", ())):
        yield Finding(
            "no_remark",
            Severity.ERROR,
            _("Say what is to be mended."),
            cite_of(report),
            about="remark",
        )


# --- The steps -----------------------------------------------------------------------------------------


def _submitted(report: StatutoryReport, attempt: Attempt) -> Mapping[str, Any]:
    content = {
        **attempt.facts["content"],
        "signer": said(attempt, "signer"),
        "signer_position": said(attempt, "signer_position"),
        "acting": bool(attempt.facts.get("acting")),
    }
    report.signer, report.signer_position = content["signer"], content["signer_position"]
    report.acting = content["acting"]
    report.round += 1
    report.submitted_at = attempt.now
    report.first_submitted_at = report.first_submitted_at or attempt.now
    report.version += 1
    report.save()
    made = StatutorySubmission.objects.create(
        report=report,
        round=report.round,
        content=content,
        figures=annex9.figures(content),
        content_sha256=sha256(content),
        submitted_at=attempt.now,
        submitted_by=attempt.actor.user,
    )
    return {
        "round": report.round,
        "sha256": made.content_sha256,
        "late": attempt.now > report.due_at,
        "rows": sum(len(section["rows"]) for section in content["sections"]),
    }


def _returned(report: StatutoryReport, attempt: Attempt) -> Mapping[str, Any]:
    given = [(pk, text.strip()) for pk, text in attempt.facts["remarks"] if text.strip()]
    StatutoryRemark.objects.bulk_create(
        StatutoryRemark(report=report, round=report.round, project_id=pk, text=text)
        for pk, text in given
    )
    return {"remarks": len(given), **_decided(report, attempt)}


def _decided(report: StatutoryReport, attempt: Attempt) -> Mapping[str, Any]:
    report.decided_at, report.decided_by = attempt.now, attempt.actor.user
    report.save(update_fields=["decided_at", "decided_by"])
    return {"round": report.round}


SUBMIT = Step(
    "submit",
    _("Submit the report"),
    source=(State.DRAFT, State.RETURNED),
    target=State.SUBMITTED,
    by=prepares,
    requires=(nobody_was_faster, period_is_over, is_signed, remarks_answered, is_complete),
    effect=_submitted,
    cite="rules_social_order/2022 №18-2022 ¶21",
    final=True,
)
RETURN = Step(
    "return",
    _("Return with remarks"),
    source=State.SUBMITTED,
    target=State.RETURNED,
    by=collects,
    requires=(nobody_was_faster, remarks_given),
    effect=_returned,
)
ACCEPT = Step(
    "accept",
    _("Accept the report"),
    source=State.SUBMITTED,
    target=State.ACCEPTED,
    by=collects,
    requires=(nobody_was_faster,),
    effect=_decided,
    final=True,
)


OWED = {
    Period.HALF: Text(
        "{year} жылғы жартыжылдық мониторинг есебін (9-қосымша) ұсыну",
        "Представить отчёт о мониторинге (приложение 9) за полугодие {year}",
        "Submit the monitoring report (annex 9) for the half-year {year}",
    ),
    Period.YEAR: Text(
        "{year} жылғы жылдық мониторинг есебін (9-қосымша) ұсыну",
        "Представить отчёт о мониторинге (приложение 9) за год {year}",
        "Submit the monitoring report (annex 9) for the year {year}",
    ),
    Period.EVALUATION: Text(
        "{year} жылғы бағалау нәтижелері туралы есепті ұсыну",
        "Представить отчёт о результатах оценки за {year} год",
        "Submit the report on the results of evaluation of {year}",
    ),
}


def owed(report: StatutoryReport) -> Iterable[Owed]:
    """The body owes the report on its day; the authorised body looks through it, for which no source sets a day."""
    address = reverse("oversight:statutory", args=[report.pk])
    title = OWED[Period(report.period)].fill(year=report.year)
    if report.state in (State.DRAFT, State.RETURNED):
        yield Owed(
            "submit_annex9",
            organisation(report.body_id),
            title,
            report.due_at,
            address,
            str(cite_of(report)),
        )
    elif report.state == State.SUBMITTED:
        for body in Organisation.objects.filter(kind=Organisation.Kind.AUTHORISED_BODY):
            yield Owed(
                "look_through_annex9",
                organisation(body.pk),
                Text(
                    f"9-қосымша бойынша есепті қарау: {report.body.name_kk}",
                    f"Рассмотреть отчёт по приложению 9: {report.body.name_ru or report.body.name_kk}",
                    f"Look through annex 9 of {report.body.name_kk}",
                ),
                None,
                reverse("oversight:collected_report", args=[report.pk]),
                str(cite_of(report)),
            )


STATUTORY: Procedure[StatutoryReport] = Procedure(
    StatutoryReport, (SUBMIT, RETURN, ACCEPT), duties=owed
)
OPEN = Step("open", _("Prepare the report"), source=(), target=None, by=prepares)


@transaction.atomic
def open_report(
    body: Organisation, year: int, period: str, *, actor: Any = SYSTEM
) -> StatutoryReport:
    """The body's report on a period, made once, with the day on which it is due. Raises `Refused` for strangers."""
    made = StatutoryReport(body=body, year=year, period=period)
    if actor is not SYSTEM and not prepares(actor, made):
        raise Refused(OPEN, [not_yours(OPEN)])
    fresh = locked(Organisation, body.pk)
    if found := StatutoryReport.objects.filter(body=fresh, year=year, period=period).first():
        return found
    edition = annex9.edition_at(year, period)
    made.act, made.edition = edition.act, edition.key
    made.due_at = annex9.due_at(edition, year, period)
    return STATUTORY.begin(made, actor=actor, due_at=made.due_at.isoformat())


ANSWER = Step(
    "answer",
    _("Answer the remarks"),
    source=State.RETURNED,
    target=None,
    by=prepares,
)


@transaction.atomic
def answer_remarks(
    report: StatutoryReport, answers: Mapping[int, str], *, actor: Actor
) -> StatutoryReport:
    """Write what was done about remarks of the round that was returned: `answers` by number of the remark; others stay as they are.
    Raises `Refused` for strangers, and when the report is not returned.
    """
    fresh = locked(StatutoryReport, report.pk)
    if not ANSWER.by(actor, fresh):
        raise Refused(ANSWER, [not_yours(ANSWER)])
    if fresh.state not in ANSWER.sources:
        raise Refused(ANSWER, [moved_on(ANSWER, fresh, "state")])
    written = []
    for remark in fresh.remarks.filter(round=fresh.round, pk__in=answers):
        answer = answers[remark.pk].replace("\0", "").strip()[:LONGEST]
        if answer != remark.answer:
            remark.answer = answer
            written.append(remark)
    StatutoryRemark.objects.bulk_update(written, ["answer"])
    if written:
        facts = {"round": fresh.round, "answers": len(written)}
        journal.append(fresh, "answer", actor=actor.key, behalf=actor.behalf, facts=facts)
    return fresh


@dataclass(frozen=True, slots=True)
class Opened:
    """What `ortaq tick` opened, and nothing that could not be."""

    closed: Sequence[StatutoryReport]
    refused: Sequence[Exception] = ()


def open_due() -> Opened:
    """Open the reports of the period that ended last, for each body with projects in it. Safe to call at any time."""
    year, period = last_period(clock.today())
    periods = [period] if period == Period.HALF else [period, Period.EVALUATION]
    opened = []
    for one in periods:
        if annex9.asks_for(annex9.edition_at(year, one), one):
            bodies = Organisation.objects.filter(
                pk__in=annex9.projects_in(None, year, one).values("contract__grantor")
            ).exclude(statutory_reports__in=StatutoryReport.objects.filter(year=year, period=one))
            opened += [open_report(body, year, one) for body in bodies]
    return Opened(opened)


def last_period(today: date) -> tuple[int, str]:
    """The year and the period that ended last before `today`."""
    if today.month > 6:
        return today.year, Period.HALF
    return today.year - 1, Period.YEAR


# --- What a body says of a project --------------------------------------------------------------------

# The words of the fields of an account, by name.
NAMES: Mapping[str, Any] = {
    field.name: field.verbose_name
    for field in Account._meta.concrete_fields
    if field.name.endswith(("_kk", "_ru"))
}
WRITE = Step(
    "account", _("Write what is reported of the project"), source=(), target=None, by=oversees
)


@transaction.atomic
def write_account(
    project: Project, year: int, texts: Mapping[str, str], *, version: int, actor: Actor
) -> Account:
    """Save what the body says of a project in a year: `texts` by "process_kk" … "impact_ru", only those named. `version` is what
    the page showed, 0 before the first save. Raises `Refused` for strangers and when somebody was faster.
    """
    fresh = locked(Project, project.pk)
    if not WRITE.by(actor, fresh):
        raise Refused(WRITE, [not_yours(WRITE)])
    account = Account.objects.filter(project=fresh, year=year).first() or Account(
        project=fresh, year=year
    )
    attempt = Attempt(actor, clock.now(), {"version": version})
    if faster := list(nobody_was_faster(account, attempt)):
        raise Refused(WRITE, faster)
    for name in NAMES:
        if name in texts:
            plain = texts[name].replace("\0", "").replace("\r\n", "\n")
            setattr(account, name, plain[:LONGEST].strip())
    account.version += 1
    account.saved_at = attempt.now
    account.save()
    journal.append(account, "account", actor=actor.key, behalf=actor.behalf, facts={"year": year})
    return account
