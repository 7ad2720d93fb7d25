"""The notice of conflict of interest, annexes 4 and 6: what it must hold, and writing it down (SO-M-12, SO-E-11, SO-X-12).

Who signs, and what follows, stands in the procedures of those who sign: experts in `engagement.py`, members of councils beside
their evaluation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core.keys import key_of
from ortaq.core.procedure import Attempt
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.oversight.models import Notice
from ortaq.people.actor import Actor
from ortaq.projects.models import Project
from ortaq.review.models import Statement
from ortaq.review.procedure import statement

# The five questions of the form, by key and in its order.
QUESTIONS = (
    "ngo_member_or_founder",
    "governing_body_or_head",
    "payments_last_three_years",
    "close_kinship",
    "other_possible_conflict",
)
PLACES = {Notice.Role.EXPERT: "№18-2022 annex 4", Notice.Role.MEMBER: "№18-2022 annex 6"}
Answers = Mapping[str, Mapping[str, Any]]


def cite_of(edition: law.Edition, role: Notice.Role) -> law.Citation:
    """Where the form of this notice stands; only the edition of 2022 has one."""
    if edition.key == "2018":
        return edition.cite("№18-2018 via guide", inferred=True)
    return edition.cite(PLACES[role])


def findings(
    edition: law.Edition, role: Notice.Role, conflict: bool | None, answers: Answers
) -> list[Finding]:
    """What keeps a notice from being signed: no statement chosen, a question without an answer, a yes without its details, and
    a statement that its own answers contradict.
    """
    cite, found = cite_of(edition, role), []

    def error(code: str, message: Any, about: str) -> None:
        found.append(Finding(code, Severity.ERROR, message, cite, about=about))

    if conflict is None:
        error("no_statement", _("Choose one of the two statements."), "conflict")
    for number, key in enumerate(QUESTIONS, 1):
        answer = answers.get(key, {})
        if answer.get("yes") is None:
            message = _("Answer question {number}: yes or no.")
            error("not_answered", format_lazy(message, number=number), key)
        elif answer["yes"] and not str(answer.get("details") or "").strip():
            message = _("You answered yes to question {number}: write what the question asks for.")
            error("no_details", format_lazy(message, number=number), key)
    some = any(answers.get(key, {}).get("yes") for key in QUESTIONS)
    if conflict is False and some:
        message = _(
            "You state that there is no conflict of interest, but answered yes to a question. "
            "State the conflict, or change the answer."
        )
        error("contradiction", message, "conflict")
    if conflict and not some and all(key in answers for key in QUESTIONS):
        message = _("You state a conflict of interest: answer yes where it is, and describe it.")
        error("conflict_not_described", message, "conflict")
    return found


def in_order(edition: law.Edition, role: Notice.Role, attempt: Attempt) -> Iterable[Finding]:
    """`findings` for a step that is given `conflict` and `answers`."""
    return findings(edition, role, attempt.facts.get("conflict"), attempt.facts.get("answers", {}))


def about(project: Project, role: Notice.Role) -> str:
    """What a statement of this role is about."""
    return f"{key_of(project)}/{role}"


def prepared(
    project: Project,
    role: Notice.Role,
    edition: law.Edition,
    answers: Answers,
    *,
    actor: Actor,
    address: str,
) -> Statement | None:
    """The notice without conflict as it is about to be given, on the page at `address`, so that it can be signed
    electronically first; None where nothing is. A notice of a conflict waits for no signature: it bars at once.
    """
    if actor.user is None or findings(edition, role, False, answers):
        return None
    contract = project.contract
    return statement.prepare(
        about(project, role),
        actor.user,
        edition,
        title=Text(
            contract.title_kk, contract.title_ru or contract.title_kk, contract.title_ru or ""
        ),
        address=address,
        content={
            "format": "ortaq.notice/1",
            "project": key_of(project),
            "contract": contract.number,
            "role": role,
            "edition": f"{edition.act}/{edition.key}",
            "conflict": False,
            "answers": _kept(answers),
        },
    )


def _kept(answers: Answers) -> dict[str, Any]:
    """The answers as they are kept: details only where the answer is yes."""
    return {
        key: {
            "yes": bool(given["yes"]),
            "details": str(given.get("details") or "").strip() if given["yes"] else "",
        }
        for key, given in answers.items()
        if key in QUESTIONS
    }


def write(project: Project, role: Notice.Role, edition: law.Edition, attempt: Attempt) -> Notice:
    """The signed notice of whoever acts; what it says stays out of the journal, its number goes in."""
    return Notice.objects.create(
        person=attempt.actor.user,
        project=project,
        role=role,
        act=edition.act,
        edition=edition.key,
        conflict=attempt.facts["conflict"],
        answers=_kept(attempt.facts["answers"]),
        signed_at=attempt.now,
    )
