"""The journal: what was done, by whom, when; each entry carries the hash of the one before.

A chain per subject lets many procedures run side by side without waiting for one another.
Once a day the heads of all chains are sealed into a checkpoint, so that cutting off the end
of a chain shows too. `ortaq journal verify` checks a database, `ortaq journal verify FILE`
checks an export without one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import models, transaction

from . import clock
from .canonical import canonical
from .keys import key_of
from .models import Checkpoint, JournalEntry

FIELDS = ("subject", "number", "step", "actor", "behalf", "at", "facts", "previous")


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the journal does not hold together."""

    subject: str
    number: int
    why: str


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
    last = JournalEntry.objects.filter(subject=key).order_by("-number").first()
    content: dict[str, Any] = {
        "subject": key,
        "number": last.number + 1 if last else 1,
        "step": step,
        "actor": actor,
        "behalf": behalf,
        "at": instant(at or clock.now()),
        "facts": json.loads(canonical(dict(facts or {}))),
        "previous": last.hash if last else "",
    }
    row = {**content, "at": datetime.fromisoformat(content["at"]), "hash": entry_hash(content)}
    return JournalEntry.objects.create(**row)


def history(subject: models.Model) -> models.QuerySet[JournalEntry]:
    """The entries of one subject, oldest first."""
    return JournalEntry.objects.filter(subject=key_of(subject)).order_by("number")


def latest_instant() -> datetime | None:
    """The instant of the last entry written, or None: time that has already been."""
    return JournalEntry.objects.order_by("-id").values_list("at", flat=True).first()


# --- Checking ------------------------------------------------------------------------------------


def as_dicts(entries: Iterable[JournalEntry]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        record = {name: getattr(entry, name) for name in FIELDS}
        yield {**record, "at": instant(entry.at), "hash": entry.hash, "id": entry.pk}


def check(entries: Iterable[Mapping[str, Any]]) -> Iterator[Break]:
    """Every break in `entries` (mappings with `FIELDS` and `hash`), which may come in any
    mixture of subjects but in the order of numbers within one."""
    heads: dict[str, tuple[int, str]] = {}
    for entry in entries:
        subject, number = entry["subject"], entry["number"]
        last_number, last_hash = heads.get(subject, (0, ""))
        if number != last_number + 1:
            yield Break(subject, number, f"entry {last_number + 1} is missing before it")
        elif entry["previous"] != last_hash:
            yield Break(subject, number, "it does not carry the hash of the entry before")
        if entry_hash(entry) != entry["hash"]:
            yield Break(subject, number, "its content was changed after it was written")
        heads[subject] = (number, entry["hash"])


def seal_of(heads: Mapping[str, tuple[int, str]], previous: str) -> str:
    """The hash of a checkpoint over the last number and hash of each chain."""
    lines = "\n".join(f"{s} {n} {h}" for s, (n, h) in sorted(heads.items()))
    return hashlib.sha256(f"{previous}\n{lines}".encode()).hexdigest()


def _heads(last_entry: int) -> dict[str, tuple[int, str]]:
    rows = JournalEntry.objects.filter(pk__lte=last_entry).order_by("number")
    return {s: (n, h) for s, n, h in rows.values_list("subject", "number", "hash").iterator()}


@transaction.atomic
def seal(day: date | None = None) -> Checkpoint | None:
    """Seal the heads of all chains for `day` (default: today); None when already sealed or empty."""
    day = day or clock.today()
    last = JournalEntry.objects.order_by("-id").values_list("id", flat=True).first()
    if last is None or Checkpoint.objects.filter(day=day).exists():
        return None
    before = Checkpoint.objects.order_by("-day").first()
    heads = _heads(last)
    previous = before.hash if before else ""
    return Checkpoint.objects.create(
        day=day,
        last_entry=last,
        chains=len(heads),
        previous=previous,
        hash=seal_of(heads, previous),
    )


def verify() -> list[Break]:
    """Every break of this database's journal: chains first, then checkpoints."""
    entries = JournalEntry.objects.order_by("number", "id").iterator(chunk_size=2000)
    breaks = list(check(as_dicts(entries)))
    previous = ""
    for point in Checkpoint.objects.order_by("day"):
        if point.previous != previous:
            breaks.append(Break("checkpoint", 0, f"{point.day}: it does not follow the one before"))
        if seal_of(_heads(point.last_entry), point.previous) != point.hash:
            breaks.append(
                Break("checkpoint", 0, f"{point.day}: chains differ from what was sealed")
            )
        previous = point.hash
    return breaks


def export() -> Iterator[str]:
    """The journal as JSON lines: entries in the order of writing, then the checkpoints."""
    for record in as_dicts(JournalEntry.objects.order_by("id").iterator(chunk_size=2000)):
        yield json.dumps({"entry": record}, ensure_ascii=False, sort_keys=True)
    for point in Checkpoint.objects.order_by("day"):
        record = {
            "day": point.day.isoformat(),
            "last_entry": point.last_entry,
            "chains": point.chains,
            "previous": point.previous,
            "hash": point.hash,
        }
        yield json.dumps({"checkpoint": record}, ensure_ascii=False, sort_keys=True)


def verify_export(lines: Iterable[str]) -> list[Break]:
    """Every break of an exported journal; needs no database. `ValueError` for what is no export."""
    entries: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    for position, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            if "entry" in record:
                entries.append({**dict.fromkeys((*FIELDS, "hash", "id")), **record["entry"]})
            else:
                points.append(record["checkpoint"])
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"Line {position} is not a line of an exported journal.") from error
    breaks = list(check(sorted(entries, key=lambda entry: entry["number"])))
    previous = ""
    for point in sorted(points, key=lambda point: str(point["day"])):
        heads = {
            e["subject"]: (e["number"], e["hash"])
            for e in sorted(entries, key=lambda entry: entry["number"])
            if e["id"] <= point["last_entry"]
        }
        if point["previous"] != previous or seal_of(heads, point["previous"]) != point["hash"]:
            breaks.append(
                Break("checkpoint", 0, f"{point['day']}: chains differ from what was sealed")
            )
        previous = point["hash"]
    return breaks
