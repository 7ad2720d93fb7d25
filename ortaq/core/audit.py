"""What must always hold of the rows of an installation, and how a breach of it is told (`ortaq check`).

Every room has an `audit.py` whose `faults(quick)` looks at its own nouns; `operations.checks` asks them all. Here is what they
share: a `Fault` says of which subject what is wrong and what to do; rows are read in pieces, so that memory stays flat; what every
procedure promises of its states, its journal and its duties is checked once for all of them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Max

from . import clock, files, journal
from .canonical import sha256
from .keys import key_of
from .models import Checkpoint, Duty, JournalEntry, Letter, StoredFile
from .procedure import Procedure

Row = TypeVar("Row", bound=models.Model)
PIECE = 500
# So many of the newest rows of each kind `--quick` looks at.
SAMPLE = 300

RESTORE = (
    "Somebody or something wrote past the program. Keep the database as it is, compare with the last backup, and "
    "restore the row from there."
)
FILES = "Bring the file back from a backup (`ortaq restore`); its name in the store is its SHA-256."
TELL = "Tell the authors of the program: a step left this behind."


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken invariant: the subject's key, what is wrong, what to do. A `remark` is worth knowing and breaks nothing."""

    subject: str
    what: str
    do: str = RESTORE
    remark: bool = False

    def __str__(self) -> str:
        return f"{self.subject}: {self.what}. {self.do}"


Faults = Iterator[Fault]


MOVED = (
    "Somebody moved it past the program: the journal has the announced instant, and its checkpoints are public. Put that instant "
    "back, and find out who had the database in hand."
)


def announced(rows: models.QuerySet[Any], column: str, steps: Mapping[str, str]) -> Faults:
    """Deadlines that are not the ones last announced: `steps` names the steps that set them, each with the fact that holds
    the instant. Two queries for every `PIECE` rows.
    """
    for some in pieces(rows):
        found: dict[str, str] = {}
        keys = [key_of(row) for row in some]
        entries = JournalEntry.objects.filter(subject__in=keys, step__in=steps).order_by("number")
        for subject, step, facts in entries.values_list("subject", "step", "facts"):
            found[subject] = facts.get(steps[step]) or found.get(subject, "")
        for row in some:
            stands, told = getattr(row, column), found.get(key_of(row))
            if told and (stands is None or journal.instant(stands) != told):
                yield Fault(key_of(row), f"its deadline is {stands}, announced was {told}", MOVED)


def pieces(rows: models.QuerySet[Row], *, quick: bool = False) -> Iterator[list[Row]]:
    """The rows by primary key in lists of `PIECE`, each a query of its own; with `quick` the newest `SAMPLE` only."""
    if quick:
        newest = list(rows.order_by("-pk")[:SAMPLE])
        if newest:
            yield newest
        return
    last: Any = None
    while True:
        some = list((rows if last is None else rows.filter(pk__gt=last)).order_by("pk")[:PIECE])
        if not some:
            return
        yield some
        last = some[-1].pk


def frozen(
    rows: models.QuerySet[Any],
    *,
    content: str = "content",
    digest: str = "sha256",
    quick: bool = False,
    what: str = "its frozen content is not what its hash says",
) -> Faults:
    """Rows whose JSON `content` no longer has the SHA-256 in `digest`; rows without a digest are not frozen yet."""
    for some in pieces(rows.exclude(**{digest: ""}).only("pk", content, digest), quick=quick):
        for row in some:
            if sha256(getattr(row, content)) != getattr(row, digest):
                yield Fault(key_of(row), what)


# --- States and the journal ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Machine:
    """The procedures of one model taken together.

    `begins` are the states in which a subject may be made, besides the default of the column. `carried` says into which state a
    step of another subject moves it, and out of which ones: {"awarded": {"admitted"}}; `noted` the same where the entry
    stands in the subject's own journal, with `to`, but without a step of the procedure. A subject for which
    `without_journal` is true was taken over from elsewhere and has no chain.
    """

    model: type[models.Model]
    begins: Collection[str] = ()
    carried: Mapping[str, Collection[str]] = field(default_factory=dict)
    noted: Mapping[str, Collection[str]] = field(default_factory=dict)
    without_journal: Callable[[Any], bool] | None = None
    # Drafts of it go with what they belong to, without a step of their own.
    may_go: bool = False


def states(
    procedures: Sequence[Procedure[Any]], machine: Machine | None, *, quick: bool = False
) -> Faults:
    """Subjects of one model whose state is not where the steps in their journal lead; two queries for each piece."""
    model, column = procedures[0].model, procedures[0].state_field
    known = Machine(model) if machine is None else machine
    walk = _Walk(procedures, known)
    names = {"pk", column}
    if known.without_journal is None:
        rows = model._default_manager.only(*names)
    else:
        rows = model._default_manager.all()
    for some in pieces(rows, quick=quick):
        chains = _chains(some)
        for row in some:
            yield from walk.faults(row, str(getattr(row, column)), chains.get(key_of(row), []))


Taken = tuple[str, Mapping[str, Any]]


def _chains(rows: Sequence[models.Model]) -> Mapping[str, list[Taken]]:
    """The steps in the journals of these rows, oldest first."""
    found: dict[str, list[Taken]] = defaultdict(list)
    entries = JournalEntry.objects.filter(subject__in=[key_of(row) for row in rows])
    for subject, step, facts in entries.order_by("subject", "number").values_list(
        "subject", "step", "facts"
    ):
        found[subject].append((step, facts))
    return found


class _Walk:
    """Follows a subject's journal from the state in which it was made."""

    def __init__(self, procedures: Sequence[Procedure[Any]], machine: Machine) -> None:
        column = machine.model._meta.get_field(procedures[0].state_field)
        self.machine = machine
        self.known = {str(value) for value, _label in column.flatchoices}  # type: ignore[union-attr]
        self.begins = {str(one) for one in machine.begins} | {str(column.get_default())}  # type: ignore[union-attr]
        self.lawful = {
            (step.name, source, str(step.target))
            for one in procedures
            for step in one.steps.values()
            if step.target is not None
            for source in step.sources
        }
        self.moves = {name for name, _source, _target in self.lawful}

    def faults(self, row: models.Model, state: str, taken: Sequence[Taken]) -> Faults:
        key = key_of(row)
        if state not in self.known:
            yield Fault(key, f"its state “{state}” is none of this kind")
            return
        if not taken:
            accepted = self.machine.without_journal
            if accepted is None or not accepted(row):
                yield Fault(key, f"it stands at “{state}” and has no journal")
            return
        now = ""
        for step, facts in taken:
            target, source = facts.get("to"), facts.get("from")
            if step in self.moves and isinstance(target, str):
                yield from self._step(key, step, now, str(source), target)
                now = target
            elif step in self.machine.noted and isinstance(target, str):
                if now and now not in self.machine.noted[step]:
                    yield Fault(key, f"step “{step}” was taken from “{now}”")
                now = target
        if now and now != state and now not in self.machine.carried.get(state, ()):
            yield Fault(key, f"it stands at “{state}”, its journal ends at “{now}”")
        if not now and state not in self.begins and "" not in self.machine.carried.get(state, ()):
            yield Fault(key, f"it stands at “{state}”, and no step in its journal leads there")

    def _step(self, key: str, step: str, now: str, source: str, target: str) -> Faults:
        if (step, source, target) not in self.lawful:
            yield Fault(
                key, f"step “{step}” led from “{source}” to “{target}”, which no rule allows"
            )
        if now and now != source and now not in self.machine.carried.get(source, ()):
            yield Fault(key, f"a step is missing: “{step}” left “{source}”, it stood at “{now}”")
        if not now and source not in self.begins:
            yield Fault(
                key, f"a step is missing: “{step}” left “{source}”, in which nothing begins"
            )


def vanished(
    procedures: Mapping[type[models.Model], Sequence[Procedure[Any]]], *, quick: bool = False
) -> Faults:
    """Subjects of these models that have a journal and no row any more, though no step removed them."""
    by_label = {model._meta.label_lower: model for model in procedures}
    begun = JournalEntry.objects.filter(number=1).only("pk", "subject")
    for some in pieces(begun, quick=quick):
        keys: dict[str, set[int]] = defaultdict(set)
        for entry in some:
            label, _colon, pk = entry.subject.partition(":")
            if label in by_label and pk.isdecimal():
                keys[label].add(int(pk))
        for label, pks in keys.items():
            model = by_label[label]
            there = set(model._default_manager.filter(pk__in=pks).values_list("pk", flat=True))
            gone = {f"{label}:{pk}" for pk in pks - there}
            removing = {
                step.name
                for one in procedures[model]
                for step in one.steps.values()
                if step.removes
            }
            removed = JournalEntry.objects.filter(subject__in=gone, step__in=removing)
            for key in sorted(gone - set(removed.values_list("subject", flat=True))):
                yield Fault(key, "its journal is there and its row is gone")


def chains(*, quick: bool = False) -> Faults:
    """Every break of the journal; `quick` follows the chains of the newest entries only."""
    if not quick:
        for gap in journal.verify():
            yield Fault("journal", str(gap).rstrip("."))
        return
    newest = JournalEntry.objects.order_by("-pk").values_list("subject", flat=True)[:SAMPLE]
    for gap in journal.verify_subjects(set(newest)):
        yield Fault("journal", str(gap).rstrip("."))
    last = JournalEntry.objects.aggregate(last=Max("pk"))["last"] or 0
    sealed = Checkpoint.objects.aggregate(last=Max("last_entry"))["last"] or 0
    if sealed > last:
        yield Fault("journal", f"entries up to {sealed} were sealed, the last one is {last}")


# --- Duties ----------------------------------------------------------------------------------------


def owed(procedures: Sequence[Procedure[Any]], *, quick: bool = False) -> Faults:
    """Subjects whose open duties are not those that one of their procedures states now.

    A subject with several procedures has the duties of the one whose step was the last.
    """
    stating = [one for one in procedures if one.owed]
    if not stating:
        return
    model, column = procedures[0].model, procedures[0].state_field
    for some in pieces(model._default_manager.all(), quick=quick):
        open_now: dict[str, set[tuple[str, str]]] = defaultdict(set)
        rows = Duty.objects.filter(subject__in=[key_of(row) for row in some], done_at=None)
        for subject, code, bearer in rows.values_list("subject", "code", "bearer"):
            open_now[subject].add((code, bearer))
        for row in some:
            have, key = open_now[key_of(row)], key_of(row)
            stated = [{(o.code, o.bearer) for o in one.owed(row)} for one in stating if one.owed]
            if have in stated:
                continue
            wanted = min(stated, key=lambda one: len(one ^ have))
            for code, bearer in sorted(wanted - have):
                yield Fault(
                    key,
                    f"nobody is reminded of “{code}” ({bearer} at “{getattr(row, column)}”)",
                    TELL,
                )
            for code, bearer in sorted(have - wanted):
                yield Fault(
                    key, f"“{code}” is still asked of {bearer} at “{getattr(row, column)}”", TELL
                )


def loose_duties(*, quick: bool = False) -> Faults:
    """Open duties of subjects that are gone."""
    for some in pieces(
        Duty.objects.filter(done_at=None).only("pk", "subject", "code"), quick=quick
    ):
        keys: dict[str, set[str]] = defaultdict(set)
        for duty in some:
            label, _colon, pk = duty.subject.partition(":")
            keys[label].add(pk)
        there: set[str] = set()
        for label, pks in keys.items():
            try:
                model = apps.get_model(label)
            except (LookupError, ValueError):
                continue
            found = model._default_manager.filter(pk__in=pks).values_list("pk", flat=True)
            there |= {f"{label}:{pk}" for pk in found}
        for duty in some:
            if duty.subject not in there:
                yield Fault(
                    duty.subject, f"“{duty.code}” is asked for, and what it is about is gone", TELL
                )


# --- Files -----------------------------------------------------------------------------------------


def stored(*, quick: bool = False) -> Faults:
    """Files that are not there, or not what they were when they came in; `quick` looks at names and sizes only."""
    for some in pieces(StoredFile.objects.only("pk", "sha256", "size"), quick=quick):
        for row in some:
            why = content_fault(files.path_of(row.sha256), row.size, "" if quick else row.sha256)
            if why:
                yield Fault(key_of(row), why, FILES)


def content_fault(path: str, size: int | None, digest: str) -> str:
    """What is wrong with the content at `path` in the store; "" where nothing is. Without `digest` only its size is asked."""
    try:
        there = default_storage.size(path)
        if size is not None and there != size:
            return f"its content has {there} bytes instead of {size}"
        if digest and _hash(path) != digest:
            return "its content was changed: the SHA-256 is another one"
    except FileNotFoundError:
        return "its content is not in the store"
    except OSError as error:
        return f"its content cannot be read ({error.strerror or type(error).__name__})"
    return ""


def _hash(path: str) -> str:
    with default_storage.open(path, "rb") as stream:
        found = hashlib.sha256()
        while some := stream.read(files.CHUNK):
            found.update(some)
    return found.hexdigest()


def orphans(*, quick: bool = False) -> Faults:
    """What lies in the store and belongs to no row, and rows that nothing refers to: remarks, no faults.

    Such a content is left where somebody's upload was cut off before its row was written.
    """
    if quick:
        return
    for folder in _folders(""):
        if len(folder) != 2:
            continue  # rooms look after folders of their own
        for inner in _folders(folder):
            names = default_storage.listdir(f"{folder}/{inner}")[1]
            for start in range(0, len(names), PIECE):
                some = names[start : start + PIECE]
                known = StoredFile.objects.filter(sha256__in=some).values_list("sha256", flat=True)
                for name in sorted(set(some) - set(known)):
                    yield Fault(
                        f"files/{folder}/{inner}/{name}",
                        "it belongs to no row",
                        "An upload was cut off, or a draft was discarded; it may be deleted after a day.",
                        remark=True,
                    )
    columns = _references()
    for rows in pieces(StoredFile.objects.only("pk")):
        pks = {row.pk for row in rows}
        for model, name in columns:
            used = model._default_manager.filter(**{f"{name}__in": pks})
            pks -= set(used.values_list(name, flat=True))
        for pk in sorted(pks):
            yield Fault(
                f"core.storedfile:{pk}",
                "nothing refers to it",
                "It was taken out of a draft, or its upload was cut off.",
                remark=True,
            )


def _references() -> list[tuple[type[models.Model], str]]:
    """Every column of the house that names a stored file."""
    found: list[tuple[type[models.Model], str]] = []
    for model in apps.get_models(include_auto_created=True):
        found += [
            (model, column.name)
            for column in model._meta.concrete_fields
            if column.related_model is StoredFile
        ]
    return found


def _folders(path: str) -> list[str]:
    try:
        return sorted(default_storage.listdir(path)[0])
    except (FileNotFoundError, NotImplementedError):
        return []


def day(at: datetime) -> date:
    """The day of an instant in Asia/Almaty."""
    return clock.day_of(at)


# --- Letters ---------------------------------------------------------------------------------------


def letters() -> Faults:
    """Letters that say they are sent without an instant, or the other way round: claimed by somebody who forgot them."""
    sent = Letter.objects.filter(state=Letter.State.SENT, sent_at=None)
    for pk in sent.order_by("pk").values_list("pk", flat=True)[:PIECE]:
        yield Fault(
            f"core.letter:{pk}",
            "it counts as sent and nobody knows when",
            "`ortaq post --retry` sends it again.",
        )


def faults(*, quick: bool = False) -> Faults:
    """What this room looks after: the journal, stored files, letters, duties without a subject."""
    yield from chains(quick=quick)
    yield from stored(quick=quick)
    yield from letters()
    yield from loose_duties(quick=quick)
    yield from orphans(quick=quick)
