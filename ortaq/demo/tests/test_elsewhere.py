"""Where there is no demonstration, and what keeps its loading from doing harm."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from ortaq.demo import loading
from ortaq.demo.models import Travel
from ortaq.people.models import User
from ortaq.testing import factories


@pytest.mark.django_db
def test_elsewhere_there_is_no_guide_no_travelling_and_no_bar(client):
    assert client.get(reverse("demo:guide")).status_code == 404
    assert client.post(reverse("demo:go"), {"to": "day"}).status_code == 404
    assert client.post(reverse("demo:sign_in", args=["gulnara"])).status_code == 404
    assert "demo-bar" not in client.get("/").content.decode()


@pytest.mark.django_db
def test_the_demonstration_is_loaded_only_where_it_is_wanted():
    with pytest.raises(CommandError, match="no demonstration"):
        call_command("demo", "--fresh")
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [[], ["--stage", "published"], ["--fresh"]])
def test_a_database_with_other_data_is_left_alone(settings, arguments):
    settings.DEMO = True
    person = factories.a_person()

    with pytest.raises(CommandError, match="other data"):
        call_command("demo", *arguments)
    assert User.objects.get() == person


@pytest.mark.django_db
def test_the_command_says_in_numbers_what_it_loaded(settings, capsys, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr(loading, "build", lambda _stage: Travel.objects.create(pk=1))

    call_command("demo")
    call_command("demo")

    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Loading the demonstration ..."
    assert said[1].endswith(
        "0 organisations, 0 people, 0 applications, 0 score sheets, 0 contracts."
    )
    assert "here already" in said[2]
