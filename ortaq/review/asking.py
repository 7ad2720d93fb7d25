"""The questions of a declaration on conflicts of interest, as a page asks them: one for each applicant (GR-C-11, PR-032).

Shown by `review/declare.html`, which other rooms include on pages of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ortaq.core.procedure import Procedure, Refused
from ortaq.people.actor import ActorRequest
from ortaq.people.models import Organisation
from ortaq.review.forms import LONG
from ortaq.review.models import Panel, Seat
from ortaq.review.procedure.declaring import open_questions

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
    """The applicants on which a member has not declared yet; one query."""
    return [Question(row.organisation) for row in open_questions(panel, seat)]


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
    try:
        procedure.take("declare", panel, actor=request.actor, answers=answers)
    except Refused as refused:
        problems = {finding.about: finding.message for finding in refused.findings}
        if not any(about.startswith("organisation-") for about in problems):
            raise
        for question in asked:
            question.problem = problems.get(question.name, "")
        return False
    return True
