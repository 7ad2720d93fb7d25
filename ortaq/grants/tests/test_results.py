"""Pages of results: everybody's, the applicant's own, the operator's before them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq import law
from ortaq.grants.models import Outcome
from ortaq.grants.queries import outcome as queries

from . import outcome_scenes as scenes
from .test_outcome import EVERY

# The steps behind these pages are tested on both databases by `test_outcome`.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def results(scene) -> str:
    return reverse("grants:results", args=[scene.competition.pk])


@pytest.mark.req("GR-S-17", "GR-S-14")
def test_everybody_reads_how_each_topic_ended_and_nobody_a_members_sheet(clock):
    scene = scenes.published(clock, EVERY)

    page = Client().get(results(scene)).content.decode()

    assert "«Әлем» қоғамдық қоры" in page
    assert "20" in page
    for ground in ("F1", "F2", "F3", "F4", "F5"):
        known = law.edition("grants_rules", "2020").ground("failure_grounds", ground)
        assert known.text.say("kk") in page
    for person in scene.experts:
        assert person.surname not in page
    assert scene.cast.rival.name_kk not in page  # who lost is not named


@pytest.mark.req("GR-S-17")
def test_points_by_criterion_are_those_of_all_members_and_add_up_to_the_total(clock):
    scene = scenes.published(clock, EVERY)
    (won,) = [one for one in queries.results(scene.competition) if one.outcome.winner]
    assert sum(given for _one, given, _most in won.criteria) == won.outcome.points
    assert [most for _one, _given, most in won.criteria] == [15, 9, 21, 15, 15]
    page = Client().get(results(scene)).content.decode()
    assert won.criteria[0][0].label.kk in page
    # Of two sheets a sum would let one member tell what the other gave.
    Outcome.objects.filter(pk=won.outcome.pk).update(sheets=2)
    assert not any(one.criteria for one in queries.results(scene.competition))


def test_before_publication_the_public_page_says_only_that(clock):
    scene = scenes.prepared(clock, {1: {"aliya": 20, "dana": 18}})

    page = Client().get(results(scene)).content.decode()

    assert "Қорытындылар әлі жарияланған жоқ" in page
    assert "Әлем" not in page


@pytest.mark.req("GR-S-15")
def test_applicants_see_their_own_result_and_not_a_rivals(clock):
    scene = scenes.published(clock, EVERY)
    own = reverse("grants:result", args=[scene.application(1, "dana").pk])
    failed = reverse("grants:result", args=[scene.application(3, "aliya").pk])

    dana = scene.client("dana").get(own).content.decode()
    assert "18 &gt; 12,5" in dana
    assert "«Әлем» қоғамдық қоры" in dana
    assert scene.client("aliya").get(own).status_code == 404
    assert Client().get(own).status_code == 302
    assert "Бұл Сіздің өтініміңізден бас тарту емес" in (
        scene.client("aliya").get(failed).content.decode()
    )
    assert scene.client("gulnara").get(own).status_code == 200


def test_an_own_result_does_not_exist_before_publication(clock):
    scene = scenes.prepared(clock, {1: {"aliya": 20, "dana": 18}})
    address = reverse("grants:result", args=[scene.application(1, "aliya").pk])

    for actor in (scene.cast.aliya, scene.cast.gulnara):
        assert scene.client(actor).get(address).status_code == 404


def test_the_operator_sees_no_outcomes_before_the_meeting(clock):
    scene = scenes.scoring_begun(clock, {1: {"aliya": 20, "dana": 18}})
    clock.set(scenes.SCORED)
    for who in ("aliya", "dana"):
        scenes.sign(scene.experts[0], scene.application(1, who), 20)
    client = scene.client("gulnara")

    page = client.get(reverse("grants:outcomes", args=[scene.competition.pk])).content.decode()

    assert "Комиссия отырысы басталған жоқ" in page
    lot = reverse("grants:outcome_lot", args=[scene.competition.pk, scene.lot(1).pk])
    assert client.get(lot).status_code == 404
    letters = reverse("grants:outcomes_letters", args=[scene.competition.pk])
    assert client.get(letters).status_code == 404


@pytest.mark.req("GR-S-12", "GR-S-13")
def test_the_operators_pages_lead_from_points_to_publication(clock):
    scene = scenes.closed(clock, {1: {"aliya": 20, "dana": 18}, 2: {"aliya": 16, "dana": 16}})
    client, pk = scene.client("gulnara"), scene.competition.pk
    outcomes = reverse("grants:outcomes", args=[pk])

    lot = client.get(reverse("grants:outcome_lot", args=[pk, scene.lot(1).pk])).content.decode()
    assert "2 × 60 = 120 &gt; 3 × 25 = 75" in lot
    client.post(reverse("grants:outcomes_prepare", args=[pk]))
    letters = client.get(reverse("grants:outcomes_letters", args=[pk])).content.decode()
    assert "грантты жеңіп алды" in letters
    client.post(reverse("grants:protocol_draw_up", args=[pk]), {"number": "5"})
    assert "№ 5 хаттама" in client.get(outcomes).content.decode()
    client.post(reverse("grants:outcomes_publish", args=[pk]))

    assert "жеңімпаз" in Client().get(results(scene)).content.decode()
    after = client.get(outcomes).content.decode()
    assert "Шартты дайындау" in after
    again = client.post(reverse("grants:outcomes_publish", args=[pk]))
    assert again.status_code == 409


def test_a_number_that_is_missing_is_said_beside_its_field(clock):
    scene = scenes.closed(clock, {1: {"aliya": 20, "dana": 18}})
    client = scene.client("gulnara")
    client.post(reverse("grants:outcomes_prepare", args=[scene.competition.pk]))

    answer = client.post(reverse("grants:protocol_draw_up", args=[scene.competition.pk]), {})

    assert answer.status_code == 422
    assert "has-errors" in answer.content.decode()


def test_pages_read_a_fixed_number_of_rows(clock):
    one = scenes.published(clock, {1: {"aliya": 20, "dana": 18}})
    counted = [queries_of(one, address) for address in addresses(one)]
    three = scenes.published(
        clock,
        {1: {"aliya": 20, "dana": 18}, 2: {"aliya": 16, "dana": 15}, 3: {"aliya": 9, "dana": 8}},
    )

    assert [queries_of(three, address) for address in addresses(three)] == counted
    # session and person, competition, lots with outcomes, repeated lots
    assert counted[0] <= 4


def addresses(scene) -> list[tuple[str, bool]]:
    pk = scene.competition.pk
    return [
        (results(scene), False),
        (reverse("grants:outcomes", args=[pk]), True),
        (reverse("grants:outcome_lot", args=[pk, scene.lot(1).pk]), True),
        (reverse("grants:outcomes_letters", args=[pk]), True),
    ]


def queries_of(scene, asked: tuple[str, bool]) -> int:
    address, signed_in = asked
    client = scene.client("gulnara") if signed_in else Client()
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)
