"""Two journals of consultations, one of them that of a civic centre; a month later it is asked what came of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.projects.models import Centre, Consultation, Project
from ortaq.projects.procedure import centre, consultation
from ortaq.projects.procedure.project import PROJECT, SETTINGS_FIELDS
from ortaq.projects.procedure.recognition import Line

from . import data, found
from .data import GRANT

ASKED_AFTER = timedelta(days=28)
CONSULTANT, EXPERIENCE_MONTHS = 4, 30  # place in the team; for how long they have done this


@cache
def told() -> dict[str, Any]:
    return cast.table("consultations.toml")


def beats() -> Iterator[Beat]:
    yield beat(told()["centre"]["set_at"], name_the_centre)
    yield beat(told()["centre"]["at"], describe_the_centre)
    for number, row in enumerate(told()["line"]):
        yield beat(row["at"] + timedelta(hours=2), write, number)
        if "came_of" in row:
            yield beat(row["at"] + ASKED_AFTER, follow, number)
        if "struck" in row:
            yield beat(row["at"] + timedelta(hours=3), strike, number)


def name_the_centre() -> None:
    """Gulnara notes that the project is a civic centre: then it has a package of services."""
    project = found.project(told()["centre"]["ngo"], GRANT)
    if not project.is_civic_centre:
        values = {name: getattr(project, name) for name in SETTINGS_FIELDS}
        values["is_civic_centre"] = True
        PROJECT.take("settings", project, actor=found.officer(GRANT), values=values)


def describe_the_centre() -> None:
    ngo = told()["centre"]["ngo"]
    project = found.project(ngo, GRANT)
    if not Centre.objects.filter(project=project).exists():
        centre.edit(project, 0, actor=found.head(ngo), **told()["centre"]["fields"])


def lines_of(number: int) -> tuple[Project, list[Consultation]]:
    """The project of a consultation and its lines in the journal; none where it was not written."""
    row = told()["line"][number]
    project = found.project(row["ngo"], GRANT)
    keys = [uuid.uuid5(form_of(number), str(place)) for place in range(len(row["people"]))]
    return project, list(project.consultations.filter(once__in=keys).order_by("number"))


def form_of(number: int) -> uuid.UUID:
    return uuid.uuid5(data.FORMS, f"consultation {number}")


def write(number: int) -> None:
    """A line for each of those who were advised."""
    row = told()["line"][number]
    project = found.project(row["ngo"], GRANT)
    day: datetime = row["at"]
    people = [data.Somebody(one) for one in row["people"]]
    consultation.add(
        project,
        form_of(number),
        [Line(n, one.name, one.workplace, one.contact) for n, one in enumerate(people, 1)],
        actor=found.head(row["ngo"]),
        activity=found.activity(project, row["activity"]),
        day=day.date(),
        consultant=project.contract.team.get(position=CONSULTANT),
        experience_months=EXPERIENCE_MONTHS,
        **{name: row[name] for name in ("minutes", "how", "topic", "question")},
    )


def follow(number: int) -> None:
    """What came of it, where nobody has entered it."""
    row = told()["line"][number]
    project, lines = lines_of(number)
    came_of = [
        consultation.FollowUp(line.number, **one)
        for line, one in zip(lines, row["came_of"], strict=False)
        if line.followed_on is None
    ]
    consultation.follow(project, came_of, actor=found.head(row["ngo"]))


def strike(number: int) -> None:
    row = told()["line"][number]
    project, lines = lines_of(number)
    for line in lines:
        if not line.struck:
            consultation.strike(project, line.number, row["struck"], actor=found.head(row["ngo"]))
