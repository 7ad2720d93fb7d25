"""The page of the search, for everybody."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.urls import reverse

from ortaq.gazette import keeping
from ortaq.planning.tests import scenes as planning

pytestmark = pytest.mark.django_db
ADDRESS = reverse("portal:search")


@pytest.fixture
def published(clock):
    cast = planning.cast()
    planning.published(clock, cast.saule, cast.akimat, topics=3)
    hidden = planning.a_draft(cast.nurlan, cast.ministry)
    planning.a_topic(hidden, cast.nurlan, title_kk="Құпия бүркіт", title_ru="Тайный беркут")
    keeping.catch_up()
    return cast


@pytest.mark.req("SO-G-07")
def test_everybody_finds_topics_in_any_form_and_goes_on_by_kind(published, client):
    page = client.get(ADDRESS, {"q": "тақырыптар"}).content.decode()
    assert "1-тақырып" in page
    assert "?q=%D1%82%D0%B0%D2%9B%D1%8B%D1%80%D1%8B%D0%BF%D1%82%D0%B0%D1%80&amp;kind=topic" in page
    assert "бүркіт" not in page
    assert (
        "1-тақырып" in client.get(ADDRESS, {"q": "nfrshsg"}).content.decode()
    )  # keys of "тақырып"


def test_a_draft_and_what_nobody_wrote_get_the_same_answer(published, client):
    hidden, absent = (
        client.get(ADDRESS, {"q": word}).content.decode().replace(word, "").replace(quote(word), "")
        for word in ("бүркіт", "жүйрік")
    )
    assert hidden == absent
    assert "Ештеңе табылған жоқ" in hidden


@pytest.mark.parametrize(
    "given",
    [
        {"q": "x" * 10_000},
        {"q": "\0"},
        {"q": '"OR heading:*'},
        {"q": "тақырып", "page": "1-" + "9" * 40},
        {"q": "тақырып", "kind": "'", "year": "-1", "region": "\0", "field": "none"},
        {"kind": "topic", "year": "none"},
        {},
    ],
)
def test_absurd_questions_get_a_plain_page(published, client, given):
    answer = client.get(ADDRESS, given)
    assert answer.status_code == 200


def test_a_page_costs_the_same_however_much_is_found(
    published, client, django_assert_max_num_queries
):
    for word in ("тақырып", "көмек"):
        with django_assert_max_num_queries(9):
            client.get(ADDRESS, {"q": word})
