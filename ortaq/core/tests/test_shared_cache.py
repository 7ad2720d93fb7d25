"""What all hosts count together: nothing is counted twice, nothing is missed."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import DatabaseError

from ortaq.core import limits, shared_cache
from ortaq.core.models import Shared
from ortaq.testing.together import at_once

SHARED = {"BACKEND": "ortaq.core.shared_cache.SharedCache"}


@pytest.fixture(autouse=True)
def _shared(settings: Any) -> None:
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {"default": SHARED, "limits": SHARED, "process": memory}


@pytest.mark.django_db(transaction=True)
@pytest.mark.every_database
def test_requests_that_come_at_once_are_each_counted_once():
    def ask() -> list[int]:
        return [limits.count("reader", 60) for _ in range(5)]

    found = at_once(*[ask] * 6)
    assert sorted(chain.from_iterable(found)) == list(range(1, 31))
    # One of all who want a lock gets it (allauth counts attempts under such a one).
    taken = at_once(*[lambda: cache.add("lock", True, 10)] * 6)
    assert sorted(taken) == [False] * 5 + [True]


@pytest.mark.django_db
@pytest.mark.every_database
def test_the_cache_keeps_what_it_is_given_as_long_as_it_is_told(monkeypatch):
    now = [1_000_000]
    monkeypatch.setattr(shared_cache, "_now", lambda: now[0])
    monkeypatch.setattr("django.core.cache.backends.base.time.time", lambda: now[0] / 1000)
    cache.set("history", [1.5, 2.25], 10)
    cache.set("number", 7, 10)
    assert cache.get_many(["history", "number", "absent"]) == {"history": [1.5, 2.25], "number": 7}
    assert cache.incr("number", 3) == 10
    with pytest.raises(ValueError, match="not found"):
        cache.incr("history")  # not a number
    assert not cache.add("number", 1, 10)
    assert cache.touch("number", 100)
    assert [limits.count("asked", 20) for _ in range(3)] == [1, 2, 3]
    now[0] += 20_000
    assert (cache.get("history"), cache.get("number")) == (None, 10)
    assert cache.add("history", True, 10)  # in place of what is outdated
    assert limits.count("asked", 20) == 1
    now[0] += 30_000
    shared: Any = caches["limits"]
    assert shared.clear_expired() == 2
    assert list(Shared.objects.values_list("number", flat=True)) == [10]
    assert cache.delete("number")
    assert not cache.has_key("number")


def test_where_the_database_is_gone_a_process_counts_for_itself(monkeypatch, caplog):
    def gone(*_args: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(shared_cache.SharedCache, "counted", gone)
    assert [limits.count("alone", 60) for _ in range(2)] == [1, 2]
    assert "database does not answer" in caplog.text
