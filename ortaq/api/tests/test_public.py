"""What everybody reads: narrowed, page by page, cheaply asked again, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from ortaq.gazette import keeping
from ortaq.gazette.models import Publication
from ortaq.people.models import Organisation
from ortaq.projects.models import Contract
from ortaq.projects.procedure import presentation
from ortaq.registry.procedure import ngo as register

from .scenes import Program, Room, about, codes, remembering, room

pytestmark = pytest.mark.django_db
ANYBODY = Program("")


@pytest.fixture
def here(clock) -> Room:
    made = room(clock)
    said: dict[str, Any] = {"summary_kk": "Нәтиже", "summary_ru": "", "version": 0}
    presentation.write(made.project, **said, actor=made.people.aliya)
    presentation.publish(made.project, actor=made.people.aliya)
    register.enter(Organisation.objects.filter(kind="ngo"))
    keeping.write_all()
    return made


@pytest.mark.req("SO-G-07")
def test_publications_are_narrowed_and_paged_without_a_token(here, django_assert_num_queries):
    every = ANYBODY.get("publications/").json()
    assert every["watermark"] == Publication.objects.latest("sequence").sequence
    keys = [one["key"] for one in every["items"]]
    paged, asked = [], "publications/?limit=1"
    while asked:
        page = ANYBODY.get(asked).json()
        paged += [one["key"] for one in page["items"]]
        asked = page["next"] and f"publications/?limit=1&after={page['next']}"
    assert (paged, len(keys)) == (keys, len(set(keys)))
    (contract,) = ANYBODY.get("publications/?kind=contract").json()["items"]
    signed = Contract.objects.get()
    assert (contract["sum_tiyn"], contract["recipient"]["bin"]) == (signed.sum_tiyn, here.people.ngo.bin)  # fmt: skip
    assert ANYBODY.get(f"publications/{contract['key']}/").json() == contract
    assert ANYBODY.get("publications/grants.competition:1/").status_code == 404
    for asked in (f"recipient={here.people.ngo.bin}", f"body={here.people.operator.bin}", "year=2020&instrument=grant"):  # fmt: skip
        assert contract["key"] in [
            one["key"] for one in ANYBODY.get(f"publications/?{asked}").json()["items"]
        ]
    assert ANYBODY.get("publications/?year=2019").json()["items"] == []
    with django_assert_num_queries(4):  # two for the page, two for the last number
        ANYBODY.get("publications/?limit=99")


def test_an_answer_is_kept_ready_until_something_changes(here, settings, django_assert_num_queries):
    settings.CACHES = remembering("pages")
    first = ANYBODY.get("publications/?limit=99")
    with django_assert_num_queries(1):  # only the last number of the gazette is asked
        assert ANYBODY.get("publications/?limit=99").json() == first.json()
    again = ANYBODY.get("publications/?limit=99", **{"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert "Cookie" not in again["Vary"]
    one = Publication.objects.latest("sequence")
    Publication.objects.filter(pk=one.pk).update(sequence=one.sequence + 1, state="other")
    anew = ANYBODY.get("publications/?limit=99", **{"If-None-Match": first["ETag"]})
    assert anew.json()["watermark"] == one.sequence + 1


def test_absurd_filters_are_refused_with_their_names(here):
    for asked, named in (
        ("kind=unicorn", {"kind"}),
        ("region=ZZ&field=nothing", {"field"}),
        ("limit=101", {"limit"}),
        ("after=yesterday", {"after"}),
        ("since=99999999999999999999999", {"since"}),
        ("year=20200", {"year"}),
        ("body=123", {"body"}),
        ("colour=red&size=1", {"colour", "size"}),
    ):
        answer = ANYBODY.get(f"publications/?{asked}")
        assert (answer.status_code, about(answer)) == (422, named), asked
    assert ANYBODY.get("publications/?field=" + "x" * 5000).status_code == 400
    assert codes(Client().post("/api/v1/publications/")) == {"wrong_method"}
    assert codes(Client().put("/api/v1/publications/")) == {"wrong_method"}
    assert Client().get("/api/v1/nothing/").json()["error"] == "not_found"


def test_whoever_reads_on_gets_each_change_once_and_what_is_withdrawn_by_name(here):
    seen, after = [], 0
    while page := ANYBODY.get(f"changes/?after={after}&limit=2").json():
        seen += [one["sequence"] for one in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert (seen, after) == (sorted(seen), page["watermark"])
    one = Publication.objects.get(kind="contract")
    Publication.objects.filter(pk=one.pk).update(withdrawn=True, sequence=after + 1, facts={})
    (gone,) = ANYBODY.get(f"changes/?after={after}").json()["items"]
    assert (gone["key"], gone["withdrawn"]) == (one.key, True)
    assert one.key not in [one["key"] for one in ANYBODY.get("publications/").json()["items"]]
    assert ANYBODY.get(f"publications/?since={after}").json()["items"] == []


def test_what_has_not_changed_is_not_sent_twice_and_no_cookie_is_looked_at(here):
    answer = ANYBODY.get("publications/")
    assert (answer["Cache-Control"], answer["Access-Control-Allow-Origin"]) == ("public, max-age=60", "*")  # fmt: skip
    assert "Cookie" not in answer["Vary"]
    again = ANYBODY.get("publications/", **{"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = Client().head("/api/v1/publications/")
    assert (head.status_code, head.content) == (200, b"")
    browser = Client()
    browser.force_login(here.people.aliya.user)
    assert browser.get("/api/v1/publications/").content == answer.content
    assert not browser.get("/api/v1/publications/").cookies


def test_a_network_that_asks_too_often_waits(here, settings, monkeypatch):
    monkeypatch.setattr("ortaq.api.limits.seconds", lambda: 2_000_000_010)
    settings.CACHES = remembering("limits")
    settings.ORTAQ_API_ADDRESS_LIMIT = 2
    reader = Client(REMOTE_ADDR="8.8.4.4")
    asked = [reader.get("/api/v1/regions/").status_code for _ in range(3)]
    assert asked == [200, 200, 429]
    late = reader.get("/api/v1/own/", headers={"Authorization": "Bearer x"})
    assert (late.status_code, late["Retry-After"]) == (429, "30")
    assert Client(REMOTE_ADDR="8.8.8.8").get("/api/v1/regions/").status_code == 200


def test_sums_of_money_are_those_of_the_publications(here):
    signed = Contract.objects.get()
    for by in ("year", "field", "region", "instrument", "body", "recipient"):
        money = ANYBODY.get(f"money/?by={by}&of=contracted").json()
        assert money["sum_tiyn"] == signed.sum_tiyn == sum(one["sum_tiyn"] for one in money["items"])  # fmt: skip
    money = ANYBODY.get("money/?by=recipient").json()
    assert (money["items"][0]["value"], money["items"][0]["name"]["kk"]) == (here.people.ngo.bin, here.people.ngo.name_kk)  # fmt: skip
    assert ANYBODY.get("money/?by=recipient&year=2019").json()["items"] == []


def test_ngos_of_the_register_are_searched_and_shown(here, django_assert_num_queries):
    found = ANYBODY.get("ngos/?q=әлем").json()
    assert [one["bin"] for one in found["items"]] == [here.people.ngo.bin]
    assert ANYBODY.get(f"ngos/{here.people.ngo.bin}/").json()["publications"] == 3
    assert ANYBODY.get(f"ngos/{here.people.operator.bin}/").status_code == 404
    assert ANYBODY.get("ngos/000/").status_code == 404
    with django_assert_num_queries(3):
        ANYBODY.get(f"ngos/{here.people.ngo.bin}/")


def test_the_law_answers_and_says_why_it_cannot(db):
    due = ANYBODY.get("law/due/?act=grants_rules&edition=2020&term=scoring&from=2020-06-15").json()
    assert due["due_on"] > due["start"] == "2020-06-15"
    assert due["term"]["cite"]["act"] == "grants_rules"
    for asked in ("act=grants_rules&edition=1999&term=scoring&from=2020-06-15", "act=grants_rules&edition=2020&term=x&from=2020-06-15", "act=grants_rules&edition=2020&term=scoring&from=9999-12-31"):  # fmt: skip
        answer = ANYBODY.get(f"law/due/?{asked}")
        assert (answer.status_code, codes(answer)) == (422, {"unanswerable"}), asked
    assert len(ANYBODY.get("law/terms/?act=grants_rules&edition=2020").json()) > 3
    assert {"grants_rules"} <= {one["act"] for one in ANYBODY.get("law/editions/").json()}
    assert len(ANYBODY.get("regions/").json()) >= 20
    assert len(ANYBODY.get("fields/").json()) > 10
