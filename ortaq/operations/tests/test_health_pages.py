"""What machines and the overview of the console are told."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError, connection

from ortaq.operations import readiness
from ortaq.testing import factories
from ortaq.testing.walking import Walker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(readiness, "_last", None)


def test_a_process_answers_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/").content == b"ok\n"


def test_a_server_is_ready_and_a_storm_of_questions_is_no_storm_of_queries(
    client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(6):
        answers = [client.get("/ready/") for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert json.loads(answers[0].content)["ready"] is True


def test_a_server_before_its_migrations_is_not_ready_and_says_no_more_than_that(
    client, monkeypatch
):
    monkeypatch.setattr(readiness, "leaves", lambda: {("people", "9999_of_the_next_version")})
    answer = client.get("/ready/")
    found = json.loads(answer.content)
    assert (answer.status_code, found["checks"]["migrations"]) == (503, "failed")
    assert set(found["checks"].values()) <= {"ok", "failed", "late"}


def test_probes_of_the_same_machine_need_no_name_and_no_certificate(client, settings):
    settings.ALLOWED_HOSTS = ["ortaq.example.kz"]
    settings.SECURE_SSL_REDIRECT = True
    for path in ("/health/", "/ready/"):
        assert client.get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/", headers={"host": "10.0.0.7:8000"}).status_code == 400


def test_the_console_is_there_for_the_administrator_only():
    administrator = Walker(factories.a_person(is_staff=True))
    assert administrator.get("/console/").status_code == 200
    assert "/console/" in administrator.get("/desk/").content.decode()
    assert Walker(factories.a_person(is_superuser=True)).get("/console/").status_code == 404


def test_a_server_without_its_database_answers_that_it_is_not_ready_and_figures_tell_it_too(
    client, settings, monkeypatch
):
    def away():
        raise OperationalError("the database is away: password=secret")

    monkeypatch.setattr(connection, "cursor", away)
    settings.ORTAQ_METRICS_TOKEN = "measured"
    answer = client.get("/ready/")
    assert answer.status_code == 503
    assert json.loads(answer.content)["checks"] == {
        "database": "failed", "migrations": "failed", "files": "ok", "seals": "ok",
        "clock": "failed", "worker": "failed",
    }  # fmt: skip
    page = client.get("/metrics", headers={"authorization": "Bearer measured"}).content.decode()
    assert 'ortaq_ready{check="database"} 0.0' in page
    assert "secret" not in page + answer.content.decode()
    assert client.get("/health/").status_code == 200


def test_a_store_that_takes_no_files_is_found(client, settings):
    settings.ORTAQ_SEALS = "/proc/seals"
    answer = client.get("/ready/")
    assert (answer.status_code, json.loads(answer.content)["checks"]["seals"]) == (503, "failed")
