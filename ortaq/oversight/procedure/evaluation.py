"""The evaluation of a completed project: being scored → completed → report formed → posted; under the edition of 2018 the preliminary
report is discussed in between (SO-E-01..23, SO-18-09..13).

open      by the body, after the final reports are accepted; the council's members become a panel
complete  the panel has scored; the three working days for the report begin
discuss   edition of 2018: the preliminary report is posted, comments are taken for five working days
form      annex 8 is frozen: exact means, what it says beside them, recommendations in both languages
post      where it stands on the portal; only then the act of services may be signed (SO-E-21)

The notice, the sheets and the end of scoring are steps of `review.evaluating`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, terms
from ortaq.core.canonical import sha256
from ortaq.core.duties import Owed
from ortaq.core.keys import key_of, organisation
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, locked, not_yours
from ortaq.law.findings import Finding, Severity, plain
from ortaq.law.text import Text
from ortaq.oversight.models import Evaluation, ExpertCouncil, Nomination, Notice
from ortaq.oversight.policy.project import oversees
from ortaq.people.actor import Actor
from ortaq.people.models import User
from ortaq.projects.models import Project
from ortaq.projects.procedure.shared import nobody_was_faster, said
from ortaq.review import evaluating
from ortaq.review.evaluating import EVALUATING
from ortaq.review.models import Panel

from . import notice

State = Evaluation.State
ROLE = Notice.Role.MEMBER
DONE = (Project.State.ACCEPTED, Project.State.CLOSED)
LANGUAGES = ("kk", "ru")


def edition_of(evaluation: Evaluation) -> law.Edition:
    """The edition that the evaluation pins (SO-X-19)."""
    return law.edition(evaluation.act, evaluation.edition)


def discusses(evaluation: Evaluation) -> bool:
    """Whether the edition discusses the preliminary report in public (SO-E-23, SO-18-09)."""
    return edition_of(evaluation).parameter("evaluation.public_discussion").value is True


def rubric_of(evaluation: Evaluation) -> law.Rubric:
    return edition_of(evaluation).rubric("evaluation")


def panel_of(evaluation: Evaluation) -> Panel:
    assert evaluation.dossier is not None
    return evaluation.dossier.panel


def _error(
    edition: law.Edition, code: str, message: Any, about: str = "", **numbers: Any
) -> Finding:
    return Finding(code, Severity.ERROR, message, edition.rubric("evaluation").cite, numbers, about)


def of_body(actor: Actor, evaluation: Evaluation) -> bool:
    return oversees(actor, evaluation.project)


# --- Opening ---------------------------------------------------------------------------------------


def members_on(council: ExpertCouncil, day: date) -> list[User]:
    """Who sits on a council on a day, in the order in which they were put forward; one query."""
    rows = council.nominations.filter(state=Nomination.State.CHOSEN, since__lte=day)
    seated = rows.exclude(until__lte=day).select_related("person")
    return [one.person for one in seated]


def opening_findings(
    project: Project, council: ExpertCouncil | None, edition: law.Edition
) -> list[Finding]:
    """What keeps a project from being evaluated: it is not completed (SO-E-02), or no council in office can do it."""
    found = []
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
        found.append(_error(edition, "no_council", message, "council"))
    elif not members_on(council, clock.today()):
        found.append(
            _error(edition, "no_members", _("Nobody sits on the expert council."), "council")
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
    edition = law.at("rules_social_order", clock.today())
    if council is not None and council.body_id != fresh.contract.grantor_id:
        council = None
    if stopped := opening_findings(fresh, council, edition):
        raise Refused(OPEN, stopped)
    assert council is not None
    made = Evaluation(
        project=fresh, council=council, act=edition.act, edition=edition.key, opened_at=clock.now()
    )
    EVALUATION.begin(made, actor=actor)
    contract, address = fresh.contract, reverse("oversight:evaluation", args=[made.pk])
    made.dossier = evaluating.form(
        organisation=contract.grantor,
        title_kk=contract.title_kk,
        title_ru=contract.title_ru,
        act=edition.act,
        edition=edition.key,
        address=address,
        members=members_on(council, clock.today()),
        file=evaluating.NewDossier(
            organisation_id=contract.grantee_id,
            contest=key_of(fresh),
            number=contract.number,
            title=contract.title_kk,
            address=address,
        ),
        actor=actor,
    )
    made.save(update_fields=["dossier"])
    return made


# --- The notice -------------------------------------------------------------------------------------


@transaction.atomic
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
    EVALUATING.take(step, panel, actor=actor)
    attempt = Attempt(actor, clock.now(), {"conflict": conflict, "answers": answers})
    return notice.write(evaluation.project, ROLE, edition, attempt)


# --- The report -------------------------------------------------------------------------------------


def results(evaluation: Evaluation) -> dict[str, Any]:
    """Means by criterion, their sum and mean, exact, as the formulas of the edition combine them (SO-X-06); empty without sheets."""
    assert evaluation.dossier is not None
    means = evaluating.means(evaluation.dossier)
    if not means:
        return {}
    total = sum(means.values(), Fraction(0))
    return {"means": means, "total": total, "mean": total / len(means)}


def scored(evaluation: Evaluation, _attempt: Attempt) -> Iterable[Finding]:
    """The panel has completed the scoring."""
    if panel_of(evaluation).state != Panel.State.CLOSED:
        yield _error(
            edition_of(evaluation), "not_scored", _("The members of the council are still scoring.")
        )


def is_written(evaluation: Evaluation, _attempt: Attempt) -> Iterable[Finding]:
    """The report says something beside each mean and gives recommendations, in both languages (SO-E-01, SO-E-22)."""
    edition = edition_of(evaluation)
    for criterion in rubric_of(evaluation).criteria:
        said_of = evaluation.remarks.get(criterion.key, {})
        if not all(said_of.get(language, "").strip() for language in LANGUAGES):
            message = _("Say in Kazakh and in Russian what explains the mean of “{criterion}”.")
            yield _error(
                edition,
                "no_remark_on_criterion",
                format_lazy(message, criterion=criterion.label),
                criterion.key,
            )
    for language in LANGUAGES:
        if not getattr(evaluation, f"recommendations_{language}").strip():
            message = _("Write the recommendations in Kazakh and in Russian.")
            yield _error(edition, "no_recommendations", message, f"recommendations_{language}")


def discussion_is_over(evaluation: Evaluation, attempt: Attempt) -> Iterable[Finding]:
    """Under an edition with a discussion: it has run its days, and every comment is decided (SO-18-09)."""
    if not discusses(evaluation):
        return
    edition = edition_of(evaluation)
    if evaluation.discussion_until is None:
        yield _error(
            edition,
            "not_discussed",
            _("The preliminary report has not been discussed in public yet."),
        )
    elif attempt.now <= evaluation.discussion_until:
        message = _("The public discussion of the preliminary report still runs.")
        yield _error(edition, "discussion_runs", message, until=evaluation.discussion_until)
    elif undecided := evaluation.comments.filter(late=False, accepted=None).count():
        message = format_lazy(_("Comments without a decision: {count}."), count=undecided)
        yield _error(edition, "comments_open", message, "comments", count=undecided)


def link_given(evaluation: Evaluation, attempt: Attempt) -> Iterable[Finding]:
    """The address under which the report stands on the portal of state procurement (SO-E-20)."""
    if not said(attempt, "portal_link").startswith(("https://", "http://")):
        message = _("Write the address of the report on the portal of state procurement.")
        cite = edition_of(evaluation).cite("№18-2022 ¶19", inferred=evaluation.edition == "2018")
        yield Finding("no_link", Severity.ERROR, message, cite, about="portal_link")


def content_of(evaluation: Evaluation) -> dict[str, Any]:
    """Annex 8 as it would be formed now; fractions as "numerator/denominator"."""
    assert evaluation.dossier is not None
    contract, found = evaluation.project.contract, results(evaluation)
    sheets = evaluating.signed_sheets(evaluation.dossier)
    order = getattr(contract, "order", None)
    return {
        "edition": evaluation.edition,
        "field": order.lot.topic.field if order is not None else "",
        "project": {"kk": contract.title_kk, "ru": contract.title_ru},
        "means": {key: plain(value) for key, value in found.get("means", {}).items()},
        "total": plain(found.get("total")),
        "mean": plain(found.get("mean")),
        "sheets": [key_of(sheet) for sheet in sheets],
        "remarks": evaluation.remarks,
        "recommendations": {
            language: getattr(evaluation, f"recommendations_{language}") for language in LANGUAGES
        },
    }


def _edited(evaluation: Evaluation, attempt: Attempt) -> Mapping[str, Any]:
    given = attempt.facts["values"]
    evaluation.remarks = {
        criterion.key: {
            language: str(given.get(f"{criterion.key}_{language}", "")).strip()
            for language in LANGUAGES
        }
        for criterion in rubric_of(evaluation).criteria
    }
    for language in LANGUAGES:
        name = f"recommendations_{language}"
        setattr(evaluation, name, str(given.get(name, "")).strip())
    evaluation.version += 1
    evaluation.save(
        update_fields=["remarks", "recommendations_kk", "recommendations_ru", "version"]
    )
    return {}


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
    evaluation.save(update_fields=["discussion_until", "decide_until"])
    return {"until": until}


def _formed(evaluation: Evaluation, attempt: Attempt) -> Mapping[str, Any]:
    evaluation.content = content_of(evaluation)
    evaluation.content_sha256 = sha256(evaluation.content)
    evaluation.formed_at = attempt.now
    evaluation.save(update_fields=["content", "content_sha256", "formed_at"])
    due = evaluation.decide_until if discusses(evaluation) else evaluation.report_due_at
    return {
        "sha256": evaluation.content_sha256,
        "total": evaluation.content["total"],
        "late": due is not None and attempt.now > due,
    }


def _posted(evaluation: Evaluation, attempt: Attempt) -> Mapping[str, Any]:
    evaluation.portal_link = said(attempt, "portal_link")
    evaluation.posted_at = attempt.now
    evaluation.save(update_fields=["portal_link", "posted_at"])
    return {"link": evaluation.portal_link}


EDIT = Step(
    "edit",
    _("Write the report"),
    source=(State.COMPLETED, State.DISCUSSED),
    target=None,
    by=of_body,
    requires=(nobody_was_faster,),
    effect=_edited,
)
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
DISCUSS = Step(
    "discuss",
    _("Lay the preliminary report open for discussion"),
    source=State.COMPLETED,
    target=State.DISCUSSED,
    by=lambda actor, evaluation: of_body(actor, evaluation) and discusses(evaluation),
    requires=(is_written,),
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


def owed(evaluation: Evaluation) -> Iterable[Owed]:
    """The body forms the report within three working days after completion, then posts it (SO-E-19, SO-E-20)."""
    address = reverse("oversight:evaluation", args=[evaluation.pk])
    bearer = organisation(evaluation.project.contract.grantor_id)
    cite = f"rules_social_order/{evaluation.edition} " + str(
        edition_of(evaluation).rubric("evaluation").cite.place
    )
    if evaluation.state in (State.COMPLETED, State.DISCUSSED):
        due = evaluation.decide_until or evaluation.report_due_at
        yield Owed(
            "form_evaluation",
            bearer,
            Text(
                "Бағалау есебін (8-қосымша) қалыптастыру",
                "Сформировать отчёт об оценке (приложение 8)",
                "Form the evaluation report (annex 8)",
            ),
            due,
            address,
            cite,
        )
    elif evaluation.state == State.FORMED:
        yield Owed(
            "post_evaluation",
            bearer,
            Text(
                "Бағалау есебін мемлекеттік сатып алу порталына орналастыру",
                "Разместить отчёт об оценке на портале государственных закупок",
                "Post the evaluation report on the portal of state procurement",
            ),
            None,
            address,
            cite,
        )


EVALUATION: Procedure[Evaluation] = Procedure(
    Evaluation, (EDIT, COMPLETE, DISCUSS, FORM, POST), duties=owed
)


def gate(project: Project) -> Finding | None:
    """What lacks before the customer signs the act of services: None once the evaluation report is posted (SO-E-21, SO-X-04)."""
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
