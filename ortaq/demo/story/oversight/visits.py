"""The visits of 2023: two tools or more, what was seen and asked for, what is to be mended, the report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ortaq.core import clock
from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.demo.story.projects import found as rooms
from ortaq.oversight.models import (
    Answer,
    CorrectiveAction,
    DocumentRequest,
    Instrument,
    Observation,
    Visit,
)
from ortaq.oversight.procedure import action as mending
from ortaq.oversight.procedure import instrument as tools
from ortaq.oversight.procedure import observation, request
from ortaq.oversight.procedure import report as reporting
from ortaq.oversight.procedure.plan import edition_of
from ortaq.oversight.procedure.visit import VISIT
from ortaq.oversight.sheets import Field, fields_of
from ortaq.oversight.tools import asked, tool_of
from ortaq.people.actor import Actor
from ortaq.projects.reporting.content import mark_of

from . import data, found

State = Visit.State
# What is said of a sheet's judgement, of its marks and of whatever else it asks.
FITS = ("agrees", "true", "5", "4")
IN_WORDS = "Орнында көрілді, жазбаларға сәйкес."


def beats() -> Iterator[Beat]:
    for number, told in enumerate(data.rows("visit")):
        if "began_at" not in told:
            continue
        yield beat(told["began_at"], begin, number)
        if "request" in told:
            yield beat(told["request"]["asked_at"], ask, number)
            yield beat(told["request"]["answered_at"], answer, number)
            yield beat(told["request"]["accepted_at"], accept, number)
        yield beat(told["reported_at"], report, number)
        for place, seen in enumerate(told.get("observation", ())):
            if "done_at" in seen:
                yield beat(seen["done_at"], mend, number, place)
            if "confirmed_at" in seen:
                yield beat(seen["confirmed_at"], look_at, number, place, "confirm")
            if "back_at" in seen:
                yield beat(seen["back_at"], look_at, number, place, "back")


def told_of(number: int) -> dict[str, Any]:
    return data.rows("visit")[number]


# --- On the day ---------------------------------------------------------------------------------------


def begin(number: int) -> None:
    """The visit begins: beneficiaries answer, mentions are found, what is seen is noted with what is to be mended."""
    visit, told = found.visit(number), told_of(number)
    if visit is None or visit.state != State.PLANNED:
        return
    actor = found.visitor(visit)
    VISIT.take("start", visit, actor=actor)
    for row in visit.instruments.all():
        row.visit = visit
        if row.tool == "survey":
            interview(row, told["points"], number, actor)
        elif row.tool == "networks":
            mention(row, told.get("mention", ()), number, actor)
    for place, seen in enumerate(told.get("observation", ())):
        noted = observation.note(
            visit,
            data.form_of("seen", number, place),
            indicator=seen["indicator"],
            weight=seen["weight"],
            text=seen["text"],
            place=told["place"],
            seen_at=clock.now(),
            actor=actor,
        )
        if "action" in seen:
            mending.order(
                noted,
                data.form_of("mend", number, place),
                what=seen["action"],
                person=seen["person"],
                due_on=seen["due_on"],
                actor=actor,
            )


def interview(row: Instrument, points: list[int], number: int, actor: Actor) -> None:
    """So many beneficiaries as the story has points answer by telephone, each question alike."""
    questions = asked.keys("SO-MQ", "points")
    for place, mark in enumerate(points):
        content = dict.fromkeys(questions, mark)
        form = data.form_of("answer", number, place)
        tools.answer(row, form, content, way=Answer.Way.PHONE, actor=actor)


def mention(row: Instrument, told: Any, number: int, actor: Actor) -> None:
    for place, one in enumerate(told):
        values = {**one, "seen_on": clock.today()}
        tools.mention(row, data.form_of("mention", number, place), values, None, actor=actor)


# --- Documents that are asked for -------------------------------------------------------------------


def ask(number: int) -> None:
    visit, told = found.visit(number), told_of(number)["request"]
    if visit is not None and visit.state == State.STARTED:
        given = {name: told[name] for name in ("what", "ground", "due_on")}
        request.ask(visit, data.form_of("ask", number), **given, actor=found.visitor(visit))


def asked_for(number: int, state: str) -> DocumentRequest | None:
    """What was asked at a visit, where it stands in `state`."""
    visit = found.visit(number)
    if visit is None:
        return None
    row: DocumentRequest | None = visit.requests.filter(
        once=data.form_of("ask", number), state=state
    ).first()
    if row is not None:
        row.visit = visit
    return row


def answer(number: int) -> None:
    told = told_of(number)
    if row := asked_for(number, DocumentRequest.State.ASKED):
        head = rooms.head(told["ngo"])
        request.REQUEST.take("answer", row, actor=head, answer=told["request"]["answer"])


def accept(number: int) -> None:
    if row := asked_for(number, DocumentRequest.State.ANSWERED):
        request.REQUEST.take("accept", row, actor=found.visitor(row.visit))


# --- The report ----------------------------------------------------------------------------------------


def report(number: int) -> None:
    """Every sheet is finished, each indicator has its verdict, and the report is formed, unless somebody has done so."""
    visit, told = found.visit(number), told_of(number)
    if visit is None or visit.state != State.STARTED:
        return
    actor = found.visitor(visit)
    for row in visit.instruments.filter(done_at=None):
        row.visit = visit
        fill(row, told, actor)
        tools.INSTRUMENT.take("finish", visit, actor=actor, tool=row.tool)
    write(visit, told, actor)
    VISIT.take("report", visit, actor=actor)


def write(visit: Visit, told: dict[str, Any], actor: Actor) -> None:
    """A verdict on each indicator and the conclusion, both with their words in both languages; what somebody has written stays."""
    typed = {f"conclusion_{tongue}": told[tongue] for tongue in data.LANGUAGES}
    indicators = edition_of(visit.plan).grounds("monitoring_indicators")
    for key, verdict in zip(indicators, told["verdicts"], strict=True):
        said = {"verdict": verdict, **data.oversight()["verdicts"][verdict]}
        typed |= {f"{key}_{name}": text for name, text in said.items()}
    written = {name: text for name, text in reporting.texts_of(visit).items() if text}
    reporting.write(visit, {**typed, **written}, version=visit.version, actor=actor)


def fill(row: Instrument, told: dict[str, Any], actor: Actor) -> None:
    """A sheet with every place filled in that nobody has."""
    known = {f"conclusion_{tongue}": told[tongue] for tongue in data.LANGUAGES}
    known |= {"place": told["place"], "came": f"{told['began_at']:%Y-%m-%dT%H:%M}"}
    texts = row.content.get("texts", {})
    typed = {
        one.name: known.get(one.name) or usual(one)
        for one in fields_of(tool_of(row).parts(row))
        if not texts.get(one.name)
    }
    tools.write(row, typed, dict.fromkeys(typed, mark_of("")), actor=actor)


def usual(one: Field) -> str:
    """What is filled in where nothing is special: the judgement that it fits, nothing to remark."""
    if one.choices:
        values = [value for value, _label in one.choices]
        return next(value for value in FITS if value in values)
    return "" if one.name.startswith(("remark-", "comment-", "found-")) else IN_WORDS


# --- What is mended ------------------------------------------------------------------------------------


def action(number: int, place: int, state: str) -> CorrectiveAction | None:
    """What was to be mended after an observation, where it stands in `state`."""
    visit = found.visit(number)
    if visit is None:
        return None
    seen: Observation | None = visit.observations.filter(
        once=data.form_of("seen", number, place)
    ).first()
    row: CorrectiveAction | None = seen.actions.filter(state=state).first() if seen else None
    if seen is not None and row is not None:
        seen.visit, row.observation = visit, seen
    return row


def mend(number: int, place: int) -> None:
    told = told_of(number)
    if row := action(number, place, CorrectiveAction.State.OPEN):
        given = told["observation"][place]["answer"]
        mending.ACTION.take("done", row, actor=rooms.head(told["ngo"]), answer=given)


def look_at(number: int, place: int, step: str) -> None:
    """The body confirms, or sends it back with a new day."""
    told = told_of(number)
    seen, by = told["observation"][place], data.row_of("monitoring", told["ngo"])["by"]
    if row := action(number, place, CorrectiveAction.State.DONE):
        facts = {"remark": seen["remark"], "due_on": seen["again_on"]} if step == "back" else {}
        mending.ACTION.take(step, row, actor=cast.actor(by), **facts)
