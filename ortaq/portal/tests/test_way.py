"""The way of a topic, walked by the real steps: what the public page says at each stage."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.planning.models import Topic
from ortaq.planning.procedure import council as council_procedure
from ortaq.planning.procedure.formation import FORMATION
from ortaq.planning.tests import budget_scenes, scenes
from ortaq.portal.queries import way
from ortaq.tenders.tests import commission_scenes

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def phases(topic: Topic) -> list[str]:
    found = way.way(way.topics().get(pk=topic.pk))
    return [one.phase for one in found.milestones]


def test_the_way_goes_on_with_each_step_and_ends_where_the_council_is_followed(clock, client):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat, 2)
    first, second = formation.topics.order_by("position")
    found = way.way(way.topics().get(pk=first.pk))
    assert [one.phase for one in found.milestones] == ["done", "done", "now", *["ahead"] * 5]
    assert found.next is not None
    assert found.next.at == formation.closes_at
    assert found.next.cite is not None

    scenes.a_comment(formation, cast.aliya, "Құпия емес пікір", topic=first)
    scenes.reported(clock, formation, cast.saule)
    assert phases(first)[2:4] == ["done", "now"]
    scenes.a_council(cast.saule, cast.akimat, cast.saule)
    FORMATION.take("submit", formation, actor=cast.saule, plan_year=2024)
    council = cast.akimat.councils.get()
    session = scenes.advised(
        scenes.a_session(council, cast.saule), cast.saule, "include", "exclude"
    )
    assert session.sent_at is not None
    assert phases(second)[3] == "now"  # nobody is told before the list is formed
    every = {first.pk: "listed", second.pk: "dropped"}
    facts: dict[str, Any] = {
        "topics": every,
        "reasons": {second.pk: ("Бар қызмет", "Такая услуга есть")},
    }
    FORMATION.take("form_list", formation, actor=cast.saule, **facts)
    assert phases(second) == ["done", "done", "done", "end"]
    assert council_procedure.waiting(council).count() == 0

    first.refresh_from_db()
    budget_scenes.specified(cast.saule, first)
    assert way.way(way.topics().get(pk=first.pk)).milestones[4].links == ()
    budget_scenes.a_request(cast.saule, first)
    FORMATION.take("request", formation, actor=cast.saule)
    page = client.get(reverse("portal:way", args=[first.pk])).content.decode()
    assert page.count('aria-current="step"') == 1
    assert "Құпия емес пікір" not in page  # comments stand on their own page
    assert "Әлия" not in page


def test_the_winner_is_named_once_results_are_published_and_queries_do_not_grow(clock, client):
    bids = {"Дана": ("1+1+3+1+1+2", 9_000_000), "Әлия": ("1+1+3+2+1+2", 9_900_000)}
    review = commission_scenes.a_review(clock, 10_000_000, bids)
    topic = review.lot.topic
    for name, (points, _tenge) in bids.items():
        review.adopt(name, points)
    review.take("decide")
    found = way.way(way.topics().get(pk=topic.pk))
    assert [one.phase for one in found.milestones][-2:] == ["now", "ahead"]
    assert "Әлия" not in client.get(reverse("portal:way", args=[topic.pk])).content.decode()
    review.take("publish")

    for language, word in {"kk": "Жеңімпаз", "ru": "Победитель", "en": "Winner"}.items():
        client.cookies["ortaq_language"] = language
        page = client.get(reverse("portal:way", args=[topic.pk])).content.decode()
        assert word in page
        assert reverse("tenders:results", args=[review.tender.pk]) in page
    for address, most in (
        (reverse("portal:way", args=[topic.pk]), 12),
        (reverse("portal:ways"), 4),
    ):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address)
        assert len(asked) <= most
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("portal:ways"))
    scenes.published(clock, review.cast.nurlan, review.cast.ministry, 5)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("portal:ways"))
    assert len(many) == len(few)
