from datetime import UTC, datetime, time, timedelta
from typing import ClassVar

import pytest
from django.core.management import CommandError
from django.db.models.functions import Now

from ortaq.core.clock import now
from ortaq.core.models import Job, JobRun
from ortaq.core.work import jobs
from ortaq.core.work.jobs import MINUTE, Recurring
from ortaq.core.work.worker import Worker
from ortaq.testing.together import at_once

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TICK = Recurring("tick", "", ("tick",), "clock", MINUTE)
POST = Recurring("post", "", ("post",), "letters", MINUTE)
CHECK = Recurring("check", "", ("check",), "night", at=time(4))
SCHEDULE = {one.name: one for one in (TICK, POST, CHECK)}


class Killed(BaseException):
    pass


@pytest.fixture
def ran(monkeypatch):
    """The names of the commands that were called; `ran.wrong` says how some of them end."""

    class Ran(list[str]):
        wrong: ClassVar[dict[str, BaseException]] = {}

    ran = Ran()

    def call(name, *options, stdout, **more):
        ran.append(name)
        if name in ran.wrong:
            raise ran.wrong[name]
        stdout.write(f"Much was said.\n{name} is done.\n")

    monkeypatch.setattr(jobs, "call_command", call)
    return ran


@pytest.mark.django_db
def test_each_is_done_when_its_time_has_come_and_once(ran, clock, django_assert_num_queries):
    clock.set(NOON)
    worker = Worker(SCHEDULE)
    assert worker.once() == 2
    assert ran == ["tick", "post"]
    with django_assert_num_queries(1):  # all that an idle worker asks
        assert worker.once() == 0
    clock.travel(seconds=61)
    assert worker.once() == 2
    row = Job.objects.get(name="tick")
    assert (row.said, row.failures, row.succeeded_at) == ("tick is done.", 0, now())
    assert not JobRun.objects.exists()  # what went as always
    clock.travel(hours=11)
    ran.clear()
    worker.once()
    assert ran == ["tick", "post", "check"]
    assert JobRun.objects.get().job == "check"
    clock.travel(hours=-20)  # a clock set right: nothing waits until it was wrong
    ran.clear()
    assert worker.once() == 2


@pytest.mark.django_db
def test_what_fails_is_tried_again_with_growing_pauses_and_stops_nobody(ran, clock, caplog):
    clock.set(NOON)
    worker = Worker(SCHEDULE)
    ran.wrong = {"tick": CommandError("One could not be ended.")}
    pauses = []
    for _ in range(5):
        worker.once()
        row = Job.objects.get(name="tick")
        pauses.append((row.due_at - now()) // MINUTE)
        clock.set(row.due_at)
    assert pauses == [1, 2, 4, 5, 5]
    assert (row.failures, row.said) == (5, "One could not be ended.")
    assert Job.objects.get(name="post").failures == 0
    ran.wrong = {"tick": ValueError("840101300018")}
    worker.once()
    assert Job.objects.get(name="tick").said == "ValueError"
    ran.wrong = {}
    clock.set(Job.objects.get(name="tick").due_at)
    worker.once()
    assert Job.objects.get(name="tick").failures == 0
    outcomes = JobRun.objects.order_by("id").values_list("succeeded", flat=True)
    assert list(outcomes) == [False] * 6 + [True]
    assert "840101300018" in caplog.text
    assert jobs.tidy(now() + MINUTE) == 7


@pytest.mark.django_db
def test_what_a_killed_host_had_in_hand_is_done_when_its_lease_is_over(ran, clock):
    clock.set(NOON)
    ran.wrong = {"tick": Killed()}
    with pytest.raises(Killed):
        Worker(SCHEDULE).once()
    ran.wrong = {}
    ran.clear()
    Worker(SCHEDULE).once()
    assert ran == ["post"]
    assert not jobs.run_now("tick")  # somebody holds it
    Job.objects.update(held_until=Now() - timedelta(seconds=1))
    Worker(SCHEDULE).once()
    assert ran == ["post", "tick"]
    assert jobs.run_now("tick")
    Worker(SCHEDULE).once()
    assert ran == ["post", "tick", "tick"]


@pytest.mark.every_database
@pytest.mark.django_db(transaction=True)
def test_four_hosts_at_once_do_each_job_once(ran, clock):
    clock.set(NOON)
    Worker(SCHEDULE).once()
    ran.clear()
    later = clock.travel(minutes=2)
    done = at_once(*[Worker(SCHEDULE).once] * 4, at=later)
    assert sorted(ran) == ["post", "tick"]
    assert sum(done) == 2


def test_what_did_not_go_well_for_long_is_late(clock):
    row = Job(name="tick", succeeded_at=NOON)
    assert not TICK.is_late(row, NOON + 12 * MINUTE)
    assert TICK.is_late(row, NOON + 14 * MINUTE)
    assert TICK.is_late(None, NOON)
