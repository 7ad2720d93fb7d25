"""A competition of which every topic fails by its counters: it ends without a commission."""

from __future__ import annotations

import pytest
from django.test import Client

from ortaq.core.models import Duty
from ortaq.core.procedure import Refused
from ortaq.documents.render import html
from ortaq.grants.models import Outcome
from ortaq.grants.papers.protocol import protocol_paper
from ortaq.grants.procedure.admissibility import CHECK
from ortaq.grants.procedure.competition_scoring import counters
from ortaq.review.models import Panel

from . import outcome_scenes as scenes

pytestmark = pytest.mark.django_db

FAILED: scenes.Plan = {1: {}, 2: {"aliya": 0}, 3: {"aliya": None, "dana": 0}}


def codes(refused) -> set[str]:
    return {finding.code for finding in refused.value.findings}


@pytest.mark.req("GR-S-14", "GR-S-15", "GR-X-01")
def test_the_operator_goes_from_the_check_to_the_results_page_by_page(clock):
    scene = scenes.checked(clock, FAILED)
    operator = scene.client("gulnara")
    manage = f"/competitions/{scene.competition.pk}/manage/"
    outcomes = f"/competitions/{scene.competition.pk}/outcomes/"

    page = operator.get(manage)
    assert page.context["decides"]
    assert page.context["offers"] == []  # nobody is asked for a commission
    assert outcomes in page.content.decode()
    with pytest.raises(Refused) as refused:
        scene.take("begin_scoring")
    assert codes(refused) == {"nothing_to_score", "commission_not_final"}

    page = operator.get(outcomes)
    assert {name for name, offer in page.context["offers"].items() if offer.open} == {"prepare"}
    operator.post(f"{outcomes}prepare/")
    operator.post(f"{outcomes}protocol/", {"number": "1"})
    assert operator.post(f"{outcomes}publish/").status_code == 302

    scene.competition.refresh_from_db()
    assert scene.competition.state == "published"
    assert [o.kind for o in Outcome.objects.order_by("lot__position")] == ["F1", "F2", "F3"]
    assert scene.application(2, "aliya").state == "lot_failed"
    assert list(counters(scene.competition).values()) == [(0, 0), (1, 0), (2, 1)]
    public = Client().get(f"/competitions/{scene.competition.pk}/results/")
    assert [one.outcome.kind for one in public.context["results"]] == ["F1", "F2", "F3"]
    assert "Ұсынылған өтінімдердің болмауы" in public.content.decode()
    # The commission that was never needed owes nothing any more.
    assert Panel.objects.get().state == Panel.State.CLOSED
    assert not Duty.objects.filter(subject__startswith="review.panel", done_at=None).exists()
    assert operator.get(manage).status_code == 200
    assert operator.get(f"/review/panels/{scene.panel.pk}/").status_code == 200


@pytest.mark.req("GR-S-14")
def test_its_protocol_tells_of_topics_and_of_no_meeting(clock):
    scene = scenes.checked(clock, {1: {}})
    scene.take("prepare")
    scene.take("draw_up", number="7")
    paper = str(html(protocol_paper(scene.competition.protocol, "ru")))
    assert "ПРОТОКОЛ ИТОГОВ КОНКУРСА № 7" in paper
    assert "Отсутствие представленных заявок" in paper
    assert "Состав комиссии" not in paper
    assert "Ход заседания" not in paper


@pytest.mark.req("GR-S-14", "GR-A-23")
def test_with_anything_to_score_or_to_check_the_outcomes_stay_closed(clock):
    scene = scenes.checked(clock, {1: {}, 2: {"aliya": 20, "dana": 18}})
    for step in ("prepare", "draw_up", "publish"):
        with pytest.raises(Refused) as refused:
            scene.take(step, number="1")
        assert "scoring_ahead" in codes(refused)
    operator = scene.client("gulnara")
    assert not operator.get(f"/competitions/{scene.competition.pk}/manage/").context["decides"]
    assert (
        operator.post(f"/competitions/{scene.competition.pk}/outcomes/publish/").status_code == 409
    )


@pytest.mark.req("GR-S-14")
def test_a_delivery_registered_after_preparing_stops_the_publication(clock):
    scene = scenes.checked(clock, {1: {"aliya": 0}})
    scene.take("prepare")
    scene.take("draw_up", number="1")
    other = scene.application(1, "aliya")
    other.pk, other.number, other.organisation = None, "2020-1-00099", scene.cast.rival
    other.save()
    with pytest.raises(Refused) as refused:
        scene.take("publish")
    assert codes(refused) == {"checks_open", "outcomes_outdated", "protocol_outdated"}


@pytest.mark.req("GR-S-15")
def test_the_only_application_for_a_topic_is_neither_admitted_nor_refused(clock):
    scene = scenes.checked(clock, {1: {"aliya": 0}})
    for step in ("admit", "refuse"):
        with pytest.raises(Refused) as refused:
            CHECK.take(step, scene.application(1, "aliya"), actor=scene.cast.gulnara)
        assert "only_application" in codes(refused)
