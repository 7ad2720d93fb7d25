"""The evaluation of a completed project: being scored → completed → report formed → posted; under the edition of 2018 the preliminary
report is discussed in between (SO-E-01..23, SO-18-09..13).

open      by the body, after the final reports are accepted; the council's members become a panel
join      members whom the council took in since then become members of the panel too
complete  the panel has scored; the three working days for the report begin
reopen    conflicts found after the scoring left no sheet that counts
discuss   edition of 2018: the preliminary report is posted, comments are taken for five working days
form      annex 8 is frozen: exact means, what it says beside them, recommendations in both languages
post      where it stands on the portal; only then the act of services may be signed (SO-E-21)

The notice, the sheets and the end of scoring are steps of `review.evaluating`; the report is written in `annex8`, discussed in
`discussion`; conflicts found later are told in `discovery`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, letters, terms
from ortaq.core.canonical import sha256
from ortaq.core.keys import key_of
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, locked, not_yours
from ortaq.law.findings import Finding, Severity
from ortaq.oversight.models import Evaluation, ExpertCouncil, Nomination, Notice
from ortaq.oversight.policy.project import oversees
from ortaq.people.actor import Actor
from ortaq.people.models import User
from ortaq.people.policy import MANAGERS
from ortaq.people.queries import people_of
from ortaq.projects.models import Project
from ortaq.projects.procedure.shared import nobody_was_faster, said
from ortaq.review import evaluating
from ortaq.review.evaluating import EVALUATING
from ortaq.review.models import Panel

from . import notice
from .annex8 import (
    content_of,
    discusses,
    edition_now,
    edition_of,
    error,
    is_written,
    link_given,
    of_body,
    panel_of,
    results,
    scored,
)
from .discussion import account_of, discussion_is_over
from .evaluation_duties import DONE, owed, settle_duty

State = Evaluation.State
ROLE = Notice.Role.MEMBER


# --- Opening ---------------------------------------------------------------------------------------


def members_on(council: ExpertCouncil, day: date) -> list[User]:
    """Who sits on a council on a day, in the order in which they were put forward; one query."""
    rows = council.nominations.filter(state=Nomination.State.CHOSEN, since__lte=day)
    seated = rows.exclude(until__lte=day).select_related("person")
    return [one.person for one in seated]


def members_now(evaluation: Evaluation) -> list[User]:
    """Who sits today on the council that evaluates."""
    return members_on(evaluation.council, clock.today())


def opening_findings(project: Project, council: ExpertCouncil | None) -> list[Finding]:
    """What keeps a project from being evaluated: it is not completed (SO-E-02), or no council in office can do it."""
    found, edition = [], edition_now()
    if project.state not in DONE:
        message = _(
            "A project is evaluated directly after it is completed: its final reports are not accepted yet."
        )
        found.append(
            Finding(
                "not_completed",
                Severity.ERROR,
                message,
                edition.parameter("evaluation.before_act_signing").cite,
                {"state": project.state},
            )
        )
    if council is None or council.state != ExpertCouncil.State.IN_OFFICE:
        message = _("No expert council is in office, so nobody can evaluate the project.")
        found.append(error(edition, "no_council", message, "council"))
    elif not members_on(council, clock.today()):
        found.append(
            error(edition, "no_members", _("Nobody sits on the expert council."), "council")
        )
    return found


OPEN = Step("open", _("Open the evaluation"), source=(), target=None, by=oversees)


@transaction.atomic
def open_evaluation(project: Project, council: ExpertCouncil | None, *, actor: Actor) -> Evaluation:
    """Lay a completed project before the body's expert council; opened once. The edition in force today governs it. Raises `Refused`
    for strangers to the body and with what `opening_findings` says.
    """
    fresh = locked(Project, project.pk)
    if not oversees(actor, fresh):
        raise Refused(OPEN, [not_yours(OPEN)])
    if found := Evaluation.objects.filter(project=fresh).first():
        return found
    edition = edition_now()
    if council is not None and council.body_id != fresh.contract.grantor_id:
        council = None
    if stopped := opening_findings(fresh, council):
        raise Refused(OPEN, stopped)
    assert council is not None
    made = Evaluation(
        project=fresh, council=council, act=edition.act, edition=edition.key, opened_at=clock.now()
    )
    EVALUATION.begin(made, actor=actor)
    contract, address = fresh.contract, reverse("oversight:evaluation", args=[made.pk])
    members = members_on(council, clock.today())
    panel = evaluating.form(
        organisation=contract.grantor,
        title_kk=contract.title_kk,
        title_ru=contract.title_ru,
        act=edition.act,
        edition=edition.key,
        address=address,
        members=members,
        files=[
            evaluating.NewDossier(
                organisation_id=contract.grantee_id,
                contest=key_of(fresh),
                number=contract.number,
                title=contract.title_kk,
                address=address,
            )
        ],
        actor=actor,
    )
    made.dossier = panel.dossiers.get()
    made.save(update_fields=["dossier"])
    settle_duty(fresh)
    _tell(made, members)
    return made


def _tell(evaluation: Evaluation, members: Iterable[User]) -> None:
    letters.prepare(
        evaluation,
        "evaluation_opened",
        members,
        "oversight/letters/evaluation_opened.txt",
        {"path": reverse("oversight:evaluation", args=[evaluation.pk])},
        release=True,
    )


@transaction.atomic
def join(evaluation: Evaluation, *, actor: Actor) -> list[User]:
    """Members whom the council has taken in since the evaluation was opened score too; who they are. Raises `Refused` for strangers,
    and once the scoring is completed.
    """
    seated = set(panel_of(evaluation).seats.values_list("person", flat=True))
    new = [one for one in members_now(evaluation) if one.pk not in seated]
    EVALUATING.take("join", panel_of(evaluation), actor=actor, people=new)
    _tell(evaluation, new)
    return new


# --- The notice -------------------------------------------------------------------------------------


def give_notice(
    evaluation: Evaluation, *, conflict: bool | None, answers: notice.Answers, actor: Actor
) -> Notice:
    """A member's notice, annex 6: without conflict the project's papers open, with one the seat ends (SO-E-11, SO-X-12).

    Raises `Refused` for strangers to the panel, with all that the notice lacks, and where a register contradicts it.
    """
    panel, edition = panel_of(evaluation), edition_of(evaluation)
    step = EVALUATING["step_down" if conflict else "clear"]
    if not step.by(actor, panel):
        raise Refused(step, [not_yours(step)])
    if lacking := notice.findings(edition, ROLE, conflict, answers):
        raise Refused(step, lacking)
    prepared = None
    if not conflict:
        prepared = notice.prepared(
            evaluation.project, ROLE, edition, answers, actor=actor, address=panel.address
        )
    with transaction.atomic():
        EVALUATING.take(step, panel, actor=actor, statement=prepared)
        attempt = Attempt(actor, clock.now(), {"conflict": conflict, "answers": answers})
        return notice.write(evaluation.project, ROLE, edition, attempt)


# --- Steps ------------------------------------------------------------------------------------------


def nothing_left(evaluation: Evaluation, _attempt: Attempt) -> Iterable[Finding]:
    """No sheet counts any more, so there is nothing to report on."""
    if results(evaluation):
        message = _("Sheets that count are there: the scoring stays completed.")
        yield error(edition_of(evaluation), "sheets_left", message)


def _completed(evaluation: Evaluation, attempt: Attempt) -> Mapping[str, Any]:
    term = "evaluation.post" if discusses(evaluation) else "evaluation.report"
    evaluation.completed_at = attempt.now
    evaluation.report_due_at = terms.due_at(edition_of(evaluation), term, attempt.now)
    evaluation.save(update_fields=["completed_at", "report_due_at"])
    return {"due": evaluation.report_due_at, "sheets": panel_of(evaluation).dossiers.get().sheets}


def _discussed(evaluation: Evaluation, attempt: Attempt) -> Mapping[str, Any]:
    edition = edition_of(evaluation)
    until = terms.due_at(edition, "evaluation.discussion", attempt.now)
    evaluation.discussion_until = until
    evaluation.decide_until = terms.due_at(edition, "evaluation.decision", until)
    # What is discussed is what stood there that day, whatever is written since.
    evaluation.content = content_of(evaluation)
    evaluation.save(update_fields=["discussion_until", "decide_until", "content"])
    late = evaluation.report_due_at is not None and attempt.now > evaluation.report_due_at
    return {"until": until, "sha256": sha256(evaluation.content), "late": late}


def _formed(evaluation: Evaluation, attempt: Attempt) -> Mapping[str, Any]:
    due = evaluation.report_due_at
    evaluation.content = content_of(evaluation)
    if discusses(evaluation):
        due = evaluation.decide_until
        evaluation.content["discussion"] = account_of(evaluation)
        # The preliminary report is posted long since; now the report on the discussion is due (SO-18-09).
        edition = edition_of(evaluation)
        evaluation.report_due_at = terms.due_at(edition, "evaluation.report", attempt.now)
    evaluation.content_sha256 = sha256(evaluation.content)
    evaluation.formed_at = attempt.now
    evaluation.save(update_fields=["content", "content_sha256", "formed_at", "report_due_at"])
    return {
        "sha256": evaluation.content_sha256,
        "total": evaluation.content["total"],
        "late": due is not None and attempt.now > due,
    }


def _posted(evaluation: Evaluation, attempt: Attempt) -> Mapping[str, Any]:
    evaluation.portal_link = said(attempt, "portal_link")
    evaluation.posted_at = attempt.now
    evaluation.save(update_fields=["portal_link", "posted_at"])
    contract = evaluation.project.contract
    letters.prepare(
        evaluation,
        "evaluation_posted",
        people_of(contract.grantee_id, *MANAGERS),
        "oversight/letters/evaluation_posted.txt",
        {"path": reverse("oversight:public_evaluation", args=[evaluation.pk])},
        release=True,
    )
    return {"link": evaluation.portal_link}


COMPLETE = Step(
    "complete",
    _("Complete the evaluation"),
    source=State.SCORING,
    target=State.COMPLETED,
    by=of_body,
    requires=(scored,),
    effect=_completed,
    cite="rules_social_order/2022 №18-2022 ¶18",
)
REOPEN = Step(
    "reopen",
    _("Open the scoring anew"),
    source=(State.COMPLETED, State.DISCUSSED),
    target=State.SCORING,
    by=of_body,
    requires=(nothing_left,),
)
DISCUSS = Step(
    "discuss",
    _("Lay the preliminary report open for discussion"),
    source=State.COMPLETED,
    target=State.DISCUSSED,
    by=lambda actor, evaluation: of_body(actor, evaluation) and discusses(evaluation),
    requires=(nobody_was_faster, is_written),
    effect=_discussed,
    cite="rules_social_order/2018 №18-2018 via guide",
    final=True,
)
FORM = Step(
    "form",
    _("Form the report"),
    source=(State.COMPLETED, State.DISCUSSED),
    target=State.FORMED,
    by=of_body,
    requires=(nobody_was_faster, discussion_is_over, is_written),
    effect=_formed,
    cite="rules_social_order/2022 №18-2022 ¶19",
    final=True,
)
POST = Step(
    "post",
    _("Record that the report is posted"),
    source=State.FORMED,
    target=State.POSTED,
    by=of_body,
    requires=(link_given,),
    effect=_posted,
    cite="rules_social_order/2022 №18-2022 ¶19",
    final=True,
)


EVALUATION: Procedure[Evaluation] = Procedure(
    Evaluation, (COMPLETE, REOPEN, DISCUSS, FORM, POST), duties=owed
)


def gate(project: Project) -> Finding | None:
    """What lacks before the customer signs the act of services: None once the evaluation report is posted (SO-E-21, SO-X-04).
    One project has one act, the final one, so the gate never stands before an act of a stage (SO-X-17).
    """
    evaluation = Evaluation.objects.filter(project=project).first()
    if evaluation is not None and evaluation.state == State.POSTED:
        return None
    if evaluation is None:
        message = _(
            "The act is signed after the project is evaluated, and its evaluation has not begun."
        )
    elif evaluation.state == State.FORMED:
        message = _(
            "The act is signed after the evaluation report is posted: it is formed and not posted yet."
        )
    else:
        message = _(
            "The act is signed after the evaluation report is posted: the evaluation is not finished yet."
        )
    edition = edition_of(evaluation) if evaluation else law.edition("rules_social_order", "2022")
    numbers = {"state": evaluation.state if evaluation else "none"}
    cite = edition.parameter("evaluation.before_act_signing").cite
    return Finding("evaluation_not_posted", Severity.ERROR, message, cite, numbers)


@transaction.atomic
def complete(evaluation: Evaluation, *, remark: str = "", actor: Actor) -> None:
    """End the scoring and complete the evaluation in one step. Raises `Refused` while members who can still score have not signed,
    unless `remark` says why it goes on without them.
    """
    panel = panel_of(evaluation)
    if panel.state == Panel.State.SCORING:
        EVALUATING.take("close", panel, actor=actor, remark=remark)
        assert evaluation.dossier is not None
        evaluation.dossier.refresh_from_db()
        evaluation.dossier.panel = panel
    EVALUATION.take("complete", evaluation, actor=actor)


@transaction.atomic
def reopen(evaluation: Evaluation, *, actor: Actor) -> None:
    """Open the scoring anew where no sheet counts any more. Raises `Refused` where one does, and for strangers."""
    EVALUATION.take("reopen", evaluation, actor=actor)
    EVALUATING.take("reopen", panel_of(evaluation), actor=actor)
