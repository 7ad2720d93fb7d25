"""Releases and records of social orders: what they tell, that they keep the standard, that they never change."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from ortaq.core import clock as house_clock
from ortaq.gazette import keeping as gazette
from ortaq.opendata import exact, quality
from ortaq.opendata.models import Process, Release
from ortaq.opendata.ocds import events, families, keeping, parts
from ortaq.opendata.ocds.merging import compiled_of
from ortaq.tenders.models import Bid
from ortaq.tenders.tests import scenes as tendering

from . import scenes, standards

pytestmark = pytest.mark.django_db


def whole(response: Any) -> str:
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def read(client: Any, address: str) -> dict[str, Any]:
    found: dict[str, Any] = exact.loads(whole(client.get(f"/open-data/ocds/{address}")))
    return found


def told() -> list[tuple[str, str]]:
    return list(Release.objects.order_by("pk").values_list("event", "tag"))


def catch_up() -> int:
    return keeping.catch_up(everything=True).releases


@pytest.mark.req("SO-G-07")
def test_the_way_of_a_social_order_is_told_from_the_plan_to_the_results(clock, client):
    found = scenes.carried(clock)
    clock.travel(days=1)
    found.pay(1, 1_000_000_01, house_clock.today())
    found.present()
    assert catch_up() == 9
    assert told() == [
        ("planning", "planning"),
        ("discussed", "planningUpdate"),
        ("budget", "planningUpdate"),
        ("tender", "tender"),
        ("opening", "tenderUpdate"),
        ("award", "award tenderUpdate"),
        ("contract", "contract"),
        ("payment-1", "implementation"),
        ("results", "implementationUpdate"),
    ]
    package = read(client, "releases.json")
    assert [one["date"] for one in package["releases"]] == sorted(
        one["date"] for one in package["releases"]
    )
    text = whole(client.get("/open-data/ocds/releases.json"))
    assert '"amount":1000000.01' in text  # written digit by digit, never through a float
    assert [json.loads(line)["id"] for line in whole(
        client.get("/open-data/ocds/releases/2024.jsonl")
    ).splitlines()] == [one["id"] for one in package["releases"][3:]]  # fmt: skip
    (record,) = read(client, f"{Process.objects.get().ocid}/")["records"]
    compiled = record["compiledRelease"]
    assert record["releases"] == package["releases"]
    assert compiled == compiled_of(package["releases"])
    assert compiled["tender"]["status"] == "complete"
    assert compiled["bids"]["details"][0].keys() >= {"status", "value", "tenderers"}
    roles = {one["name_ru"]: one["roles"] for one in compiled["parties"] if "name_ru" in one}
    assert roles["Акимат Туркестанской области"] == ["buyer", "payer", "procuringEntity"]
    # No person is among it: neither who answers questions nor who signed.
    assert not [word for word in ("Сәуле", "+7 700", "contactPoint", "@") if word in text]


@standards.needed
@pytest.mark.req("SO-G-07")
def test_releases_and_records_keep_ocds_and_hide_no_field_from_its_readers(clock, client):
    found = scenes.carried(clock)
    found.pay(1, 1_000_000_01, house_clock.today())
    found.present()
    clock.travel(days=1)
    catch_up()
    found.take_back(1)
    catch_up()
    releases, records = read(client, "releases.json"), read(client, "records.json")
    (process,) = Process.objects.all()
    one = read(client, f"{process.ocid}/")
    schema = standards.release_schema()
    for kind, package in (("release", releases), ("record", records), ("record", one)):
        assert not standards.ocds_errors(kind, json.loads(exact.dumps(package)))
    for release in releases["releases"]:
        assert not list(standards.unknown(release, schema, schema))
    compiled = one["records"][0]["compiledRelease"]
    assert not list(standards.unknown(compiled, schema, schema))
    assert not list(quality.doubts(compiled))
    broken = json.loads(exact.dumps(releases))
    broken["releases"][3]["tender"]["status"] = "nearly"
    del broken["releases"][0]["ocid"]
    assert len(standards.ocds_errors("release", broken)) == 2  # the check itself sees something


@pytest.mark.req("SO-T-079")
def test_nothing_of_a_bid_is_told_before_the_opening_not_even_that_there_is_one(clock):
    scene = tendering.a_scene()
    clock.set(tendering.DURING)
    catch_up()
    before = list(Release.objects.values_list("content", flat=True))
    tendering.a_submitted_bid(scene.lot, scene.cast.aliya)
    assert Bid.objects.get().state == Bid.State.SUBMITTED
    assert catch_up() == 0
    assert list(Release.objects.values_list("content", flat=True)) == before
    assert "bids" not in before[-1]
    assert "enderers" not in before[-1]


def test_what_was_released_stays_and_what_changes_is_released_anew(clock, settings, monkeypatch):
    found = scenes.carried(clock)
    clock.travel(days=1)
    found.pay(1, 1_000_000_01, house_clock.today())
    catch_up()
    before = dict(Release.objects.values_list("pk", "content"))
    clock.travel(days=1)
    found.take_back(1)
    assert catch_up() == 1
    clock.travel(days=1)
    found.pay(1, 900_000_00, house_clock.today())
    found.contract.ends_on = date(2024, 11, 30)
    found.contract.save(update_fields=["ends_on"])
    assert catch_up() == 2
    assert told()[-3:] == [
        ("payment-1", "implementationUpdate"),
        ("contract", "contractAmendment"),
        ("payment-1", "implementationUpdate"),
    ]
    after = dict(Release.objects.values_list("pk", "content"))
    assert before == {pk: after[pk] for pk in before}
    # Nothing is said twice, neither when an organisation is renamed nor when the site moves or words are mended.
    settings.SITE_URL = "https://ortaq.example.kz"
    monkeypatch.setattr(parts, "_in_both", lambda words: (words, words))
    type(found.contract.grantee).objects.update(name_kk="Жаңа атау")
    assert catch_up() == 0
    compiled = exact.loads(Process.objects.get().compiled)
    (contract,) = compiled["contracts"]
    (payment,) = contract["implementation"]["transactions"]
    assert payment["value"] == {"amount": 900_000, "currency": "KZT"}
    assert contract["period"]["endDate"].startswith("2024-11-30")
    with pytest.raises(TypeError):
        Release.objects.latest("pk").save()


def test_an_amended_plan_leaves_standing_what_came_after_it(clock):
    topic = scenes.awarded(clock).lot.topic
    catch_up()
    type(topic).objects.update(justification_kk="Жаңа негіздеме", planned_tiyn=7_000_000_00)
    assert catch_up() == 1
    process = Process.objects.get()
    release = exact.loads(process.releases.latest("pk").content)
    assert release["tag"] == ["planningUpdate"]
    assert release["planning"]["rationale"] == "Жаңа негіздеме"
    assert "amount" not in release["planning"].get("budget", {})
    assert "status" not in release.get("tender", {})
    compiled = exact.loads(process.compiled)
    assert compiled["tender"]["status"] == "complete"
    assert compiled["planning"]["budget"]["amount"]["amount"] == 5_000_000
    assert catch_up() == 0


def test_it_follows_the_gazette_and_withdraws_what_is_public_no_more(clock, client):
    carried = scenes.carried(clock)
    gazette.catch_up()
    assert keeping.catch_up().releases == 7
    carried.pay(1, 1_000_000_01, house_clock.today())
    assert keeping.catch_up().releases == 0
    gazette.catch_up()
    assert keeping.catch_up().releases == 1
    assert told()[-1] == ("payment-1", "implementation")
    found = carried.review
    ocid = Process.objects.get().ocid
    assert client.get(f"/open-data/ocds/{ocid}/").status_code == 200
    # No step leads back; a row put right by hand does.
    type(found.tender).objects.update(state="draft")
    topic = found.lot.topic
    type(topic.formation).objects.filter(pk=topic.formation_id).update(state="draft")
    assert keeping.catch_up(everything=True).withdrawn == 1
    for address in ("releases.json", "releases.jsonl", "records.json", f"{ocid}/", "nothing/"):
        assert client.get(f"/open-data/ocds/{address}").status_code == 404


def test_more_topics_take_no_more_queries_and_a_broken_one_stands_in_nobodys_way(
    clock, django_assert_num_queries, monkeypatch, caplog
):
    lot = scenes.awarded(clock).tender.lots.select_related("topic").get()
    topic = lot.topic
    for number in range(2, 12):
        topic.pk, topic.position = None, number
        topic.save()
        lot.pk, lot.topic, lot.position = None, topic, number
        lot.save()
    topics = list(topic.formation.topics.values_list("pk", flat=True))
    for some in (topics[:1], topics):
        with django_assert_num_queries(8):
            assert len(list(families.of_topics(some))) == len(some)
    tell = events.stories

    def broken(family, first):
        if family.key.endswith(f":{topic.pk}"):
            raise ValueError
        return tell(family, first)

    monkeypatch.setattr(keeping, "stories", broken)
    catch_up()
    assert Process.objects.count() == len(topics) - 1
    assert "No release could be made" in caplog.text


def test_whoever_has_a_package_is_told_so(clock, client):
    scenes.opened(clock)
    catch_up()
    first = client.get("/open-data/ocds/releases.json")
    again = client.get("/open-data/ocds/releases.json", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/open-data/ocds/releases/1999.json").status_code == 404
    assert client.post("/open-data/ocds/releases.json").status_code == 405


def test_a_later_lot_of_a_topic_is_a_process_of_its_own(clock):
    found = scenes.awarded(clock)
    lot = found.tender.lots.get()
    again = type(found.tender).objects.get(pk=found.tender.pk)
    again.pk, again.panel, again.number, again.state = None, None, "2024-2", "announced"
    again.announced_at, again.published_at, again.opened_at = house_clock.now(), None, None
    again.closes_at = house_clock.now() + timedelta(days=20)
    again.save()
    type(lot).objects.filter(pk=lot.pk).update(result="did_not_take_place")
    lot.pk, lot.tender, lot.result = None, again, ""
    lot.save()
    catch_up()
    first, second = Process.objects.order_by("pk")
    assert second.ocid == f"ocds-000000-lot-{lot.pk}"
    related = exact.loads(second.compiled)["relatedProcesses"]
    assert [one["relationship"] for one in related] == [["planning"], ["unsuccessfulProcess"]]
    assert {one["identifier"] for one in related} == {first.ocid}
    assert exact.loads(first.compiled)["tender"]["status"] == "unsuccessful"


def test_doubtful_releases_are_named():
    release = {
        "tender": {"title": "Оқыту", "description": "Оқыту", "value": {"amount": 0}},
        "contracts": [
            {
                "id": "c",
                "period": {"startDate": "2024-05-02T00:00:00+05:00", "endDate": "2024-05-01T00:00:00+05:00"},
                "title": "saule@example.kz",
            }
        ],
    }  # fmt: skip
    assert list(quality.doubts(release)) == [
        "tender: title and description are the same",
        "tender.value: the amount is zero",
        "contracts[0].period: it ends before it begins",
        "contracts[0].title: an e-mail address",
    ]
