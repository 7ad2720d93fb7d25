"""What broke and what was slow, as the administrator reads it; the figures, as machines do."""

from __future__ import annotations

import pytest
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.core.models import Duty, Letter
from ortaq.operations import metrics, noticing, readiness
from ortaq.operations.models import Fault, Slow
from ortaq.operations.queries import figures
from ortaq.testing import factories
from ortaq.testing.walking import Walker

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return Walker(factories.a_person(is_staff=True))


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    noticing.spool.waiting.clear()
    monkeypatch.setattr(readiness, "_last", None)
    monkeypatch.setattr(figures, "_last", None)
    monkeypatch.setattr(metrics, "_meters", None)


def test_an_error_is_read_dealt_with_and_open_again_when_it_comes_back(administrator):
    error = ZeroDivisionError("Алия")
    noticing.note_fault(error)
    noticing.spool.flush()
    row = Fault.objects.get()
    page = administrator.get(reverse("operations:errors")).content.decode()
    assert "ZeroDivisionError" in page
    assert "Алия" not in page
    administrator.post(reverse("operations:errors_settle", args=[row.pk]))
    row.refresh_from_db()
    assert row.settled_by == administrator.user
    assert (
        "ZeroDivisionError" not in administrator.get(reverse("operations:errors")).content.decode()
    )
    assert (
        "ZeroDivisionError"
        in administrator.get(reverse("operations:errors"), {"state": "settled"}).content.decode()
    )
    noticing.note_fault(error)
    noticing.spool.flush()
    row.refresh_from_db()
    assert (row.settled_at, row.count) == (None, 2)


def test_pages_of_trouble_cost_the_same_however_much_there_is(
    administrator, django_assert_max_num_queries
):
    for number in range(30):
        noticing.slow_request("GET", f"room:page{number}", 4.0 + number)
        noticing.note_fault(type(f"Error{number}", (Exception,), {})())
    noticing.spool.flush()
    assert (Slow.objects.count(), Fault.objects.count()) == (30, 30)
    for name in ("operations:slow", "operations:errors"):
        with django_assert_max_num_queries(7):
            assert administrator.get(reverse(name)).status_code == 200


def test_nobody_but_the_administrator_reads_or_settles_anything(administrator):
    noticing.slow_request("GET", "portal:home", 4.0)
    noticing.spool.flush()
    row = Slow.objects.get()
    stranger = Walker(factories.a_person())
    assert stranger.get(reverse("operations:slow")).status_code == 404
    assert stranger.post(reverse("operations:slow_settle", args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.settled_at is None


def test_figures_are_there_for_whoever_brings_the_token_and_for_nobody_else(client, settings):
    asked = {"authorization": "Bearer measured"}
    assert client.get("/metrics", headers=asked).status_code == 404
    settings.ORTAQ_METRICS_TOKEN = "measured"
    assert client.get("/metrics", headers={"authorization": "Bearer guessed"}).status_code == 404
    Duty.objects.create(
        subject="x:1",
        code="x",
        bearer="person:1",
        due_at=house_clock.at(house_clock.today().replace(year=2000)),
    )
    Letter.objects.create(
        subject="x:1", kind="x", address="aliya@example.kz", language="kk", title="Құпия",
        state=Letter.State.RELEASED, created_at=house_clock.now(),
    )  # fmt: skip
    client.get(f"{reverse('portal:ngo', args=['180140000011'])}?q=secret")
    page = client.get("/metrics", headers=asked).content.decode()
    assert 'ortaq_requests_total{method="GET",route="portal:ngo",status="404"} 1.0' in page
    assert 'ortaq_request_seconds_count{route="portal:ngo"} 1.0' in page
    assert "ortaq_duties_late 1.0" in page
    assert "ortaq_letters_waiting 1.0" in page
    assert 'ortaq_ready{check="database"} 1.0' in page
    for secret in ("180140000011", "aliya", "Құпия", "secret"):
        assert secret not in page
