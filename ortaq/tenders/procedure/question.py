"""Questions on the documentation: asked by whoever is signed in, clarified for everybody, dated (GAP-T-12).

No source sets a term for them: they are taken while bids are.
"""

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
from ortaq.law.text import Text
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.tenders.models import Tender, TenderQuestion
from ortaq.tenders.policy.bid import accepts_bids
from ortaq.tenders.policy.tender import may_answer

from .tender import TENDER

AN_HOUR = timedelta(hours=1)
# Enough for somebody who reads the documentation with care; too few to drown the organiser.
MOST_AN_HOUR: int = settings.ORTAQ_QUESTIONS_AN_HOUR

ANSWER = Text(
    "Конкурстық құжаттама бойынша сұраққа түсіндірме беру",
    "Дать разъяснение по конкурсной документации",
    "Clarify a question on the documentation of the tender",
)


@transaction.atomic
def ask(tender: Tender, text: str, *, actor: Actor) -> TenderQuestion:
    """A new question, at once visible to everybody, without the name of who asked.

    `ValidationError` with a sentence for the reader after the deadline, after too many questions
    within an hour, and for a question that the same person has asked already.
    """
    if actor.user is None:
        raise PermissionDenied
    now = clock.now()
    row = TENDER.lock(tender.pk)  # the deadline does not pass meanwhile, nor does the count grow
    if not accepts_bids(row):
        raise ValidationError(
            _(
                "Questions are taken while bids are, and the deadline has passed. "
                "Write to the contacts of the tender instead."
            ),
            code="deadline_over",
        )
    mine = TenderQuestion.objects.filter(person=actor.user)
    if mine.filter(asked_at__gt=now - AN_HOUR).count() >= MOST_AN_HOUR:
        raise ValidationError(
            _(
                "You have asked %(most)s questions within the last hour. "
                "Wait a little, then ask again; your text is kept below."
            ),
            code="too_many",
            params={"most": MOST_AN_HOUR},
        )
    if mine.filter(tender=row, text=text).exists():
        raise ValidationError(
            _("You have asked this question already; it stands in the list."), code="repeated"
        )
    acting = actor.acting_for if isinstance(actor.acting_for, Organisation) else None
    question = TenderQuestion.objects.create(
        tender=row, organisation=acting, person=actor.user, text=text, asked_at=now
    )
    journal.append(question, "ask", actor=actor.key, behalf=actor.behalf, at=now)
    owed = Owed(
        "answer_question",
        organisation(row.organiser_id),
        ANSWER,
        row.closes_at,
        f"{reverse('tenders:tender', args=[row.pk])}#question-{question.pk}",
        "guide, stage 4",
    )
    duties.keep(question, [owed], now=now)
    return question


@transaction.atomic
def answer(question: TenderQuestion, text_kk: str, text_ru: str, *, actor: Actor) -> None:
    """Clarify for everybody in both languages; who asked gets a letter. It is not changed any more.

    `ValidationError` when a colleague was faster; `PermissionDenied` for strangers.
    """
    if not may_answer(actor, question.tender):
        raise PermissionDenied
    now = clock.now()
    free = TenderQuestion.objects.filter(pk=question.pk, answered_at=None)
    if not free.update(answer_kk=text_kk, answer_ru=text_ru, answered_at=now):
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
        [question.person],
        "tenders/letters/clarified.txt",
        release=True,
    )
