"""Whom the project reached beyond its events: lines written by the NGO, struck out, never edited (GR-I-10).

record   an audience reached through the mass media, or NGOs covered, several at once
strike   a line written by mistake, with the reason; it counts no more
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.kazakh import fold
from ortaq.core.procedure import Refused, Step
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity
from ortaq.projects.models import Project, Reach
from ortaq.projects.policy.project import records

from .shared import begun, note

RECORD = Step("record", _("Record whom the project reached"), (), None, by=records, cite="GR-I-10")
STRIKE = Step("strike", _("Strike out a line"), (), None, by=records, cite="GR-I-10", final=True)
Kind = Reach.Kind


@dataclass(frozen=True, slots=True)
class Reached:
    """A line as it is typed: of an audience `people` and by what, of an NGO its name."""

    name: str
    people: int = 0


def _error(code: str, message: Any, about: str) -> Finding:
    return Finding(code, Severity.ERROR, message, citing.read("GR-I-10"), about=about)


def _findings(
    project: Project, kind: str, day: date, lines: Sequence[Reached]
) -> Iterator[Finding]:
    if day > clock.today():
        message = _("The date lies in the future: enter what has been done.")
        yield _error("in_future", message, "day")
    if not lines:
        yield _error("nobody", _("Name at least one NGO."), "names")
    if kind != Kind.NGO:
        return
    wanted = {fold(one.name): one.name for one in lines}
    rows = Reach.objects.filter(project=project, kind=kind, struck="", likeness__in=wanted)
    if known := [wanted[likeness] for likeness in rows.values_list("likeness", flat=True)]:
        message = format_lazy(
            _("Counted already: {names}. An NGO counts once in a project."), names="; ".join(known)
        )
        yield _error("counted_already", message, "names")


@transaction.atomic
def record(
    project: Project,
    form: uuid.UUID,
    kind: str,
    day: date,
    lines: Sequence[Reached],
    *,
    actor: Any,
) -> list[Reach]:
    """A row for each line; the same form sent again gives the rows that it made. Raises `Refused`, and then nothing is recorded."""
    fresh = begun(RECORD, project, actor)
    once_each = list({fold(one.name): one for one in lines}.values()) if kind == Kind.NGO else lines
    keys = [uuid.uuid5(form, f"{kind} {number}") for number in range(len(once_each))]
    if earlier := list(Reach.objects.filter(project=fresh, once__in=keys).order_by("number")):
        return earlier
    if found := list(_findings(fresh, kind, day, once_each)):
        raise Refused(RECORD, found)
    last = fresh.reach.aggregate(last=Max("number"))["last"] or 0
    rows = Reach.objects.bulk_create(
        Reach(
            project=fresh, once=key, number=number, kind=kind, day=day, name=one.name,
            people=one.people, likeness=fold(one.name), added_by=actor.user, added_at=clock.now(),
        )
        for number, (key, one) in enumerate(zip(keys, once_each, strict=True), last + 1)
    )  # fmt: skip
    facts = {"numbers": [row.number for row in rows], "people": sum(row.people for row in rows)}
    note(fresh, "reach_record", actor, facts)
    return rows


@transaction.atomic
def strike(project: Project, number: int, reason: str, *, actor: Any) -> None:
    """Strike out a line; it stays with the reason and counts no more. Raises `Refused`."""
    fresh = begun(STRIKE, project, actor)
    if not reason.strip():
        raise Refused(STRIKE, [_error("no_remark", _("Say why."), "remark")])
    rows = Reach.objects.filter(project=fresh, number=number, struck="")
    if rows.update(struck=reason.strip()):
        note(fresh, "reach_strike", actor, {"numbers": [number]})
