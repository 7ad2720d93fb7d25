"""The clock, the guide, one-click sign-in: on a demonstration, and nowhere else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.demo import cast, story, travel
from ortaq.demo.middleware import at_the_same_time
from ortaq.demo.models import Travel
from ortaq.demo.story import acceptance, data, found
from ortaq.grants.models import Application, ApplicationPart, Competition, Question
from ortaq.grants.procedure import question
from ortaq.testing import factories

ANNOUNCED = story.STAGES["announced"]
SUBMITTED = story.STAGES["submitted"]


# --- Loaded up to the announcement -------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("announced")
class TestOnADemonstration:
    def test_the_newcomer_finds_drafts_and_an_open_question(self):
        assert Competition.objects.get().state == "announced"
        assert set(Application.objects.values_list("state", flat=True)) == {"draft"}
        assert Question.objects.filter(answered_at=None).count() == 1
        aliya = found.application(star(), "draft")
        assert aliya is not None
        assert 0 < len(missing(aliya)) < 12

    def test_a_page_shows_the_time_of_the_demonstration(self, demo, client):
        page = client.get("/").content.decode()

        assert "2020 ж. 20 мамыр" in page
        assert "2020 ж. 3 маусым, 18:00" in page  # the next deadline

    def test_one_click_signs_in_and_shows_the_persons_own_desk(self, demo, client):
        answer = client.post(reverse("demo:sign_in", args=["gulnara"]), follow=True)

        assert answer.status_code == 200
        assert answer.context["actor"].user == cast.user("gulnara")
        page = client.get(reverse("demo:guide"))
        assert "Ерлан" in page.content.decode()

    def test_one_click_signs_in_nobody_else(self, demo, client):
        factories.a_person(email="somebody@example.kz")

        for key in ("somebody", "bilim-head", "timur"):
            assert client.post(reverse("demo:sign_in", args=[key])).status_code == 404
        assert client.get(reverse("demo:sign_in", args=["gulnara"])).status_code == 405

    def test_the_password_of_the_guide_opens_the_account(self, demo, client):
        sent = {"login": "bolat@example.kz", "password": cast.PASSWORD}
        answer = client.post(reverse("account_login"), sent, follow=True)

        assert answer.context["actor"].user == cast.user("bolat")

    def test_a_day_later_the_story_has_gone_on(self, demo, client):
        answer = client.post(reverse("demo:go"), {"to": "day", "next": "/competitions/"})

        assert (answer.status_code, answer["Location"]) == (302, "/competitions/")
        assert "2020 ж. 21 мамыр" in client.get("/").content.decode()

    def test_a_step_signs_in_and_stays_done_after_the_next_person_signs_in(self, demo, client):
        page = client.post(reverse("demo:step", args=["ngo", 1]), follow=True)
        assert page.context["actor"].user == cast.user("aliya")
        assert reverse("demo:step", args=["ngo", 2]) in page.content.decode()  # the bar leads on

        client.post(reverse("demo:step", args=["operator", 1]))
        page = client.get(reverse("demo:tour", args=["ngo"]))
        assert page.context["actor"].user == cast.user("gulnara")
        assert (page.context["done"], page.context["onward"].number) == (1, 2)

        client.post(reverse("demo:anew", args=["ngo"]))
        assert client.get(reverse("demo:tour", args=["ngo"])).context["done"] == 0
        assert client.get(reverse("demo:tour", args=["operator"])).context["done"] == 1

    def test_only_a_step_that_lies_ahead_moves_the_clock_to_its_stage(
        self, demo, client, monkeypatch
    ):
        went: list[object] = []
        monkeypatch.setattr(travel, "go", went.append)
        client.post(reverse("demo:step", args=["expert", 1]))
        client.post(reverse("demo:step", args=["ngo", 1]))

        assert went == [story.STAGES["submitted"]]

    @pytest.mark.parametrize("way", [["nobody", 1], ["ngo", 0], ["ngo", 999]])
    def test_there_is_no_step_that_is_on_no_tour(self, demo, client, way):
        assert client.post(reverse("demo:step", args=way)).status_code == 404
        assert client.get(reverse("demo:step", args=["ngo", 1])).status_code == 405

    @pytest.mark.parametrize("next_page", ["https://example.org/", "//example.org", ""])
    def test_travelling_never_leads_to_another_site(self, demo, client, next_page):
        answer = client.post(reverse("demo:go"), {"to": "day", "next": next_page})

        assert answer["Location"] == reverse("demo:guide")

    def test_travelling_goes_only_forward(self):
        with clock.frozen(SUBMITTED), pytest.raises(Refused) as refused:
            travel.go(ANNOUNCED)

        assert [finding.code for finding in refused.value.findings] == ["only_forward"]
        assert Competition.objects.get().state == "announced"

    def test_a_button_of_an_old_page_is_refused_in_words(self, demo, client):
        answer = client.post(reverse("demo:go"), {"to": "announced"})

        assert answer.status_code == 409
        assert "тек алға жүреді" in answer.content.decode()

    def test_two_do_not_travel_at_once(self):
        Travel.objects.update(moving_since=ANNOUNCED)

        with clock.frozen(ANNOUNCED), pytest.raises(Refused) as refused:
            travel.go(SUBMITTED)
        assert [finding.code for finding in refused.value.findings] == ["somebody_travels"]
        # Whoever got lost on the way does not keep the clock for ever.
        with clock.frozen(ANNOUNCED + travel.PATIENCE + timedelta(seconds=1)):
            assert travel.go(ANNOUNCED + timedelta(days=1)).played

    @pytest.mark.req("GR-A-04", "GR-C-10")
    @pytest.mark.once
    def test_until_past_the_deadline_the_others_go_on_and_what_visitors_did_stays_theirs(self):
        asked = Question.objects.get(answered_at=None)
        entry = star()
        draft = found.application(entry, "draft")
        assert draft is not None
        with clock.frozen(ANNOUNCED + timedelta(minutes=1)):
            question.answer(asked, "Келушінің жауабы", actor=cast.actor("gulnara"))
            mine = {"sustainability/continuation": "Менің сөзім"}
            acceptance.write(draft, "GRANT-A4", 0, mine, cast.actor("aliya"))

        with clock.frozen(ANNOUNCED + timedelta(hours=1)):
            stop = travel.next_stop()
            assert stop is not None
            told = travel.go(stop.at)

        asked.refresh_from_db()
        part = ApplicationPart.objects.get(application=draft, form="GRANT-A4")
        draft.refresh_from_db()
        assert told.overtaken == 0
        assert asked.answer == "Келушінің жауабы"
        assert part.data["sustainability"]["continuation"] == "Менің сөзім"
        assert draft.state == "submitted"
        competition = Competition.objects.get()
        assert competition.state == "checking"
        assert competition.closes_at is not None
        assert competition.closes_at < stop.at < competition.closes_at + timedelta(seconds=2)
        assert competition.applications.filter(state="submitted").count() == 28
        assert found.panel().applicants.count() == 28

    @pytest.mark.once
    def test_where_visitors_made_something_else_of_it_the_story_steps_aside(self):
        by_time = sorted((e.submitted, e.ngo) for e in data.entries() if e.submitted)
        (_at, first), (at, second) = by_time[:2]
        with clock.frozen(ANNOUNCED + timedelta(minutes=1)):
            draft = Application.objects.get(organisation=cast.body(first))
            cast.body(first).memberships.update(ends_on="2020-05-20")

        with clock.frozen(ANNOUNCED + timedelta(hours=1)):
            told = travel.go(at.replace(tzinfo=clock.ALMATY) + timedelta(seconds=1))

        draft.refresh_from_db()
        assert told.overtaken == 1
        assert draft.state == "draft"
        assert Application.objects.get(organisation=cast.body(second)).state == "submitted"


@pytest.mark.django_db
@pytest.mark.usefixtures("announced")
def test_the_cast_cannot_be_entered_where_the_demonstration_was_switched_off(client):
    assert client.post(reverse("demo:sign_in", args=["gulnara"])).status_code == 404
    assert "demo-bar" not in client.get("/").content.decode()


def test_what_is_streamed_after_a_request_is_made_at_its_time():
    def chunks():
        yield clock.now().isoformat().encode()
        yield clock.now().isoformat().encode()

    ahead = timedelta(days=-2000)
    said = list(at_the_same_time(chunks(), ahead))

    with clock.ahead(ahead):
        now = clock.now()
    assert all(abs((now - clock_of(one)).total_seconds()) < 60 for one in said)


def clock_of(said: bytes):
    from datetime import datetime

    return datetime.fromisoformat(said.decode())


def star():
    """The application of Aliya's NGO."""
    entry = data.entry_of("25", cast.bodies()["aqqu"].bin)
    assert entry is not None
    return entry


def missing(application):
    from ortaq.grants.content import checks
    from ortaq.grants.queries.application import whole_of
    from ortaq.law.findings import stops

    assert acceptance.amount(application, 0) == 5_285_000_00
    return stops(checks.everything(whole_of(application)))
