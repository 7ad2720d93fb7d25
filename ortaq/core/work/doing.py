"""Long work as it is done: the next one claimed, its progress written beside it, its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from logging import getLogger
from threading import Event
from typing import IO, Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _

from ortaq.core import clock
from ortaq.core.kinds_of_work import kinds
from ortaq.core.models import Work
from ortaq.core.procedure import Refused

from . import lease
from .asked import UNFINISHED, kept_until

log = getLogger(__name__)

# Work that took three workers with it will take the fourth.
MOST_TRIES = 3
SHOWN_EVERY = 2.0  # seconds: how old the progress is that a reader sees
NEVER = Event()
FOLDER = "work"  # of the storage: see models.Work


class Cancelled(Exception):
    """Raised in the work's own function when its asker has cancelled it; nobody need catch it."""


class Interrupted(Exception):
    """Raised likewise when the worker has been told to leave: another one begins the work anew."""


class Task:
    """One work, as the function that does it sees it: whose, about what, and what it has to say."""

    def __init__(self, row: Work, leaving: Event = NEVER) -> None:
        self.row = row
        self._leaving = leaving
        self._cancelled = self._lost = False
        self._told = (row.done, row.total)

    @property
    def arguments(self) -> dict[str, Any]:
        return dict(self.row.arguments)

    @property
    def subject_number(self) -> int:
        """The number of the row that it is about."""
        return int(self.row.subject.rpartition(":")[2])

    def upload(self) -> bytes:
        """What the asker sent with it."""
        with self.row.upload.open("rb") as file:
            return bytes(file.read())

    def progress(self, done: int, total: int | None = None) -> None:
        """Say that `done` of `total` parts are done. Raises where the work is to stop: call it where stopping leaves nothing
        half done, as often as you like; it costs no query.
        """
        if self._cancelled:
            raise Cancelled
        if self._lost or self._leaving.is_set():
            raise Interrupted
        self.row.done, self.row.total = done, total

    def hand_over(self, file: IO[bytes], name: str) -> None:
        """The file that the asker can take away for some days, under this name."""
        field = Work._meta.get_field("result")
        place = field.generate_filename(self.row, name)
        field.storage.delete(place)  # of an attempt that broke off
        file.seek(0)
        self.row.result.save(name, File(file), save=False)

    def point_to(self, address: str) -> None:
        """The page that shows what came of it."""
        self.row.address = address

    def beat(self) -> None:
        """Hold the lease, show how far it is, hear whether it is cancelled: called from beside, not by the function."""
        row = self.row
        self._cancelled = Work.objects.filter(pk=row.pk, cancel_asked=True).exists()
        self._lost = not lease.renew(row, done=row.done, total=row.total)


def to_do() -> QuerySet[Work]:
    """The works that wait, and those whose worker is gone. During an upgrade an older worker leaves kinds to others that it does
    not know.
    """
    waiting = Q(state=Work.State.WAITING) | Q(state=Work.State.RUNNING, held_until__lt=Now())
    # The states stand apart as the index of the open ones wants them.
    return Work.objects.filter(waiting, state__in=UNFINISHED, kind__in=kinds)


def do_next(leaving: Event = NEVER) -> Work | None:
    """Do the oldest work that waits, or whose worker is gone; None where there is none. Never raises what the work raises."""
    for row in to_do().select_related("asked_by").order_by("asked_at")[:5]:
        begun = {"state": Work.State.RUNNING, "started_at": clock.now(), "tries": row.tries + 1}
        # The number of tries is part of the condition: what another worker began and finished meanwhile is not begun again.
        if lease.claim(to_do().filter(tries=row.tries), row, **begun):
            _do(row, leaving)
            return row
    return None


def _do(row: Work, leaving: Event) -> None:
    task = Task(row, leaving)
    ended: dict[str, Any] = {"state": Work.State.DONE}
    with translation.override(row.language):
        try:
            _act(task)
        except Cancelled:
            ended["state"] = Work.State.CANCELLED
        except Interrupted:
            lease.finish(row, state=Work.State.WAITING, tries=F("tries") - 1, done=0)
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, its asker is told
            ended = {"state": Work.State.FAILED, "error": _in_plain_words(row, error)}
    if ended["state"] == Work.State.DONE:
        row.done = row.total or row.done
        ended["result"] = row.result.name
    elif row.result:
        row.result.delete(save=False)
    row.state = ended["state"]
    ended |= {"done": row.done, "total": row.total, "address": row.address}
    ours = lease.finish(row, finished_at=clock.now(), kept_until=kept_until(), **ended)
    if ours and row.upload:
        row.upload.delete(save=False)
        Work.objects.filter(pk=row.pk).update(upload="")


def _act(task: Task) -> None:
    row = task.row
    if row.cancel_asked:  # its worker was gone before it could hear of it
        raise Cancelled
    if row.tries > MOST_TRIES:
        error = _(
            "This work was begun %(number)s times and broke off each time; it is not begun again. "
            "The administrator of this site can see why."
        )
        raise ValidationError(error % {"number": MOST_TRIES})
    with lease.held(task.beat, SHOWN_EVERY):
        kinds[row.kind].act(task)


def _in_plain_words(row: Work, error: Exception) -> str:
    """Why it failed, for whoever asked; what nobody foresaw goes to the log and not to the reader."""
    if isinstance(error, Refused):
        return "\n".join(str(finding.message) for finding in error.findings)
    if isinstance(error, ValidationError):
        return "\n".join(error.messages)
    if isinstance(error, PermissionDenied | Http404 | ObjectDoesNotExist):
        return _("What this work is about is gone, or is not open to you any more.")
    log.error("Work %s (%s) failed.", row.pk, row.kind, exc_info=error)
    return _(
        "Something unforeseen happened while this work was done; nothing of it was kept. Ask for it again. "
        "If it fails again, tell the administrator of this site the number of the work."
    )


def tidy() -> int:
    """Forget the works whose time is over, with their files; how many."""
    gone = list(Work.objects.filter(kept_until__lt=clock.now())[:1000])
    for row in gone:
        for file in (row.upload, row.result):
            if file:
                file.delete(save=False)
        row.delete()
    _sweep()
    return len(gone)


def _sweep() -> None:
    """Delete the files of works that are gone otherwise: with their asker's account, or cut off before their row was written."""
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return
    known = {str(pk) for pk in Work.objects.values_list("pk", flat=True)}
    # The storage's clock is the system's, whatever a demonstration's says.
    yesterday = datetime.now(UTC) - timedelta(days=1)  # noqa: TID251
    for name in names:
        place = f"{FOLDER}/{name}"
        if name[:36] not in known and default_storage.get_modified_time(place) < yesterday:
            default_storage.delete(place)
