"""December 2023 to February 2024: completed projects are evaluated; the act of services waits for the posted report (SO-E-21)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.demo.story.projects import found as rooms
from ortaq.oversight.models import Evaluation
from ortaq.oversight.procedure import annex8, discovery, evaluation
from ortaq.oversight.procedure.evaluation import EVALUATION
from ortaq.projects.models import Act, Project
from ortaq.projects.procedure import act as acts
from ortaq.projects.procedure.project import PROJECT
from ortaq.projects.reporting.content import mark_of
from ortaq.review.models import ScoreSheet, Seat
from ortaq.review.procedure import SHEET
from ortaq.review.procedure.sheet import save_draft

from . import data, found

State = Evaluation.State
WINDOW = "story"


def beats() -> Iterator[Beat]:
    for told in data.rows("evaluation"):
        ngo = told["ngo"]
        yield beat(told["opened_at"], begin, ngo)
        for place, sheet in enumerate(told["sheets"]):
            if "at" in sheet:
                yield beat(sheet["at"], score, ngo, place)
        for key, act in STEPS.items():
            if key in told:
                yield beat(told[key], act, ngo)
        if "discovered" in told:
            yield beat(told["discovered"]["at"], discover, ngo)


def told_of(ngo: str) -> dict[str, Any]:
    return data.row_of("evaluation", ngo)


def begin(ngo: str) -> None:
    evaluation.open_evaluation(found.project(ngo), found.council(), actor=cast.actor("saule"))


# --- Scoring ---------------------------------------------------------------------------------------------


def score(ngo: str, place: int) -> None:
    """A member of the council gives the notice and signs a sheet, or states a conflict and steps down."""
    told, one = told_of(ngo)["sheets"][place], found.evaluation(ngo)
    member, panel = cast.actor(told["by"]), annex8.panel_of(one)
    seat = panel.seats.filter(person=member.user, until=None).first()
    if one.state != State.SCORING or seat is None:
        return
    if not seat.declarations.exists():
        conflict = told.get("conflict", "")
        given = found.answers(other_possible_conflict=conflict) if conflict else found.answers()
        evaluation.give_notice(one, conflict=bool(conflict), answers=given, actor=member)
        if conflict:
            return
    sign(one, seat, told["points"], member)


def sign(one: Evaluation, seat: Seat, points: list[int], member: Any) -> None:
    """The member's sheet, unless it is signed; what visitors filled in on it stays."""
    dossier = one.dossier
    assert dossier is not None
    sheet = ScoreSheet.objects.filter(dossier=dossier, seat=seat).first()
    if sheet is not None and sheet.state != ScoreSheet.State.DRAFT:
        return
    said = data.oversight()["comments"]
    marks = {
        key: {"points": value, "ticks": [], "fully": False, "comment": said[value - 1]}
        for key, value in zip(annex8.rubric_of(one).keys, points, strict=True)
    }
    filled = {key: mark for key, mark in (sheet.marks if sheet else {}).items() if mark.get("points")}  # fmt: skip
    version = sheet.version if sheet else 0
    saved = save_draft(dossier, seat, sheet, {**marks, **filled}, version=version, window=WINDOW)
    SHEET.take("sign", saved.sheet, actor=member)


# --- The report, and the act -----------------------------------------------------------------------------


def complete(ngo: str) -> None:
    """Everybody has signed; the three working days for the report begin."""
    one = found.evaluation(ngo)
    if one.state == State.SCORING:
        evaluation.complete(one, actor=cast.actor("saule"))


def form(ngo: str) -> None:
    """The report, with what is said of each mean and recommendations in both languages; what is written already stays."""
    one, told, saule = found.evaluation(ngo), told_of(ngo), cast.actor("saule")
    if one.state != State.COMPLETED:
        return
    said = data.oversight()["remarks"]
    texts = {
        f"{key}_{language}": said[place][language]
        for place, key in enumerate(annex8.rubric_of(one).keys)
        for language in data.LANGUAGES
    }
    texts |= {f"recommendations_{language}": told[f"advice_{language}"] for language in data.LANGUAGES}  # fmt: skip
    annex8.write(one, texts, seen=dict.fromkeys(texts, mark_of("")), actor=saule)
    EVALUATION.take("form", one, actor=saule)


def post(ngo: str) -> None:
    one = found.evaluation(ngo)
    if one.state == State.FORMED:
        link = told_of(ngo)["link"]
        EVALUATION.take("post", one, actor=cast.actor("saule"), portal_link=link)


def countersign(ngo: str) -> None:
    """After the report is posted the customer signs the act, and the project is closed."""
    project, saule = found.project(ngo), cast.actor("saule")
    act = Act.objects.get(project=project)
    act.project = project
    if act.state == Act.State.SUPPLIER:
        acts.ACT.take("customer", act, actor=saule)
    if project.state == Project.State.ACCEPTED:
        PROJECT.take("close", project, actor=saule)


def try_to_countersign(ngo: str) -> None:
    """The NGO signs its act; the customer wants to, and is refused: the report is formed, but not posted."""
    project, head = found.project(ngo), rooms.head(ngo)
    act = acts.draft(project, actor=head)
    act.project = project
    if act.state == Act.State.DRAFT:
        values = {
            "number": "1",
            "day": clock.today(),
            "sum_tiyn": act.sum_tiyn,
            "services": project.contract.title_kk,
        }
        acts.ACT.take("edit", act, actor=head, version=act.version, values=values)
        acts.ACT.take("supplier", act, actor=head)
    if found.evaluation(ngo).state != State.POSTED:
        with suppress(Refused):
            acts.ACT.take("customer", act, actor=cast.actor("saule"))


def discover(ngo: str) -> None:
    """A member remembers a conflict when the report is final: it is written down, and the authorised body is told."""
    told, one = told_of(ngo)["discovered"], found.evaluation(ngo)
    if one.state in discovery.FINAL:
        discovery.discover(one, explanation=told["why"], actor=cast.actor(told["by"]))


# What follows the scoring, by the key of its instant in the data.
STEPS = {
    "completed_at": complete,
    "formed_at": form,
    "posted_at": post,
    "countersigned_at": countersign,
    "refused_at": try_to_countersign,
}
