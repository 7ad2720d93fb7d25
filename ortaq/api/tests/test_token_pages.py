"""The pages: what the API is, and the tokens of an organisation as its head makes and revokes them."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

import pytest
from django.test import Client

from ortaq.api.models import Token
from ortaq.core import journal
from ortaq.people.actor import Actor

from .scenes import Program, Room, room

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(clock) -> Room:
    return room(clock)


def just_signed_in(actor: Actor) -> Client:
    """A browser whose password was typed a moment ago."""
    client = Client()
    assert actor.user is not None
    client.force_login(actor.user)
    session = client.session
    password = {"method": "password", "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [password]
    session["account_authentication_methods_user"] = str(actor.user.pk)
    session.save()
    return client


def form(**fields: Any) -> dict[str, Any]:
    return {
        "name": "1С",
        "scopes": ["expenses"],
        "days": "30",
        "once": str(uuid.uuid4()),
        **fields,
    }


def test_a_head_makes_a_token_that_is_shown_once_and_revokes_it(here):
    browser, given = just_signed_in(here.people.aliya), form()
    page = browser.post("/account/tokens/", given)
    assert page.status_code == 200
    (secret,) = re.findall(r"ortaq_[\w-]{43}", page.content.decode())
    assert "no-store" in page["Cache-Control"]
    program = Program(secret)
    assert program.get("own/").json()["scopes"] == ["expenses", "read"]
    again = browser.post("/account/tokens/", given)
    assert again.status_code == 200
    assert secret not in again.content.decode()
    assert secret not in browser.get("/account/tokens/").content.decode()
    token = Token.objects.latest("id")
    assert browser.post(f"/account/tokens/{token.pk}/revoke/").status_code == 302
    assert program.get("own/").status_code == 401
    steps = list(journal.history(token).values_list("step", "actor"))
    assert steps == [("begin", here.people.aliya.key), ("revoke", here.people.aliya.key)]


def test_nobody_else_makes_or_revokes_them_and_a_session_left_open_makes_none(here):
    token = Token.objects.get()
    for actor in (here.people.bolat, here.people.dana, here.people.gulnara):
        browser = just_signed_in(actor)
        assert b"\xe2\x80\xa6" + token.hint.encode() not in browser.get("/account/tokens/").content
        assert browser.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert just_signed_in(here.people.bolat).post("/account/tokens/", form()).status_code == 422
    left_open = Client()
    left_open.force_login(here.people.aliya.user)
    asked = left_open.post("/account/tokens/", form())
    assert (asked.status_code, "reauthenticate" in asked["Location"]) == (302, True)
    assert Token.objects.count() == 1


def test_what_is_wrong_with_the_form_is_said_and_too_many_tokens_are_refused(here, monkeypatch):
    browser = just_signed_in(here.people.aliya)
    for wrong in ({"name": ""}, {"days": "100000"}, {"scopes": ["everything"]}, {"once": "x"}):
        assert browser.post("/account/tokens/", form(**wrong)).status_code == 422
    monkeypatch.setattr("ortaq.api.procedure.MOST", 1)
    assert browser.post("/account/tokens/", form()).status_code == 409
    assert Token.objects.count() == 1


def test_the_page_names_every_operation_in_three_languages(db):
    from ortaq.api.service import api

    paths = api.get_openapi_schema()["paths"]
    for language, words in (
        ("kk", "Гранттарға өтінімдер"),
        ("ru", "Заявки на гранты"),
        ("en", "Applications for grants"),
    ):
        page = Client(headers={"Accept-Language": language}).get("/api/").content.decode()
        assert all(f" {address}</code>" in page for address in paths)
        assert words in page
