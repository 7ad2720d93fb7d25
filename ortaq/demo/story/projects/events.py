"""Events are planned when the money has come; people register, come, answer; the same evening it is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ortaq.demo.story.beat import Beat, beat
from ortaq.projects.models import Event, Evidence
from ortaq.projects.procedure import event as procedure
from ortaq.projects.procedure import evidence, participant
from ortaq.projects.procedure.recognition import Line
from ortaq.projects.standard import BY_KIND

from . import data, found
from .data import Happening

TAUGHT = (Event.Kind.TRAINING, Event.Kind.SEMINAR, Event.Kind.MASTER_CLASS)


def beats() -> Iterator[Beat]:
    for instrument, told in data.running()["term"].items():
        yield beat(told["planned_at"], plan, instrument)
    for happening in data.happenings():
        if happening.phone:
            yield beat(happening.at - timedelta(hours=1), register, happening)
        if happening.came:
            yield beat(happening.told, record, happening)


def plan(instrument: str) -> None:
    """All events of the term, with their passports."""
    for told in data.happenings():
        if told.instrument == instrument:
            project = found.project(told.ngo, instrument)
            service, _slash, form = BY_KIND.get(Event.Kind(told.kind), "").partition("/")
            passport = {
                "activity": found.activity(project, told.activity),
                "kind": told.kind,
                "service": service,
                "form": form,
                "title_kk": told.kk,
                "title_ru": told.ru,
                "region": project.contract.grantee.region_code,
                "place": told.place,
                "starts_at": told.begins,
                "ends_at": told.ends,
                "duration_minutes": 60 * told.hours - 30,
                "programme": data.running()["programme"],
                "expected_participants": told.expected,
                "expected_result": data.running()["expected_result"],
            }
            trainers = [data.running()["trainer"]] if told.kind in TAUGHT else []
            procedure.plan(project, passport, trainers, once=told.form, actor=found.head(told.ngo))


def register(told: Happening) -> None:
    """Some register by the code on the poster."""
    event = found.event(told)
    if event is not None and event.state == Event.State.PLANNED:
        for one in told.people[: told.phone]:
            line = Line(1, one.name, one.workplace, one.contact)
            participant.register(event, line)


def record(told: Happening) -> None:
    """The list with what people answered, and what came of the event, unless somebody has recorded it."""
    event = found.event(told)
    if event is None or event.state != Event.State.PLANNED:
        return
    head = found.head(told.ngo)
    lines = [
        Line(
            n + 1,
            one.name,
            one.workplace,
            one.contact,
            points=told.points(n),
            applied=n % 4 != 3 if told.points(n) else None,
            review=data.running()["reviews"][n % 9] if n % 3 == 0 and told.points(n) else "",
        )
        for n, one in enumerate(told.people)
    ]
    women = sum(one.is_woman for one in told.people)
    values = {
        "result": data.running()["result"],
        "deviation": told.why,
        "women": women,
        "men": told.came - women,
    }
    procedure.take(procedure.HOLD, event, actor=head, people=lines, values=values)
    if told.proves:
        prove(event, told)


def prove(event: Event, told: Happening) -> None:
    """A summary note of the event, with so much of each indicator as it proves."""
    assert event.activity is not None
    indicators = zip(event.activity.indicators.all(), told.proves, strict=False)
    note = {
        "kind": Evidence.Kind.NOTE,
        "title": told.kk,
        "text": data.running()["proof"],
        "day": told.begins.date(),
        "event": event,
        "activity": event.activity,
    }
    proves = [evidence.Proves(indicator, amount) for indicator, amount in indicators]
    piece = evidence.Piece(note, proves=proves)
    evidence.add(event.project, told.form, [piece], actor=found.head(told.ngo))
