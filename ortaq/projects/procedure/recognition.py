"""Who a line of a list is: somebody known before, or somebody new."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ortaq.projects import identity
from ortaq.projects.models import Consumer, Project

CHUNK = 400
KNOWN_BY = ("project", "identity", "likeness", "full_name", "workplace", "contact", "merged_into")


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


def recognise(project: Project, lines: Sequence[Line], now: datetime) -> list[Consumer]:
    """The consumer that each line is, known before or made now; one query for those known, one for the new. Inside the caller's
    transaction.

    The same contact is the same person unless the names differ (`identity.same_name`); without a contact the same name and place
    of work. Who was merged into somebody is that somebody.
    """
    return recognised(project, lines, now)[0]


def recognised(
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
