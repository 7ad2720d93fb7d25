"""What is counted of an installation, on either database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ortaq.core import clock as house_clock
from ortaq.core.models import Duty, Job, Letter
from ortaq.operations import noticing, readiness
from ortaq.operations.doctor import running
from ortaq.operations.models import BackupRun, Fault, Slow
from ortaq.operations.queries import figures

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


def test_how_an_installation_stands_is_counted_with_the_same_few_queries_whatever_there_is(
    clock, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(figures, "_files", None)
    now = house_clock.now()
    for number in range(3):
        Duty.objects.create(
            subject="x:1", code=f"x{number}", bearer="person:1", due_at=now - timedelta(days=number)
        )
        Letter.objects.create(
            subject=f"x:{number}", kind="x", address="aliya@example.kz", language="kk", title="x",
            state=Letter.State.RELEASED, created_at=now,
        )  # fmt: skip
    Job.objects.create(name="tick", due_at=now, succeeded_at=now - timedelta(minutes=1), failures=2)
    BackupRun.objects.create(
        kind="backup", began_at=now, ended_at=now - timedelta(hours=2), bytes=7
    )
    with django_assert_num_queries(11):
        found = figures.count()
    assert (found.duties_late, found.letters_waiting) == (2, 3), "one falls due this very instant"
    assert (found.jobs, found.job_failures) == ({"tick": 60.0}, {"tick": 2})
    assert (found.backup_age, found.backup_bytes, found.worker_age) == (7200.0, 7, 60.0)
    assert found.database_bytes > 0
    assert readiness.worker() == "ok"


def test_what_is_noticed_again_and_again_is_one_row():
    noticing.spool.waiting.clear()
    for seconds in (4.0, 9.0, 5.0):
        noticing.slow_request("GET", "portal:home", seconds)
        noticing.note_fault(KeyError("x"))
        noticing.spool.flush()
    slow, fault = Slow.objects.get(), Fault.objects.get()
    assert (slow.count, slow.longest_ms, slow.average_ms) == (3, 9000, 6000)
    assert (fault.count, fault.error) == (3, "KeyError")


def test_a_database_in_order_is_not_complained_about():
    assert not [str(one) for one in running.database() if one.wrong]
