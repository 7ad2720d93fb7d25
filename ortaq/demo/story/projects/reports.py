"""Reports: the schedule is set, most of a report assembles itself, heads write the rest and submit, the body decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ortaq.demo.story.beat import Beat, beat
from ortaq.documents.writing import paths
from ortaq.documents.writing.merge import Edit
from ortaq.people.actor import Actor
from ortaq.projects.models import Project, Report
from ortaq.projects.procedure import act as acts
from ortaq.projects.procedure import report as procedure
from ortaq.projects.procedure import schedule as schedules
from ortaq.projects.procedure.project import PROJECT
from ortaq.projects.reporting.content import assemble, mark_of

from . import data, found
from .data import GRANT, ORDER

State = Report.State
OPEN = (State.DRAFT, State.RETURNED)


def beats() -> Iterator[Beat]:
    for instrument, told in data.running()["term"].items():
        yield beat(told["scheduled_at"], schedule, instrument)
    for told in data.running()["report"]:
        yield beat(told["at"], submit, told)
        if "returned_at" in told:
            yield beat(told["returned_at"], send_back, told)
            yield beat(told["again_at"], submit, told)
        if "accepted_at" in told:
            yield beat(told["accepted_at"], accept, told)
        if "closed_at" in told:
            yield beat(told["closed_at"], close, told)
    yield beat(data.running()["act"]["at"], draw_up_act)


def instrument_of(told: dict[str, Any]) -> str:
    return ORDER if told.get("order") else GRANT


def schedule(instrument: str) -> None:
    """The body sets what is proposed, unless somebody has set another schedule; the akimat for the first projects only."""
    for project in found.projects(instrument)[: data.running()["term"][instrument]["schedules"]]:
        if not project.reports.exists():
            schedules.schedule(
                project, schedules.proposal(project), actor=found.officer(instrument)
            )


def pair(told: dict[str, Any], *states: str) -> list[Report]:
    """The creative and the financial report that the story speaks of, in one of `states`."""
    project = found.project(told["ngo"], instrument_of(told))
    final = "final" if told["final"] else "interim"
    rows = project.reports.filter(kind__startswith=final, number=1, state__in=states)
    reports = list(rows.order_by("kind"))
    for one in reports:
        one.project = project
    return reports


def submit(told: dict[str, Any]) -> None:
    """Whatever is not written yet is written, and both reports are submitted."""
    head = found.head(told["ngo"])
    for report in pair(told, *OPEN):
        write(report, head)
        procedure.REPORT.take("submit", report, actor=head)


def write(report: Report, actor: Actor) -> None:
    """The judgements that no record makes; what visitors wrote stays."""
    made = assemble(report, procedure.last_remarks(report))
    sentences = data.running()["judgements"]
    values = {
        slot.path: sentences[number % len(sentences)]
        for number, slot in enumerate(slot for group in made.layout.groups for slot in group.slots)
        if slot.required and not made.content["texts"].get(slot.path)
    }
    edits = [Edit(paths.unit_of(path), mark_of(""), {path: text}) for path, text in values.items()]
    procedure.write(report, edits, actor=actor)


def send_back(told: dict[str, Any]) -> None:
    """The creative report comes back with remarks on its sections."""
    for report in pair(told, State.SUBMITTED):
        if report.kind == Report.Kind.FINAL_CREATIVE:
            officer = found.officer(instrument_of(told))
            procedure.REPORT.take("return", report, actor=officer, remarks=told["remarks"])


def accept(told: dict[str, Any]) -> None:
    for report in pair(told, State.SUBMITTED):
        procedure.REPORT.take("accept", report, actor=found.officer(instrument_of(told)))


def close(told: dict[str, Any]) -> None:
    """After both final reports the project is closed."""
    project = found.project(told["ngo"], instrument_of(told))
    if project.state == Project.State.ACCEPTED:
        PROJECT.take("close", project, actor=found.officer(instrument_of(told)))


def draw_up_act() -> None:
    """Aliya signs the act of services; the akimat cannot before the evaluation report is posted (SO-E-21)."""
    told = data.running()["act"]
    project, head = found.project("aqqu", ORDER), found.head("aqqu")
    if not hasattr(project, "act"):
        act = acts.draft(project, actor=head)
        values = {
            "number": told["number"],
            "day": told["at"].date(),
            "sum_tiyn": act.sum_tiyn,
            "services": told["services"],
        }
        acts.ACT.take("edit", act, actor=head, version=act.version, values=values)
        acts.ACT.take("supplier", act, actor=head)
