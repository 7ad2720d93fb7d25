"""Questions on announcements: asked by whoever is signed in, answered for everybody (GR-A-07)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from ortaq.core import journal
from ortaq.core.models import Duty, Letter
from ortaq.grants.models import Question
from ortaq.grants.procedure.question import MOST_AN_HOUR, answer, ask
from ortaq.grants.tests import scenes
from ortaq.people.actor import PASSER_BY

pytestmark = pytest.mark.req("GR-A-07")


@pytest.fixture
def played(db, clock):
    clock.set(scenes.APPROVED)
    return scenes.cast()


@pytest.fixture
def competition(played, clock):
    found = scenes.announced_competition(played.gulnara, topics=2)
    clock.set(scenes.DURING)
    return found


@pytest.fixture
def browse(client):
    def sign_in(actor):
        if actor.user is None:
            client.logout()
        else:
            client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def refusal(*args, **kwargs):
    with pytest.raises(ValidationError) as refused:
        ask(*args, **kwargs)
    return refused.value.code


def test_a_question_and_its_answer_are_read_by_everybody_without_a_name(
    played, competition, browse
):
    address = reverse("grants:competition", args=[competition.pk])
    page = browse(played.aliya)
    lot = competition.lots.get(position=2)
    posted = page.post(
        reverse("grants:question_ask", args=[competition.pk]),
        {"text": "Көлік шығыны төлене ме?", "lot": lot.pk},
    )
    question = Question.objects.get()
    assert posted.url == f"{address}#question-{question.pk}"
    browse(played.gulnara).post(
        reverse("grants:question_answer", args=[question.pk]), {"text": "Иә, сметада болса."}
    )
    for place in (address, reverse("grants:lot", args=[lot.pk])):
        public = browse(PASSER_BY).get(place).content.decode()
        assert "Көлік шығыны төлене ме?" in public
        assert "Иә, сметада болса." in public
        assert "Әлиева" not in public  # who asked, and so who may apply, is nobody's business
        assert "Әлем" not in public


def test_an_answer_comes_by_letter_and_ends_the_operators_duty(played, competition):
    question = ask(competition, "Қалай?", actor=played.aliya)
    duty = Duty.objects.get(code="answer_question")
    assert duty.bearer == f"organisation:{played.operator.pk}"
    assert duty.due_at == competition.closes_at
    answer(question, "Былай.", actor=played.gulnara)
    duty.refresh_from_db()
    assert duty.done_at is not None
    letter = Letter.objects.get(kind="answered")
    assert (letter.recipient, letter.state) == (played.aliya.user, Letter.State.RELEASED)
    assert "Былай." in letter.body
    assert list(journal.history(question).values_list("step", "actor")) == [
        ("ask", played.aliya.key),
        ("answer", played.gulnara.key),
    ]


def test_an_answer_is_given_once(played, competition):
    question = ask(competition, "Қалай?", actor=played.aliya)
    answer(question, "Былай.", actor=played.gulnara)
    with pytest.raises(ValidationError):
        answer(question, "Басқаша.", actor=scenes.gulnara(played.operator))
    question.refresh_from_db()
    assert question.answer == "Былай."


def test_only_the_operator_of_the_competition_answers(played, competition, browse):
    question = ask(competition, "Қалай?", actor=played.aliya)
    rival = scenes.gulnara()
    for actor in (played.aliya, played.dana, played.saule, played.erlan, rival):
        with pytest.raises(PermissionDenied):
            answer(question, "Мен білемін", actor=actor)
        address = reverse("grants:question_answer", args=[question.pk])
        assert browse(actor).get(address).status_code == 404
    question.refresh_from_db()
    assert question.answered_at is None


def test_a_passer_by_is_asked_to_sign_in(competition, browse):
    page = browse(PASSER_BY)
    address = reverse("grants:question_ask", args=[competition.pk])
    # Not sent away to sign in: what was typed would be gone.
    assert page.post(address, {"text": "Қалай?"}).status_code == 403
    with pytest.raises(PermissionDenied):
        ask(competition, "Қалай?", actor=PASSER_BY)
    assert not Question.objects.exists()
    public = page.get(reverse("grants:competition", args=[competition.pk])).content.decode()
    assert "Сұрақ қою үшін кіріңіз" in public


def test_questions_are_asked_until_the_very_end_of_acceptance(played, competition, clock):
    clock.set(scenes.CLOSES)
    ask(competition, "Үлгеремін бе?", actor=played.aliya)
    clock.set(scenes.CLOSES + timedelta(seconds=1))
    assert refusal(competition, "Ал енді ше?", actor=played.aliya) == "acceptance_over"
    clock.set(scenes.CLOSES + timedelta(days=1))
    # A question asked in time is answered afterwards, too.
    answer(Question.objects.get(), "Иә.", actor=played.gulnara)


def test_after_five_questions_within_an_hour_one_has_to_wait(played, competition, clock, browse):
    for number in range(MOST_AN_HOUR):
        ask(competition, f"Сұрақ {number}", actor=played.aliya)
        clock.travel(minutes=10)
    assert refusal(competition, "Тағы бір", actor=played.aliya) == "too_many"
    page = browse(played.aliya).post(
        reverse("grants:question_ask", args=[competition.pk]), {"text": "Тағы бір"}
    )
    assert page.status_code == 422
    assert "Тағы бір" in page.content.decode()  # nothing typed is lost
    ask(competition, "Менің сұрағым", actor=played.dana)  # others are not kept waiting
    clock.travel(minutes=11)  # the first question is older than an hour now
    ask(competition, "Тағы бір", actor=played.aliya)
    assert Question.objects.count() == MOST_AN_HOUR + 2


def test_a_double_click_asks_once(played, competition):
    ask(competition, "Қалай?", actor=played.aliya)
    assert refusal(competition, "Қалай?", actor=played.aliya) == "repeated"
    ask(competition, "Қалай?", actor=played.aliya, lot=competition.lots.get(position=1))
    assert Question.objects.count() == 2


@pytest.mark.parametrize("text", ["", "   ", "ә" * 3001])
def test_empty_and_endless_questions_are_refused_beside_the_field(
    played, competition, browse, text
):
    page = browse(played.aliya).post(
        reverse("grants:question_ask", args=[competition.pk]), {"text": text}
    )
    assert page.status_code == 422
    assert not Question.objects.exists()


def test_a_lot_of_another_competition_cannot_be_asked_about(played, competition, browse, clock):
    other = scenes.draft_competition(played.gulnara, competition.version)
    clock.set(scenes.DURING)
    page = browse(played.aliya).post(
        reverse("grants:question_ask", args=[competition.pk]),
        {"text": "Қалай?", "lot": other.lots.get(position=1).pk},
    )
    assert page.status_code == 422
    hidden = browse(played.aliya).post(
        reverse("grants:question_ask", args=[other.pk]), {"text": "Қалай?"}
    )
    assert hidden.status_code == 404
