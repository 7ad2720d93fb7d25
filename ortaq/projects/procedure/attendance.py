"""Lists of participants: who came to an event, entered and marked by the NGO. Entries that look alike: `likeness`.

enter   a typed or imported list
mark    who was there; who has rated stays
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, files
from ortaq.core.procedure import Refused, Step, locked, not_yours
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity
from ortaq.projects import once, retention, tally
from ortaq.projects.models import (
    Consumer,
    Event,
    Evidence,
    Participation,
    Project,
)
from ortaq.projects.policy import participant as times
from ortaq.projects.policy.project import records

from .recognition import CHUNK, Line, recognise
from .shared import note

GUIDE = "guide, SO annex 4"
ENTER = Step("people", _("Enter participants"), source=(), target=None, by=records, cite="IM-037")


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a list: new in it, known before in it, and lines that repeat another of the same list."""

    new: int
    known: int
    repeated: tuple[tuple[int, int], ...] = ()


def error(code: str, message: Any, about: str = "", **numbers: Any) -> Finding:
    """A finding under the guide's rule of lists."""
    return Finding(code, Severity.ERROR, message, citing.read(GUIDE), numbers, about)


def _for_the_ngo(event: Event, actor: Any) -> tuple[Project, Event]:
    """Project and event, locked in this order, when the actor may record there; else `Refused`."""
    project = locked(Project, event.project_id)
    if not records(actor, project):
        raise Refused(ENTER, [not_yours(ENTER)])
    fresh = locked(Event, event.pk)
    fresh.project = project
    if fresh.state == Event.State.CANCELLED:
        raise Refused(
            ENTER,
            [error("cancelled", _("The event is cancelled: nobody takes part in it any more."))],
        )
    return project, fresh


@transaction.atomic
def enter(
    event: Event,
    lines: Sequence[Line],
    *,
    actor: Any,
    source: str = Participation.Source.PAPER,
    sha256: str = "",
    settled: bool = True,
) -> Entered:
    """Enter a list whose lines are in order (`lists.read`): all of it. Entered again it adds nobody and takes nothing back: a rating
    that stands is kept, who was there stays there. Whoever says not `settled` brings the project's figures up afterwards.

    Raises `Refused` where the event is cancelled or has not begun but a line says that somebody was there.
    """
    project, fresh = _for_the_ngo(event, actor)
    now = clock.now()
    early = [one for one in lines if one.attended or one.points]
    if early and not times.has_begun(fresh, now):
        raise Refused(ENTER, [too_early()])
    people = recognise(project, lines, now)
    there = {one.consumer_id: one for one in Participation.objects.filter(event=fresh)}
    seen: dict[int, int] = {}
    repeated: list[tuple[int, int]] = []
    made: list[Participation] = []
    changed: dict[int, Participation] = {}
    came: set[int] = set()
    for line, person in zip(lines, people, strict=True):
        if person.pk in seen:
            repeated.append((line.line, seen[person.pk]))
        seen.setdefault(person.pk, line.line)
        one = there.get(person.pk)
        if one is None:
            one = Participation(
                event=fresh,
                consumer=person,
                source=source,
                registered_at=now,
                consent=retention.ON_PAPER,
            )
            there[person.pk] = one
            made.append(one)
        comes = (line.attended or line.points is not None) and not one.attended
        if comes:
            one.attended = True
            came.add(person.pk)
        if (_take_answer(one, line, now) or comes) and one.pk:
            changed[one.pk] = one
    Participation.objects.bulk_create(made, batch_size=CHUNK)
    Participation.objects.bulk_update(
        changed.values(),
        ["attended", "points", "applied", "review", "rated_at"],
        batch_size=CHUNK,
    )
    _add_attended(came, 1)
    tally.count_events([fresh])
    if settled:
        tally.settle(project)
    facts: dict[str, Any] = {
        "event": fresh.number,
        "new": len(made),
        "known": len(seen) - len(made),
    }
    if sha256:
        facts["sha256"] = sha256
    note(project, "people_entered", actor, facts)
    return Entered(len(made), len(seen) - len(made), tuple(repeated))


@transaction.atomic
def enter_table(
    event: Event, lines: Sequence[Line], *, actor: Any, content: bytes, name: str
) -> Entered:
    """Enter a table that was read, and keep its file as evidence of the event (`name` as the browser called it). The same file again
    adds nobody and is kept once.
    """
    digest = hashlib.sha256(content).hexdigest()
    came = enter(event, lines, actor=actor, source=Participation.Source.IMPORT, sha256=digest)
    form = uuid.uuid5(uuid.UUID(int=event.pk), digest)

    def build(fresh: Project, number: int) -> Evidence:
        kind = files.kind_of(content) or files.CSV
        kept = files.keep(content, kind, name=name, person=getattr(actor, "user", None))
        return Evidence.objects.create(
            project=fresh,
            once=form,
            number=number,
            kind=Evidence.Kind.LIST,
            item="participants",
            title=kept.name,
            day=clock.today(),
            event=event,
            file=kept,
            added_by=getattr(actor, "user", None),
            added_at=clock.now(),
        )

    once.make(Evidence, event.project, form, build)
    return came


def too_early() -> Finding:
    """Nobody has attended what has not begun."""
    return error(
        "not_begun",
        _(
            "The event has not begun yet: people can be registered for it, but nobody was there and nobody can rate it."
        ),
        "attended",
    )


def _take_answer(one: Participation, line: Line, now: datetime) -> bool:
    """Take over what the line says and nobody said before; whether it was anything."""
    new = False
    if line.points is not None and one.points is None:
        one.points, one.rated_at, new = line.points, now, True
    if line.applied is not None and one.applied is None:
        one.applied, new = line.applied, True
    if line.review and not one.review:
        one.review, new = line.review, True
    return new


@transaction.atomic
def mark(
    event: Event, present: Collection[int] | None, among: Collection[int], *, actor: Any
) -> int:
    """Mark who of `among` (keys of participations; a page of the list) was there; `present` None: everybody of the event.

    Who has rated the event was there and stays so. Gives back how many marks changed. Raises `Refused` before the event begins.
    """
    project, fresh = _for_the_ngo(event, actor)
    if not times.has_begun(fresh, clock.now()):
        raise Refused(ENTER, [too_early()])
    rows = Participation.objects.filter(event=fresh)
    absent = rows.filter(attended=False)
    there = rows.filter(attended=True, points=None)
    if present is None:
        came, left = _keys(absent), []
    else:
        shown = set(among)
        came = [row for row in _keys(absent) if row[0] in shown and row[0] in present]
        left = [row for row in _keys(there) if row[0] in shown and row[0] not in present]
    for found, attended in ((came, True), (left, False)):
        for chunk in _chunks([pk for pk, _person in found]):
            rows.filter(pk__in=chunk).update(attended=attended)
        _add_attended({person for _pk, person in found}, 1 if attended else -1)
    if came or left:
        tally.settle_events(project, [fresh])
        note(
            project,
            "people_marked",
            actor,
            {"event": fresh.number, "came": len(came), "not_there": len(left)},
        )
    return len(came) + len(left)


def _keys(rows: QuerySet[Participation]) -> list[tuple[int, int]]:
    return list(rows.values_list("pk", "consumer"))


def _chunks(keys: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(keys)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))


def _add_attended(people: Collection[int], events: int) -> None:
    for chunk in _chunks(people):
        Consumer.objects.filter(pk__in=chunk).update(attended=F("attended") + events)
