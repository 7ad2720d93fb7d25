"""Grants by 360Giving: what each tells, that they keep the standard, and that no person is among them."""

from __future__ import annotations

import json
import uuid
from decimal import Decimal
from typing import Any

import pytest

from ortaq.grants.models import Competition
from ortaq.opendata import exact, quality
from ortaq.opendata.giving.grants import grants, years

from . import scenes, standards

pytestmark = pytest.mark.django_db


def whole(client: Any, address: str) -> str:
    response = client.get(f"/open-data/360giving/{address}")
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def by_kind(rows: Any) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in rows:
        found.setdefault(one["id"].split("-")[2], []).append(one)
    return found


@pytest.mark.req("GR-S-17", "GR-P-13")
def test_a_grant_tells_what_was_asked_awarded_and_paid_and_what_was_given_on(clock, client):
    scene = scenes.granted(clock)
    text = whole(client, "grants.json")
    package = exact.loads(text)
    assert package["version"] == "1.4"
    assert package["license"] == "https://creativecommons.org/licenses/by/4.0/"
    found = by_kind(package["grants"])
    (award,) = found["award"]
    assert award["id"] == f"360G-notissued-award-{scene.outcome.pk}"
    assert award["amountAwarded"] == Decimal("4321098.76")
    assert award["amountDisbursed"] == exact.tenge(scenes.ODD // 4)
    assert [one["value"] for one in award["disbursementTransaction"]] == [award["amountDisbursed"]]
    assert award["regrantType"] == "FRG070"
    small = {one["id"].rpartition("-")[2]: one for one in found["small"]}
    citizen, group, ngo = (small[str(scene.grants[who].pk)] for who in ("citizen", "group", "ngo"))
    assert len(small) == 3  # what was refused is no grant
    assert citizen["recipientIndividual"]["name"] == "Individual Recipient"
    assert citizen["amountDisbursed"] == Decimal("60000.01")
    assert group["amountDisbursed"] == 0
    assert "Жас алаң" not in json.dumps(group, ensure_ascii=False, default=str)
    assert ngo["recipientOrganization"][0]["id"] == f"KZ-BIN-{scene.contract.grantee.bin}"
    assert all(one["relatedActivity"] == [award["id"]] for one in small.values())
    assert [one["amountAwarded"] for one in found["prize"]] == [Decimal("900000.05")]
    # Nobody's name, number or telephone, and not the number of the payment document.
    persons = ("Иманова", scene.grants["citizen"].identifier, "+7 700", "№ 5", "@")
    assert not [word for word in persons if word in text]


@standards.needed
@pytest.mark.req("GR-S-17")
def test_grants_keep_360giving_and_raise_no_doubt(clock, client):
    scenes.granted(clock)
    package = json.loads(whole(client, "grants.json"))
    assert not standards.giving_errors(package)
    schema = standards.grant_schema()
    for grant in package["grants"]:
        assert not list(standards.unknown(grant, schema, schema))
    assert not list(quality.doubts(package))
    del package["grants"][0]["title"]
    package["grants"][1]["currency"] = "TENGE"
    assert len(standards.giving_errors(package)) == 2  # the check itself sees something


def test_a_year_has_the_grants_awarded_in_it(clock, client):
    scene = scenes.granted(clock)
    at = scene.outcome.published_at
    assert at is not None
    assert years() == [at.year]
    assert whole(client, f"{at.year}.json").count('"currency":"KZT","amountA') == 5
    for absent in ("1999.json", "0.json", "99999.json", "2020.csv"):
        assert client.get(f"/open-data/360giving/{absent}").status_code == 404


def test_nothing_is_told_before_it_is_published(clock, client):
    scene = scenes.granted(clock)
    Competition.objects.update(state=Competition.State.MEETING)
    type(scene.award.direction.round).objects.update(state="deciding")
    type(scene.grants["ngo"].competition).objects.update(state="selecting")
    assert list(grants()) == []
    assert client.get("/open-data/360giving/grants.json").status_code == 404


def test_more_grants_take_no_more_queries(clock, django_assert_num_queries):
    scene = scenes.granted(clock)
    first = scene.grants["ngo"]
    for number in range(10, 30):
        first.pk, first.number, first.once = None, number, uuid.uuid4()
        first.save()
    with django_assert_num_queries(13):
        assert len(list(grants())) == 25
