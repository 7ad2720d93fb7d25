"""The console's pages of what runs by itself."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.management import call_command

from ortaq.core import clock, letters, work
from ortaq.core.models import Job, JobRun, JournalEntry, Letter, Work
from ortaq.core.work import worker
from ortaq.operations.schedule import SCHEDULE
from ortaq.testing import factories
from ortaq.testing.walking import Walker

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return Walker(factories.a_person(is_staff=True))


def a_letter(state, title="Шешім", **fields):
    return Letter.objects.create(
        subject="x:1", kind=f"k{Letter.objects.count()}", address="aliya@example.kz", language="kk",
        title=title, body="Құпия сөз", state=state, created_at=clock.now(), **fields,
    )  # fmt: skip


def steps():
    return list(JournalEntry.objects.order_by("id").values_list("step", flat=True))


def test_a_letter_that_could_not_be_sent_is_found_with_its_reason_and_sent_again(staff):
    row = a_letter("failed", error="550 no such user", tries=3)
    listed = staff.get("/console/letters/").content.decode()
    assert "550 no such user" in listed
    own = f"/console/letters/{row.pk}/"
    page = staff.get(own).content.decode()
    assert "Шешім" in page
    assert "Құпия" not in page + listed
    staff.post(f"{own}send/")
    assert letters.send_released() == letters.Sent(sent=1)
    assert mail.outbox[0].to == ["aliya@example.kz"]
    staff.post(f"{own}give-up/")
    assert Letter.objects.get().state == "sent"
    assert steps() == ["send_again"]


def test_of_a_letter_that_nobody_released_not_even_the_title_is_told_and_nobody_sends_it(staff):
    row = a_letter("prepared")
    pages = [
        staff.get(f"/console/letters/{one}").content.decode() for one in ("?state=", f"{row.pk}/")
    ]
    assert "Шешім" not in "".join(pages)
    staff.post(f"/console/letters/{row.pk}/send/")
    staff.post(f"/console/letters/{row.pk}/give-up/")
    assert Letter.objects.get().state == "prepared"
    assert not steps()


def test_letters_are_found_by_an_address_typed_in_whole_in_a_fixed_number_of_queries(
    staff, django_assert_num_queries
):
    for number in range(3):
        a_letter("released", f"Шешім № {number}")
    Letter.objects.filter(title="Шешім № 1").update(address="dana@example.kz")
    with django_assert_num_queries(7):
        page = staff.get("/console/letters/?address=Dana@example.kz").content.decode()
    assert "Шешім № 1" in page
    assert "Шешім № 0" not in page
    assert "Шешім №" not in staff.get("/console/letters/?address=dana").content.decode()


def test_the_schedule_tells_what_failed_and_runs_it_when_asked(staff, monkeypatch):
    assert staff.get("/console/schedule/").status_code == 200  # before any worker
    monkeypatch.setattr("ortaq.core.work.jobs.call_command", lambda *_a, **_o: None)
    worker.Worker(SCHEDULE).once()
    tick = Job.objects.get(name="tick")
    Job.objects.filter(pk=tick.pk).update(failures=2, said="Әлдене болды")
    JobRun.objects.create(
        job="tick",
        host="a",
        started_at=clock.now(),
        finished_at=clock.now(),
        succeeded=False,
        said="Бұрын",
    )
    page = staff.get("/console/schedule/").content.decode()
    assert "Әлдене болды" in page
    assert "Бұрын" in page
    assert not [job for job, row in worker.Worker(SCHEDULE)._due()[0] if job.name == "tick"]
    staff.post(f"/console/schedule/{tick.pk}/run/")
    assert [job for job, row in worker.Worker(SCHEDULE)._due()[0] if job.name == "tick"]
    assert steps() == ["run_now"]


def test_long_work_of_all_stands_there_without_its_content_and_can_be_cancelled(staff):
    asked = work.ask("open-data", person=factories.a_person(), about="Құпия кесте")
    page = staff.get("/console/work/").content.decode()
    assert str(asked.pk) in page
    assert "Құпия" not in page
    assert str(asked.pk) not in staff.get("/console/work/?number=1").content.decode()
    staff.post(f"/console/work/{asked.pk}/cancel/")
    assert Work.objects.get().state == "cancelled"
    assert steps() == ["cancel"]


def test_every_job_of_the_schedule_can_be_run(capsys, settings, tmp_path):
    """On an empty installation all of it goes well, so a command that is called wrong is found here."""
    settings.MEDIA_ROOT = tmp_path
    call_command("work", "--once")
    Job.objects.update(due_at=clock.now())
    call_command("work", "--once")
    wrong = {
        row.name: row.said for row in Job.objects.all() if row.failures or not row.succeeded_at
    }
    assert wrong == {}
    assert Job.objects.count() == len(SCHEDULE)
