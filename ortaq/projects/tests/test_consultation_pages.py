"""The consultation journal: typed fast, counted by table 2, personal data for those who need them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.projects.models import Consultation, Consumer, Project
from ortaq.projects.queries.consultation import journal_of

from . import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(clock):
    clock.set(scenes.NOW)
    return scenes.cast()


@pytest.fixture
def project(people) -> Project:
    """Under the Standard's edition of 2022, whose tables are known."""
    made = scenes.running(people)
    Project.objects.update(standard="2022")
    made.refresh_from_db()
    return made


def sign_in(actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def at(name: str, *args) -> str:
    return reverse(f"projects:{name}", args=args)


def typed(number: int = 1, **fields):
    return {
        "once": f"2f9d3c1e-0000-4000-8000-{number:012}",
        "full_name": "Сейітова Айгүл",
        "contact": "8 700 000 00 01",
        "day": "2020-06-20",
        "how": "telephone",
        "topic": "documents",
        "question": "Есепті қалай толтырамыз?",
        "consultant_name": "Қалиева Сара",
        "experience_months": "30",
    } | fields


@pytest.mark.req("IM-038")
def test_a_line_sent_twice_stands_once_and_who_comes_again_is_known(people, project):
    client, new = sign_in(people.aliya), at("consultation_new", project.pk)

    for sent in (typed(), typed(), typed(2, contact="+77000000001", experience_months="")):
        assert client.post(new, sent).status_code == 302

    assert Consumer.objects.count() == 1
    rows = Consultation.objects.order_by("number").values_list("number", "experience_months")
    assert list(rows) == [(1, 30), (2, 30)]


def test_a_group_is_a_line_for_each_person(people, project):
    client = sign_in(people.aliya)
    others = "Оспанов Марат; +7 700 000 00 02; Көкшетау\n\nТөлеген Әсел"

    wrong = client.post(at("consultation_new", project.pk), typed(others="; +7 700 000 00 02"))
    assert "others" in wrong.context["form"].errors
    client.post(at("consultation_new", project.pk), typed(others=others, how="group"))

    assert [row.consumer.full_name for row in Consultation.objects.order_by("number")] == [
        "Сейітова Айгүл",
        "Оспанов Марат",
        "Төлеген Әсел",
    ]


@pytest.mark.req("ST-T-02", "ST-C-06")
def test_the_journal_is_measured_by_table_2_and_each_consumer_once(people, project):
    client = sign_in(people.aliya)
    for number in range(1, 6):
        client.post(
            at("consultation_new", project.pk),
            typed(number, contact=f"+7 700 000 00 1{number}", full_name=f"Тұтынушы {number}"),
        )
    client.post(at("consultation_new", project.pk), typed(6, contact="+7 700 000 00 11",
                full_name="Тұтынушы 1", topic="management", experience_months="23"))  # fmt: skip
    before = journal_of(project)
    assert (before.consultations, before.consumers, before.asked) == (6, 5, 0)
    told = {"line": [1, 6], "c1-points": "2", "c1-applied": "yes", "c6-points": "4",
            "c6-applied": "no"}  # fmt: skip

    assert client.post(at("consultation_follow", project.pk), told).status_code == 302

    now = journal_of(project)
    assert (now.asked, now.applied) == (1, 1)
    assert now.measured is not None
    assert now.measured.required_answers == 1
    assert now.measured.percent == 80
    assert now.measured.application_percent == Fraction(100, 6)
    assert [
        one.cite and one.cite.place for one in now.findings if one.about.startswith("consultant")
    ] == ["¶14(3)"]


def test_the_journal_is_searched_by_question_and_name_whatever_their_letters(people, project):
    client, page = sign_in(people.aliya), at("consultations", project.pk)
    client.post(at("consultation_new", project.pk), typed())

    def found(words: str, actor=people.aliya) -> int:
        return len(sign_in(actor).get(page, {"q": words}).context["page"].rows)

    assert [found("ЕСЕПТІ ҚАЛАЙ"), found("сейітова АЙГҮЛ"), found("жоқ сөз")] == [1, 1, 0]
    assert found("Сейітова", people.clerk) == 0


def test_what_was_struck_out_counts_no_more_and_stays(people, project):
    client = sign_in(people.aliya)
    client.post(at("consultation_new", project.pk), typed())
    strike = at("consultation_strike", project.pk, 1)

    assert client.post(strike, {"remark": " "}).status_code == 422
    assert client.post(strike, {"remark": "Екі рет жазылған"}).status_code == 302

    assert journal_of(project).consultations == 0
    assert "Екі рет жазылған" in client.get(at("consultations", project.pk)).content.decode()


def test_two_who_correct_one_line_lose_nothing(people, project):
    client = sign_in(people.aliya)
    client.post(at("consultation_new", project.pk), typed())
    address, sent = at("consultation", project.pk, 1), typed(question="Түзетілген") | {"version": 0}

    assert client.post(address, sent).status_code == 302
    late = client.post(address, sent | {"question": "Кешіккен түзету"})

    assert late.status_code == 422
    assert "Кешіккен түзету" in late.content.decode()
    assert Consultation.objects.get().question == "Түзетілген"


@pytest.mark.req("IM-039")
def test_names_are_for_those_who_may_see_people(people, project):
    sign_in(people.aliya).post(at("consultation_new", project.pk), typed())
    paper = at("consultation_journal", project.pk, "kk", "docx")

    for actor, page, download in (
        (people.gulnara, 200, 200),
        (people.clerk, 200, 404),
        (people.dana, 404, 404),
    ):
        client = sign_in(actor)
        answer = client.get(at("consultations", project.pk))
        assert answer.status_code == page
        assert ("Сейітова" in answer.content.decode()) is (download == 200)
        answer = client.get(paper)
        assert answer.status_code == download
        assert not answer.streaming or b"".join(answer)
    assert sign_in(people.gulnara).get(at("consultation_new", project.pk)).status_code == 403


@pytest.mark.parametrize(
    "bad",
    [{"experience_months": "-3"}, {"minutes": "0"}, {"day": "2020-06-21"}, {"day": "0020-06-01"},
     {"topic": "жоқ"}, {"consultant_name": ""}, {"full_name": ""}],
)  # fmt: skip
def test_a_bad_line_is_said_beside_its_field_and_nothing_is_lost(people, project, bad):
    answer = sign_in(people.aliya).post(at("consultation_new", project.pk), typed(**bad))

    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert "Есепті қалай толтырамыз?" in answer.content.decode()
    assert not Consultation.objects.exists()


def test_the_journal_takes_the_same_number_of_queries_however_long(people, project):
    writer, client = sign_in(people.aliya), sign_in(people.gulnara)
    address = at("consultations", project.pk)
    client.get(address)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    writer.post(at("consultation_new", project.pk), typed())
    few = queries()
    others = "\n".join(f"Тұтынушы {n}; +7 700 000 01 {n:02}" for n in range(30))
    writer.post(at("consultation_new", project.pk), typed(2, others=others))
    assert queries() == few
