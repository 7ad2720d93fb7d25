"""Requests for changes, in each condition: approved, refused, returned and asked anew, still waiting."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.utils.datastructures import MultiValueDict

from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.projects import changing
from ortaq.projects.forms.change import FORMS
from ortaq.projects.models import Change
from ortaq.projects.procedure.change import CHANGE, Request, draft

from . import data, found
from .data import GRANT, ORDER

State = Change.State
DECISIONS = {"approved_at": "approve", "refused_at": "refuse", "returned_at": "return"}


@cache
def told() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = cast.table("changes.toml")["change"]
    return rows


def beats() -> Iterator[Beat]:
    for number, row in enumerate(told()):
        yield beat(row["at"], ask, number)
        if "again_at" in row:
            yield beat(row["again_at"], ask, number)
        for key, step in DECISIONS.items():
            if key in row:
                yield beat(row[key], decide, number, step)


def project_of(row: dict[str, Any]) -> Any:
    return found.project(row["ngo"], instrument_of(row))


def instrument_of(row: dict[str, Any]) -> str:
    return ORDER if row.get("order") else GRANT


def form_of(number: int) -> uuid.UUID:
    return uuid.uuid5(data.FORMS, f"change {number}")


def change_of(number: int) -> Change | None:
    """The request of the story, whatever became of it; None where it was not written."""
    project = project_of(told()[number])
    found_one = Change.objects.filter(project=project, once=form_of(number)).first()
    if found_one is not None:
        found_one.project = project
    return found_one


def ask(number: int) -> None:
    """The accountant writes the request unless it is there, the head asks for it unless it is asked."""
    row = told()[number]
    change = change_of(number) or write(number, row)
    if change.state == State.DRAFT:
        CHANGE.take("ask", change, actor=found.head(row["ngo"]))


def write(number: int, row: dict[str, Any]) -> Change:
    """The request as its page sends it."""
    project = project_of(row)
    said = {**row["typed"], "reason": row["reason"], "effect": row["effect"]}
    typed = {name: one if isinstance(one, list) else [one] for name, one in said.items()}
    form = FORMS[row["form"]](
        MultiValueDict(typed), project=project, plan=changing.Plan(project.contract)
    )
    if not form.is_valid():  # visitors have changed the plan
        raise LookupError(str(form.errors))
    meant = Request(row["form"], form.kind, typed, form.rows(), row["reason"], row["effect"])
    return draft(project, form_of(number), meant, actor=found.accountant(row["ngo"]))


def decide(number: int, step: str) -> None:
    """The body answers, unless it has."""
    row, change = told()[number], change_of(number)
    if change is not None and change.state == State.ASKED:
        officer = found.officer(instrument_of(row))
        CHANGE.take(step, change, actor=officer, remark=row.get("remark", ""))
