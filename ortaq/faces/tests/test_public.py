"""Pages that everybody gets alike are made once, and never told to the wrong reader or at the wrong time."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.utils.translation import get_language

from ortaq.faces import public
from ortaq.testing import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.urls(__name__)]

MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
NOON = datetime(2026, 3, 2, 12, 0, 20, tzinfo=UTC)

state = {"number": 1, "made": 0}


@public.public_page("test")
def shown(request: HttpRequest) -> HttpResponse:
    state["made"] += 1
    own = request.user.pk if request.user.is_authenticated else "everybody"
    return HttpResponse(f"{state['number']} {request.GET.get('q')} {get_language()} {own}")


@public.public_page("test")
def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


urlpatterns = [path("shown/", shown), path("form/", form)]


@pytest.fixture(autouse=True)
def kept(settings: Any, monkeypatch: Any, clock: Any) -> None:
    settings.CACHES = {"default": MEMORY, "pages": {**MEMORY, "LOCATION": "test-pages"}}
    monkeypatch.setitem(public.marks, "test", lambda: state["number"])
    caches["pages"].clear()
    state.update(number=1, made=0)
    clock.set(NOON)


def read(client: Any, address: str = "/shown/", **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_a_page_is_made_once_until_what_it_tells_changes(client, clock, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert {read(client) for _ in range(3)} == {"1 None kk everybody"}
    assert state["made"] == 1
    state["number"] = 2  # a step was taken
    assert read(client) == "2 None kk everybody"
    # The order of filters is none of the page's business, their values and the language are.
    for address, language in (("?q=a&b=1", "kk"), ("?b=1&q=a", "kk"), ("?q=b", "kk"), ("", "ru")):
        read(client, f"/shown/{address}", **{"accept-language": language})
    assert state["made"] == 5
    # A second before the end of the minute, and at its end, a clock on it may say something else.
    clock.set(NOON + timedelta(seconds=38))
    read(client)
    assert state["made"] == 5
    for made, seconds in ((6, 39), (7, 40)):
        clock.set(NOON + timedelta(seconds=seconds))
        assert read(client) == "2 None kk everybody"
        assert state["made"] == made
    clock.set(NOON - timedelta(days=1))  # a demonstration begun anew
    read(client)
    assert state["made"] == 8


def test_whoever_has_the_page_already_is_told_so(client):
    whole = client.get("/shown/")
    assert whole["Cache-Control"] == "public, no-cache"
    assert {"Cookie", "Accept-Language", "Accept-Encoding"} <= set(whole["Vary"].split(", "))
    again = client.get("/shown/", headers={"if-none-match": whole["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    state["number"] = 2
    assert client.get("/shown/", headers={"if-none-match": whole["ETag"]}).status_code == 200
    short = client.get("/shown/", headers={"accept-encoding": "gzip"})
    assert gzip.decompress(short.content) == b"2 None kk everybody"


def test_what_is_made_for_one_reader_is_nobody_elses(client):
    assert read(client) == "1 None kk everybody"
    reader = factories.a_person()
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    assert read(client) == f"1 None kk {reader.pk}"
    client.logout()
    client.cookies.clear()
    assert read(client) == "1 None kk everybody"
    client.cookies["messages"] = "the last step's words"
    client.get("/shown/")
    client.cookies.clear()
    # A page with a token, and one that only a part was asked of.
    tokens = {client.__class__().get("/form/").content for _ in range(2)}
    assert len(tokens) == 2
    client.get("/shown/", headers={"hx-request": "true"})
    assert state["made"] == 4


def test_what_a_scraper_makes_up_is_answered_and_not_kept(client):
    for _ in range(2):
        assert client.get("/shown/?q=" + "x" * 600).status_code == 200
    assert state["made"] == 2
