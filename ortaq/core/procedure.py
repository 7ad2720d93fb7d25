"""A legal procedure is a set of states and named steps. Nothing else changes a state.

    SUBMIT = Step(
        "submit", _("Submit the application"), source=DRAFT, target=SUBMITTED,
        by=policy.is_applicant, requires=(deadline_open, form_complete), effect=issue_receipt,
        cite="announcement 2020 §4",
    )
    APPLICATION = Procedure(Application, (SUBMIT, WITHDRAW), duties=owed)

Each requirement answers with *all* its findings, so that a page can show all that is missing
and why. `Procedure.take` runs in one transaction: take the row, look at its state, ask the
policy and the requirements, apply, change the state, write the journal, recompute the duties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from ortaq.law.findings import Finding, Severity, stops

from . import clock, duties, journal
from .models import JournalEntry

Row = TypeVar("Row", bound=models.Model)


class Actor(Protocol):
    """Whoever takes a step: keys for the journal (empty: the system itself)."""

    @property
    def key(self) -> str: ...
    @property
    def behalf(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Nobody:
    """The system itself: automatic steps such as the end of acceptance."""

    key: str = ""
    behalf: str = ""


SYSTEM = Nobody()
CLOCK_BEHIND = "clock_behind"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to take a step: who, when, with which facts.

    Facts are the step's own input, and what its requirements loaded for those that follow. `reached` is the
    instant at which it came to the server: deadlines are judged by it.
    """

    actor: Any
    now: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    reached: datetime = field(default_factory=clock.reached)


Requirement = Callable[[Any, Attempt], Iterable[Finding]]
Effect = Callable[[Any, Attempt], Mapping[str, Any] | None]


def anyone(actor: Any, _subject: Any) -> bool:
    """A policy for steps that every signed-in person may take."""
    return bool(actor.key)


def system_only(actor: Any, _subject: Any) -> bool:
    """A policy for steps that only the system takes."""
    return actor is SYSTEM


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure.

    `target=None` keeps the state; `effect` changes and saves rows and returns the facts that
    the journal keeps (no floats, no personal data).
    """

    name: str
    title: Any
    source: Sequence[str] | str
    target: str | None
    by: Callable[[Any, Any], bool]
    requires: Sequence[Requirement] = ()
    effect: Effect | None = None
    cite: str = ""
    # A page asks once more before a step that cannot be taken back.
    final: bool = False
    # The step ends with the deletion of its subject, a draft; the journal keeps its chain.
    removes: bool = False
    # An attempt that was refused is itself written down: who tried, and which rules stood against it.
    keeps_refusals: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source,) if isinstance(self.source, str) else tuple(self.source)


class Refused(Exception):
    """A step was not taken. `findings` says all that is in its way; nothing has changed."""

    def __init__(self, step: Step, findings: Sequence[Finding]) -> None:
        self.step, self.findings = step, list(findings)
        super().__init__(f"{step.name}: {'; '.join(f.code for f in findings)}")

    def has(self, *codes: str) -> bool:
        """Whether one of the findings has one of these codes."""
        return any(finding.code in codes for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as a page offers it: what stands in its way, if anything."""

    step: Step
    findings: list[Finding]

    @property
    def open(self) -> bool:
        return not stops(self.findings)


class Procedure(Generic[Row]):
    """The steps of one kind of subject.

    `state_field` names the column; `duties(subject)` gives what is owed in its present state; `cites(subject,
    place)` says where a step's clause stands for one subject, when its subjects are under several acts; `beside`
    names rows that nearly every step asks, read together with the subject.
    """

    def __init__(
        self,
        model: type[Row],
        steps: Sequence[Step],
        *,
        duties: Callable[[Row], Iterable[duties.Owed]] | None = None,
        state_field: str = "state",
        cites: Callable[[Row, str], str] | None = None,
        beside: Sequence[str] = (),
    ) -> None:
        self.model, self.state_field, self.owed = model, state_field, duties
        self.cites, self.beside = cites, beside
        self.steps = {step.name: step for step in steps}
        if len(self.steps) != len(steps):
            raise ValueError(f"{model.__name__}: two steps have the same name")

    def __getitem__(self, name: str) -> Step:
        return self.steps[name]

    def state_of(self, subject: Row) -> str:
        return str(getattr(subject, self.state_field))

    def clause(self, step: Step, subject: Row) -> str:
        """Where the clause of a step stands for this subject."""
        return self.cites(subject, step.cite) if self.cites and step.cite else step.cite

    def offers(self, subject: Row, actor: Any, **facts: Any) -> list[Offer]:
        """The steps that `actor` could take from the present state, each with its findings."""
        attempt = Attempt(actor, clock.now(), facts)
        return [
            Offer(step, list(self._requirements(step, subject, attempt)))
            for step in self.steps.values()
            if self.state_of(subject) in step.sources and step.by(actor, subject)
        ]

    def findings(self, name: str, subject: Row, actor: Any, **facts: Any) -> list[Finding]:
        """All that `subject` still lacks for a step, without taking it."""
        return list(self._requirements(self[name], subject, Attempt(actor, clock.now(), facts)))

    @staticmethod
    def _requirements(step: Step, subject: Any, attempt: Attempt) -> Iterable[Finding]:
        for requirement in step.requires:
            yield from requirement(subject, attempt)

    def lock(self, pk: Any) -> Row:
        return locked(self.model, pk, *self.beside)

    def take(
        self,
        step: Step | str,
        subject: Row,
        *,
        actor: Any,
        at: datetime | None = None,
        **facts: Any,
    ) -> JournalEntry:
        """Take one step or change nothing.

        Raises `Refused` with every finding when the state has moved on ("somebody else was
        faster"), the policy says no, a requirement is not met, or the server's clock is
        behind what the journal has already recorded. `subject` is refreshed in place, unless the
        step removes it.
        """
        step = self[step] if isinstance(step, str) else step
        try:
            return self._take(step, subject, actor, at, facts)
        except Refused as refused:
            # A clock set back is always written down: it would undo every deadline.
            if refused.step is step and (step.keeps_refusals or refused.has(CLOCK_BEHIND)):
                keep_refusal(
                    refused,
                    subject,
                    actor,
                    at or clock.now(),
                    cite=self.clause(step, subject),
                )
            raise

    def _take(
        self, step: Step, subject: Row, actor: Any, at: datetime | None, facts: dict[str, Any]
    ) -> JournalEntry:
        with transaction.atomic():
            row = self.lock(subject.pk)
            now = at or clock.now()
            attempt = Attempt(actor, now, facts, at or clock.reached())
            if late := clock_behind(now):
                raise Refused(step, [late])
            if not step.by(actor, row):
                raise Refused(step, [not_yours(step)])
            if self.state_of(row) not in step.sources:
                raise Refused(step, [moved_on(step, row, self.state_field)])
            if in_the_way := stops(self._requirements(step, row, attempt)):
                raise Refused(step, in_the_way)
            recorded = dict((step.effect(row, attempt) if step.effect else None) or {})
            if step.target is not None:
                recorded |= {"from": self.state_of(row), "to": str(step.target)}
                setattr(row, self.state_field, step.target)
                row.save(update_fields=[self.state_field])
            entry = journal.append(
                row, step.name, actor=actor.key, behalf=actor.behalf, facts=recorded, at=now
            )
            if self.owed:
                duties.keep(row, () if step.removes else self.owed(row), now=now)
            if step.removes:
                row.delete()
        if not step.removes:
            subject.refresh_from_db()
        return entry

    def begin(self, subject: Row, *, actor: Any, **facts: Any) -> Row:
        """Save a new subject and write the first entry of its chain."""
        with transaction.atomic():
            subject.save()
            journal.append(subject, "begin", actor=actor.key, behalf=actor.behalf, facts=facts)
            if self.owed:
                duties.keep(subject, self.owed(subject))
        return subject

    def settle(self, subject: Row) -> None:
        """Make the duties follow rows that were written beside the subject, without a step."""
        if self.owed:
            duties.keep(subject, self.owed(subject))


def locked(model: type[Row], pk: Any, *beside: str) -> Row:
    """The row, fresh and locked for this transaction (SQLite: the transaction is the lock); `beside` names rows
    that are read with it, and not locked.
    """
    rows = (
        model._default_manager.select_related(*beside) if beside else model._default_manager.all()
    )
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return rows.get(pk=pk)


def keep_refusal(
    refused: Refused, subject: models.Model, actor: Any, now: datetime, *, cite: str = ""
) -> None:
    """Write down that a step was tried and which rules stood against it: a finding without a clause has
    that of the step (`cite`). Nothing of what was typed is kept; a clock set back does not make the journal
    younger.
    """
    latest = journal.latest_instant()
    why = [
        {"code": finding.code, "cite": str(finding.cite or cite or refused.step.cite)}
        for finding in refused.findings
    ]
    with transaction.atomic():
        journal.append(
            subject,
            "refused",
            actor=actor.key,
            behalf=actor.behalf,
            facts={"step": refused.step.name, "why": why},
            at=max(now, latest) if latest else now,
        )


def clock_behind(now: datetime) -> Finding | None:
    """A finding when `now` lies before an instant that the journal has already recorded."""
    latest = journal.latest_instant()
    if latest is None or now >= latest - timedelta(seconds=5):
        return None
    return Finding(
        CLOCK_BEHIND,
        Severity.ERROR,
        _(
            "The server's clock is behind the last recorded event, so no deadline can be judged. "
            "Nothing was changed and what you entered is kept. Please tell the administrator."
        ),
        numbers={"now": now.isoformat(), "latest": latest.isoformat()},
    )


def not_yours(step: Step) -> Finding:
    return Finding(
        "not_yours",
        Severity.ERROR,
        _("This step is not yours to take in your present role."),
        numbers={"step": step.name},
    )


def moved_on(step: Step, row: models.Model, state_field: str) -> Finding:
    shown = getattr(row, f"get_{state_field}_display", lambda: getattr(row, state_field))()
    return Finding(
        "moved_on",
        Severity.ERROR,
        _(
            "Somebody else was faster, or this step is over: look at the present state and go on from there."
        ),
        numbers={"step": step.name, "state": str(shown)},
    )
