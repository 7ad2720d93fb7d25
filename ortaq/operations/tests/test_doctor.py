"""An installation is broken in every way that is known, and the sentence is read."""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from django.db import OperationalError, connection, transaction

from ortaq.core import clock as house_clock
from ortaq.core import journal, keyfolder
from ortaq.operations import doctor, readiness
from ortaq.operations.doctor import machine, running, settled
from ortaq.operations.models import BackupRun

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def sound(tmp_path):
    """The settings of an installation in which all is well."""
    for name in ("files", "seals", "anchors", "modules/bootstrap"):
        (tmp_path / name).mkdir(parents=True, mode=0o700)
    (tmp_path / "anchors" / "root.pem").write_text("a certificate")
    (tmp_path / "secret_key").write_text("x" * 60)
    (tmp_path / "secret_key").chmod(0o600)
    return SimpleNamespace(
        SITE_URL="https://ortaq.example.kz", ALLOWED_HOSTS=["ortaq.example.kz"],
        CSRF_TRUSTED_ORIGINS=[], ALLAUTH_TRUSTED_PROXY_COUNT=1, DEBUG=False, DEMO=False,
        SECRET_KEY="x" * 60, VAR=tmp_path, ORTAQ_SEALS=tmp_path / "seals", ORTAQ_FILES_URL="",
        MEDIA_ROOT=tmp_path / "files", COLLECTED=False, STATIC_ROOT=tmp_path / "static",
        ORTAQ_NODE_MODULES=tmp_path / "modules", ORTAQ_SIGNATURES=["contract=required"],
        ORTAQ_SIGNING_ANCHORS=tmp_path / "anchors", ORTAQ_SIGNATURE_VERIFIER=["offline"],
        EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=9, EMAIL_FILE_PATH=tmp_path / "mail",
    )  # fmt: skip


def said(troubles) -> str:
    return "\n".join(str(one).replace("\n          ", " ") for one in troubles)


def test_where_all_is_well_the_doctor_says_nothing(sound, monkeypatch):
    monkeypatch.setattr(settled, "LEAST_FREE", 0)
    assert said(settled.troubles(sound)) == ""
    assert said(machine.troubles({"ORTAQ_SITE_URL": "https://ortaq.example.kz"})) == ""


@pytest.mark.parametrize(
    ("broken", "sentence", "cure"),
    [
        ({"SITE_URL": "ortaq.example.kz"}, "which is no address", "ORTAQ_SITE_URL=https://"),
        (
            {"ALLOWED_HOSTS": ["10.0.0.1"]},
            "does not have ortaq.example.kz",
            "ORTAQ_HOSTS=ortaq.exa",
        ),
        ({"ALLOWED_HOSTS": ["*"]}, "name the site as they like", "ORTAQ_HOSTS=ortaq.example.kz"),
        ({"CSRF_TRUSTED_ORIGINS": ["a.example.kz"]}, "without http", "https://a.example.kz"),
        ({"SITE_URL": "http://ortaq.example.kz"}, "without https", "a certificate before it"),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": 0}, "ORTAQ_PROXIES is 0", "ORTAQ_PROXIES=1"),
        ({"DEBUG": True}, "ORTAQ_DEBUG is on", "Take ORTAQ_DEBUG away"),
        ({"DEMO": True}, "This is a demonstration, and it is open", "Never put real data"),
        ({"SECRET_KEY": "short"}, "has 5 characters", "ortaq keys rotate"),
        ({"COLLECTED": True}, "no collected static files", "collectstatic"),
        ({"ORTAQ_NODE_MODULES": Path("/nowhere")}, "interface kit is not in", "make setup"),
        ({"ORTAQ_SIGNING_ANCHORS": Path("/nowhere")}, "no certificate to trust", "Put the cert"),
        ({"VAR": Path("/proc/ortaq")}, "cannot be written", "chown"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_settings_that_contradict_one_another_are_explained_with_their_cure(
    sound, broken, sentence, cure
):
    vars(sound).update(broken)
    told = said(settled.troubles(sound))
    assert sentence in told
    assert cure in told


def test_what_others_on_the_machine_can_read_is_told(sound, tmp_path):
    (tmp_path / "secret_key").chmod(0o644)
    (tmp_path / "seals").chmod(0o755)
    told = said(settled.troubles(sound))
    assert f"chmod 600 {tmp_path}/secret_key" in told
    assert f"chmod 700 {tmp_path}/seals" in told


def test_a_disk_that_is_nearly_full_is_told(sound, monkeypatch):
    usage = SimpleNamespace(free=50 * 1024**2)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    assert "has 50 MB left" in said(settled.folders(sound))


def test_catalogues_that_nobody_compiled_are_told(monkeypatch, tmp_path):
    source = tmp_path / "django.po"
    source.write_text("")
    monkeypatch.setattr("ortaq.core.catalogues.catalogues", lambda: iter([source]))
    assert "ortaq compilecatalogues" in said(settled.catalogues())


def test_the_machine_is_looked_at_before_anything_else(monkeypatch):
    assert "Python 3.9; Ortaq needs 3.11" in said(machine.python((3, 9)))
    assert "A library that is not there" not in said(machine.libraries())
    monkeypatch.setattr(
        "importlib.metadata.requires", lambda _name: ["no-such-library>=1", "django"]
    )
    assert "Libraries are missing: no-such-library." in said(machine.libraries())

    def nothing(name):
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(machine, "ZoneInfo", nothing)
    assert "Data of time zones are missing" in said(machine.time_zones())
    monkeypatch.setattr(machine, "ZoneInfo", lambda _name: ZoneInfo("Asia/Omsk"))
    assert "older than March 2024" in said(machine.time_zones())


def test_a_variable_that_makes_no_sense_stops_the_program_with_a_sentence_and_no_traceback(capsys):
    environ = {"ORTAQ_PROXIES": "two", "ORTAQ_HOST": "x", "ORTAQ_DEBUG": "perhaps"}
    assert doctor.main(environ) == 1
    told = capsys.readouterr().out
    assert "ORTAQ_PROXIES: “two” must be a number." in told
    assert "Did you mean ORTAQ_HOSTS?" in told
    assert "ORTAQ_DEBUG: “perhaps” must be yes or no" in told


def test_settings_that_cannot_even_be_read_are_explained(monkeypatch, capsys):
    def broken():
        raise PermissionError(13, "Permission denied", "/var/ortaq/secret_key")

    monkeypatch.setattr(doctor, "_settings", broken)
    assert doctor.main({}) == 1
    assert "/var/ortaq/secret_key" in capsys.readouterr().out


def test_a_database_that_is_away_is_told_and_nothing_else_is_asked_of_it(
    sound, monkeypatch, nobody_answers
):
    assert "does not answer: nobody listens" in said(running.troubles(sound))


@pytest.fixture
def nobody_answers(monkeypatch):
    def away():
        raise OperationalError("nobody listens\nsecond line")

    monkeypatch.setattr(connection, "ensure_connection", away)


@pytest.mark.parametrize(("number", "threshold"), [(7, 3), (7, None), (8, 3)])
def test_a_pooler_of_which_the_settings_do_not_know_is_told(number, threshold):
    """Nobody but PostgreSQL itself answers with the number under which it took the connection."""
    answers = [(number,), ("UTF8",), (1,)]
    asked = SimpleNamespace(execute=lambda _statement: None, fetchone=lambda: answers.pop(0))
    server = SimpleNamespace(
        pg_version=150000,
        cursor=lambda: nullcontext(asked),
        connection=SimpleNamespace(info=SimpleNamespace(backend_pid=8)),
        settings_dict={"OPTIONS": {"prepare_threshold": threshold}},
    )
    told = said(running._postgresql(server))
    assert ("ORTAQ_PGBOUNCER=1" in told) == (number == 7 and threshold == 3)


@pytest.mark.django_db
def test_a_database_of_an_older_version_is_told(monkeypatch):
    monkeypatch.setattr(readiness, "leaves", lambda: {("people", "9999_next")})
    told = said(running.database())
    assert "ortaq migrate" in told


@pytest.mark.django_db
def test_what_does_not_run_behind_the_pages_is_told(sound, clock, tmp_path, settings):
    told = said(running.troubles(sound))
    assert "No worker has been seen" in told
    assert "No backup has been made here yet" in told
    assert "The mail server 127.0.0.1:9 refuses" in told
    now = house_clock.now()
    BackupRun.objects.create(kind="backup", began_at=now, ended_at=now - timedelta(days=3), bytes=1)
    with transaction.atomic():
        journal.append("x:1", "x", at=now + timedelta(hours=1))
    settings.ORTAQ_SEALS = tmp_path / "other"
    keyfolder.keep("some", b"s" * 32)
    settings.SECRET_KEY = "another" * 10
    told = said(running.troubles(sound))
    assert "The last good backup is of" in told
    assert "behind the last recorded event" in told
    assert "secret key" in told
    sound.DEMO = True
    assert "backup" not in said(running.backup(sound))


@pytest.mark.django_db
def test_one_question_that_fails_does_not_end_the_others(sound, monkeypatch):
    def broken(_settings):
        raise KeyError("x")

    monkeypatch.setattr(running, "keys", broken)
    told = said(running.troubles(sound))
    assert "Whether broken is in order could not be found out (KeyError" in told
    assert "No worker has been seen" in told
