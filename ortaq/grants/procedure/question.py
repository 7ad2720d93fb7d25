"""Questions on an announcement: asked by whoever is signed in, answered for everybody (GR-A-07)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, duties, journal, letters
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.grants.models import Competition, Lot, Question
from ortaq.grants.policy.competition import may_answer
from ortaq.law.text import Text
from ortaq.people.actor import Actor

from .competition import COMPETITION

AN_HOUR = timedelta(hours=1)
# Enough for somebody who reads the announcement with care; too few to drown the operator.
MOST_AN_HOUR: int = settings.ORTAQ_QUESTIONS_AN_HOUR

ANSWER = Text(
    "Хабарландыру бойынша сұраққа жауап беру",
    "Ответить на вопрос по объявлению",
    "Answer a question on the announcement",
)


@transaction.atomic
def ask(competition: Competition, text: str, *, actor: Actor, lot: Lot | None = None) -> Question:
    """A new question, at once visible to everybody, without the name of who asked.

    `ValidationError` with a sentence for the reader after the end of acceptance, after too many
    questions within an hour, and for a question that the same person has asked already.
    """
    if actor.user is None:
        raise PermissionDenied
    now = clock.now()
    row = COMPETITION.lock(competition.pk)  # the end does not move meanwhile, nor does the count
    open_now = row.state == Competition.State.ANNOUNCED and row.closes_at and now <= row.closes_at
    if not open_now:
        raise ValidationError(
            _(
                "Questions are answered while applications are accepted, and acceptance has ended. "
                "Write to the contacts of the announcement instead."
            ),
            code="acceptance_over",
        )
    mine = Question.objects.filter(asked_by=actor.user)
    if mine.filter(asked_at__gt=now - AN_HOUR).count() >= MOST_AN_HOUR:
        raise ValidationError(
            _(
                "You have asked %(most)s questions within the last hour. "
                "Wait a little, then ask again; your text is kept below."
            ),
            code="too_many",
            params={"most": MOST_AN_HOUR},
        )
    if mine.filter(competition=row, lot=lot, text=text).exists():
        raise ValidationError(
            _("You have asked this question already; it stands in the list."), code="repeated"
        )
    question = Question.objects.create(
        competition=row, lot=lot, asked_by=actor.user, text=text, asked_at=now
    )
    journal.append(question, "ask", actor=actor.key, behalf=actor.behalf, at=now)
    owed = Owed(
        "answer_question",
        organisation(row.operator_id),
        ANSWER,
        row.closes_at,
        f"{reverse('grants:competition', args=[row.pk])}#question-{question.pk}",
        "guide, grants, step 2",
    )
    duties.keep(question, [owed], now=now)
    return question


@transaction.atomic
def answer(question: Question, text: str, *, actor: Actor) -> None:
    """Answer for everybody; who asked gets a letter. What is answered is not changed any more.

    `ValidationError` when a colleague was faster; `PermissionDenied` for strangers.
    """
    if not may_answer(actor, question.competition):
        raise PermissionDenied
    now = clock.now()
    free = Question.objects.filter(pk=question.pk, answered_at=None)
    if not free.update(answer=text, answered_by=actor.user, answered_at=now):
        raise ValidationError(
            _("A colleague has answered this question already; reload the page to read it."),
            code="answered",
        )
    question.refresh_from_db()
    journal.append(question, "answer", actor=actor.key, behalf=actor.behalf, at=now)
    duties.keep(question, [], now=now)
    letters.prepare(
        question,
        "answered",
        [question.asked_by],
        "grants/letters/answered.txt",
        release=True,
    )
