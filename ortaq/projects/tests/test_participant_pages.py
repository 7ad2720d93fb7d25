"""The pages of participants: light, open where they must be and closed where they must be, forgiving of every mistake."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.documents import render
from ortaq.documents.spreadsheet import Sheet, write_rows
from ortaq.projects import identity, tally
from ortaq.projects.models import Consumer, Event, Evidence, Participation, Project
from ortaq.projects.papers import participants as papers
from ortaq.projects.procedure import attendance
from ortaq.projects.procedure import participant as procedure
from ortaq.projects.procedure.recognition import Line
from ortaq.testing import factories

from . import scenes

BEGINS = house_clock.at(date(2020, 7, 15), 10)
MOST_BYTES = 50_000
MANY = 900  # more than one question to the database can name
AIGUL = {
    "name": "Айгүл Серікова",
    "workplace": "№3 мектеп",
    "contact": "8 700 000 00 01",
    "consent": "1",
}


@pytest.fixture
def people(db, clock):
    clock.set(scenes.NOW)
    return scenes.cast()


@pytest.fixture
def event(people, clock) -> Event:
    made = scenes.an_event(scenes.running(people), BEGINS, programme="Бағдарлама\n" * 40)
    clock.set(BEGINS + timedelta(minutes=30))
    return made


@pytest.fixture
def phone(event) -> str:
    return reverse("projects:phone", args=[event.code])


def sign_in(actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def address(name: str, event: Event, *more) -> str:
    return reverse(f"projects:{name}", args=[event.project_id, event.pk, *more])


@pytest.mark.req("IM-037")
def test_the_page_of_a_telephone_is_light_and_needs_no_script(event, phone, client):
    page = client.get(phone)
    html = page.content
    sheets = re.findall(rb'<link rel="stylesheet" href="/static/([^"]+)"', html)
    css = sum(Path(str(finders.find(name.decode()))).stat().st_size for name in sheets)
    assert sheets
    assert len(html) + css < MOST_BYTES
    assert b"<script" not in html
    assert b"src=" not in html
    assert not page.cookies
    assert "Іс-шараға тіркелу" in html.decode()
    russian = client.get(phone + "?language=ru")
    assert "Зарегистрироваться" in russian.content.decode()
    assert client.get(phone).wsgi_request.LANGUAGE_CODE == "ru"


def test_a_person_registers_and_rates_once_even_when_sent_twice(event, phone, client):
    form = AIGUL | {"code": identity.new_code()}
    own = client.post(phone, form)["Location"].partition("?")[0]
    assert client.post(phone, form)["Location"].partition("?")[0] == own
    assert client.get(phone)["Location"] == own
    for points in ("4", "5"):
        assert client.post(own, {"points": points, "review": "Жақсы"}).status_code == 302
    event.refresh_from_db()
    assert (event.registered, event.attended, event.answers, event.points) == (1, 1, 1, 5)
    # The page shows nothing of what was given to whoever holds the telephone.
    assert "Айгүл" not in client.get(own).content.decode()
    assert "Жақсы" not in client.get(own).content.decode()


@pytest.mark.req("IM-039")
def test_nobody_rates_or_erases_by_knowing_a_name_and_a_contact(event, phone, client):
    own = client.post(phone, AIGUL)["Location"].partition("?")[0]
    code = own.rstrip("/").rpartition("/")[2]
    again = Client().post(phone, AIGUL)
    assert again["Location"] == phone + "?known=1&another=1"
    assert not again.cookies
    page = Client().get(again["Location"]).content.decode()
    assert code not in page
    rate = reverse("projects:phone_rate", args=[event.code])
    for wrong in ("", "8 700 000 00 01", identity.new_code()):
        answer = Client().post(rate, {"code": wrong})
        assert (answer.status_code, answer["Cache-Control"].count("no-store")) == (422, 1)
    typed = f"{code[:5].upper()} - {code[5:]}"
    assert Client().post(rate, {"code": typed})["Location"] == own
    assert typed[:5].lower() in Client().get(own).content.decode()


def test_a_form_sent_again_over_a_bad_line_leads_to_the_same_link(event, phone):
    (code,) = re.findall(r'name="code" value="(\w+)"', Client().get(phone).content.decode())
    links = {Client().post(phone, AIGUL | {"code": code})["Location"] for _twice in range(2)}
    assert links == {f"{phone}{code}/?registered=1"}
    friend = AIGUL | {"name": "Дәурен", "contact": "8 700 000 00 02", "code": code}
    (other,) = {Client().post(phone, friend)["Location"]} - links  # gone back to the same form
    assert Client().get(other).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"contact": "8 700"}, "+7 700 000 00 01"),
        ({"name": "…"}, "аты"),
        ({"consent": ""}, "Келісім"),
        ({"name": "А" * 301}, "300"),
        ({"name": "\0"}, ""),
    ],
)
def test_a_mistake_is_said_and_nothing_typed_is_lost(event, phone, client, wrong, said):
    page = client.post(phone, AIGUL | wrong)
    assert page.status_code == 422
    text = page.content.decode()
    assert said.lower() in text.lower()
    assert AIGUL["workplace"] in text
    assert not Participation.objects.exists()


def test_registration_and_rating_have_their_time(event, phone, client, clock):
    clock.set(BEGINS - timedelta(hours=1))
    own = client.post(phone, AIGUL)["Location"]
    assert client.post(own, {"points": "5"}).status_code == 409
    clock.set(BEGINS + timedelta(hours=5))
    assert Client().post(phone, AIGUL | {"contact": "8 700 000 00 02"}).status_code == 409
    assert client.post(own, {"points": "5"}).status_code == 302
    clock.set(BEGINS + timedelta(days=40))
    assert client.post(own, {"points": "1"}).status_code == 409
    Event.objects.update(state=Event.State.CANCELLED, cancel_reason="Жаңбыр")
    assert Client().post(phone, AIGUL).status_code == 409
    assert "<form" not in Client().get(phone).content.decode()


def test_a_hall_on_one_network_is_let_in_and_a_flood_is_not(event, phone, monkeypatch):
    monkeypatch.setattr("ortaq.projects.views.phone.A_HALL", 3 - 2 * event.expected_participants)
    sent = [
        Client(REMOTE_ADDR="5.188.0.9")
        .post(phone, AIGUL | {"name": f"Адам {n}", "contact": f"8700000000{n}"})
        .status_code
        for n in range(4)
    ]
    assert sent == [302, 302, 302, 429]
    # Programs that fill in everything count nothing.
    Client().post(phone, AIGUL | {"website": "http://example.kz"})
    assert Participation.objects.count() == 3


def test_a_busy_database_loses_nothing_typed(event, phone, client, monkeypatch):
    def busy(*told, **more):
        raise OperationalError("database is locked")

    monkeypatch.setattr(procedure, "register", busy)
    page = client.post(phone, AIGUL)
    assert page.status_code == 503
    assert AIGUL["name"] in page.content.decode()


@pytest.mark.req("IM-039")
def test_a_person_is_forgotten_by_their_own_link(event, phone, client):
    own = client.post(phone, AIGUL)["Location"].partition("?")[0]
    assert client.get(own + "forget/").status_code == 200
    assert Consumer.objects.get().full_name
    assert client.post(own + "forget/").status_code == 302
    assert Consumer.objects.get().full_name == ""
    assert client.get(own).status_code == 302  # it is nobody's any more
    assert Client().get(f"{phone}1-aaaaaaaaaaaaaaaa/").status_code == 302
    assert Client().get(reverse("projects:phone", args=["nosuchcd"])).status_code == 404


@pytest.mark.req("IM-039")
def test_who_asks_the_organiser_is_erased_by_it(event, people):
    lines = [Line(n, f"Адам {n}", "№3", f"8700000000{n}", attended=False) for n in range(2)]
    attendance.enter(event, lines, actor=people.bolat)
    first, second = Consumer.objects.order_by("pk")
    there = reverse("projects:people_forget_one", args=[event.project_id, first.pk])
    assert sign_in(people.dana).post(there).status_code == 404
    for _twice in range(2):
        assert sign_in(people.bolat).post(there).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.full_name, second.full_name) == ("", "Адам 1")
    elsewhere = reverse("projects:people_forget_one", args=[event.project_id, 10**9])
    assert sign_in(people.bolat).post(elsewhere).status_code == 404


def test_registering_costs_the_same_however_many_there_are(event, phone):
    def cost(name: str, contact: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            Client().post(phone, AIGUL | {"name": name, "contact": contact})
        return len(asked)

    first = cost("Бірінші Адам", "8 700 000 00 10")
    lines = [Line(n, f"Адам {n}", "№3 мектеп", f"87000001{n:03}") for n in range(60)]
    attendance.enter(event, lines, actor=factories_actor(event))
    assert cost("Соңғы Адам", "8 700 000 00 11") == first <= 12


def factories_actor(event: Event):
    from ortaq.people.actor import actor_for
    from ortaq.people.models import User

    return actor_for(User.objects.get(surname="Сәрсенова"))


# --- For the parties -------------------------------------------------------------------------------


@pytest.mark.req("IM-039")
def test_names_are_for_those_who_answer_and_each_reading_is_written_once_a_day(event, people):
    Client().post(reverse("projects:phone", args=[event.code]), AIGUL)
    for actor in (people.aliya, people.bolat, people.gulnara):
        page = sign_in(actor).get(address("event_people", event))
        assert "Айгүл Серікова" in page.content.decode()
    sign_in(people.aliya).get(reverse("projects:people", args=[event.project_id]))
    readings = journal.history(event.project).filter(step="people_read")
    assert readings.count() == 3
    member = factories.a_member(people.ngo, "staff")
    assert sign_in(member).get(address("event_people", event)).status_code == 403
    page = sign_in(member).get(reverse("projects:people", args=[event.project_id]))
    assert page.status_code == 200
    assert "Айгүл" not in page.content.decode()
    assert sign_in(people.dana).get(address("event_people", event)).status_code == 404
    assert sign_in(member).get(address("event_people_list", event, "kk", "pdf")).status_code == 403


def test_a_list_is_typed_in_and_a_wrong_row_keeps_all_that_was_typed(event, people):
    client = sign_in(people.bolat)
    new = address("event_people_new", event)
    typed = {"name-1": "Айгүл Серікова", "contact-1": "87000000001", "points-1": "5"}
    page = client.post(new, typed | {"name-2": "Бақ\0ыт", "points-2": "7"})
    assert page.status_code == 422
    assert 'value="7"' in page.content.decode()
    assert not Participation.objects.exists()
    assert client.post(new, typed | {"name-3": "Бақыт"}).status_code == 302
    assert client.post(new, typed | {"name-3": "Бақыт"}).status_code == 302
    event.refresh_from_db()
    assert (event.registered, event.attended, event.points) == (2, 2, 5)
    client.post(address("event_people_mark", event), {"shown": ["1", "x"], "present": []})
    client.post(address("event_people_mark", event), {"everybody": "1"})
    assert not list(tally.drifts())


@pytest.mark.req("IM-037")
@pytest.mark.once
def test_many_rows_are_read_in_wholly_or_not_at_all_and_once(event, people):
    client = sign_in(people.aliya)
    rows = [[str(n), f"Адам {n}", "№3 мектеп", f"+7 700 {n:07}"] for n in range(MANY)]

    def table(rows) -> bytes:
        stream = io.BytesIO()
        write_rows(stream, [Sheet("1", ["№", "Т.А.Ә.", "Жұмыс/оқу орны", "Байланыс"], rows)])
        return stream.getvalue()

    def sent(content: bytes) -> SimpleUploadedFile:
        return SimpleUploadedFile("тізім.xlsx", content)

    there = address("event_people_import", event)
    wrong = [*rows[:-1], [str(MANY), "", "№3 мектеп", ""]]
    page = client.post(there, {"table": sent(table(wrong))})
    assert page.status_code == 422
    assert str(MANY + 1) in page.content.decode()
    assert not Participation.objects.exists()
    content = table(rows)
    for _time in range(2):
        assert client.post(there, {"table": sent(content)}).status_code == 302
    event.refresh_from_db()
    assert (event.registered, event.attended) == (MANY, MANY)
    assert Project.objects.get().covered == MANY
    kept = Evidence.objects.filter(event=event, kind=Evidence.Kind.LIST)
    assert [one.item for one in kept] == ["participants"]


def test_what_is_no_table_is_told_so(event, people):
    client = sign_in(people.aliya)
    there = address("event_people_import", event)
    for content in (b"", b"%PDF-1.4", b"\x00\x01"):
        page = client.post(there, {"table": SimpleUploadedFile("list.xlsx", content)})
        assert page.status_code == 422
    csv = "Т.А.Ә.;Байланыс\nАйгүл Серікова;87000000001\n".encode("kz1048")
    assert client.post(there, {"table": SimpleUploadedFile("l.csv", csv)}).status_code == 302
    assert Evidence.objects.filter(file__kind="text/csv").count() == 1
    pasted = "Айгүл Серікова\t№3 мектеп\t87000000001\nБақыт Нұр\t\t\n"
    assert client.post(there, {"pasted": pasted}).status_code == 302
    assert Participation.objects.count() == 2
    assert Evidence.objects.count() == 1


@pytest.mark.req("IM-037")
def test_the_list_the_poster_and_the_code_are_made(event, people):
    Client().post(reverse("projects:phone", args=[event.code]), AIGUL)
    client = sign_in(people.aliya)
    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        answer = client.get(address("event_people_list", event, "ru", kind))
        assert answer.getvalue().startswith(begins)
    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = client.get(address("event_poster", event, "kk", kind))
        assert answer.getvalue().startswith(begins)
    assert "data:image/png" in render.html(papers.poster(event, "ru"))
    assert render.xlsx(papers.poster(event, "ru")).startswith(b"PK")
    svg = client.get(address("event_qr", event)).content
    assert svg.startswith(b"<svg")
    assert b"style" not in svg


def test_two_entries_of_one_person_are_merged_on_the_page(event, people):
    for contact in ("8 700 000 00 01", "aigul@example.kz"):
        Client().post(reverse("projects:phone", args=[event.code]), AIGUL | {"contact": contact})
    client = sign_in(people.aliya)
    there = reverse("projects:people_merge", args=[event.project_id])
    page = client.get(there)
    keys = re.findall(r'name="person" value="(\d+)"', page.content.decode())
    assert len(keys) == 2
    client.post(there, {"person": keys, "apart": "1"})
    apart = client.get(there).content.decode()
    assert 'name="person"' not in apart
    client.post(there, {"person": keys})
    client.post(there, {"person": keys[:1]})
    assert Participation.objects.count() == 2
    (doubt,) = re.findall(r'name="doubt" value="(\d+)"', apart)
    client.post(there, {"doubt": doubt})
    client.post(there, {"person": keys})
    assert Participation.objects.count() == 1
    assert sign_in(people.gulnara).get(there).status_code == 403


def test_the_pages_of_the_parties_ask_the_same_of_the_database_for_two_or_sixty(event, people):
    client = sign_in(people.aliya)
    pages = [address("event_people", event), reverse("projects:people", args=[event.project_id])]

    def costs() -> list[int]:
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page).status_code == 200
            found.append(len(asked))
        return found

    def lines(many: int) -> list[Line]:
        return [
            Line(n, f"Адам {n}", "№3", f"87000001{n:03}", points=n % 5 + 1, review=f"Пікір {n}")
            for n in range(many)
        ]

    attendance.enter(event, lines(2), actor=people.aliya)
    costs()
    before = costs()
    attendance.enter(event, lines(60), actor=people.aliya)
    assert costs() == before
