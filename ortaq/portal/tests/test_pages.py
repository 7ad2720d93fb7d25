"""The front pages: who sees what, in how many queries."""

from datetime import UTC, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as core_clock
from ortaq.core.models import Duty
from ortaq.gazette import keeping
from ortaq.grants.tests import scenes
from ortaq.people.tests.cast import Cast, assemble

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db) -> Cast:
    # They have been there since before the scenes of grants begin.
    with core_clock.frozen(scenes.APPROVED - timedelta(days=30)):
        return assemble()


@pytest.fixture
def browse(client):
    def sign_in(person):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def a_duty(bearer, title, hours=None, number=1):
    return Duty.objects.create(
        subject=f"x:{number}",
        code="c",
        bearer=bearer,
        title_kk=title,
        title_ru=f"{title} (рус.)",
        title_en=title,
        address="/somewhere/",
        cite="guide p. 5",
        due_at=None if hours is None else core_clock.now() + timedelta(hours=hours),
    )


def unfolded(feed):
    return feed.content.decode().replace("\r\n ", "").split("\r\n")


def test_the_front_page_is_open_to_everybody_in_three_languages(client):
    for language, word in {"kk": "Қазір ашық", "ru": "Открыто сейчас", "en": "Open now"}.items():
        client.cookies["ortaq_language"] = language
        answer = client.get(reverse("portal:home"))
        assert answer.status_code == 200
        assert word in answer.content.decode()


def test_the_front_page_names_open_competitions_until_their_last_second(cast, client, clock):
    competition = scenes.open_competition(cast.operator)
    address = reverse("grants:competition", args=[competition.pk])
    assert address not in client.get(reverse("portal:home")).content.decode()
    keeping.catch_up()
    shown = []
    for seconds in (0, 1):
        clock.set(scenes.CLOSES + timedelta(seconds=seconds))
        shown.append(address in client.get(reverse("portal:home")).content.decode())
    assert shown == [True, False]


def test_the_desk_asks_a_passer_by_to_sign_in(client):
    assert client.get(reverse("portal:desk")).url.startswith(reverse("account_login"))


def test_the_desk_shows_my_duties_and_those_of_my_organisations_and_nobody_elses(cast, browse):
    a_duty(f"person:{cast.aliya.pk}", "Өз міндетім", 5)
    a_duty(f"organisation:{cast.ngo.pk}", "Ұйым міндеті", 50)
    a_duty(f"person:{cast.bolat.pk}", "Болаттың міндеті", 5)
    a_duty(f"organisation:{cast.rival.pk}", "Бәсекелестің міндеті", 5)
    shown = {
        name: [
            word
            for word in ("Өз міндетім", "Ұйым міндеті", "Болаттың", "Бәсекелестің")
            if word in browse(getattr(cast, name)).get(reverse("portal:desk")).content.decode()
        ]
        for name in ("aliya", "bolat", "dana", "erlan", "gulnara")
    }
    assert shown == {
        "aliya": ["Өз міндетім", "Ұйым міндеті"],
        "bolat": ["Ұйым міндеті", "Болаттың"],
        "dana": ["Бәсекелестің"],
        "erlan": [],
        "gulnara": [],
    }


def test_late_duties_come_first_then_the_nearest_then_those_without_a_term(cast, browse):
    for number, (title, hours) in enumerate(
        [("Мерзімсіз", None), ("Алыс", 500), ("Жақын", 3), ("Өткен", -3)]
    ):
        a_duty(f"person:{cast.erlan.pk}", title, hours, number)
    page = browse(cast.erlan).get(reverse("portal:desk")).content.decode()
    titles = ["Өткен", "Жақын", "Алыс", "Мерзімсіз"]
    assert sorted(titles, key=page.index) == titles


def test_the_desk_runs_the_same_queries_for_one_duty_and_for_many(cast, browse):
    browser = browse(cast.aliya)
    a_duty(f"person:{cast.aliya.pk}", "Бір", 5)

    def queries_run():
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(reverse("portal:desk")).status_code == 200
        return len(captured)

    few = queries_run()
    for number in range(2, 40):
        a_duty(f"organisation:{cast.ngo.pk}", "Көп", number, number)
    assert queries_run() == few


def test_the_calendar_needs_its_secret_address_and_no_sign_in(cast, client):
    duty = a_duty(f"organisation:{cast.ngo.pk}", "Өтінімді, толық; ұсыну", 50)
    answer = client.get(reverse("portal:calendar", args=[cast.aliya.calendar_token]))
    lines = unfolded(answer)
    assert answer["Content-Type"].startswith("text/calendar")
    assert f"DTSTART:{duty.due_at.astimezone(UTC):%Y%m%dT%H%M%SZ}" in lines
    assert r"SUMMARY:Өтінімді\, толық\; ұсыну" in lines
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    wrong = reverse("portal:calendar", args=["x" * 43])
    assert client.get(wrong).status_code == 404


def test_no_line_of_the_calendar_is_longer_than_75_octets_and_no_letter_is_cut(cast, client):
    title = "Қазақстан Республикасының үкіметтік емес ұйымдары " * 5
    a_duty(f"person:{cast.erlan.pk}", title, 50)
    answer = client.get(reverse("portal:calendar", args=[cast.erlan.calendar_token]))
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75
    assert f"SUMMARY:{title}" in unfolded(answer)


def test_the_calendar_speaks_the_language_of_its_owner(cast, client):
    a_duty(f"person:{cast.dana.pk}", "Міндет", 50)
    answer = client.get(reverse("portal:calendar", args=[cast.dana.calendar_token]))
    assert "SUMMARY:Міндет (рус.)" in unfolded(answer)


def test_a_renewed_address_ends_the_old_one(cast, browse):
    old = reverse("portal:calendar", args=[cast.aliya.calendar_token])
    browse(cast.aliya).post(reverse("portal:renew_calendar"))
    cast.aliya.refresh_from_db()
    browser = browse(cast.aliya)
    assert browser.get(old).status_code == 404
    new = reverse("portal:calendar", args=[cast.aliya.calendar_token])
    assert browser.get(new).status_code == 200
