"""What was written about the projects, each piece proving one of the indicators of information work."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from ortaq.demo.story.beat import Beat, beat
from ortaq.projects.models import Evidence, Project
from ortaq.projects.procedure import evidence

from . import data, found
from .data import GRANT


def beats() -> Iterator[Beat]:
    for number, told in enumerate(data.running()["publication"]):
        yield beat(told["at"], publish, number, told)
    for at in data.running()["accepted_at"]:
        yield beat(at, accept)


def publish(number: int, told: dict[str, Any]) -> None:
    """A publication with the indicator that it proves."""
    project = found.project(told["ngo"], GRANT)
    activity = found.activity(project, told["activity"])
    fields = {
        "kind": Evidence.Kind.PUBLICATION,
        "title": told["kk"],
        "medium": told["medium"],
        "media": told["media"],
        "link": told["link"],
        "day": told["at"].date(),
        "activity": activity,
    }
    proves = [evidence.Proves(one, 1) for one in activity.indicators.all()[:1]]
    form = uuid.uuid5(data.FORMS, f"publication {number}")
    evidence.add(
        project, form, [evidence.Piece(fields, proves=proves)], actor=found.head(told["ngo"])
    )


def accept() -> None:
    """Gulnara accepts what is attached so far."""
    for project in found.projects(GRANT):
        if project.state == Project.State.CLOSED:
            continue
        attached = project.evidence.filter(state=Evidence.State.ATTACHED)
        if numbers := list(attached.values_list("number", flat=True)):
            evidence.take(evidence.ACCEPT, project, numbers, actor=found.officer(GRANT))
