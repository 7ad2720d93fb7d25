"""The gazette keeps in step with the rooms below.

`note` hears of every entry of the journal and writes down, in the step's own transaction, which subject was touched.
After the commit, and once a minute by `ortaq gazette`, `catch_up` writes anew what became of them: one at a time, under a
lock, with the next numbers. So whoever has read up to a number has read everything that was committed before it.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from ortaq import law
from ortaq.core import clock, regions
from ortaq.core.canonical import canonical, sha256
from ortaq.law.text import EMPTY
from ortaq.people.models import Organisation

from . import index
from .models import Pending, Publication, PublicationRegion
from .sources import every
from .sources.said import both
from .telling import Draft, Source

log = logging.getLogger(__name__)
# Pending subjects that one transaction takes along, and nouns that are written anew at once.
AT_ONCE, CHUNK = 200, 500
# So many nouns somebody who waits for a page writes anew; more is left to the command.
FOR_A_PAGE = 300
# Any number that no other lock of this database has.
LOCK = 4_061_727
ORGANISATION = "organisation"
PENDING = "INSERT INTO gazette_pending (subject) VALUES "
# What a publication says, beside its key and its numbers.
SAID = (
    "address", "title_kk", "title_ru", "summary_kk", "summary_ru", "instrument", "year", "field", "sum_tiyn",
    "opens_at", "closes_at", "state",
)  # fmt: skip
WRITTEN = (
    *SAID, "region", "body", "recipient", "published_at", "facts", "heading", "words", "marks", "place", "digest",
    "sequence", "changed_at", "withdrawn",
)  # fmt: skip


# --- Hearing of it -------------------------------------------------------------------------------------


@cache
def followed() -> Mapping[str, tuple[Source, ...]]:
    """The sources that follow subjects of each label."""
    found: dict[str, list[Source]] = defaultdict(list)
    for source in every():
        for label in source.follows:
            found[label].append(source)
    return {label: tuple(sources) for label, sources in found.items()}


def note(subjects: Sequence[str]) -> None:
    """A follower of the journal (`core.journal.followers`): remember what may have changed what is public."""
    touched = [one for one in subjects if one.partition(":")[0] in followed()]
    if not touched:
        return
    with connection.cursor() as cursor:  # for every step, so in plain SQL: a tenth of the time
        cursor.execute(PENDING + ", ".join(["(%s)"] * len(touched)), touched)
    if not any(_after_commit in hook for hook in connection.run_on_commit):
        # What fails here is logged and stays pending: the step itself is done.
        transaction.on_commit(_after_commit, robust=True)


def _after_commit() -> None:
    catch_up(patient=False)


# --- Catching up ---------------------------------------------------------------------------------------


def catch_up(*, patient: bool = True) -> int:
    """Write anew all that is pending now; how many publications changed.

    Without `patient` one portion only, and none that would keep somebody waiting. What a source cannot tell is logged
    and stays pending.
    """
    last = Pending.objects.aggregate(last=Max("pk"))["last"]
    changed, more = 0, last is not None
    while more:
        done, more = _portion(last, patient)
        changed += done
    return changed


@transaction.atomic
def _portion(last: int, patient: bool) -> tuple[int, bool]:
    """Some of what is pending up to `last`: how many publications changed, and whether somebody patient finds more there."""
    _take_turn()
    pending = list(Pending.objects.filter(pk__lte=last).order_by("pk")[:AT_ONCE])
    if not pending:
        return 0, False
    touched: dict[str, set[int]] = defaultdict(set)
    for one in pending:
        label, _colon, pk = one.subject.partition(":")
        if pk.isascii() and pk.isdigit():
            touched[label].add(int(pk))
    meant = _nouns(touched)
    if not patient and sum(map(len, meant.values())) > FOR_A_PAGE:
        return 0, False
    writer, failed = Writer(), False
    for source in every():
        keys = meant.get(source.noun, set())
        if source.noun == BODY:
            keys = keys | writer.bodies_to_tell()
        if not keys:  # a step touches few of the sources: for the others not even a savepoint
            continue
        try:
            with transaction.atomic():
                writer.rewrite(source, keys)
        except Exception:
            log.exception("What is public of %s could not be told.", source.noun)
            failed = True
    Pending.objects.filter(pk__in=[one.pk for one in pending]).delete()
    if failed:  # at the end of the queue, so that it stands in nobody's way
        Pending.objects.bulk_create([Pending(subject=one.subject) for one in pending])
    return writer.changed, patient and len(pending) == AT_ONCE


BODY = "people.organisation"


def _take_turn() -> None:
    """One writes at a time until the end of the transaction. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _nouns(touched: Mapping[str, Collection[int]]) -> dict[str, set[int]]:
    """The nouns of each source that the touched subjects mean, and those that name a touched organisation."""
    meant: dict[str, set[int]] = defaultdict(set)
    for label, keys in touched.items():
        for source in followed().get(label, ()):
            meant[source.noun].update(source.follows[label](keys))
    if organisations := touched.get(ORGANISATION):
        named = Publication.objects.filter(recipient__in=organisations, withdrawn=False)
        for key in named.values_list("key", flat=True):
            noun, _colon, pk = key.partition(":")
            meant[noun].add(int(pk))
    return meant


# --- Everything anew -----------------------------------------------------------------------------------


def write_all() -> int:
    """Write everything anew, some at a time; how many publications changed.

    What is no longer public is withdrawn; what says the same keeps its number.
    """
    changed = sum(_anew(source, keys) for source in every() for keys in chunks(source))
    index.renew()
    return changed


@transaction.atomic
def _anew(source: Source, keys: Collection[int]) -> int:
    _take_turn()
    writer = Writer()
    writer.rewrite(source, keys)
    return writer.changed


def chunks(source: Source) -> Iterator[Collection[int]]:
    """The nouns of a source that the gazette knows, then those that it does not know yet."""
    known = Publication.objects.filter(kind=source.kind, key__startswith=f"{source.noun}:")
    last = 0
    while rows := list(known.filter(pk__gt=last).order_by("pk").values_list("pk", "key")[:CHUNK]):
        last = rows[-1][0]
        yield [int(key.rpartition(":")[2]) for _pk, key in rows]
    last = 0
    while keys := list(
        source.public().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]
    ):
        last = keys[-1]
        met = set(known.filter(key__in=map(source.key, keys)).values_list("key", flat=True))
        if fresh := [key for key in keys if source.key(key) not in met]:
            yield fresh


# --- Writing -------------------------------------------------------------------------------------------


class Writer:
    """Writes publications in one transaction, in which nobody else does, and counts those that say something else."""

    def __init__(self) -> None:
        self.changed = 0
        last = Publication.objects.aggregate(last=Max("sequence"))["last"]
        if last is None:  # of a database that was emptied something may be left in the index
            index.renew()
        self._next = (last or 0) + 1
        self._at = clock.now()
        self._bodies: set[int] = set()  # of which something was published or withdrawn

    def bodies_to_tell(self) -> set[int]:
        """The bodies of what was written: the first thing that a body publishes makes it public itself."""
        return self._bodies

    def rewrite(self, source: Source, keys: Collection[int]) -> None:
        """Write anew the publications of these nouns of a source: new, changed, or no longer public."""
        if not keys:
            return
        drafts = {source.key(draft.pk): draft for draft in source.drafts(keys)}
        rows = Publication.objects.filter(key__in=[source.key(key) for key in keys])
        known = {row.key: row for row in rows}
        names = _names(draft.recipient for draft in drafts.values())
        written: list[Publication] = []
        before: list[tuple[int, index.Words]] = []
        same: list[Publication] = []
        forms: index.Forms = {}
        for key in sorted(drafts.keys() | known.keys(), key=_number):
            old, draft = known.get(key), drafts.get(key)
            if draft is None and (old is None or old.withdrawn):
                continue
            new = told(source, draft, old) if draft else _withdrawn(old)
            searched = _searched(new, draft, names, forms) if draft else index.NOTHING
            new.heading, new.words, new.marks = searched
            if old is None or old.digest != new.digest or old.withdrawn != new.withdrawn:
                self._number(new, old)
                written.append(new)
            elif searched != (old.heading, old.words, old.marks):
                new.sequence, new.changed_at, new.place = old.sequence, old.changed_at, old.place
                same.append(new)
            else:
                continue
            if old is not None:
                before.append((old.place, index.Words(old.heading, old.words, old.marks)))
        self.changed += len(written)
        self._write([*written, *same], drafts, before)
        if written or same:
            index.learn(forms)

    def _number(self, new: Publication, old: Publication | None) -> None:
        """The next number; its place follows when it was published, and for one instant who was first."""
        new.sequence, new.changed_at = self._next, self._at
        self._next += 1
        mine = old.place % FIRST if old else new.sequence % FIRST
        new.place = max(int(new.published_at.timestamp()), 0) * FIRST + mine
        self._bodies.update(pk for pk in (new.body_id, old and old.body_id) if pk)

    def _write(
        self,
        rows: Sequence[Publication],
        drafts: Mapping[str, Draft],
        before: Sequence[tuple[int, index.Words]],
    ) -> None:
        if not rows:
            return
        Publication.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=WRITTEN,
            batch_size=100,
        )
        found = Publication.objects.filter(key__in=[row.key for row in rows])
        keys = dict(found.values_list("key", "pk"))
        PublicationRegion.objects.filter(publication__in=keys.values()).delete()
        PublicationRegion.objects.bulk_create(
            PublicationRegion(publication_id=keys[row.key], region=region)
            for row in rows
            if row.key in drafts
            for region in drafts[row.key].regions
        )
        index.replace(before, [(row.place, index.Words(row.heading, row.words, row.marks)) for row in rows if not row.withdrawn])  # fmt: skip


# So many numbers share a second: a place is the second it was published and, below it, who was first.
FIRST = 1 << 28


def _number(key: str) -> int:
    return int(key.rpartition(":")[2])


def _names(organisations: Iterable[int | None]) -> dict[int, tuple[str, str]]:
    """The names by which recipients are looked for; one query."""
    rows = Organisation.objects.filter(pk__in={pk for pk in organisations if pk})
    return {pk: (kk, ru) for pk, kk, ru in rows.values_list("pk", "name_kk", "name_ru")}


def told(source: Source, draft: Draft, old: Publication | None) -> Publication:
    """The row of a draft; without its numbers."""
    said: dict[str, Any] = {name: getattr(draft, name) for name in SAID}
    said["facts"] = json.loads(canonical(dict(draft.facts)))
    regions = sorted(set(draft.regions))
    row = Publication(
        kind=source.kind,
        key=source.key(draft.pk),
        region=regions[0] if len(regions) == 1 else "",
        body_id=draft.body,
        recipient_id=draft.recipient,
        published_at=draft.published_at or (old.published_at if old else clock.now()),
        **said,
    )
    of = (draft.body, draft.recipient, draft.published_at, regions, source.kind)
    row.digest = sha256([said, *of])
    return row


def _withdrawn(old: Publication | None) -> Publication:
    """What is left of a publication: that it was there."""
    assert old is not None
    return Publication(
        kind=old.kind,
        key=old.key,
        published_at=old.published_at,
        year=old.year,
        withdrawn=True,
    )


def _searched(
    row: Publication, draft: Draft, names: Mapping[int, tuple[str, str]], forms: index.Forms
) -> index.Words:
    """What it is found by: its texts, and in words what it is, for whom, where and in which field.

    Not its body: whoever looks for "support" does not mean all that a centre for the support of something published.
    """
    places = (regions.find(code) for code in draft.regions)
    about = [
        *names.get(draft.recipient or 0, ()),
        *(name for place in places if place for name in (place.name.kk, place.name.ru)),
        *_field(draft.field),
        *both(Publication.get_kind_display, row),
    ]
    return index.words_of(
        (row.title_kk, row.title_ru),
        (row.summary_kk, row.summary_ru, *draft.searched, *about),
        index.marks_of(row, draft.regions),
        forms,
    )


def _field(key: str) -> tuple[str, ...]:
    """The field in Kazakh and Russian; nothing for one that the law does not know."""
    try:
        text = law.field(key).text if key else EMPTY
    except law.Refused:
        text = EMPTY
    return (text.kk, text.ru)
