"""Pages of changes: nothing typed is lost, one thing is asked at a time, each step is its own people's."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.projects import once
from ortaq.projects.forms.change import FORMS
from ortaq.projects.models import Change
from ortaq.projects.procedure.change import CHANGE

from . import scenes
from .test_change import draft, moves

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(clock):
    clock.set(scenes.NOW)
    return scenes.cast()


@pytest.fixture
def project(people):
    return scenes.running(people)


def sign_in(actor) -> Any:
    client = Client()
    client.force_login(actor.user)
    return client


def address(name: str, *args) -> str:
    return reverse(f"projects:{name}", args=args)


def test_every_form_opens_and_saves_nothing_that_is_not_said(people, project):
    client = sign_in(people.bolat)
    assert client.get(address("change_choose", project.pk)).status_code == 200
    for name in FORMS:
        page = client.get(address("change_new", project.pk, name))
        assert page.status_code == 200
        empty = {"once": page.context["once"], "move-TOTAL_FORMS": "x", "reason": "Себебі бар"}
        sent = client.post(address("change_new", project.pk, name), empty)
        assert sent.status_code in (302, 422)
        if sent.status_code == 422:
            assert "Себебі бар" in sent.content.decode()
    assert client.get(address("change_new", project.pk, "nothing")).status_code == 404


@pytest.mark.req("IM-041")
def test_from_the_form_to_the_plan(people, project):
    bolat, aliya, gulnara = map(sign_in, (people.bolat, people.aliya, people.gulnara))
    form = {**moves(("~b1", "~b3", "100 000")), "once": once.new(), "reason": "Баға өсті"}
    for _twice in range(2):
        sent = bolat.post(address("change_new", project.pk, "money"), form)
        assert sent.url == address("change", project.pk, 1)
    assert Change.objects.count() == 1

    page = aliya.get(sent.url).content.decode()
    assert "900\u00a0000" in page
    assert "800\u00a0000" in page
    assert aliya.post(address("change_step", project.pk, 1, "ask")).status_code == 409
    again = bolat.get(address("change_edit", project.pk, 1))
    assert again.context["form"]["reason"].value() == "Баға өсті"
    assert again.context["moves"][0]["sum_tiyn"].value() == "100 000"
    edited = {**form, "version": 0, "effect": "Индикаторлар сақталады"}
    assert bolat.post(address("change_edit", project.pk, 1), edited).status_code == 302
    stale = bolat.post(address("change_edit", project.pk, 1), {**edited, "reason": "Басқа себеп"})
    assert stale.status_code == 409
    assert "Басқа себеп" in stale.content.decode()

    assert aliya.post(address("change_step", project.pk, 1, "ask")).status_code == 302
    assert gulnara.post(address("change_step", project.pk, 1, "refuse")).status_code == 409
    assert gulnara.post(address("change_step", project.pk, 1, "approve")).status_code == 302
    history = gulnara.get(address("change_history", project.pk)).content.decode()
    assert "Директор" in history
    letter = gulnara.get(address("change_letter", project.pk, 1, "ru", "docx"))
    assert b"".join(letter.streaming_content)


def test_hidden_and_absent_are_one_and_reading_costs_the_same(people, project):
    rival, clerk, gulnara = map(sign_in, (people.dana, people.clerk, people.gulnara))
    draft(project, people, "place", activity="~a1", place="Атбасар")
    pages = ["changes", "change_history", "change_choose"]
    for page in pages:
        assert rival.get(address(page, project.pk)).status_code == 404
    assert rival.get(address("change", project.pk, 1)).status_code == 404
    assert clerk.get(address("change_choose", project.pk)).status_code == 403
    # A draft is the NGO's own; the body reads what it was asked.
    assert gulnara.get(address("change", project.pk, 1)).status_code == 404
    CHANGE.take("ask", project.changes.get(), actor=people.aliya)
    assert clerk.get(address("change", project.pk, 1)).status_code == 200
    assert gulnara.get(address("change", project.pk, 2)).status_code == 404
    assert gulnara.get(address("change_ground", project.pk, 1)).status_code == 404

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            gulnara.get(address("changes", project.pk))
        return len(queries)

    one = cost()
    for place in ("Щучинск", "Степногорск", "Есіл"):
        draft(project, people, "place", activity="~a1", place=place)
    assert cost() == one
