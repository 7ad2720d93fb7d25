"""Who must do what by when, under which clause: rows kept in step with the procedures.

A procedure says which duties its subject has now; `keep` makes the rows say the same. What
is no longer owed is marked done, never deleted, so that lateness can be seen afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from ortaq.law.text import Text

from . import clock
from .keys import key_of
from .models import Duty


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty as a procedure states it.

    `bearer` is a key (person or organisation); `due_at` an instant or None where no source
    sets a term; `address` the path of the page where it is done; `cite` the clause.
    """

    code: str
    bearer: str
    title: Text
    due_at: datetime | None = None
    address: str = ""
    cite: str = ""


def keep(subject: models.Model, owed: Iterable[Owed], *, now: datetime | None = None) -> None:
    """Make the duties of `subject` exactly `owed`. A term that has ended does not move."""
    keep_many([(subject, owed)], now=now)


def keep_many(
    subjects: Iterable[tuple[models.Model, Iterable[Owed]]], *, now: datetime | None = None
) -> None:
    """As `keep`, of many subjects at once: one look and one writing for every thousand of them."""
    now = now or clock.now()
    wanted = [(key_of(subject), owed) for subject, owed in subjects]
    for start in range(0, len(wanted), CHUNK):
        _keep(dict(wanted[start : start + CHUNK]), now)


def _keep(subjects: Mapping[str, Iterable[Owed]], now: datetime) -> None:
    places = ", ".join(["%s"] * len(subjects))
    known = Duty.objects.raw(f"{KNOWN} ({places})", [*subjects])
    rows = {(duty.subject, duty.code, duty.bearer): duty for duty in known}
    wanted = {(key, o.code, o.bearer): o for key, owed in subjects.items() for o in owed}
    done = [row.pk for name, row in rows.items() if name not in wanted and row.done_at is None]
    new = [
        _state(Duty(subject=name[0]), item, now)
        for name, item in wanted.items()
        if name not in rows
    ]
    restated = [
        rows[name]
        for name, item in wanted.items()
        if name in rows and _values(rows[name]) != _values(_state(rows[name], item, now))
    ]
    if done:
        Duty.objects.filter(pk__in=done).update(done_at=now)
    Duty.objects.bulk_create(new)
    Duty.objects.bulk_update(restated, STATED)


CHUNK = 1000
# Asked at every step: to build this question each time took thrice as long as to answer it.
KNOWN = f"SELECT {', '.join(str(field.column) for field in Duty._meta.concrete_fields)} FROM core_duty WHERE subject IN"  # noqa: S608
STATED = ("title_kk", "title_ru", "title_en", "address", "cite", "due_at", "done_at")


def _values(row: Duty) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in STATED)


def _state(row: Duty, item: Owed, now: datetime) -> Duty:
    """The row as the procedure states the duty now."""
    ended = row.pk and row.done_at is None and row.due_at is not None and row.due_at < now
    row.code, row.bearer = item.code, item.bearer
    row.title_kk, row.title_ru, row.title_en = item.title
    row.address, row.cite, row.done_at = item.address, item.cite, None
    if not ended:
        row.due_at = item.due_at
    return row


def open_for(bearers: Sequence[str]) -> models.QuerySet[Duty]:
    """The open duties of some bearers, the most urgent first; one indexed query."""
    return Duty.objects.filter(bearer__in=bearers, done_at=None).order_by(
        models.F("due_at").asc(nulls_last=True), "id"
    )
