"""Whoever follows one page hears of it and of what comes of it, and of nothing else."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from ortaq.core.keys import key_of
from ortaq.core.models import Letter
from ortaq.gazette import keeping
from ortaq.gazette.models import Publication
from ortaq.grants.tests import outcome_scenes as grants
from ortaq.subscriptions.models import Reader, Subscription
from ortaq.subscriptions.procedure import digest

from .scenes import publish

pytestmark = pytest.mark.django_db
STRANGER = "stranger@example.kz"
ATOM, CALENDAR = "/feeds/publications.atom", "/feeds/deadlines.ics"
ONE = {1: {"aliya": 20, "dana": 18}}


@pytest.fixture
def reader():
    return Client(headers={"accept-language": "ru"})


@pytest.fixture
def scene(clock):
    """A competition whose results are ready and not published."""
    found = grants.prepared(clock, ONE)
    keeping.catch_up()
    return found


def follow(reader, key, **other):
    """Through the form of the link, and by the link of the letter."""
    page = reader.get(reverse("subscriptions:subscribe") + f"?page={key}")
    assert f'name="page" value="{key}"' in page.text
    given = {"address": STRANGER, "frequency": "at_once", "page": key, **other}
    reader.post(reverse("subscriptions:subscribe"), given)
    row = Reader.objects.get()
    assert not Subscription.objects.exclude(confirmed_at=None).exists()
    (path,) = re.findall(
        r"(/subscriptions/[\w-]{43}/)$",
        Letter.objects.get(kind__startswith="confirm").body,
        re.MULTILINE,
    )
    assert row.token in path
    pks = list(row.subscriptions.values_list("pk", flat=True))
    reader.post(reverse("subscriptions:confirm", args=[row.token]), {"row": pks})
    return Subscription.objects.exclude(confirmed_at=None).get()


def test_the_page_of_a_competition_leads_to_a_subscription_that_tells_its_results_alone(reader, scene, clock):  # fmt: skip
    competition = scene.competition
    key = key_of(competition)
    address = reverse("subscriptions:subscribe") + f"?page={key.replace(':', '%3A')}"
    shown = reader.get(reverse("grants:competition", args=[competition.pk]))
    assert f'href="{address}"' in shown.text
    row = follow(reader, key)
    assert row.filters == f"page={key.replace(':', '%3A')}"
    publish("Бөтен", body=competition.operator)
    assert digest.send()[0] == 0
    clock.travel(minutes=1)
    scene.take("publish")
    keeping.catch_up()
    assert digest.send()[0] == 1
    letter = Letter.objects.get(kind__startswith="digest")
    awards = Publication.objects.filter(kind="grant")
    assert awards.count() == 1
    for one in [*awards, Publication.objects.get(key=key)]:
        assert one.address in letter.body
    assert "Бөтен" not in letter.body
    assert competition.title_ru in letter.title or competition.title_kk in letter.title
    assert digest.send()[0] == 0
    # One click ends it, without signing in, and nothing is left of the address.
    Client(enforce_csrf_checks=True).post(reverse("subscriptions:end", args=[row.reader.token, row.pk]))  # fmt: skip
    assert not Reader.objects.exists()


def test_feed_and_calendar_of_a_page_tell_it_however_long_ago_it_changed(
    reader, scene, monkeypatch
):
    monkeypatch.setattr("ortaq.subscriptions.queries.NEWS", 1)
    competition, key = scene.competition, key_of(scene.competition)
    scene.take("publish")
    keeping.catch_up()
    for number in range(3):
        publish(f"Бөтен {number}")
    told = reader.get(f"{ATOM}?page={key}").text
    assert told.count("<entry>") == 2
    assert "Бөтен" not in told
    assert reader.get(f"{ATOM}?page={key}&kind=grant").text.count("<entry>") == 1
    terms = reader.get(f"{CALENDAR}?page={key}")
    assert terms.status_code == 200
    assert "Бөтен" not in terms.text
    assert reverse("grants:results", args=[competition.pk]) in told


@pytest.mark.parametrize(
    "key",
    ["x", "grants.competition:", "grants.competition:0", "grants.competition:999999", "grants.competition:1%00", "people.user:1",
     "registry.ngo:1", "grants.competition:" + "9" * 40, "<script>", "grants.application:1"],
)  # fmt: skip
def test_a_page_that_is_not_public_cannot_be_followed_and_absent_looks_like_hidden(reader, key):
    for feed in (ATOM, CALENDAR):
        answer = reader.get(f"{feed}?page={key}")
        assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
    page = reader.get(reverse("subscriptions:subscribe") + f"?page={key}")
    assert (page.status_code, "<script>alert" in page.text) == (200, False)
    assert 'name="page" value=' not in page.text
    given = {"address": STRANGER, "frequency": "daily", "page": key.replace("%00", "\0")}
    assert reader.post(reverse("subscriptions:subscribe"), given).status_code == 422
    assert not Reader.objects.exists()


def test_many_followed_pages_are_named_in_a_fixed_number_of_queries(reader, scene, django_assert_max_num_queries):  # fmt: skip
    row = follow(reader, key_of(scene.competition))
    other = publish("Жоғалған", key="grants.plan:900")
    Subscription.objects.create(reader=row.reader, filters=f"page={other.key}", confirmed_at=row.confirmed_at)  # fmt: skip
    Publication.objects.filter(pk=other.pk).update(withdrawn=True)
    with django_assert_max_num_queries(6):
        page = reader.get(reverse("subscriptions:manage", args=[row.reader.token]))
    assert "страница, которая сейчас не публична" in page.text.lower()
    assert "Жоғалған" not in page.text
