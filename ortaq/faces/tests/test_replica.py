"""Who only reads what is public reads a copy of the database, and never something wrong because of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import OperationalError, connection, connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path

from ortaq.core import prepared, replica
from ortaq.core.models import Shared
from ortaq.faces import public

# The copy is a file; how PostgreSQL streams is tried by `make second-machine`.
pytestmark = [pytest.mark.once, pytest.mark.urls(__name__)]

broken: list[str] = []


class Stale(Exception):
    """As the driver tells of a statement that was planned before an upgrade."""

    sqlstate, diag = prepared.STATE, SimpleNamespace(source_function=prepared.PLACE)


def number() -> int | None:
    return next(iter(Shared.objects.filter(key="shown").values_list("number", flat=True)))


@public.public_page("test")
def shown(_request: HttpRequest) -> HttpResponse:
    found = number()
    if broken and Shared.objects.all().db == replica.ALIAS:
        raise OperationalError(broken[0]) from (Stale() if "cached plan" in broken[0] else None)
    return HttpResponse(f"{found}")


@public.from_replica
def streamed(_request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(f"{number()} ".encode() for _ in range(2))


@public.from_replica
def writing(_request: HttpRequest) -> HttpResponse:
    before = number()
    Shared.objects.filter(key="shown").update(number=3)
    return HttpResponse(f"{before} {number()}")


urlpatterns = [
    path("", shown),
    path("streamed/", login_not_required(streamed)),
    path("writing/", login_not_required(writing)),
]


@pytest.fixture
def copy(transactional_db: Any, tmp_path: Path, settings: Any, monkeypatch: Any) -> Iterator[Any]:
    """A copy of the database that stands still: it says 1 while the primary says 2."""
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {**settings.CACHES, "pages": memory | {"LOCATION": str(tmp_path)}}
    monkeypatch.setitem(public.marks, "test", number)
    Shared.objects.create(key="shown", number=1, value="", expires=0)
    place = tmp_path / "copy.sqlite3"
    connection.ensure_connection()
    with sqlite3.connect(place) as target:
        connection.connection.backup(target)
    Shared.objects.update(number=2)
    monkeypatch.setitem(
        connections.settings, replica.ALIAS, {**connection.settings_dict, "NAME": str(place)}
    )
    second = connections[replica.ALIAS]
    begin: Any = second.connect
    # Tests open only the databases that there were when they began.
    monkeypatch.setattr(second, "ensure_connection", lambda: second.connection or begin())
    known = replica.Freshness()
    monkeypatch.setattr(replica, "freshness", known)
    monkeypatch.setattr(known, "usable", lambda: known.clock() >= known.away_until)
    broken.clear()
    yield known
    second.close()
    del connections[replica.ALIAS]


def read(client: Client, address: str = "/") -> str:
    answer: Any = client.get(address)
    pieces = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(pieces).decode().strip()


def test_only_readers_without_a_session_read_the_copy(copy):
    assert read(Client()) == "1"
    assert read(Client(), "/streamed/") == "1 1"
    with_session = Client()
    with_session.cookies["sessionid"] = "somebody"
    assert read(with_session) == "2"
    assert read(with_session, "/streamed/") == "2 2"
    assert Client().get("/", headers={"Authorization": "Bearer x"}).content == b"2"
    # Whoever writes reads what they wrote.
    assert read(Client(), "/writing/") == "1 3"
    assert number() == 3


def test_a_page_is_kept_only_while_it_is_what_its_own_database_says(copy):
    assert read(Client()) == "1"
    copy.lost(OperationalError())
    assert read(Client()) == "2"  # made from the copy: the primary's mark is another one
    copy.away_until = 0
    assert read(Client()) == "1"
    caches["pages"].clear()
    Shared.objects.using(replica.ALIAS).update(number=2)  # it has come so far
    assert read(Client()) == "2"
    with sqlite3.connect(connections[replica.ALIAS].settings_dict["NAME"]) as file:
        file.execute("DROP TABLE core_shared")
    # Not even the marks can be read: the primary answers, and the copy is left alone.
    assert read(Client()) == "2"
    assert not copy.usable()


def test_a_copy_that_breaks_off_in_the_midst_of_a_page_costs_the_reader_nothing(copy, caplog):
    broken.append("server closed the connection")
    assert read(Client()) == "2"
    assert not copy.usable()
    assert "The replica does not answer" in caplog.text
    copy.away_until = 0
    for said in (
        "canceling statement due to conflict with recovery",
        "cached plan must not change",
    ):
        broken[:] = [said]
        caches["pages"].clear()
        assert read(Client()) == "2"
        assert copy.usable(), said


def test_public_pages_go_on_while_the_primary_is_gone(copy, monkeypatch):
    def gone(*_args: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", gone)
        patched.setattr(connection, "chunked_cursor", gone)
        assert [read(Client()) for _ in range(2)] == ["1", "1"]
        assert read(Client(), "/streamed/") == "1 1"


def test_a_replica_is_used_while_it_is_known_to_be_fresh(settings, monkeypatch):
    settings.ORTAQ_REPLICA_LAG = 5
    now, ends = [0.0], {"default": 100, "replica": 0}

    def asked(alias: str) -> int:
        if ends[alias] < 0:
            raise OperationalError
        return ends[alias]

    def after(seconds: float, **changed: int) -> bool:
        now[0] += seconds
        ends.update(changed)
        return known.usable()

    age = [float("inf")]
    monkeypatch.setattr(replica, "end_of_log", asked)
    monkeypatch.setattr(replica, "age_of", lambda _alias: age[0])
    known = replica.Freshness(clock=lambda: now[0])
    assert not known.usable()  # it has nothing yet
    assert not after(0.5, replica=100)  # asked only once a second
    assert after(0.6)
    assert after(3, default=200)  # behind by a little
    assert not after(3)
    assert after(1, replica=250)
    assert after(1, default=-1)  # the primary is gone: what is here is the newest
    assert after(600)
    assert after(1, default=900)  # a primary that is gone is seldom asked
    assert not after(11)  # it is back, and ahead
    assert after(1, replica=900)
    assert not after(1, replica=-1)  # the replica is gone
    assert not after(5, replica=900)  # and not asked for a while
    assert after(6)
    # Nobody has asked for a while when the primary goes: what it wrote last tells.
    assert not after(600, default=-1)
    age[0] = 20
    assert after(11)
