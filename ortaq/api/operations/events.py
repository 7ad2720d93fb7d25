"""Events of a project: read, planned, changed until they are held, recorded as held, corrected then; cancelled and taken back."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from ninja import Router, Status

from ortaq.api import procedure as of_tokens
from ortaq.api.bearer import Bearer, OwnRequest, may
from ortaq.api.models import Token
from ortaq.api.problems import Problem, error, of_forms
from ortaq.api.schemas import (
    EventBase,
    EventChange,
    EventCorrection,
    EventHeld,
    EventIn,
    EventOut,
    EventsOut,
    Id,
    Limit,
    ReasonIn,
)
from ortaq.core.keys import key_of
from ortaq.core.procedure import Refused, Step, moved_on, not_yours
from ortaq.projects.forms.event import SHEET, HeldForm, PassportForm
from ortaq.projects.models import Event, Project
from ortaq.projects.policy import project as policy
from ortaq.projects.procedure import event as procedure
from ortaq.projects.procedure.event import CANCEL, CORRECT, EDIT, HOLD, RESTORE
from ortaq.projects.queries.event import event_head

from .own import found_project
from .shared import OWN, WRITES, Once, answers, filled, once_of, page, written

router = Router(auth=Bearer(), tags=["events"])
EVENTS = "projects/{int:pk}/events/"
EVENT = f"{EVENTS}{{int:event}}/"
# The names of the API by those of the forms, where the two differ.
NAMES = {f"sheet_{name}": f"sheet.{name}" for name in SHEET}
# What became of an event, which a form of its own asks for.
BECAME = ("result", "starts_at", "ends_at", "place", "men", "women", "deviation")
SAME = (
    "number", "state", "version", "kind", "title_kk", "title_ru", "service", "form", "format", "level", "region", "place",
    "starts_at", "ends_at", "duration_minutes", "expected_participants", "expected_result", "programme", "informing", "result",
    "deviation", "men", "women", "registered", "attended", "answers", "points", "cancel_reason",
)  # fmt: skip


@router.get(EVENTS, response=answers(EventsOut, also=OWN), summary=_("Events of a project"))
def events(request: OwnRequest, pk: Id, after: Id | None = None, limit: Limit = 50) -> Any:
    """Planned, held and cancelled ones, the last entered first."""
    project = found_project(request, pk)
    return page(Event.objects.filter(project=project), after, limit, _event)


@router.get(EVENT, response=answers(EventOut, also=OWN), summary=_("One event"))
def event(request: OwnRequest, pk: Id, event: Id) -> Any:
    return _event(_found(found_project(request, pk), event))


@router.post(EVENTS, response=written(EventOut), summary=_("Plan an event"))
def plan(request: OwnRequest, pk: Id, given: EventIn, idempotency_key: Once) -> Any:
    """With its passport, as on the page: the same rules, the same refusals. The same key makes one event."""
    project = _recording(request, pk)
    form = _passport(project, None, given)
    once = once_of(request.auth.organisation, idempotency_key)
    made, new = procedure.plan(
        project, form.values(), _trainers(given) or (), once=once, actor=request.auth.actor
    )
    if not new and (made.title_kk, made.starts_at) != (given.title_kk.strip(), given.starts_at):
        raise key_used()
    if new:
        of_tokens.note(request.auth.token, key_of(made), "begin", actor=request.auth.actor)
    return Status(201 if new else 200, _event(made))


@router.post(EVENT, response=answers(EventOut, also=WRITES), summary=_("Change the passport"))
def change(request: OwnRequest, pk: Id, event: Id, given: EventChange) -> Any:
    """Until the event is held. Somebody else's change meanwhile is a conflict (409): read it, then send again."""
    project = _recording(request, pk)
    one = _found(project, event)
    if one.state != Event.State.PLANNED:
        raise Refused(EDIT, [moved_on(EDIT, one, "state")])
    form = _passport(project, one, given)
    _take(
        EDIT,
        one,
        request,
        version=given.version,
        values=form.values(),
        trainers=_trainers(given),
    )
    return _event(one)


@router.post(
    f"{EVENT}held/", response=answers(EventOut, also=WRITES), summary=_("Record an event as held")
)
def hold(request: OwnRequest, pk: Id, event: Id, given: EventHeld) -> Any:
    """What came of it, how many men and women came, and why it differs from the plan. Lists of people go through the pages."""
    one = _found(_recording(request, pk), event)
    if one.state != Event.State.PLANNED:
        raise Refused(HOLD, [moved_on(HOLD, one, "state")])
    said = given.dict(exclude_unset=True, exclude={"version"})
    form = filled(HeldForm(event=one), said)
    if not form.is_valid():
        raise of_forms(form, {})
    _take(HOLD, one, request, version=given.version, values=form.values())
    return _event(one)


@router.post(
    f"{EVENT}correct/", response=answers(EventOut, also=WRITES), summary=_("Correct an event")
)
def correct(request: OwnRequest, pk: Id, event: Id, given: EventCorrection) -> Any:
    """One that was held, with the reason, until a report that contains it is submitted: its passport and what became of it."""
    project = _recording(request, pk)
    one = _found(project, event)
    if one.state != Event.State.HELD:
        raise Refused(CORRECT, [moved_on(CORRECT, one, "state")])
    told = given.dict(exclude_unset=True, include={*BECAME, "reason"})
    became = filled(HeldForm(event=one), told)
    if not became.is_valid():
        raise of_forms(became, {})
    passport = _passport(project, one, given)
    _take(
        CORRECT,
        one,
        request,
        version=given.version,
        values=passport.values() | became.values(),
        trainers=_trainers(given),
        reason=given.reason,
    )
    return _event(one)


@router.post(
    f"{EVENT}cancel/", response=answers(EventOut, also=WRITES), summary=_("Cancel an event")
)
def cancel(request: OwnRequest, pk: Id, event: Id, given: ReasonIn) -> Any:
    """A planned one, with the reason; not where people are marked as present already."""
    one = _found(_recording(request, pk), event)
    _take(CANCEL, one, request, reason=given.reason)
    return _event(one)


@router.post(
    f"{EVENT}restore/",
    response=answers(EventOut, also=WRITES),
    summary=_("Take a cancelled event back into the plan"),
)
def restore(request: OwnRequest, pk: Id, event: Id) -> Any:
    """As it was before it was cancelled."""
    one = _found(_recording(request, pk), event)
    _take(RESTORE, one, request)
    return _event(one)


def _take(step: Step, one: Event, request: OwnRequest, **facts: Any) -> None:
    """Take the step and note that it was taken with this token."""
    procedure.take(step, one, actor=request.auth.actor, **facts)
    of_tokens.note(request.auth.token, key_of(one), step.name, actor=request.auth.actor)


# --- Finding, reading, showing ---------------------------------------------------------------------


def _recording(request: OwnRequest, pk: int) -> Project:
    """The project for a token that may record events, made by somebody who records in it."""
    project = found_project(request, pk)
    may(request.auth, Token.Scope.EVENTS)
    if not policy.records(request.auth.actor, project):
        raise Refused(EDIT, [not_yours(EDIT)])
    return project


def _found(project: Project, pk: int) -> Event:
    one = event_head(project).filter(pk=pk).first()
    if one is None:
        raise Http404
    one.project = project
    return one


def _passport(project: Project, one: Event | None, given: EventBase) -> PassportForm:
    """The form of the page, filled with what stands and what is given; raises `Problem` where it is not valid."""
    other = {"version", "trainers", "sheet"}
    if isinstance(given, EventCorrection):
        other |= set(BECAME)
    said = given.dict(exclude_unset=True, exclude=other)
    if given.sheet is not None:
        told = given.sheet.dict(exclude_unset=True)
        said |= {f"sheet_{name}": text for name, text in told.items()}
    form = filled(PassportForm(project=project, event=one), said)
    if not form.is_valid():
        raise of_forms(form, NAMES)
    if absent := sorted(set(said) - set(form.fields)):
        message = gettext_lazy("This project has no such field.")
        raise Problem("refused", [error("no_such_field", message, name) for name in absent])
    return form


def _trainers(given: EventBase) -> list[dict[str, Any]] | None:
    """The trainers as rows; None: nothing is said of them."""
    return None if given.trainers is None else [one.dict() for one in given.trainers]


def key_used() -> Problem:
    message = gettext_lazy(
        "This Idempotency-Key made another row before: choose a new one for each."
    )
    return Problem("conflict", [error("key_used", message, "Idempotency-Key")])


def _event(one: Event) -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in SAME}
    return shown | {
        "id": one.pk,
        "activity": one.activity_id,
        "corrections": one.facts.get("corrections", []),
    }
