"""The consultation journal: lines written, corrected, followed up, struck out; none is deleted (IM-038, Standard ¶28-32).

add      one consultation; of a group, a line for each person
correct  a line written wrongly, while the project runs
follow   what came of it: advice applied, rating, review (table 2, note)
strike   a line written by mistake, with the reason; it counts no more
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.procedure import Refused, Step
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity
from ortaq.projects.models import Consultation, Consumer, Project
from ortaq.projects.policy.project import records

from .recognition import Line, recognise
from .shared import begun, note

JOURNAL = "T2, ¶8, ¶48"
MOST_AT_ONCE = 100
ADD = Step("add", _("Enter a consultation"), (), None, by=records, cite="¶48")
CORRECT = Step("correct", _("Correct a line"), (), None, by=records, cite="¶48")
FOLLOW = Step("follow", _("Enter what came of it"), (), None, by=records, cite="¶48")
STRIKE = Step("strike", _("Strike out a line"), (), None, by=records, cite="¶48", final=True)
# What a correction may change: who was consulted is another line.
FIELDS = (
    "day",
    "minutes",
    "how",
    "volume",
    "interaction",
    "visiting",
    "topic",
    "question",
    "consultant",
    "consultant_name",
    "experience_months",
    "materials",
    "activity",
)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What came of one consultation; None and "" where nothing is known."""

    number: int
    applied: bool | None = None
    applied_how: str = ""
    points: int | None = None
    review: str = ""


def _error(code: str, message: Any, about: str = "", **numbers: Any) -> Finding:
    return Finding(code, Severity.ERROR, message, citing.read("¶48"), numbers, about)


def _findings(project: Project, fields: Mapping[str, Any]) -> Iterable[Finding]:
    if fields["day"] > clock.today():
        yield _error(
            "in_future", _("The date lies in the future: enter what has been done."), "day"
        )
    activity, consultant = fields.get("activity"), fields.get("consultant")
    foreign = [one for one in (activity, consultant) if one is not None]
    if any(one.contract_id != project.contract_id for one in foreign):
        yield _error("not_of_the_project", _("Choose one of this project."), "activity")
    if consultant is None and not fields.get("consultant_name"):
        yield _error("no_consultant", _("Say who gave the consultation."), "consultant")


def _experience(project: Project, fields: dict[str, Any]) -> None:
    """Experience that was not typed is that which the consultant's last line tells."""
    if fields.get("experience_months") is not None:
        return
    known = Consultation.objects.filter(project=project, experience_months__isnull=False)
    mine = known.filter(consultant=fields.get("consultant"))
    if fields.get("consultant") is None:
        mine = mine.filter(consultant_name=fields["consultant_name"])
    last = mine.order_by("-number").values_list("experience_months", flat=True).first()
    fields["experience_months"] = last


@transaction.atomic
def add(
    project: Project,
    form: uuid.UUID,
    people: Sequence[Line],
    *,
    actor: Any,
    is_organisation: bool = False,
    **fields: Any,
) -> list[Consultation]:
    """A line for each of `people`; the same form sent again gives the lines that it made. Raises `Refused`."""
    fresh = begun(ADD, project, actor)
    keys = [uuid.uuid5(form, str(number)) for number in range(len(people))]
    earlier = list(Consultation.objects.filter(project=fresh, once__in=keys))
    if earlier:
        return sorted(earlier, key=lambda row: row.number)
    if findings := list(_findings(fresh, fields)):
        raise Refused(ADD, findings)
    _experience(fresh, fields)
    consumers = recognise(fresh, people, clock.now())
    if is_organisation:
        Consumer.objects.filter(pk__in=[one.pk for one in consumers]).update(is_organisation=True)
    last = fresh.consultations.aggregate(last=Max("number"))["last"] or 0
    rows = Consultation.objects.bulk_create(
        Consultation(project=fresh, once=key, number=number, consumer=person, **fields)
        for number, (key, person) in enumerate(zip(keys, consumers, strict=True), last + 1)
    )
    note(fresh, f"consultation_{ADD.name}", actor, {"numbers": [row.number for row in rows]})
    return rows


@transaction.atomic
def correct(project: Project, number: int, version: int, *, actor: Any, **fields: Any) -> None:
    """Write a line anew that a page showed as `version`; raises `Refused` when somebody was faster."""
    fresh = begun(CORRECT, project, actor)
    row = Consultation.objects.get(project=fresh, number=number)
    findings = list(_findings(fresh, fields))
    if row.version != version or row.struck:
        findings.append(_changed())
    if findings:
        raise Refused(CORRECT, findings)
    _experience(fresh, fields)
    for name in FIELDS:
        if name in fields:
            setattr(row, name, fields[name])
    row.version += 1
    row.save()
    note(
        fresh, f"consultation_{CORRECT.name}", actor, {"numbers": [number], "version": row.version}
    )


def _changed() -> Finding:
    return _error(
        "line_changed",
        _(
            "Somebody else changed this line while you were editing it. What you typed stands below "
            "and is not saved yet: compare it with the journal, then save again."
        ),
    )


@transaction.atomic
def follow(project: Project, told: Sequence[FollowUp], *, actor: Any) -> int:
    """Enter what came of these consultations; how many lines changed. Raises `Refused`."""
    fresh = begun(FOLLOW, project, actor)
    said = {one.number: one for one in told}
    rows = list(Consultation.objects.filter(project=fresh, number__in=list(said), struck=""))
    changed = []
    for row in rows:
        one = said[row.number]
        now = (one.applied, one.applied_how, one.points, one.review)
        if now == (row.applied, row.applied_how, row.points, row.review):
            continue
        row.applied, row.applied_how, row.points, row.review = now
        row.followed_on = clock.today()
        row.version += 1
        changed.append(row)
    Consultation.objects.bulk_update(
        changed, ["applied", "applied_how", "points", "review", "followed_on", "version"]
    )
    if changed:
        note(
            fresh,
            f"consultation_{FOLLOW.name}",
            actor,
            {"numbers": [row.number for row in changed]},
        )
    return len(changed)


@transaction.atomic
def strike(project: Project, number: int, reason: str, *, actor: Any) -> None:
    """Strike out a line; it stays with the reason and counts no more. Raises `Refused`."""
    fresh = begun(STRIKE, project, actor)
    if not reason.strip():
        raise Refused(STRIKE, [_error("no_remark", _("Say why."), "remark")])
    Consultation.objects.filter(project=fresh, number=number, struck="").update(
        struck=reason.strip()
    )
    note(fresh, f"consultation_{STRIKE.name}", actor, {"numbers": [number]})
