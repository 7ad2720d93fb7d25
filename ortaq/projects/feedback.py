"""Satisfaction and practical application of an event by the tables' own formulas, exact, from its counted figures.

Training is measured by table 1 (all participants are asked, the points divided by participants), consultations by table 2 (at
least 20 %), events by tables 4 and 5 (at least 10 %); both divide by those who answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ortaq.law.findings import Citation
from ortaq.law.standard import standard
from ortaq.law.standard.survey import required_answers, satisfaction, share

from .models import Event

SATISFACTION = {"training": "1", "consultation": "2", "event": "4"}
APPLICATION = {"consultation": "2", "event": "5"}
Question = Literal["", "applied", "involved"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """What an event's participants said. Percentages are exact; None where nothing can be divided.

    `required` is how many must answer, None where the Standard measures nothing of the kind.
    `told` answered whether they apply it, `applied` of them do.
    """

    people: int
    answers: int
    points: int
    told: int
    applied: int
    percent: Fraction | None
    application: Fraction | None
    required: int | None
    question: Question
    cite: Citation | None

    @property
    def is_too_small(self) -> bool:
        """Fewer answered than the table asks for."""
        return self.required is not None and self.answers < self.required

    @property
    def missing(self) -> int:
        """So many answers are still needed."""
        return max((self.required or 0) - self.answers, 0)

    @property
    def tells_too_little(self) -> bool:
        """Too few said whether they apply it."""
        return bool(self.question) and self.required is not None and self.told < self.required

    @property
    def average(self) -> Fraction | None:
        """The mean rating, 1 to 5."""
        return Fraction(self.points, self.answers) if self.answers else None


def question(event: Event) -> Question:
    """What tables 2 and 5 ask besides the rating: whether it is applied, of leisure whether one was drawn in, of sport nothing."""
    if event.service == "consultation":
        return "applied"
    row = standard().table("13").row(event.form) if event.service == "event" else None
    if row is None:
        return ""
    return {"information_discussion": "applied", "leisure_games": "involved"}.get(row.group, "")  # type: ignore[return-value]


def of(event: Event, told: int = 0, applied: int = 0) -> Feedback:
    """The feedback of an event from its kept figures, and from how many told and apply; no query.

    Needs `event.project`. The edition of 2018 has no text in the sources: then nothing is required.
    """
    # Of the list: whoever is not in it cannot be asked. Men and women of the record may be more.
    people = max(event.attended, (event.men or 0) + (event.women or 0))
    book = standard(event.project.standard)
    key = SATISFACTION.get(event.service)
    table = book.table(key) if book.tables and key else None
    survey = table.survey if table else None
    percent = (
        satisfaction(survey, event.points, event.answers, people)
        if survey
        else Fraction(event.points * 100, event.answers * 5)
        if event.answers
        else None
    )
    return Feedback(
        people=people,
        answers=event.answers,
        points=event.points,
        told=told,
        applied=applied,
        percent=percent,
        application=share(applied, told) if event.service in APPLICATION else None,
        required=required_answers(survey, people) if survey else None,
        question=question(event),
        cite=table.cite() if table else None,
    )
