"""The tools of the suite must fail when they should: a watchman who sleeps is worse than none."""

import socket
import time
from datetime import UTC, datetime, timedelta
from urllib.request import urlopen

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse
from django.urls import path
from pytest_socket import SocketConnectBlockedError
from zeal import NPlusOneError

from ortaq.core.clock import ALMATY, now
from ortaq.people.models import Membership, Organisation, User
from ortaq.testing import factories
from ortaq.testing.remembered import remembered

DEADLINE = datetime(2020, 6, 3, 18, tzinfo=ALMATY)


@login_not_required
def what_time(request):
    return HttpResponse(now().isoformat())


@login_not_required
def one_by_one(request):
    for membership in Membership.objects.order_by("id"):
        assert membership.organisation.name_kk
    return HttpResponse()


@login_not_required
def without_a_language(request):
    return HttpResponse("<!doctype html><title>Ortaq</title><main><h1>Ortaq</h1><img src=x></main>")


urlpatterns = [
    path("time/", what_time),
    path("one-by-one/", one_by_one),
    path("unlabelled/", without_a_language),
]

pytestmark = pytest.mark.urls(__name__)


def test_the_clock_stands_still_and_travels(clock):
    clock.set(DEADLINE)
    assert now() == DEADLINE
    assert clock.travel(seconds=1) == DEADLINE + timedelta(seconds=1)
    assert clock.travel(days=-1) == now() == DEADLINE + timedelta(seconds=1, days=-1)


def test_the_clock_is_the_systems_again_after_a_test():
    assert abs(now() - datetime.fromtimestamp(time.time(), UTC)) < timedelta(minutes=1)


def test_the_live_server_goes_by_the_tests_clock(clock, live_server):
    clock.set(DEADLINE)
    with urlopen(f"{live_server.url}/time/") as answer:
        assert answer.read().decode() == DEADLINE.isoformat()


@pytest.mark.once
@pytest.mark.django_db
def test_a_query_for_each_row_fails_the_test(client):
    for name in "ӘБВ":
        factories.a_member(factories.an_organisation(name_kk=name))
    with pytest.raises(NPlusOneError, match="organisation"):
        client.get("/one-by-one/")


def test_no_test_reaches_another_machine():
    with pytest.raises(SocketConnectBlockedError), pytest.warns(match="192.0.2.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_axe_finds_what_is_wrong_with_a_page(browser_page, axe):
    browser_page.goto("/unlabelled/")
    assert {line.split(":")[0] for line in axe(browser_page)} == {"html-has-lang", "image-alt"}


def test_a_remembered_scene_is_walked_once_and_comes_back_row_for_row(db, clock):
    walked = []

    @remembered
    def scene(clock, name):
        clock.set(DEADLINE)
        body = factories.an_organisation(name_kk=name)
        factories.a_member(body)
        walked.append(clock.travel(hours=1))
        return clock, body

    def rows():
        return [list(model.objects.order_by("pk").values_list()) for model in (Organisation, User)]

    def again(name):
        """The rows and the instant after the scene, of which nothing stays."""
        with transaction.atomic():
            given, body = scene(clock, name)
            assert given is clock
            body.refresh_from_db()
            assert body.name_kk == name
            found = rows(), now()
            transaction.set_rollback(True)
        clock.set(DEADLINE - timedelta(days=9))
        return found

    assert again("«Ә'лем»\\\n%s") == again("«Ә'лем»\\\n%s")
    assert len(walked) == 1
    again("«Қамқор»")
    assert len(walked) == 2
    factories.an_organisation()  # the database is no longer empty
    again("«Қамқор»")
    assert len(walked) == 3


def test_a_clock_that_no_test_has_set_is_no_reason_to_walk_a_scene_anew(db, clock):
    walked = []

    @remembered
    def scene():
        factories.an_organisation()
        walked.append(now())
        return len(walked)

    def again():
        with transaction.atomic():
            scene()
            transaction.set_rollback(True)
        return now()

    first = again()
    clock.begin(first + timedelta(seconds=3))  # that of the next test
    assert again() == first
    assert walked == [first]
    clock.set(first + timedelta(seconds=3))  # somebody cares when
    assert again() == first + timedelta(seconds=3)
    assert len(walked) == 2
