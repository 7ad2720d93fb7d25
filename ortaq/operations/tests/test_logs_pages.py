"""What is written down about requests, and what never is."""

from __future__ import annotations

import io
import json
import logging

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.http import UnreadablePostError
from django.urls import reverse, reverse_lazy

from ortaq.operations import logs, noticing
from ortaq.operations.models import Fault, Slow
from ortaq.people import views as people_views
from ortaq.testing import factories
from ortaq.testing.walking import Walker

pytestmark = pytest.mark.django_db

PROFILE = reverse_lazy("people:profile")
MARKED = {
    "surname": "Құпияева",
    "given_name": "Жасырын",
    "phone": "+7 700 000 00 99",
    "iin": "850101300019",
    "language": "kk",
}
SECRETS = (*[value for value in MARKED.values() if len(value) > 2], "kupiya", "tok3n")


@pytest.fixture
def lines():
    """What the log of an installation would hold, as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Json())
    logging.getLogger().addHandler(handler)
    noticing.spool.waiting.clear()
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def breaking(*_args, **_kwargs):
    """Fails as databases do: with what was typed in the words of the error, and under another error."""
    try:
        raise IntegrityError(f"Key (iin)=({MARKED['iin']}) of {MARKED['surname']} already exists")  # noqa: TRY301
    except IntegrityError as error:
        raise RuntimeError("kupiya@example.kz wrote " + repr(MARKED)) from error


@pytest.mark.parametrize("formatter", [logs.Json, logs.Text])
def test_a_form_of_personal_data_that_breaks_is_told_by_type_and_place_and_nothing_of_it_is_written(
    lines, monkeypatch, formatter
):
    person = factories.a_person(email="kupiya@example.kz")
    monkeypatch.setattr(people_views, "ProfileForm", breaking)
    written = io.StringIO()
    other = logging.StreamHandler(written)
    other.setFormatter(formatter())
    logging.getLogger().addHandler(other)
    try:
        answer = Walker(person).post(f"{PROFILE}?next=kupiya", MARKED)
        logging.getLogger("django.request").error("Gone: %s", "/calendar/tok3n-of-somebody-1/")
        logging.getLogger("library").error("No %s for %d", "kupiya@example.kz", 3)
        logging.getLogger("ortaq.some").error("To %s: ?q=kupiya", "kupiya@example.kz")
    finally:
        logging.getLogger().removeHandler(other)
    assert answer.status_code == 500
    noticing.spool.flush()
    fault = Fault.objects.get()
    told = written.getvalue() + json.dumps(lines()) + repr(vars(fault))
    assert not [secret for secret in SECRETS if secret in told]
    assert (fault.error, fault.route) == ("RuntimeError", "people:profile")
    assert fault.requests == [answer["X-Request-ID"]]
    assert "breaking" in fault.place
    line = lines()[0]
    assert [one["type"] for one in line["error"]] == [
        "RuntimeError",
        "django.db.utils.IntegrityError",
    ]
    assert (line["request"], line["route"]) == (answer["X-Request-ID"], "people:profile")
    assert lines()[2]["message"] == "No … for 3"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", "осы нөмірді айтыңыз"),
        ("ru", "сообщите нам этот номер"),
        ("en", "tell us this number"),
    ],
)
def test_the_page_of_what_broke_tells_the_number_under_which_the_log_tells_of_it(
    lines, monkeypatch, language, words
):
    monkeypatch.setattr(people_views, "ProfileForm", breaking)
    person = Walker(factories.a_person(language=language))
    answer = person.get(PROFILE, headers={"accept-language": language})
    page = answer.content.decode()
    assert answer["X-Request-ID"] in page
    assert words in page


def test_the_access_log_tells_route_and_number_of_the_user_and_no_address(lines, settings):
    settings.ORTAQ_ACCESS_LOG = True
    logging.getLogger("ortaq.access").setLevel("INFO")
    person = factories.a_person()
    Walker(person).get(f"{PROFILE}?q=kupiya")
    (line,) = lines()
    assert (line["route"], line["status"], line["user"]) == ("people:profile", 200, person.pk)
    assert line["queries"] > 0
    assert str(PROFILE) not in json.dumps(line)


def test_a_number_is_taken_from_a_proxy_that_the_site_knows_and_from_nobody_else(client, settings):
    given = "0123456789abcdef0123456789abcdef"
    asked = {"x-request-id": given}
    assert client.get("/law/", headers=asked)["X-Request-ID"] != given
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.get("/law/", headers=asked)["X-Request-ID"] == given
    asked = {"x-request-id": "aliya@example.kz"}
    assert "@" not in client.get("/law/", headers=asked)["X-Request-ID"]


def test_a_slow_statement_is_listed_once_without_its_values_however_often_it_comes(
    settings, client
):
    settings.ORTAQ_SLOW_QUERY_MS = 0.0001
    noticing.spool.waiting.clear()
    for bin_number in ("180140000011", "180140000022"):
        client.get(reverse("portal:ngo", args=[bin_number]))
    settings.ORTAQ_SLOW_QUERY_MS = 0
    noticing.spool.flush()
    rows = Slow.objects.filter(route="portal:ngo", kind="query")
    assert {row.count % 2 for row in rows} == {0}
    assert not [row for row in Slow.objects.all() if "18014" in row.shape]


def test_shapes_of_a_statement_are_one_whatever_is_in_it():
    one = noticing.shape_of("SELECT * FROM t WHERE a IN (%s, %s) AND b = 'Алия' AND c > 17")
    other = noticing.shape_of("SELECT *  FROM t WHERE a IN (%s, %s, %s) AND b = 'It''s' AND c > 2")
    assert one == other
    assert "Алия" not in one


def test_a_database_that_is_away_breaks_nothing_and_is_told_when_it_is_back(monkeypatch):
    noticing.spool.waiting.clear()
    noticing.slow_request("GET", "portal:home", 9.0)

    def away(_note):
        raise OperationalError("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr(noticing, "write", away)
        assert noticing.spool.flush() is False
    noticing.slow_request("GET", "portal:home", 4.0)
    assert noticing.spool.flush() is True
    row = Slow.objects.get()
    assert (row.count, row.longest_ms, row.total_ms) == (2, 9000, 13000)


def test_there_is_room_for_so_many_shapes_and_no_more(monkeypatch):
    monkeypatch.setattr(noticing, "WAITING", 5)
    monkeypatch.setattr(noticing, "KEPT", 3)
    noticing.spool.waiting.clear()
    lost = noticing.spool.lost
    for number in range(8):
        noticing.slow_request("GET", f"route:{number}", 4.0)
    assert noticing.spool.lost == lost + 3
    noticing.spool.flush()
    assert Slow.objects.count() == 3


def test_what_failed_with_its_transaction_is_noted_all_the_same():
    noticing.spool.waiting.clear()
    with transaction.atomic():
        noticing.note_fault(ValueError("x"))
        transaction.set_rollback(True)
    noticing.spool.flush()
    assert Fault.objects.get().error == "ValueError"


def test_a_line_that_breaks_off_in_the_middle_of_an_upload_is_no_fault(lines, monkeypatch):
    def broken_off(*_args, **_kwargs):
        raise UnreadablePostError("the client is gone")

    monkeypatch.setattr(people_views, "ProfileForm", broken_off)
    Walker(factories.a_person()).get(PROFILE)
    assert noticing.spool.waiting == {}
