"""The tours: a step signs in, moves the clock and opens its page; a visitor goes on where they stopped."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.urls import reverse

from ortaq.demo import cast, path, story, tours, travel
from ortaq.demo.tours import progress
from ortaq.law import citing

STEP = "demo:step"


def test_everybody_on_the_path_has_a_tour_and_every_clause_is_one_that_is_kept():
    legs = {leg.key for part in path.PARTS for leg in part.legs}
    people = [key for tour in tours.TOURS for key in tour.people]
    assert legs <= set(people)
    assert len(people) == len(set(people))
    cites = {step.leg.cite for tour in tours.TOURS for step in tour.steps} - {""}
    assert [
        cite for cite in cites if not (found := citing.read(cite)) or not citing.rule(found)
    ] == []


@pytest.mark.parametrize(
    "written", ["", "x" * 2000, "ngo.1~ngo.1.2;", "ngo.99999", "~", "<script>"]
)
def test_a_cookie_that_is_not_ours_tells_nothing(written):
    request = RequestFactory().get("/")
    request.COOKIES[progress.COOKIE] = written
    assert progress.read(request) == progress.Progress()


@pytest.mark.django_db
@pytest.mark.usefixtures("announced")
class TestOnADemonstration:
    def test_a_step_signs_in_and_stays_done_after_the_next_person_signs_in(self, demo, client):
        page = client.post(reverse(STEP, args=["ngo", 1]), follow=True)
        assert page.context["actor"].user == cast.user("aliya")
        assert reverse(STEP, args=["ngo", 2]) in page.content.decode()  # the bar leads on

        client.post(reverse(STEP, args=["operator", 1]))
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
        client.post(reverse(STEP, args=["expert", 1]))
        client.post(reverse(STEP, args=["ngo", 1]))

        assert went == [story.STAGES["submitted"]]

    @pytest.mark.parametrize("way", [["nobody", 1], ["ngo", 0], ["ngo", 999]])
    def test_there_is_no_step_that_is_on_no_tour(self, demo, client, way):
        assert client.post(reverse(STEP, args=way)).status_code == 404
        assert client.get(reverse(STEP, args=["ngo", 1])).status_code == 405
