"""The civic (resource) centre: what it tells of itself and works with, kept by the NGO (Standard ¶24, ¶46)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, journal
from ortaq.core.procedure import Refused, Step, clock_behind, locked, not_yours
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity
from ortaq.projects.models import Centre, Project
from ortaq.projects.policy.project import records

EDIT = Step("edit", _("Describe the centre"), (), None, by=records, cite="¶46")
FIELDS = (
    "name_kk",
    "name_ru",
    "activities",
    "working_hours",
    "contacts",
    "feedback",
    "level",
    "premises_m2",
    "equipment",
)


@transaction.atomic
def edit(project: Project, version: int, *, actor: Any, **fields: Any) -> Centre:
    """Save what a page showed as `version`. Raises `Refused`, also when somebody was faster."""
    fresh = locked(Project, project.pk)
    if late := clock_behind(clock.now()):
        raise Refused(EDIT, [late])
    if not (fresh.is_civic_centre and records(actor, fresh)):
        raise Refused(EDIT, [not_yours(EDIT)])
    row, _made = Centre.objects.get_or_create(project=fresh)
    if row.version != version:
        message = _(
            "Somebody else saved this part while you were editing it. What you typed stands "
            "below and is not saved yet: compare it with the present page, then save again."
        )
        numbers = {"seen": version, "now": row.version}
        raise Refused(
            EDIT,
            [Finding("centre_changed", Severity.ERROR, message, citing.read("¶46"), numbers)],
        )
    for name in FIELDS:
        setattr(row, name, fields[name])
    row.version += 1
    row.save()
    journal.append(
        fresh,
        "centre_edit",
        actor=actor.key,
        behalf=actor.behalf,
        facts={"version": row.version},
    )
    return row
