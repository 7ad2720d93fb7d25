"""18 June to 13 July: the members score, each at their own pace, and meet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from ortaq import law
from ortaq.core import clock
from ortaq.demo import cast
from ortaq.grants.models import Application, Competition
from ortaq.grants.procedure.competition import COMPETITION
from ortaq.review import queries, scoring
from ortaq.review.models import Dossier, Meeting, Panel, ScoreSheet, Seat
from ortaq.review.procedure import SHEET
from ortaq.review.procedure.meeting import save_minutes
from ortaq.review.procedure.sheet import save_draft

from . import data, found, panel
from .beat import Beat, beat

# The days on which a member sits down to score; the last time everything is finished.
SITTINGS = (date(2020, 6, 22), date(2020, 6, 24), date(2020, 7, 1), date(2020, 7, 3))
HALF_DONE = clock.at(date(2020, 6, 26), 17)
MEETING = date(2020, 7, 13)
# What one member gives more or less than another; together nought.
DEVIATIONS = (0, 1, -1, 0, 0, 1, -1, 0, 1, -1)
MIDDLING = 17  # for an application that the story does not know
WINDOW = "story"


def beats() -> Iterator[Beat]:
    yield beat(clock.at(date(2020, 6, 18), 10), begin)
    told = data.competition()["commission"]
    keys = [told["comes"] if key == told["falls_ill"] else key for key in panel.seated()]
    for place, key in enumerate(keys):
        for number, day in enumerate(SITTINGS):
            yield beat(clock.at(day, 9 + place, 10 * number), sit_down, key, number)
    yield beat(HALF_DONE, leave_a_draft, "erlan")
    yield beat(clock.at(MEETING, 10), begin_meeting)
    yield beat(clock.at(MEETING, 10, 50), change_points)
    yield beat(clock.at(MEETING, 11, 30), note_presence)
    yield beat(clock.at(MEETING, 11, 45), decide_tie)
    yield beat(clock.at(MEETING, 12, 40), close_meeting)


def begin() -> None:
    COMPETITION.take("begin_scoring", found.competition(), actor=cast.actor("gulnara"))


# --- Sheets ----------------------------------------------------------------------------------------


def sit_down(key: str, number: int) -> None:
    """Score and sign a part of one's applications; at the last sitting everything that is left."""
    seat, actor = found.seat(key), cast.actor(key)
    dossiers = list(queries.dossiers_open_to(actor).order_by("id"))
    last = number == len(SITTINGS) - 1
    begun = {s.dossier_id: s for s in ScoreSheet.objects.filter(seat=seat)}
    points = totals(dossiers)
    members = panel.members()
    for place, dossier in enumerate(dossiers):
        sheet = begun.get(dossier.pk)
        # Everybody begins somewhere else, so that each application soon has somebody's points.
        mine = last or (place + seat.pk) % (len(SITTINGS) - 1) == number
        if not mine or (sheet and (sheet.state != ScoreSheet.State.DRAFT or not last)):
            continue
        total = points[dossier.pk] + deviation(key, members, dossier)
        proposed = opinion(seat, dossier, total)
        saved = save_draft(
            dossier,
            seat,
            sheet,
            filled(sheet, proposed),
            version=sheet.version if sheet else 0,
            window=sheet.window if sheet else WINDOW,
        )
        SHEET.take("sign", saved.sheet, actor=actor, version=saved.sheet.version)


def leave_a_draft(key: str) -> None:
    """One sheet is begun and left, so that the newcomer finds something half written."""
    seat, actor = found.seat(key), cast.actor(key)
    untouched = queries.dossiers_open_to(actor).exclude(score_sheets__seat=seat)
    dossier = untouched.order_by("id").first()
    if dossier is not None:
        total = totals([dossier])[dossier.pk] + deviation(key, panel.members(), dossier)
        full = opinion(seat, dossier, total)
        some = dict(list(full.items())[:2])
        save_draft(dossier, seat, None, some, version=0, window=WINDOW)


def totals(dossiers: list[Dossier]) -> dict[int, int]:
    """What the story gives each dossier on average; by dossier."""
    rows = Application.objects.filter(dossier__in=dossiers).values_list(
        "dossier", "lot__topic__number", "organisation__bin"
    )
    known = {pk: data.entry_of(topic, ngo) for pk, topic, ngo in rows}
    return {
        dossier.pk: (entry.points if entry else 0) or MIDDLING
        for dossier in dossiers
        for entry in [known.get(dossier.pk)]
    }


def opinion(seat: Seat, dossier: Dossier, total: int) -> dict[str, Any]:
    """What a member's sheet of so many points says of a dossier; always the same."""
    return marks(scoring.rubric_of(dossier.panel), total, seat.pk + dossier.pk)


def deviation(key: str, members: list[str], dossier: Dossier) -> int:
    """How far one of the members is from the others; once, very far."""
    told = data.competition()["commission"]["outlier"]
    if key == told["by"] and dossier.organisation.bin == cast.bodies()[told["ngo"]].bin:
        return -int(told["less"])
    place = members.index(key)
    return DEVIATIONS[(place + dossier.pk) % len(DEVIATIONS)]


@cache
def comments() -> dict[str, dict[str, list[str]]]:
    return cast.table("sheets.toml")


def marks(rubric: law.Rubric, total: int, seed: int) -> dict[str, Any]:
    """A sheet with this total: points spread over the criteria, sub-items ticked, comments."""
    points = spread(rubric, total, seed)
    return {
        criterion.key: _mark(criterion, points[criterion.key], seed)
        for criterion in rubric.criteria
    }


def spread(rubric: law.Rubric, total: int, seed: int) -> dict[str, int]:
    """Points for each criterion in proportion to its maximum; what is left over goes round."""
    criteria = rubric.criteria
    room = rubric.maximum - rubric.minimum
    over = total - rubric.minimum
    points = {c.key: c.minimum + over * (c.maximum - c.minimum) // room for c in criteria}
    turn = seed
    while sum(points.values()) < total:
        criterion = criteria[turn % len(criteria)]
        if points[criterion.key] < criterion.maximum:
            points[criterion.key] += 1
        turn += 1
    return points


def _mark(criterion: law.Criterion, points: int, seed: int) -> dict[str, Any]:
    level = criterion.level(points)
    items = len(criterion.sub_items)
    ticks = sorted((seed + step) % items for step in range(level.matched or 0))
    third = (points - criterion.minimum) * 3 // (criterion.maximum - criterion.minimum + 1)
    texts = comments()[criterion.key][("low", "middle", "high")[third]]
    return {
        "points": points,
        "ticks": ticks,
        "fully": bool(level.fully),
        "comment": texts[seed % len(texts)],
    }


def filled(sheet: ScoreSheet | None, proposed: dict[str, Any]) -> dict[str, Any]:
    """The proposed marks, but those that somebody has given already stay."""
    given = {k: m for k, m in sheet.marks.items() if m.get("points") is not None} if sheet else {}
    return proposed | given


# --- The meeting -----------------------------------------------------------------------------------


def begin_meeting() -> None:
    competition = found.competition()
    if competition.state == Competition.State.SCORING:
        COMPETITION.take("begin_meeting", competition, actor=cast.actor("gulnara"))


def change_points() -> None:
    """The author of the sheet that is far from the others' changes one of its points."""
    told = data.competition()["commission"]["outlier"]
    sheet = ScoreSheet.objects.filter(
        seat=found.seat(told["by"]),
        dossier__organisation=cast.body(told["ngo"]),
        state=ScoreSheet.State.SIGNED,
    ).first()
    if sheet is not None and sheet.marks[told["criterion"]]["points"] != told["to"]:
        SHEET.take(
            "change",
            sheet,
            actor=cast.actor(told["by"]),
            criterion=told["criterion"],
            points=told["to"],
            reason=told["reason"],
        )


def note_presence() -> None:
    """Everybody is there, and the secretary writes the minutes."""
    told = data.competition()["commission"]
    meeting = Meeting.objects.get(panel=found.panel())
    if not meeting.present.exists():
        meeting.present.set(found.panel().seats.filter(until=None))
    if not meeting.minutes_kk.strip():
        save_minutes(
            meeting,
            place=told["place"],
            minutes_kk=told["minutes_kk"],
            minutes_ru=told["minutes_ru"],
            version=meeting.version,
        )


def decide_tie() -> None:
    """Every equal highest score is decided: for the story's winner, else for the first."""
    told = data.competition()["commission"]["tie"]
    commission = found.panel()
    preferred = cast.body(told["winner"]).pk
    ties = queries.ties(commission)
    decided = queries.decisions(commission, ties)
    for contest, tied in ties.items():
        if contest in decided:
            continue
        winner = next((d for d in tied if d.organisation_id == preferred), tied[0])
        panel.take(
            "decide_tie",
            data.competition()["commission"]["secretary"],
            winner=winner,
            votes_for=told["votes_for"],
            votes_against=told["votes_against"],
            reason=told["reason"],
        )


def close_meeting() -> None:
    commission = found.panel()
    if not commission.seats.filter(office=Seat.Office.CHAIR, until=None).exists():
        panel.elect()
    if commission.state == Panel.State.MEETING:
        panel.take("close_meeting", data.competition()["commission"]["secretary"])
