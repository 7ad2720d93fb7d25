"""The page of an NGO: what the rooms publish of it, and nothing sooner."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.oversight.tests import scenes as overseen
from ortaq.people.models import Organisation, Standing
from ortaq.portal.queries import ngo
from ortaq.projects.models import Presentation, Project
from ortaq.projects.tests import scenes as projects
from ortaq.registry.models import AnnualReturn
from ortaq.tenders.tests import commission_scenes
from ortaq.testing import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def page(client: Any, organisation: Organisation) -> str:
    answer = client.get(reverse("portal:ngo", args=[organisation.bin]))
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_a_tender_is_told_once_its_results_are_published(clock, client):
    bids = {"Дана": ("1+1+3+1+1+2", 9_000_000), "Әлия": ("1+1+3+2+1+2", 9_900_000)}
    review = commission_scenes.a_review(clock, 10_000_000, bids)
    results = reverse("tenders:results", args=[review.tender.pk])
    for name, (points, _tenge) in bids.items():
        review.adopt(name, points)
    review.take("decide")
    ngos = {name: review.bid(name).organisation for name in bids}
    assert all(results not in page(client, one) for one in ngos.values())
    review.take("publish")
    winner, loser = sorted(bids, key=lambda name: review.bid(name).place or 0)
    (work,) = ngo.life(ngo.ngos().get(pk=ngos[winner].pk)).works
    assert work.sum_tiyn == bids[winner][1] * 100
    won = page(client, ngos[winner])
    assert results in won
    assert reverse("portal:way", args=[review.lot.topic_id]) in won
    lost = ngo.life(ngo.ngos().get(pk=ngos[loser].pk))
    assert (lost.works, [bid.place for bid in lost.bids]) == ([], [2])
    # Whoever reads the results comes to the NGO from there.
    assert reverse("portal:ngo", args=[ngos[loser].bin]) in client.get(results).content.decode()


def test_results_of_a_project_count_once_they_are_published(clock, client):
    clock.set(overseen.NOW)
    project = overseen.ordered().project
    organisation = project.contract.grantee
    Project.objects.filter(pk=project.pk).update(points=18, answers=4, covered=41, events_held=3)
    own = project.contract.title
    assert own not in page(client, organisation)
    Presentation.objects.create(project=project, published_at=house_clock.now())
    found = ngo.life(ngo.ngos().get(pk=organisation.pk))
    assert (found.satisfaction, found.covered, found.sum_tiyn) == ("4,5", 41, 1_000_000 * 100)
    for language, words in {"kk": "4,5", "ru": "4,5", "en": "rating 4,5 of 5"}.items():
        client.cookies["ortaq_language"] = language
        told = page(client, organisation)
        assert words in told
        assert reverse("projects:results", args=[project.pk]) in told
    with CaptureQueriesContext(connection) as one:
        page(client, organisation)
    again = projects.running(projects.cast(), "77", source="award:2")
    type(again.contract).objects.filter(pk=again.contract_id).update(grantee=organisation)
    Presentation.objects.create(project=again, published_at=house_clock.now())
    with CaptureQueriesContext(connection) as two:
        page(client, organisation)
    assert len(one) == len(two) <= 14


@pytest.mark.req("NG-021", "NG-024")
def test_returns_are_told_year_by_year_and_facts_with_their_source(clock, client):
    clock.set(house_clock.at(date(2024, 5, 10), 12))
    organisation = factories.an_organisation(
        "ngo", email="qor@example.kz", phone="+7 700 000 00 07", registered_on=date(2020, 6, 1)
    )
    for year, sent_on, state in (
        (2021, date(2022, 3, 31), "approved"),
        (2022, date(2023, 4, 1), "approved"),
    ):
        AnnualReturn.objects.create(
            organisation=organisation, year=year, sent_on=sent_on, state=state, evidence="№ 1"
        )
    found = ngo.life(ngo.ngos().get(pk=organisation.pk))
    assert [(one.year, one.status) for one in found.filings] == [
        (2023, "absent"),
        (2022, "late"),
        (2021, "in_time"),
    ]
    facts = {"organisation": organisation, "source": "Сот актілерінің банкі"}
    Standing.objects.create(
        kind="bankruptcy", since=date(2024, 4, 1), evidence="ЖСН 800101300001", **facts
    )
    Standing.objects.create(
        kind="liquidation", since=date(2023, 1, 1), until=date(2023, 2, 1), evidence="№ 2", **facts
    )
    told = page(client, organisation)
    assert "Сот актілерінің банкі" in told
    assert told.count("Сот актілерінің банкі") == 1  # what has ended is past
    for personal in ("800101300001", "qor@example.kz", "+7 700 000 00 07"):
        assert personal not in told


def test_only_an_ngo_has_a_page(client):
    body = factories.an_organisation("state_body")
    for bin_ in (body.bin, "150140000012"):
        assert client.get(f"/ngos/{bin_}/").status_code == 404
