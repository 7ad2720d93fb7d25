import io
import os
import time
from contextlib import nullcontext
from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models.functions import Now

from ortaq.core import work
from ortaq.core.models import Work
from ortaq.core.work import doing
from ortaq.people.tests.cast import a_person, an_organisation
from ortaq.testing.together import at_once


class Killed(BaseException):
    """What a process hears of kill -9 is nothing; neither is this heard."""


@pytest.fixture
def kinds(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    known = dict(work.kinds)
    work.kinds.clear()
    yield work.kinds
    work.kinds.clear()
    work.kinds.update(known)


def count(task):
    for number in range(3):
        task.progress(number, 3)
    task.hand_over(io.BytesIO(b"1 2 3"), "numbers.txt")


def lapse():
    """The minute after which a worker that is not heard of is taken to be gone."""
    Work.objects.update(held_until=Now() - timedelta(seconds=1))


@pytest.fixture
def aliya(db):
    return a_person("Әлия", "С", language="ru")


def ask(person, name="count", act=count, **told):
    work.kind(name, name)(act)
    return work.ask(name, person=person, **told)


def content(file):
    with default_storage.open(file.name) as opened:
        return opened.read()


def again(row):
    return Work.objects.get(pk=row.pk)


def test_asked_for_twice_it_is_one_work_and_only_its_asker_sees_it(kinds, aliya):
    dana, about = a_person("Дана", "Ж"), an_organisation("А")
    first = ask(aliya, subject=about, arguments={"a": 1})
    assert ask(aliya, subject=about, arguments={"a": 1}) == first
    assert ask(aliya, subject=about, arguments={"a": 2}) != first
    assert work.visible_to(aliya).count() == 2
    assert not work.visible_to(dana).exists()


def test_one_person_has_so_much_work_and_no_more(kinds, aliya, settings):
    settings.ORTAQ_WORK_MOST = 1
    ask(aliya)
    with pytest.raises(work.TooMuch):
        ask(aliya, arguments={"another": 1})
    assert work.do_next() is not None
    ask(aliya, arguments={"another": 1})


def test_its_result_is_kept_for_some_days_and_then_goes_with_it(kinds, aliya, clock, settings):
    row = ask(aliya, upload=b"table")
    assert content(row.upload) == b"table"
    upload = row.upload.name
    work.do_next()
    done = again(row)
    assert (done.state, done.percent, done.holder) == ("done", 100, "")
    assert content(done.result) == b"1 2 3"
    assert not done.upload
    assert not default_storage.exists(upload)
    assert work.tidy() == 0
    clock.travel(days=settings.ORTAQ_WORK_DAYS, seconds=1)
    assert work.tidy() == 1
    assert not default_storage.exists(done.result.name)


def test_files_that_no_work_has_any_more_go_after_a_day(kinds, aliya, tmp_path):
    kept = ask(aliya, upload=b"1").upload.name
    stray = [default_storage.save(f"work/{uuid4()}-{name}", ContentFile(b"1")) for name in "ab"]
    two_days_ago = time.time() - 2 * 86400
    for name in (kept, stray[0]):
        os.utime(tmp_path / name, (two_days_ago, two_days_ago))
    work.tidy()
    assert [default_storage.exists(name) for name in (kept, *stray)] == [True, False, True]


def test_work_of_a_killed_worker_is_begun_anew_when_its_lease_is_over_and_not_for_ever(
    kinds, aliya
):
    begun = []

    def die(task):
        begun.append(1)
        raise Killed

    row = ask(aliya, act=die)
    for number in range(1, doing.MOST_TRIES + 1):
        with pytest.raises(Killed):
            work.do_next()
        assert again(row).state == "running"
        assert work.do_next() is None  # its lease holds
        lapse()
        assert len(begun) == number
    assert work.do_next() == row
    assert len(begun) == doing.MOST_TRIES
    assert (again(row).state, bool(again(row).error)) == ("failed", True)


def test_what_waits_is_cancelled_at_once_and_what_runs_at_its_next_step(kinds, aliya):
    waits = ask(aliya)
    assert work.ask_to_cancel(waits)
    assert (again(waits).state, work.do_next()) == ("cancelled", None)
    reached = []

    def long(task):
        task.progress(1, 2)
        task.hand_over(io.BytesIO(b"half"), "half.txt")
        assert work.ask_to_cancel(task.row)
        task.beat()
        task.progress(2, 2)
        reached.append("the end")

    row = ask(aliya, "long", long)
    work.do_next()
    ended = again(row)
    assert (ended.state, ended.done, bool(ended.result), reached) == ("cancelled", 1, False, [])
    assert not work.ask_to_cancel(ended)


def test_a_worker_that_is_told_to_leave_puts_the_work_back(kinds, aliya):
    leaving = Event()

    def long(task):
        leaving.set()
        task.progress(1, 2)

    row = ask(aliya, act=long)
    work.do_next(leaving)
    assert (again(row).state, again(row).tries) == ("waiting", 0)
    kinds.clear()
    work.kind("count", "")(count)
    assert work.do_next() is not None
    assert again(row).state == "done"


def test_why_it_failed_is_told_in_the_asker_s_language_and_nothing_of_what_nobody_foresaw(
    kinds, aliya, caplog
):
    def refuse(task):
        raise ValidationError("No such table.")

    def break_(task):
        raise ZeroDivisionError("840101300018")

    told, broken = ask(aliya, "told", refuse), ask(aliya, "broken", break_)
    work.do_next()
    work.do_next()
    assert again(told).error == "No such table."
    assert again(broken).state == "failed"
    assert "840101300018" not in again(broken).error
    assert str(broken.pk) in caplog.text


def test_what_an_older_worker_does_not_know_waits_for_a_newer_one(kinds, aliya):
    row = ask(aliya)
    del kinds["count"]
    assert work.do_next() is None
    assert again(row).state == "waiting"


@pytest.mark.every_database
@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_do_each_work_once(kinds, aliya):
    done = []
    for number in range(3):
        ask(
            aliya,
            act=lambda task: done.append(task.arguments["number"]),
            arguments={"number": number},
        )
    took = at_once(*[work.do_next] * 4)
    assert not [one for one in took if isinstance(one, Exception)]
    while work.do_next():
        pass
    assert sorted(done) == [0, 1, 2]


@pytest.mark.every_database
@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_and_a_cancel_is_heard_while_the_work_goes_on(kinds, aliya, monkeypatch):
    monkeypatch.setattr(doing, "SHOWN_EVERY", 0.02)
    seen = []

    def long(task):
        # SQLite has one writer: there it is seen between two transactions of the work.
        inside = transaction.atomic if connection.vendor == "postgresql" else nullcontext
        with inside():
            for number in range(500):
                task.progress(number, 500)
                time.sleep(0.02)

    def watch():
        for _ in range(500):
            row = Work.objects.get()
            if row.done:
                seen.append(row.done)
                return work.ask_to_cancel(row)
            time.sleep(0.02)
        return False

    row = ask(aliya, act=long)
    assert at_once(work.do_next, watch)[1] is True
    ended = again(row)
    assert ended.state == "cancelled"
    assert seen[0] < 499
