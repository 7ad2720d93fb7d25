"""An event: planned → held, or cancelled.

plan      with its passport, once however often the form is sent; `series` plans one passport at many places
edit      the passport, while the event is planned; two who edit at once: the second is told so
hold      records what became of it: when, where, how many, the result, and why it differs from the plan (IM-036)
correct   of an event that was held, with a reason, until a report that contains it is submitted
cancel    with a reason; `restore` takes a cancelled one back into the plan
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, locked, not_yours
from ortaq.law.findings import Finding, Severity
from ortaq.projects import once as sending
from ortaq.projects import standard, tally
from ortaq.projects.deviation import PLAN_AND_FACT, cite, deviations
from ortaq.projects.models import Event, Project, Report, Trainer
from ortaq.projects.policy import project as of_project
from ortaq.projects.policy.event import records

from . import attendance
from .attendance import Entered
from .recognition import Line
from .shared import nobody_was_faster

State = Event.State
PASSPORT = "guide, general requirements, 1"
Values = Mapping[str, Any]


# --- What stands in the way ----------------------------------------------------------------------


def _needs(name: str, code: str, message: Any) -> Any:
    """A requirement: the step's fact `name` is not empty."""

    def given(_event: Event, attempt: Attempt) -> Iterable[Finding]:
        if not str(attempt.facts.get(name) or "").strip():
            yield Finding(code, Severity.ERROR, message, cite(), about=name)

    return given


reason_given = _needs("reason", "no_reason", _("Say why."))


def _result_given(_event: Event, attempt: Attempt) -> Iterable[Finding]:
    if not str(attempt.facts["values"].get("result") or "").strip():
        yield Finding(
            "no_result", Severity.ERROR, _("Say what came of the event."), cite(), about="result"
        )


def _has_begun(event: Event, attempt: Attempt) -> Iterable[Finding]:
    begins = attempt.facts["values"].get("starts_at", event.starts_at)
    if begins > attempt.now:
        yield Finding(
            "not_begun",
            Severity.ERROR,
            _("An event that has not begun cannot be recorded as held. Mend the time, or wait for it."),
            cite(),
            {"starts_at": begins},
            "starts_at",
        )  # fmt: skip


def _deviation_explained(event: Event, attempt: Attempt) -> Iterable[Finding]:
    values = attempt.facts["values"]
    found = deviations(event, values)
    if found and not str(values.get("deviation", event.deviation) or "").strip():
        why = " ".join(str(one.message) for one in found)
        yield Finding(
            "deviation_unexplained",
            Severity.ERROR,
            _("%(why)s Say why: the report must give the reason.") % {"why": why},
            cite(),
            about="deviation",
        )


def _nobody_was_there(event: Event, attempt: Attempt) -> Iterable[Finding]:
    if event.attended or event.answers:
        yield Finding(
            "people_were_there",
            Severity.ERROR,
            _("People are marked as present or have rated the event: it cannot be cancelled."),
            cite(),
            {"attended": event.attended, "answers": event.answers},
        )


def reported(event: Event) -> Report | None:
    """The submitted or accepted creative report whose period contains the event; one query."""
    day = clock.day_of(event.starts_at)
    return (
        Report.objects.filter(
            project=event.project_id,
            kind__in=(Report.Kind.INTERIM_CREATIVE, Report.Kind.FINAL_CREATIVE),
            state__in=(Report.State.SUBMITTED, Report.State.ACCEPTED),
            period_from__lte=day,
            period_to__gte=day,
        )
        .order_by("pk")
        .first()
    )


def _not_reported(event: Event, _attempt: Attempt) -> Iterable[Finding]:
    if report := reported(event):
        yield Finding(
            "reported",
            Severity.ERROR,
            _(
                "The event stands in a report that was submitted (%(report)s). It can be corrected when the report is "
                "returned."
            )
            % {"report": report.get_kind_display()},
            cite(),
            {"report": report.number},
        )


# --- What the steps do ---------------------------------------------------------------------------


def _put(event: Event, values: Values, trainers: Sequence[Values] | None) -> list[str]:
    """Put the values into the row and the trainers into theirs; the names of what is different now."""
    changed = [name for name, value in values.items() if getattr(event, name) != value]
    for name in changed:
        setattr(event, name, values[name])
    event.version += 1
    event.save()
    if trainers is not None:
        before = list(event.trainers.values("full_name", "experience_months", "about"))
        if before != [dict(row) for row in trainers]:
            changed.append("trainers")
            event.trainers.all().delete()
            Trainer.objects.bulk_create(
                Trainer(event=event, position=position, **row)
                for position, row in enumerate(trainers, 1)
            )
    return sorted(changed)


def _settle(event: Event) -> None:
    """The project's figures after its events have changed; the project is locked against those who do the same."""
    tally.settle(locked(Project, event.project_id))


def _edited(event: Event, attempt: Attempt) -> Mapping[str, Any]:
    changed = _put(event, attempt.facts["values"], attempt.facts.get("trainers"))
    return {"version": event.version, "changed": changed}


def _held(event: Event, attempt: Attempt) -> Mapping[str, Any]:
    planned = {
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "place": event.place,
    }
    event.facts = {**event.facts, "planned": planned}
    event.held_at = attempt.now
    _put(event, attempt.facts["values"], None)
    return {
        "people": standard.people(event),
        "expected": event.expected_participants,
        "deviates": bool(deviations(event, {})),
    }


def _corrected(event: Event, attempt: Attempt) -> Mapping[str, Any]:
    """The reason is kept with the event: the journal holds no free text that might name a person."""
    before = event.facts.get("corrections", [])
    values = dict(attempt.facts["values"])
    told = {"at": attempt.now.isoformat(), "reason": str(attempt.facts["reason"])[:2000]}
    values["facts"] = {
        **event.facts,
        **values.get("facts", {}),
        "planned": event.facts.get("planned"),
        "corrections": [*before, told],
    }
    changed = _put(event, values, attempt.facts.get("trainers"))
    return {"version": event.version, "changed": [name for name in changed if name != "facts"]}


def _cancelled(event: Event, attempt: Attempt) -> Mapping[str, Any]:
    _put(event, {"cancel_reason": str(attempt.facts["reason"])}, None)
    return {}


def _restored(event: Event, _attempt: Attempt) -> Mapping[str, Any]:
    _put(event, {"cancel_reason": ""}, None)
    return {}


EDIT = Step(
    "edit",
    _("Change the passport"),
    source=State.PLANNED,
    target=None,
    by=records,
    requires=(nobody_was_faster,),
    effect=_edited,
    cite=PASSPORT,
)
HOLD = Step(
    "hold",
    _("Record as held"),
    source=State.PLANNED,
    target=State.HELD,
    by=records,
    requires=(nobody_was_faster, _has_begun, _result_given, _deviation_explained),
    effect=_held,
    cite=PLAN_AND_FACT,
)
CORRECT = Step(
    "correct",
    _("Correct"),
    source=State.HELD,
    target=None,
    by=records,
    requires=(nobody_was_faster, reason_given, _not_reported, _has_begun, _deviation_explained),
    effect=_corrected,
    cite=PLAN_AND_FACT,
)
CANCEL = Step(
    "cancel",
    _("Cancel the event"),
    source=State.PLANNED,
    target=State.CANCELLED,
    by=records,
    requires=(reason_given, _nobody_was_there),
    effect=_cancelled,
    cite=PLAN_AND_FACT,
)
RESTORE = Step(
    "restore",
    _("Take back into the plan"),
    source=State.CANCELLED,
    target=State.PLANNED,
    by=records,
    effect=_restored,
    cite=PLAN_AND_FACT,
)
EVENT: Procedure[Event] = Procedure(Event, (EDIT, HOLD, CORRECT, CANCEL, RESTORE))


@transaction.atomic
def take(
    step: Step, event: Event, *, actor: Any, people: Sequence[Line] = (), **facts: Any
) -> Entered | None:
    """Take a step of an event and bring the project's figures up to it.

    Facts: `version` (as the page showed it; None: not asked), `values` (fields of `Event`), `trainers` (None: as they are), and
    `reason` of a correction or a cancelling. `people` came: they are entered before the step, or not at all where it is refused; what
    came of their list is given back. Raises `Refused`.
    """
    # The project before its event, as all who change figures lock them.
    project = locked(Project, event.project_id) if step.target is not None else None
    came = attendance.enter(event, people, actor=actor, settled=project is None) if people else None
    EVENT.take(step, event, actor=actor, **facts)
    if project is not None:
        tally.settle(project)
    return came


# --- Planning ------------------------------------------------------------------------------------


def _begun(
    project: Project, values: Values, trainers: Sequence[Values], once: uuid.UUID, actor: Any
) -> tuple[Event, bool]:
    def build(fresh: Project, number: int) -> Event:
        if not of_project.records(actor, fresh):
            raise Refused(EDIT, [not_yours(EDIT)])
        event = Event(project=fresh, once=once, number=number, **values)
        activity = event.activity
        if activity is not None and activity.contract_id != fresh.contract_id:
            raise ValueError("the activity is of another contract")
        event.level = event.level or fresh.level
        EVENT.begin(event, actor=actor, number=number)
        Trainer.objects.bulk_create(
            Trainer(event=event, position=position, **row)
            for position, row in enumerate(trainers, 1)
        )
        return event

    return sending.make(Event, project, once, build)


@transaction.atomic
def plan(
    project: Project, values: Values, trainers: Sequence[Values] = (), *, once: uuid.UUID, actor: Any
) -> tuple[Event, bool]:  # fmt: skip
    """Plan an event with this passport; the form `once` sent again gives the event it made before, and False.

    `values` are fields of `Event`; `trainers` have full_name, experience_months, about. Raises `Refused` for whoever does not
    record in this project.
    """
    event, new = _begun(project, values, trainers, once, actor)
    if new:
        _settle(event)
    return event, new


# What an event of a series does not take over from its pattern.
OWN = [
    "id",
    "project",
    "once",
    "number",
    "code",
    "state",
    "starts_at",
    "ends_at",
    "place",
    "region",
    "expected_participants",
    "registered",
    "attended",
    "answers",
    "points",
    "version",
    "result",
    "deviation",
    "men",
    "women",
    "held_at",
    "cancel_reason",
]


@transaction.atomic
def series(
    pattern: Event, rows: Sequence[Values], *, once: uuid.UUID, actor: Any
) -> list[Event]:  # fmt: skip
    """Plan the passport of `pattern` again at each of `rows` (starts_at, ends_at, place, region, expected_participants).

    The form `once` sent twice makes each of them once. Raises `Refused` as `plan` does.
    """
    passport = {
        field.name: getattr(pattern, field.name)
        for field in Event._meta.concrete_fields
        if field.name not in OWN
    }
    kept = {
        key: pattern.facts[key] for key in pattern.facts if key not in ("planned", "corrections")
    }
    trainers = list(pattern.trainers.values("full_name", "experience_months", "about"))
    made = [
        _begun(
            pattern.project,
            {**passport, "facts": kept, **row},
            trainers,
            uuid.uuid5(once, str(number)),
            actor,
        )[0]
        for number, row in enumerate(rows)
    ]
    if made:
        _settle(made[0])
    return made
