"""Pages for everybody: sums that agree to the tiyn, absurd questions, who is late, and nothing that is old."""

from __future__ import annotations

import csv
import gzip
import io
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.apps import apps
from django.contrib.staticfiles.finders import find
from django.core.cache import caches
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.core.models import Duty
from ortaq.gazette.late import PUBLIC
from ortaq.gazette.models import Publication
from ortaq.gazette.moments import COUNTED
from ortaq.grants.tests import scenes
from ortaq.people.models import Organisation
from ortaq.people.tests.cast import assemble
from ortaq.portal.asking import asked_of
from ortaq.portal.queries import late, money, records, year
from ortaq.testing import factories

from .publications import a_publication

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Kind = Publication.Kind
NOW = datetime(2026, 3, 2, 12, 0, 20, tzinfo=UTC)
ABAI, ASTANA = "100000000", "710000000"
PAGES = (
    "/", "/money/", "/money/?by=region", "/money/?by=recipient&of=contracted", "/money/records/",
    "/money/records/?of=awarded&year=2026", "/year/2020/", "/late/", "/reports-of-state-bodies/",
    f"/regions/{ASTANA}/", "/fields/culture_arts/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def now(clock: Any) -> None:
    clock.set(NOW)


def some_money() -> None:
    """Awards, contracts and plans with and without a region, a field, a recipient and a year."""
    bodies = [factories.an_organisation(Organisation.Kind.STATE_BODY) for _ in range(2)]
    ngos = [factories.an_organisation() for _ in range(3)]
    a_publication(Kind.GRANT, ABAI, year=2026, field="culture_arts", instrument="grant", body=bodies[0], recipient=ngos[0], sum_tiyn=100_000_001)  # fmt: skip
    a_publication(Kind.GRANT, ABAI, ASTANA, year=2026, instrument="grant", body=bodies[0], recipient=ngos[1], sum_tiyn=7)  # fmt: skip
    a_publication(Kind.ORDER, ASTANA, year=2025, field="culture_arts", instrument="social_order", body=bodies[1], recipient=ngos[1], sum_tiyn=2_000_000_33)  # fmt: skip
    a_publication(Kind.ORDER, ASTANA, year=2026, instrument="social_order", body=bodies[1])
    a_publication(Kind.LAUREATE, instrument="prize", recipient=ngos[2], sum_tiyn=5_000_00)
    a_publication(Kind.CONTRACT, ABAI, year=2026, instrument="grant", body=bodies[0], recipient=ngos[0], sum_tiyn=99)  # fmt: skip
    a_publication(Kind.TOPIC, ASTANA, year=2026, field="health_healthy_lifestyle", body=bodies[1], sum_tiyn=12)  # fmt: skip
    a_publication(Kind.GRANT, ABAI, year=2026, sum_tiyn=10**12, withdrawn=True)


def test_every_sum_is_that_of_the_records_behind_it(client):
    some_money()
    for of, kinds in COUNTED.items():
        whole = Publication.objects.filter(kind__in=kinds, withdrawn=False)
        total = whole.aggregate(total=Sum("sum_tiyn"))["total"]
        for by in money.BY:
            asked, _strange = asked_of({"of": of})
            found = money.money(asked, by)
            assert found.sum_tiyn == total == sum(line.sum_tiyn for line in found.lines)
            assert (of, total) in [(one[0], one[2]) for one in found.moments]
            for line in found.lines:
                narrower, strange = asked_of(dict(parse_qsl(urlsplit(line.address).query)))
                behind = records.records(narrower, {})
                assert not strange
                assert (behind.sum_tiyn, behind.total) == (line.sum_tiyn, line.count)
    table = client.get(reverse("portal:money_table"), {"by": "recipient"})
    rows = list(csv.reader(io.StringIO(b"".join(table.streaming_content).decode("utf-8-sig"))))
    assert {Decimal(row[3]) for row in rows[1:]} == {
        Decimal("1000000.01"),
        Decimal("2000000.40"),
        5000,
    }


def test_a_name_cannot_become_a_formula_in_the_table(client):
    ngo = factories.an_organisation(name_kk="=HYPERLINK(1)", name_ru="=HYPERLINK(1)")
    a_publication(recipient=ngo, sum_tiyn=1)
    table = client.get(reverse("portal:money_table"), {"by": "recipient"})
    assert b"'=HYPERLINK" in b"".join(table.streaming_content)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/money/?year=99999", 200), ("/money/?by=moon&of=stars", 200), ("/money/?region=%00", 200),
        ("/money/?page=-1", 404), ("/money/?page=2", 404), ("/money/?page=" + "9" * 5000, 404), ("/money/?page=²", 404),
        ("/money/records/?page=-1&kind=x&body=1&month=2026-13", 200), ("/money/records/?recipient=' OR 1=1", 200),
        ("/money/records/?page=" + "Zm9v" * 1000, 200), ("/money/records/?month=2099-12", 200),
        ("/money/table.csv?by=x&year=-5", 200), ("/money/records/?field=" + "x" * 3_000_000, 200),
        ("/year/99999/", 404), ("/year/0/", 404), ("/year/2018/", 200), ("/regions/999/", 404), ("/regions/-/", 404),
        ("/fields/nothing/", 404), ("/bodies/000000000000/", 404), ("/bodies/1/", 404),
        ("/reports-of-state-bodies/?year=x&q=%00%27&page=1", 200),
    ],
)  # fmt: skip
def test_absurd_questions_get_plain_answers(client, address, status):
    answer = client.get(address)
    assert answer.status_code == status
    strange = answer.context.get("strange") if answer.context and status == 200 else None
    if strange:
        assert "белгісіз" in answer.content.decode()


def test_the_first_page_is_light_enough_for_a_village_line(client):
    for number in range(12):
        a_publication(Kind.GRANT, ABAI, year=2026, instrument="grant", sum_tiyn=number + 1)
    for language in ("kk", "ru", "en"):
        page = client.get("/", headers={"Accept-Language": language}).content
        linked = set(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', page.decode()))
        assert len(linked) > 4
        paths = [find(name) for name in linked]
        sent = [page, *(Path(str(path)).read_bytes() for path in paths)]
        assert sum(len(gzip.compress(one)) for one in sent) < 100_000


def test_pages_take_the_same_number_of_queries_however_much_is_public(client):
    def counted() -> list[int]:
        found = []
        for address in PAGES:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    some_money()
    client.get("/")  # what is looked up once in a process
    few = counted()
    for number in range(60):
        body = factories.an_organisation(Organisation.Kind.STATE_BODY)
        a_publication(Kind.COMPETITION, body=body, state="announced", closes_at=NOW + timedelta(days=number), opens_at=NOW - timedelta(days=3), year=2026, sum_tiyn=5)  # fmt: skip
        a_publication(Kind.CONTRACT, ASTANA, recipient=factories.an_organisation(), sum_tiyn=1, year=2026, field="culture_arts")  # fmt: skip
        a_publication(Kind.REPORT, ASTANA, body=body, year=2026)
    assert counted() == few
    assert max(few) <= 7


def test_only_state_bodies_and_the_operator_have_a_page_of_a_body(client):
    some_money()
    for kind, status in {"ngo": 404, "other": 404, "state_body": 200, "operator": 200}.items():
        one = factories.an_organisation(kind)
        assert client.get(reverse("portal:body", args=[one.bin])).status_code == status


# --- Who is late ---------------------------------------------------------------------------------------


def a_duty(bearer: Organisation, code: str, subject: str, hours: int = -30, **said: Any) -> Duty:
    return Duty.objects.create(
        subject=subject,
        code=code,
        bearer=f"organisation:{bearer.pk}",
        title_kk=f"{code} міндеті",
        title_ru=code,
        title_en=code,
        cite="guide p. 5",
        due_at=house_clock.now() + timedelta(hours=hours),
        **said,
    )


def test_late_are_public_duties_of_bodies_and_nothing_of_persons_or_ngos(client):
    body = factories.an_organisation(Organisation.Kind.STATE_BODY)
    ngo = factories.an_organisation(name_kk="Құпия ұйым")
    a_publication(Kind.TENDER, key="tenders.tender:1", address="/tenders/1/", title_kk="Ашық конкурс", body=body)  # fmt: skip
    a_duty(body, "publish", "tenders.tender:1")
    a_duty(body, "announce", "tenders.tender:2")  # a draft: known to nobody
    a_duty(body, "review", "tenders.tender:3", hours=+1)
    a_duty(body, "report", "planning.formation:1", done_at=house_clock.now())
    a_duty(body, "publish", "something.else:1")
    a_duty(ngo, "submit", "planning.formation:9")
    found = late.late()
    assert [
        (one.organisation, [line.duty.code for line in one.duties]) for one in found.bearers
    ] == [(body, ["publish", "announce"])]
    page = client.get(reverse("portal:late")).content.decode()
    assert 'href="/tenders/1/"' in page
    assert "Ашық конкурс" in page
    assert "Құпия ұйым" not in page
    own = client.get(reverse("portal:body", args=[body.bin])).content.decode()
    assert "announce міндеті" in own


def test_duties_that_are_watched_belong_to_things_that_exist():
    for label in PUBLIC:
        assert apps.get_model(label)


# --- The year ------------------------------------------------------------------------------------------


def test_the_year_has_the_dates_of_the_edition_in_force_and_what_happened(client):
    dates = {one.key: (one.on.month, one.on.day) for one in year.statutory(2026)}
    assert dates["information.local"] == (8, 1)
    assert dates["annual_return"] == (3, 31)
    assert dates["prize.announce"] == (7, 1)
    assert "report.summer" not in dates  # of the edition that ended in 2022
    assert "report.summer" in {one.key for one in year.statutory(2021)}
    a_publication(Kind.TENDER, opens_at=NOW, closes_at=NOW + timedelta(days=20), state="announced")
    a_publication(Kind.ORDER, published_at=NOW + timedelta(days=30))
    for day in range(30):
        opens_at = NOW - timedelta(days=day)
        a_publication(Kind.SMALL, opens_at=opens_at, closes_at=opens_at + timedelta(days=3))
    (small,) = [row for row in year.year_of(2026).rows if row.label == year.ROWS[7].label]
    assert len(small.spans) == 1  # one stretch instead of thirty
    page = client.get(reverse("portal:year", args=[2026])).content.decode()
    assert "kind=tender&amp;month=2026-03" in page
    assert "kind=order&amp;month=2026-04" in page


# --- Kept ready ----------------------------------------------------------------------------------------


def test_a_step_that_is_taken_shows_in_the_next_request(
    client, settings, clock, django_capture_on_commit_callbacks
):
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {"default": memory, "pages": {**memory, "LOCATION": "portal-test"}}
    caches["pages"].clear()
    with house_clock.frozen(scenes.APPROVED - timedelta(days=30)):
        cast = assemble()
    clock.set(scenes.OPENS)
    for address in PAGES:
        answer = client.get(address)
        assert answer["Cache-Control"] == "public, no-cache"
        assert not answer.cookies
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/").status_code == 200
    assert len(queries) == 2  # the marks, and nothing else
    connection.run_on_commit.clear()  # what was to follow the cast's own steps
    with django_capture_on_commit_callbacks(execute=True):
        competition = scenes.open_competition(cast.operator)
    page = client.get("/").content.decode()
    assert reverse("grants:competition", args=[competition.pk]) in page
    # A duty becomes late by the clock alone, within the same minute.
    body = factories.an_organisation(Organisation.Kind.STATE_BODY)
    assert body.bin not in client.get("/late/").content.decode()
    a_duty(body, "publish", "tenders.tender:1", hours=-1)
    assert body.bin in client.get("/late/").content.decode()
