"""A tiny bad day: a process is killed at each exact point while it takes a file and an application. `make chaos` is the long one."""

from __future__ import annotations

import os
import signal

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from ortaq.core import audit as core
from ortaq.grants import audit as grants
from ortaq.grants.models import Application, Attachment, Receipt
from ortaq.grants.procedure.application import submit
from ortaq.grants.procedure.application_draft import attach
from ortaq.grants.tests import scenes
from ortaq.grants.tests.application_scenes import PDF, a_complete_draft
from ortaq.testing.chaos import falling

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def one_who_falls(at: str, work: object) -> bool:
    """Do `work` in a process of its own that is killed at a point; whether it was."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            falling.install()
            (falling.folder() / f"fall-{at}").touch()
            work()  # type: ignore[operator]
            falling.fall("commit")
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.req("IM-070")
def test_whoever_falls_at_any_point_leaves_all_or_nothing_and_the_second_try_counts_once(clock):
    clock.set(scenes.DURING)
    people = scenes.cast()
    competition = scenes.open_competition(people.operator, amounts=[{2020: 5_000_000}])
    draft = a_complete_draft(competition.lots.get(), people.aliya)
    content = PDF + b"sent twice"

    def send() -> None:
        attach(draft, ContentFile(content, "a.pdf"), actor=people.aliya, kind=Attachment.Kind.OTHER)

    def hand_in() -> None:
        submit(Application.objects.get(pk=draft.pk), actor=people.aliya, declared=True)

    other = Attachment.objects.filter(application=draft, kind=Attachment.Kind.OTHER)
    for point, kept in (("piece", 0), ("file", 0), ("row", 0), ("commit", 1)):
        assert one_who_falls(point, send)
        assert other.count() == kept
    send()
    assert other.count() == 1
    for point, kept in (("row", 0), ("commit", 1)):
        assert one_who_falls(point, hand_in)
        assert Receipt.objects.count() == kept
    again = submit(Application.objects.get(pk=draft.pk), actor=people.aliya, declared=True)
    assert again == Receipt.objects.get()
    found = [*core.faults(), *grants.faults()]
    assert [str(fault) for fault in found if not fault.remark] == []
