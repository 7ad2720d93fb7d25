"""What every procedure promises: its subjects stand where the steps in their journal lead, and the journal holds together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Max

from ortaq.core import journal
from ortaq.core.keys import key_of
from ortaq.core.models import Checkpoint, JournalEntry
from ortaq.core.procedure import Procedure

from .told import MOVED, SAMPLE, Fault, Faults, pieces


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
    # What its duties are stated by: read along with the rows.
    related: Sequence[str] = ()
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
