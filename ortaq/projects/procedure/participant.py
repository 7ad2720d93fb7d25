"""Participants: registered by telephone or by list, marked as present, rating once, known once, erased.

register   by anybody with the event's link; nobody twice
rate       by the participant; who rates was there
enter      a typed or imported list, by the NGO
mark       who was there, by the NGO; who has rated stays
merge      two that are one person, by the NGO
forget     one person, at their own wish; the figures stay
forget_all everybody, when the period of keeping is over

Whatever changes figures of the project takes its lock first, then the event's: so nobody waits for anybody in a circle.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, files, journal
from ortaq.core.procedure import Refused, Step, locked, not_yours
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity
from ortaq.projects import identity, once, retention, tally
from ortaq.projects.models import (
    Consultation,
    Consumer,
    Event,
    Evidence,
    Participation,
    Project,
)
from ortaq.projects.policy import participant as times
from ortaq.projects.policy.project import is_body, records, writes

from . import small_grant

CHUNK = 400
GUIDE = "guide, SO annex 4"
KNOWN_BY = ("project", "identity", "likeness", "full_name", "workplace", "contact", "merged_into")
PERSONAL = ("full_name", "workplace", "contact")
ENTER = Step("people", _("Enter participants"), source=(), target=None, by=records, cite="IM-037")
MERGE = Step("merge", _("Merge two entries of one person"), source=(), target=None, by=records)
FORGET = Step("forget", _("Erase personal data"), source=(), target=None, by=writes | is_body)
# Kinds of evidence whose files name participants: they are deleted by hand when data are erased.
NAMING = (Evidence.Kind.LIST, Evidence.Kind.FEEDBACK, Evidence.Kind.STORY)


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a list, as read: `line` is its place in it. `contact` is in one form or as typed."""

    line: int
    name: str
    workplace: str = ""
    contact: str = ""
    attended: bool = True
    points: int | None = None
    applied: bool | None = None
    review: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a list: new in it, known before in it, and lines that repeat another of the same list."""

    new: int
    known: int
    repeated: tuple[tuple[int, int], ...] = ()


# --- Recognising ----------------------------------------------------------------------------------


def recognise(project: Project, lines: Sequence[Line], now: datetime) -> list[Consumer]:
    """The consumer that each line is, known before or made now; one query for those known, one for the new. Inside the caller's
    transaction.

    The same contact is the same person unless the names differ (`identity.same_name`); without a contact the same name and place
    of work. Who was merged into somebody is that somebody.
    """
    return _recognised(project, lines, now)[0]


def _recognised(
    project: Project, lines: Sequence[Line], now: datetime
) -> tuple[list[Consumer], list[Consumer]]:
    """The consumer of each line, and those among them that are new."""
    keys = [_Keys.of(project, line) for line in lines]
    book = _Book(project)
    book.load({key for each in keys for key in each.all})
    found = [book.find(line, key, now) for line, key in zip(lines, keys, strict=True)]
    book.save()
    return found, book.made


@dataclass(frozen=True, slots=True)
class _Keys:
    """By what a line may be known: `identity` of the contact, `beside` when another has that contact, `likeness` of the name."""

    contact: str
    identity: str
    beside: str
    likeness: str

    @classmethod
    def of(cls, project: Project, line: Line) -> _Keys:
        contact = identity.contact_of(line.contact)
        likeness = identity.likeness_of(project, line.name, line.workplace)
        if not contact:
            return cls("", likeness, likeness, likeness)
        return cls(
            contact,
            identity.identity_of(project, contact, line.name, line.workplace),
            identity.identity_beside(project, contact, line.name),
            likeness,
        )

    @property
    def all(self) -> set[str]:
        return {self.identity, self.beside, self.likeness}


class _Book:
    """The consumers of a project that a list may name, and those that it adds."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.known: dict[str, Consumer] = {}
        self.alike: dict[str, Consumer] = {}
        self.made: list[Consumer] = []
        self.changed: dict[int, Consumer] = {}
        self.targets: dict[int, Consumer] = {}

    def load(self, keys: Collection[str]) -> None:
        wanted = sorted(keys)
        rows = Consumer.objects.filter(project=self.project, erased_at=None).only(*KNOWN_BY)
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            for one in rows.filter(Q(identity__in=chunk) | Q(likeness__in=chunk)).order_by("pk"):
                self._remember(one)
        merged = {one.merged_into_id for one in self.known.values() if one.merged_into_id}
        self.targets = Consumer.objects.in_bulk(merged) if merged else {}

    def _remember(self, one: Consumer) -> None:
        self.known[one.identity] = one
        self.alike.setdefault(one.likeness, one)

    def find(self, line: Line, keys: _Keys, now: datetime) -> Consumer:
        found = self._of_contact(line, keys) if keys.contact else self.alike.get(keys.likeness)
        if found is None:
            found = Consumer(
                project=self.project,
                identity=keys.beside if keys.identity in self.known else keys.identity,
                likeness=keys.likeness,
                full_name=line.name,
                workplace=line.workplace,
                contact=keys.contact or line.contact,
                created_at=now,
            )
            self.made.append(found)
            self._remember(found)
        return self.targets[found.merged_into_id] if found.merged_into_id else found

    def _of_contact(self, line: Line, keys: _Keys) -> Consumer | None:
        """Who has this contact and name; or somebody of this name and place of work, until now without a contact."""
        one = self.known.get(keys.identity)
        if one is not None and identity.same_name(one.full_name, line.name):
            return one
        if beside := self.known.get(keys.beside):
            return beside
        nameless = self.known.get(keys.likeness)
        if nameless is None or one is not None or not line.workplace:
            return None
        del self.known[nameless.identity]
        nameless.identity, nameless.contact = keys.identity, keys.contact
        self.known[nameless.identity] = nameless
        if nameless.pk:
            self.changed[nameless.pk] = nameless
        return nameless

    def save(self) -> None:
        for one in self.changed.values():
            one.save(update_fields=["identity", "contact", "search"])
        Consumer.objects.bulk_create(self.made, batch_size=CHUNK)


# --- By telephone ---------------------------------------------------------------------------------


def register(event: Event, line: Line, *, now: datetime | None = None) -> Participation:
    """Register a person at an event by telephone; sent again, the same registration.

    The caller has asked `times.takes_registrations`. Nobody's number of queries depends on how many are registered.
    """
    at = now or clock.now()
    try:
        return _registered(event, line, at)
    except IntegrityError:  # the same person, sent twice at one moment: the other one was first
        return _registered(event, line, at)


@transaction.atomic
def _registered(event: Event, line: Line, now: datetime) -> Participation:
    (person,), new = _recognised(event.project, [line], now)
    if not new and (found := Participation.objects.filter(event=event, consumer=person).first()):
        return found
    made = Participation.objects.create(
        event=event,
        consumer=person,
        source=Participation.Source.PHONE,
        registered_at=now,
        consent=retention.CONSENT,
    )
    Event.objects.filter(pk=event.pk).update(registered=F("registered") + 1)
    return made


@transaction.atomic
def rate(
    participation: Participation,
    points: int,
    *,
    applied: bool | None = None,
    review: str = "",
    again: bool = True,
    now: datetime | None = None,
) -> bool:
    """A participant's rating; given again it replaces the first one (`again`), or is left aside. Whoever rates was there.

    Whether it is the first one. The caller has asked `times.takes_ratings`.
    """
    project = locked(Project, participation.event.project_id)
    fresh = locked(Participation, participation.pk)
    first, came = int(fresh.points is None), int(not fresh.attended)
    if not first and not again:
        return False
    difference = points - (fresh.points or 0)
    fresh.points, fresh.applied, fresh.review = points, applied, review.strip()
    fresh.attended, fresh.rated_at = True, now or clock.now()
    fresh.save(update_fields=["points", "applied", "review", "attended", "rated_at"])
    known = Consumer.objects.filter(pk=fresh.consumer_id)
    covers = int(came and known.filter(attended=0).exists())
    if came:
        known.update(attended=F("attended") + 1)
    figures = {
        "attended": F("attended") + came,
        "answers": F("answers") + first,
        "points": F("points") + difference,
    }
    Event.objects.filter(pk=fresh.event_id).update(**figures)
    figures["attendances"] = F("attendances") + came
    del figures["attended"]
    Project.objects.filter(pk=project.pk).update(**figures, covered=F("covered") + covers)
    return bool(first)


def rate_by_contact(
    event: Event, contact: str, points: int, *, applied: bool | None = None, review: str = ""
) -> None:
    """The rating of somebody who has lost their link: it counts for the registration with this contact that has none yet.

    Says nothing: whoever types another person's contact does not learn whether it is registered.
    """
    known = identity.contact_of(contact)
    if not known:
        return
    own = identity.identity_of(event.project, known, "", "")
    person = Q(consumer__contact=known) | Q(consumer__identity=own)
    aliases = Consumer.objects.filter(
        Q(contact=known) | Q(identity=own), project=event.project, merged_into__isnull=False
    ).values("merged_into")
    found = (
        Participation.objects.filter(
            person | Q(consumer__in=aliases), event=event, points=None, consumer__erased_at=None
        )
        .select_related("event")
        .order_by("pk")
        .first()
    )
    if found is not None:
        rate(found, points, applied=applied, review=review, again=False)


# --- By list --------------------------------------------------------------------------------------


def _error(code: str, message: Any, about: str = "", **numbers: Any) -> Finding:
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
            [_error("cancelled", _("The event is cancelled: nobody takes part in it any more."))],
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
) -> Entered:
    """Enter a list whose lines are in order (`lists.read`): all of it. Entered again it adds nobody and takes nothing back: a rating
    that stands is kept, who was there stays there.

    Raises `Refused` where the event is cancelled or has not begun but a line says that somebody was there.
    """
    project, fresh = _for_the_ngo(event, actor)
    now = clock.now()
    early = [one for one in lines if one.attended or one.points]
    if early and not times.has_begun(fresh, now):
        raise Refused(ENTER, [too_early()])
    people = recognise(project, lines, now)
    there = {one.consumer_id: one for one in Participation.objects.filter(event=fresh)}
    before = len(there)
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
        elif one.pk:
            changed[one.pk] = one
        if (line.attended or line.points) and not one.attended:
            one.attended = True
            came.add(person.pk)
        _take_answer(one, line, now)
    Participation.objects.bulk_create(made, batch_size=CHUNK)
    Participation.objects.bulk_update(
        changed.values(),
        ["attended", "points", "applied", "review", "rated_at"],
        batch_size=CHUNK,
    )
    _add_attended(came, 1)
    _settle(project, [fresh])
    facts = {"event": fresh.number, "new": len(made), "known": len(seen) - len(made)}
    if sha256:
        facts["sha256"] = sha256  # type: ignore[assignment]
    _write(project, "people_entered", actor, facts)
    assert len(there) == before + len(made)
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
    return _error(
        "not_begun",
        _(
            "The event has not begun yet: people can be registered for it, but nobody was there and nobody can rate it."
        ),
        "attended",
    )


def _take_answer(one: Participation, line: Line, now: datetime) -> None:
    if line.points is not None and one.points is None:
        one.points, one.rated_at = line.points, now
    if line.applied is not None and one.applied is None:
        one.applied = line.applied
    one.review = one.review or line.review


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
        _settle(project, [fresh])
        _write(
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


def _settle(project: Project, events: Iterable[Event]) -> None:
    """Bring the figures of these events, then of their project, up to the rows."""
    for event in events:
        for name, value in tally.of_event(event).items():
            setattr(event, name, value)
        event.save(update_fields=tally.OF_EVENT)
    tally.settle(project)


def _write(project: Project, step: str, actor: Any, facts: Any = None) -> None:
    key, behalf = (actor.key, actor.behalf) if actor else ("", "")
    journal.append(project, step, actor=key, behalf=behalf, facts=facts)


# --- One person, known twice ------------------------------------------------------------------------


@transaction.atomic
def merge(kept: Consumer, other: Consumer, *, actor: Any) -> None:
    """Two entries are one person: what `other` took part in is `kept`'s. Where both stood at one event, being there once and the
    rating of `kept`, or else of `other`, count. Whoever comes again as `other` is found as `kept`.

    Raises `Refused` when they are not two people of one project, still known.
    """
    project = locked(Project, kept.project_id)
    if not records(actor, project):
        raise Refused(MERGE, [not_yours(MERGE)])
    first, second = (
        Consumer.objects.filter(
            pk=one.pk, project=project, merged_into=None, erased_at=None
        ).first()
        for one in (kept, other)
    )
    if first is None or second is None or first.pk == second.pk:
        raise Refused(
            MERGE,
            [_error("not_two", _("Choose two people of this project: these are one already."))],
        )
    standing = {one.event_id: one for one in first.participations.all()}
    events = []
    for theirs in second.participations.select_related("event"):
        events.append(theirs.event)
        if (ours := standing.get(theirs.event_id)) is None:
            theirs.consumer = first
            theirs.save(update_fields=["consumer"])
            continue
        ours.attended = ours.attended or theirs.attended
        if ours.points is None:
            ours.points, ours.rated_at = theirs.points, theirs.rated_at
        if ours.applied is None:
            ours.applied = theirs.applied
        ours.review = ours.review or theirs.review
        ours.save()
        theirs.delete()
    Consultation.objects.filter(consumer=second).update(consumer=first)
    Evidence.objects.filter(consumer=second).update(consumer=first)
    second.aliases.update(merged_into=first)
    second.merged_into, second.attended = first, 0
    second.save(update_fields=["merged_into", "attended"])
    first.attended = first.participations.filter(attended=True).count()
    first.save(update_fields=["attended"])
    _settle(project, events)
    _write(project, "people_merged", actor)


# --- Erasing ----------------------------------------------------------------------------------------


@transaction.atomic
def forget(person: Consumer, *, actor: Any = None, now: datetime | None = None) -> None:
    """Erase one person's data at their own wish: name, place of work, contact and reviews. Attendance and ratings stay counted."""
    project = locked(Project, person.project_id)
    whole = Consumer.objects.filter(Q(pk=person.pk) | Q(merged_into=person.pk), erased_at=None)
    Participation.objects.filter(consumer=person).update(review="")
    if _blank(whole, now or clock.now()):
        _write(project, "person_forgotten", actor)


@transaction.atomic
def forget_all(project: Project, *, actor: Any = None, now: datetime | None = None) -> int:
    """Erase the personal data of everybody in a project, when the period of keeping is over; how many people were erased, beside
    those who applied for small grants.

    Raises `Refused` before that day. Figures stay; questions and reviews that may name people are emptied. Files that name people
    are told by `naming`: they are deleted by hand.
    """
    at = now or clock.now()
    fresh = locked(Project, project.pk)
    if actor is not None and not FORGET.by(actor, fresh):
        raise Refused(FORGET, [not_yours(FORGET)])
    if fresh.keep_personal_until is None or clock.day_of(at) <= fresh.keep_personal_until:
        raise Refused(FORGET, [kept_until(fresh)])
    people = Consumer.objects.filter(project=fresh, erased_at=None)
    Participation.objects.filter(event__project=fresh).exclude(review="").update(review="")
    Consultation.objects.filter(project=fresh).update(question="", applied_how="", review="")
    erased = _blank(people, at)
    applicants = small_grant.forget(fresh)
    fresh.erased_at = at
    fresh.save(update_fields=["erased_at"])
    files = naming(fresh).count()
    _write(
        fresh,
        "people_forgotten",
        actor,
        {"people": erased, "applicants": applicants, "files_to_delete": files},
    )
    return erased


def kept_until(project: Project) -> Finding:
    """Why nothing is erased yet."""
    if project.keep_personal_until is None:
        return _error(
            "not_closed",
            _("Personal data are kept while the project is not closed: its reports need them."),
        )
    return _error(
        "kept",
        _(
            "Personal data are kept until %(day)s: as long as the documents to which the lists belong. "
            "Anybody can have their own erased before, by their personal link."
        )
        % {"day": project.keep_personal_until.strftime("%d.%m.%Y")},
    )


def naming(project: Project) -> QuerySet[Evidence]:
    """Evidence whose files name participants."""
    return Evidence.objects.filter(
        project=project, kind__in=NAMING, file__isnull=False
    ).select_related("file")


def _blank(people: QuerySet[Consumer], now: datetime) -> int:
    """One random identity each; all else of a person is emptied."""
    rows = list(people.only("pk"))
    for one in rows:
        for name in PERSONAL:
            setattr(one, name, "")
        one.identity, one.likeness, one.search, one.erased_at = identity.nobody(), "", "", now
    Consumer.objects.bulk_update(
        rows, [*PERSONAL, "identity", "likeness", "search", "erased_at"], batch_size=CHUNK
    )
    return len(rows)


# --- Reading ----------------------------------------------------------------------------------------


def note_reading(project: Project, actor: Any) -> None:
    """Write down, once a day for each person, that they read the list of participants (IM-039)."""
    now = clock.now()
    since = clock.at(clock.day_of(now), 0)
    today = journal.history(project).filter(step="people_read", actor=actor.key, at__gte=since)
    if today.exists():
        return
    with transaction.atomic():
        locked(Project, project.pk)
        _write(project, "people_read", actor)
