"""The journal: what was done, by whom, when; each entry carries the hash of the one before.

A chain per subject lets many procedures run side by side without waiting for one another.
Once a day the heads of all chains are sealed into a checkpoint, so that cutting off the end
of a chain shows too. `ortaq journal verify` checks a database, `ortaq journal verify FILE`
checks an export without one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import chain
from typing import Any, NoReturn

from django.db import connection, models, transaction

from . import bulk, clock
from .canonical import canonical, is_plain
from .keys import key_of
from .models import Checkpoint, JournalEntry

FIELDS = ("subject", "number", "step", "actor", "behalf", "at", "facts", "previous")
COLUMNS = (*FIELDS, "hash")
POINT_FIELDS = ("day", "last_entry", "chains", "previous", "hash")
# What a line of an export holds, and which of it are whole numbers.
FORM = {"entry": {*FIELDS, "hash", "id"}, "checkpoint": set(POINT_FIELDS)}
WHOLE = {"id", "number", "last_entry", "chains"}
CHUNK = 2000
# Asked at every step: to build these two questions each time took ten times as long as to answer them.
HEAD = "SELECT number, hash FROM core_journalentry WHERE subject = %s ORDER BY number DESC LIMIT 1"
LATEST = "SELECT at FROM core_journalentry ORDER BY id DESC LIMIT 1"
# The number and hash of the last entry of a chain.
Head = tuple[int, str]
NOTHING: Head = (0, "")
# Called with the subjects of entries just written, inside their transaction: a room above follows what happens.
followers: list[Callable[[Sequence[str]], None]] = []


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the journal does not hold together."""

    subject: str
    number: int
    why: str
    step: str = ""
    at: str = ""

    def __str__(self) -> str:
        entry = f", {self.step} at {self.at}" if self.step else ""
        return f"{self.subject} #{self.number}{entry}: {self.why}."


def instant(at: datetime) -> str:
    """How an entry's instant is hashed and exported."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def entry_hash(entry: Mapping[str, Any]) -> str:
    """SHA-256 of an entry's fields (`FIELDS`, with `at` as text)."""
    return hashlib.sha256(canonical({name: entry[name] for name in FIELDS})).hexdigest()


def append(
    subject: models.Model | str,
    step: str,
    *,
    actor: str = "",
    behalf: str = "",
    facts: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> JournalEntry:
    """Write one entry at the end of the subject's chain; must run inside a transaction.

    `actor` and `behalf` are keys (see `core.keys`); `facts` is JSON without floats and
    without personal data: it outlives the retention of persons.
    """
    key = subject if isinstance(subject, str) else key_of(subject)
    head = _asked(HEAD, [key]) or NOTHING
    entry = JournalEntry.objects.create(
        **_entry(key, head, facts or {}, _said(step, actor, behalf, at))
    )
    for follow in followers:
        follow([key])
    return entry


def append_many(
    noted: Iterable[tuple[models.Model | str, Mapping[str, Any]]],
    step: str,
    *,
    actor: str = "",
    behalf: str = "",
    at: datetime | None = None,
) -> int:
    """Write one entry for each of many subjects (subject, facts), each at the end of its own chain; how many.

    As `append`, in a number of queries that grows with the thousands and not with the subjects, all of which differ.
    """
    rows = [(one if isinstance(one, str) else key_of(one), facts) for one, facts in noted]
    said = _said(step, actor, behalf, at)
    for start in range(0, len(rows), CHUNK):
        some = rows[start : start + CHUNK]
        chains = JournalEntry.objects.filter(subject__in=[key for key, _facts in some])
        written = chains.order_by("number").values_list("subject", "number", "hash")
        heads: dict[str, Head] = {subject: (number, digest) for subject, number, digest in written}
        entries = (_entry(key, heads.get(key, NOTHING), facts, said) for key, facts in some)
        bulk.insert(JournalEntry, COLUMNS, ([one[name] for name in COLUMNS] for one in entries))
        for follow in followers:
            follow([key for key, _facts in some])
    return len(rows)


def _said(step: str, actor: str, behalf: str, at: datetime | None) -> dict[str, str]:
    """What several entries have in common."""
    return {"step": step, "actor": actor, "behalf": behalf, "at": instant(at or clock.now())}


def _entry(
    subject: str, head: Head, facts: Mapping[str, Any], said: Mapping[str, str]
) -> dict[str, Any]:
    """The columns of the entry that follows `head`."""
    content: dict[str, Any] = {
        **said,
        "subject": subject,
        "number": head[0] + 1,
        "facts": facts if is_plain(facts) else json.loads(canonical(dict(facts))),
        "previous": head[1],
    }
    at = datetime.fromisoformat(said["at"])
    return {**content, "at": at, "hash": entry_hash(content)}


def history(subject: models.Model) -> models.QuerySet[JournalEntry]:
    """The entries of one subject, oldest first."""
    return JournalEntry.objects.filter(subject=key_of(subject)).order_by("number")


def latest_instant() -> datetime | None:
    """The instant of the last entry written, or None: time that has already been."""
    (at,) = _asked(LATEST) or (None,)
    # SQLite knows no zones: what it keeps is UTC.
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def _asked(statement: str, values: Sequence[str] = ()) -> Any:
    """The first row of a statement that is never built anew."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


# --- Checking ------------------------------------------------------------------------------------


def seal_of(heads: Mapping[str, Head], previous: str) -> str:
    """The hash of a checkpoint over the last number and hash of each chain."""
    lines = "\n".join(f"{s} {n} {h}" for s, (n, h) in sorted(heads.items()))
    return hashlib.sha256(f"{previous}\n{lines}".encode()).hexdigest()


def check(
    entries: Iterable[Mapping[str, Any]], points: Iterable[Mapping[str, Any]] = ()
) -> Iterator[Break]:
    """Every break in a journal, read once from its beginning to its end.

    `entries` (mappings with `FIELDS`, `hash` and `id`) come in the order of writing; `points`
    (`day`, `last_entry`, `previous`, `hash`) in the order of sealing.
    """
    heads: dict[str, Head] = {}
    waiting = iter(points)
    point = next(waiting, None)
    sealed = ""
    for entry in entries:
        while point is not None and entry["id"] > point["last_entry"]:
            yield from _check_point(point, heads, sealed)
            sealed, point = point["hash"], next(waiting, None)
        subject, number = entry["subject"], entry["number"]
        last_number, last_hash = heads.get(subject, (0, ""))
        found = partial(Break, subject, number, step=entry["step"], at=entry["at"])
        if number != last_number + 1:
            yield found(f"entry {last_number + 1} is missing before it")
        elif entry["previous"] != last_hash:
            yield found("it does not carry the hash of the entry before")
        if entry_hash(entry) != entry["hash"]:
            yield found("its content was changed after it was written")
        heads[subject] = (number, entry["hash"])
    while point is not None:
        yield from _check_point(point, heads, sealed)
        sealed, point = point["hash"], next(waiting, None)


def _check_point(
    point: Mapping[str, Any], heads: Mapping[str, Head], sealed: str
) -> Iterator[Break]:
    if point["previous"] != sealed:
        yield Break("checkpoint", 0, f"{point['day']}: it does not follow the one before")
    if seal_of(heads, point["previous"]) != point["hash"]:
        yield Break("checkpoint", 0, f"{point['day']}: chains differ from what was sealed")


def _heads() -> tuple[int, dict[str, Head]]:
    """The highest entry, and the last number and hash of each chain."""
    last, heads = 0, {}
    rows = JournalEntry.objects.order_by("id").values_list("id", "subject", "number", "hash")
    for last, subject, number, digest in rows.iterator(chunk_size=CHUNK):  # noqa: B007
        heads[subject] = (number, digest)
    return last, heads


@transaction.atomic
def seal(day: date | None = None) -> Checkpoint | None:
    """Seal the heads of all chains for `day` (default: today); None when already sealed or empty."""
    day = day or clock.today()
    if connection.vendor == "postgresql":
        # Wait for writers under way and hold new ones back: an entry that commits later than
        # one with a higher number would look as if it had been slipped in.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE core_journalentry IN SHARE MODE")
    last, heads = _heads()
    if not last or Checkpoint.objects.filter(day=day).exists():
        return None
    before = Checkpoint.objects.order_by("-id").first()
    previous = before.hash if before else ""
    return Checkpoint.objects.create(
        day=day,
        last_entry=last,
        chains=len(heads),
        previous=previous,
        hash=seal_of(heads, previous),
    )


def verify() -> list[Break]:
    """Every break of this database's journal."""
    return list(check(_entries(), _points()))


def verify_subjects(subjects: Collection[str]) -> Iterator[Break]:
    """The breaks of a few chains, without the others and without checkpoints."""
    return check(_entries(JournalEntry.objects.filter(subject__in=subjects)))


def _entries(rows: models.QuerySet[JournalEntry] | None = None) -> Iterator[dict[str, Any]]:
    entries = JournalEntry.objects.all() if rows is None else rows
    for entry in entries.order_by("id").iterator(chunk_size=CHUNK):
        record = {name: getattr(entry, name) for name in FIELDS}
        yield {**record, "at": instant(entry.at), "hash": entry.hash, "id": entry.pk}


def _points() -> Iterator[dict[str, Any]]:
    for point in Checkpoint.objects.order_by("id"):
        record = {name: getattr(point, name) for name in POINT_FIELDS}
        yield {**record, "day": point.day.isoformat()}


def export() -> Iterator[str]:
    """The journal as JSON lines: checkpoints, then entries, both in the order of writing."""
    for point in _points():
        yield json.dumps({"checkpoint": point}, ensure_ascii=False, sort_keys=True)
    for entry in _entries():
        yield json.dumps({"entry": entry}, ensure_ascii=False, sort_keys=True)


def verify_export(lines: Iterable[str]) -> list[Break]:
    """Every break of an exported journal; needs no database. `ValueError` for what is no export."""
    records = _records(lines)
    points: list[dict[str, Any]] = []

    def entries() -> Iterator[dict[str, Any]]:
        for kind, record in records:
            if kind == "entry":
                yield record
            else:
                points.append(record)

    written = entries()
    first = next(written, None)  # reading up to here has filled `points`
    return list(check(() if first is None else chain([first], written), points))


def points() -> Iterator[str]:
    """The checkpoints as JSON lines: what everybody may keep, to hold the journal against it later."""
    for point in _points():
        yield json.dumps({"checkpoint": point}, ensure_ascii=False, sort_keys=True)


def compare(lines: Iterable[str]) -> Iterator[Break]:
    """What a copy that an outsider kept (an export, or checkpoints alone) has otherwise than this database.

    Whoever rewrites a chain and every hash after it has a journal that holds together; it is another one than the copy. `ValueError` for
    what is no export.
    """
    here = dict(Checkpoint.objects.values_list("day", "hash"))
    for kind, record in _records(lines):
        if kind == "checkpoint":
            if here.get(date.fromisoformat(record["day"])) != record["hash"]:
                yield Break("checkpoint", 0, f"{record['day']}: the copy has another seal")
            continue
        subject, number = record["subject"], record["number"]
        found = JournalEntry.objects.filter(subject=subject, number=number)
        if found.values_list("hash", flat=True).first() != record["hash"]:
            yield Break(subject, number, "the copy has another entry", record["step"], record["at"])


def _records(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for position, line in enumerate(lines, 1):
        if line.strip():
            try:
                ((kind, record),) = json.loads(line, parse_float=_refuse).items()
                whole = set(record) == FORM[kind] and all(
                    isinstance(record[name], int) for name in WHOLE & set(record)
                )
            except (ValueError, KeyError, TypeError, AttributeError):
                whole = False
            if not whole:
                raise ValueError(f"Line {position} is not a line of an exported journal.")
            yield kind, record


def _refuse(number: str) -> NoReturn:
    raise ValueError(number)  # a journal has no floats
