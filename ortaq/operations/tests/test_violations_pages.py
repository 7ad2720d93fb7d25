"""What browsers report of the content policy: little of it is kept, and nothing of anybody; whatever is sent, nothing breaks."""

from __future__ import annotations

import json

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.operations import noticing, violations
from ortaq.operations.models import Fault, Violation
from ortaq.operations.present import NO_ROUTE
from ortaq.testing import factories
from ortaq.testing.walking import Walker

pytestmark = pytest.mark.django_db
ADDRESS = reverse("operations:report_violation")
OLD, NEW = "application/csp-report", "application/reports+json"


@pytest.fixture(autouse=True)
def _nothing_waits(monkeypatch):
    noticing.spool.waiting.clear()
    monkeypatch.setattr(violations, "MOST_A_MINUTE", 10**6)
    yield
    noticing.spool.waiting.clear()


def sent(body, kind=OLD, **extra):
    content = body if isinstance(body, bytes) else json.dumps(body)
    answer = Client().post(ADDRESS, content, content_type=kind, **extra)
    assert answer.content == b""
    noticing.spool.flush()
    return answer.status_code


def old(**fields):
    told = {
        "document-uri": "https://ortaq.example.kz/projects/7/?q=Әлия",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/steal.js?iin=900101300123",
    }
    return {"csp-report": {**told, **fields}}


def new(**fields):
    told = {
        "documentURL": "https://ortaq.example.kz/projects/7/",
        "effectiveDirective": "script-src-elem",
        "blockedURL": "https://evil.example/other.js",
        "sample": "alert('Әлия')",
    }
    return [{"type": "csp-violation", "age": 1, "user_agent": "X", "body": {**told, **fields}}]


def rows():
    return list(Violation.objects.order_by("id").values_list("directive", "blocked", "route"))


def test_both_ways_of_browsers_become_one_row_that_names_neither_reader_nor_page():
    assert sent(old(), HTTP_USER_AGENT="Әлияның браузері") == 204
    assert sent(new(), NEW) == 204
    assert rows() == [("script-src-elem", "https://evil.example", "projects:project")]
    row = Violation.objects.values().get()
    assert (row["count"], row["requests"]) == (2, [])
    for secret in ("Әлия", "900101300123", "steal", "/7", "127.0.0.1", "браузер"):
        assert secret not in str(row)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("inline", "inline"),
        ("eval", "eval"),
        ("data", "data"),
        ("data:text/html,<b>Әлия</b>", "data"),
        ("chrome-extension://abcdefghijklmnop/inject.js", "chrome-extension"),
        ("https://Evil.example:8443/a?b#c", "https://evil.example:8443"),
        ("https://aliya:secret@evil.example/", "https://evil.example"),
        ("https://evil.example:99999/", "other"),
        ("http://[::1", "other"),
        ("javascript:alert(1)", "javascript"),
        ("Әлия Сәрсенова", "other"),
        ("https://" + "a" * 5000, "other"),
        ("https://evil\x00.example/", "other"),
        ("\ud800", "other"),
        ("", "other"),
        (None, "other"),
        (7, "other"),
        ({"a": []}, "other"),
    ],
)
def test_of_what_was_refused_only_the_origin_is_kept(told, kept):
    assert sent(old(**{"blocked-uri": told})) == 204
    assert [row[1] for row in rows()] == [kept]


@pytest.mark.parametrize(
    "page", ["about:blank", "https://[", "/no-such-page/7", "\x00", None, [], "x" * 9000]
)
def test_a_page_that_is_none_of_ours_has_no_name(page):
    assert sent(old(**{"document-uri": page})) == 204
    assert [row[2] for row in rows()] == [NO_ROUTE]


ABSURD = {
    "nothing": b" ",
    "no JSON": b"{",
    "not even text": b"\xff\xfe\x00",
    "deep": b"[" * 16_000,
    "a number": b"7",
    "a long number": b"9" * 9_000,
    "not a number": b"[NaN]",
    "null": b"null",
    "text": b'"csp-report"',
    "a list of lists": b"[[[]]]",
    "an empty report": b"{}",
    "a report that is text": b'{"csp-report": "x"}',
    "a body that is a list": b'[{"type": "csp-violation", "body": [1]}]',
}


@pytest.mark.parametrize("name", ABSURD)
@pytest.mark.parametrize("kind", [OLD, NEW, "application/json"])
def test_an_absurd_report_is_refused_and_breaks_nothing(name, kind):
    assert sent(ABSURD[name], kind) == 400
    assert (rows(), Fault.objects.count()) == ([], 0)


def test_a_directive_that_nobody_knows_is_no_violation():
    absurd: tuple[object, ...] = ("x" * 9000, "", "script-src'; DROP TABLE", "\x00", None, {})
    for directive in absurd:
        assert sent(old(**{"effective-directive": directive})) == 204
    assert rows() == []
    # An earlier browser says the whole rule.
    told = old(**{"effective-directive": None, "violated-directive": "img-src 'self' data:"})
    assert sent(told) == 204
    assert [row[0] for row in rows()] == ["img-src"]


def test_what_is_too_large_or_of_another_kind_is_not_read():
    padded = old(**{"original-policy": "x" * violations.MOST_BYTES})
    assert sent(padded) == 413
    for kind in ("text/plain", "multipart/form-data; boundary=x", "", "text/html"):
        assert sent(old(), kind) == 415
    many = [new(blockedURL=f"https://a{number}.example/")[0] for number in range(50)]
    assert sent(many, NEW) == 204
    assert len(rows()) == violations.MOST_REPORTS
    assert Client().get(ADDRESS).status_code == 405


def test_a_flood_ends_for_one_network_and_for_all_together(monkeypatch):
    counted: dict[tuple[str, int], int] = {}

    def count(name, seconds):
        counted[name, seconds] = counted.get((name, seconds), 0) + 1
        return counted[name, seconds]

    monkeypatch.setattr("ortaq.operations.views.trouble.count", count)
    monkeypatch.setattr("ortaq.people.floods.count", count)
    monkeypatch.setattr(violations, "MOST_AN_HOUR", 3)
    answers = [sent(old(), REMOTE_ADDR="8.8.8.8") for _number in range(5)]
    assert answers == [204, 204, 204, 429, 429]
    assert sent(old(), REMOTE_ADDR="8.8.4.4") == 204
    monkeypatch.setattr(violations, "MOST_A_MINUTE", 6)
    assert sent(old(), REMOTE_ADDR="1.1.1.1") == 429


def test_reports_of_strangers_take_no_room_from_what_broke_here(monkeypatch):
    monkeypatch.setattr(noticing, "WAITING", 10)
    for number in range(20):
        told = violations.Violation("img-src", f"https://a{number}.example", "portal:home")
        noticing.note_violation(told)
    noticing.note_fault(ZeroDivisionError())
    noticing.spool.flush()
    assert (Violation.objects.count(), Fault.objects.count()) == (5, 1)


def test_the_administrator_reads_what_was_refused_and_marks_it_as_dealt_with(settings):
    sent(old())
    staff = Walker(factories.a_person(is_staff=True))
    page = staff.get(reverse("operations:violations")).content.decode()
    assert "https://evil.example" in page
    assert "projects:project" in page
    row = Violation.objects.get()
    staff.post(reverse("operations:violations_settle", args=[row.pk]))
    row.refresh_from_db()
    assert row.settled_by == staff.user
    sent(old())
    row.refresh_from_db()
    assert row.settled_at is None
    assert row.last_at <= house_clock.now()
    stranger = Walker(factories.a_person())
    assert stranger.get(reverse("operations:violations")).status_code == 404
    settings.ORTAQ_METRICS_TOKEN = "measured"
    figures = Client().get("/metrics", headers={"authorization": "Bearer measured"})
    assert "ortaq_violations_open" in figures.content.decode()


def test_every_page_says_where_to_report_and_the_address_is_there(client):
    assert site.POLICY_REPORTS == ADDRESS
    assert f"report-uri {ADDRESS}" in client.get("/")["Content-Security-Policy"]
