"""The questions of a declaration on conflicts of interest, as a page asks them: one for each applicant (GR-C-11, PR-032).

Shown by `review/declare.html`, which other rooms include on pages of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ortaq.core.keys import key_of
from ortaq.core.procedure import Procedure, Refused
from ortaq.people.actor import ActorRequest
from ortaq.people.models import Organisation
from ortaq.review.forms import LONG
from ortaq.review.models import Panel, Seat
from ortaq.review.procedure import statement
from ortaq.review.procedure.declaring import open_questions, prepared

ANSWERS = {"none": False, "exists": True}


@dataclass(slots=True)
class Question:
    """One applicant on the declaration: what was answered, and what is wrong with it."""

    organisation: Organisation
    answer: str = ""
    explanation: str = ""
    problem: Any = ""

    @property
    def name(self) -> str:
        """The name of its field, the same as the `about` of its findings."""
        return f"organisation-{self.organisation.pk}"


def questions(panel: Panel, seat: Seat) -> list[Question]:
    """The applicants on which a member has not declared yet, with what was answered already and is still to be signed."""
    asked = [Question(row.organisation) for row in open_questions(panel, seat)]
    kept = statement.open_of(seat.person, key_of(panel)) if asked else None
    answers = {row["organisation"]: row for row in kept.content["answers"]} if kept else {}
    for question in asked:
        if row := answers.get(question.organisation.pk):
            question.answer = "exists" if row["conflict"] else "none"
            question.explanation = row["explanation"]
    return asked


def declared(
    procedure: Procedure[Panel], panel: Panel, asked: Iterable[Question], request: ActorRequest
) -> bool:
    """Take the step "declare" with what was posted. False where answers are missing: the questions then hold what was typed and say
    what is wrong. Raises `Refused` for what no answer mends.
    """
    asked = list(asked)
    for question in asked:
        question.answer = request.POST.get(question.name, "")
        explanation = request.POST.get(f"{question.name}-explanation", "")
        question.explanation = explanation.replace("\0", "")[:LONG]
    answers = {one.organisation.pk: (ANSWERS.get(one.answer), one.explanation) for one in asked}
    actor = request.actor
    made = None
    if procedure["declare"].by(actor, panel):
        made = prepared(panel, actor, answers, request.path)
    try:
        procedure.take("declare", panel, actor=actor, answers=answers, statement=made)
    except Refused as refused:
        problems = {finding.about: finding.message for finding in refused.findings}
        if not any(about.startswith("organisation-") for about in problems):
            raise
        for question in asked:
            question.problem = problems.get(question.name, "")
        return False
    return True
