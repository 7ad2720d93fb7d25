"""Drafts for the places of a report that a person writes: facts of the records and the NGO's own earlier words, never a judgement.

A proposal stands beside its empty place, marked as such, and is in no paper and in no submission until somebody takes it over; from
then on it is their text. Where the records know nothing, nothing is proposed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from ortaq.core import clock
from ortaq.projects.models import Event, Evidence, Report
from ortaq.projects.queries.participant import told_of
from ortaq.projects.queries.progress import Line
from ortaq.projects.standard import people

from . import heard
from .facts import Records, event_key
from .layout import Task
from .words import Both, both, day, each, joined, pair

NAMED = 5  # indicators that are named
NAME = 120  # characters of one
PLACE = "work_done/steps"


def of(records: Records, tasks: Sequence[Task], numbers: Mapping[str, int]) -> dict[str, Both]:
    """The proposals of a creative report by the path of their place; `numbers` of the annexes by key. One query."""
    found = dict(_final(records) if not tasks else _interim(records, tasks, numbers))
    return {path: lines for path, lines in found.items() if lines["kk"]}


def _interim(
    records: Records, tasks: Sequence[Task], numbers: Mapping[str, int]
) -> Iterator[tuple[str, Both]]:
    told = told_of([event.pk for event in records.events if event.state == Event.State.HELD])
    yield "starting_state", _starting_state(records)
    for task in tasks:
        events = [event for event in records.events if event.activity_id in task.activities]
        held = [event for event in events if event.state == Event.State.HELD]
        shown = [
            line for line in records.progress.lines if line.indicator.activity_id in task.activities
        ]
        place = f"{PLACE}/{task.key}"
        none = both(lambda: _("No event of this task was held in the period of the report."))
        yield f"{place}/work", joined([_held(one, numbers) for one in held] or [none])
        yield f"{place}/thus", joined([*_reached(shown), *_departures(events)])
        stories = [one for one in records.evidence if _is_story_of(one, held)]
        yield (
            f"{place}/as_a_result",
            joined(
                [
                    *heard.lines(records.report.project, held, told, journal=False),
                    *(pair(one.text, one.text_ru) for one in stories),
                ]
            ),
        )
    yield "problems", _problems(records)


def _final(records: Records) -> Iterator[tuple[str, Both]]:
    goal = str(_general(records.report).get("project_goal") or "").strip()
    if goal:
        yield (
            "general/general/goals",
            both(lambda: _("Goal of the project: %(goal)s") % {"goal": goal}),
        )
    compared = [*_reached(records.progress.lines), *_departures(records.events)]
    yield "goal_results/text/planned_vs_actual", joined(compared)
    yield "future/future/problems", _problems(records)


def _general(report: Report) -> Mapping[str, Any]:
    return report.project.contract.general or {}


def _starting_state(records: Records) -> Both:
    """As the contract describes it: whom the project is for, and how many indicators stood at nothing."""
    group = str(_general(records.report).get("target_group") or "").strip()
    lines = []
    if group:
        lines.append(both(lambda: _("Target groups: %(group)s") % {"group": group}))
    if number := len(records.progress.lines):
        told = {"number": number}
        lines.append(
            both(lambda: _("At the beginning of the project none of its %(number)s indicators was reached.") % told)
        )  # fmt: skip
    return joined(lines)


def _held(event: Event, numbers: Mapping[str, int]) -> Both:
    """An event with the result that the NGO wrote when it was held."""
    titles = pair(event.title_kk, event.title_ru)

    def say(language: str) -> str:
        told = {
            "day": day(clock.day_of(event.starts_at)),
            "title": titles[language],
            "place": event.place,
            "people": people(event),
        }
        found = [
            _("%(day)s, “%(title)s”, %(place)s: participants %(people)s.") % told,
            event.result,
        ]
        if number := numbers.get(event_key(event)):
            found.append(_("Annex %(number)s.") % {"number": number})
        return " ".join(part.strip() for part in found if part.strip())

    return each(say)


def _reached(lines: Sequence[Line]) -> Iterator[Both]:
    """How many indicators are reached so far, and which are not."""
    known = [line for line in lines if line.target is not None]
    if not known:
        return
    missing = [line for line in known if line.target and not line.done.reaches(line.target)]
    told = {"reached": len(known) - len(missing), "number": len(known)}
    yield both(lambda: _("Indicators reached so far: %(reached)s of %(number)s.") % told)
    if missing:
        names = "; ".join(line.indicator.text[:NAME] for line in missing[:NAMED])
        more = " …" if len(missing) > NAMED else ""
        yield both(lambda: _("Not reached yet: %(names)s") % {"names": names + more})


def _departures(events: Iterable[Event]) -> Iterator[Both]:
    """Where events went otherwise than planned, with the reason that was recorded."""
    for event in events:
        reason = event.cancel_reason if event.state == Event.State.CANCELLED else event.deviation
        if reason.strip():
            yield _departure(event, reason.strip())


def _departure(event: Event, reason: str) -> Both:
    titles = pair(event.title_kk, event.title_ru)

    def say(language: str) -> str:
        return _("“%(title)s”: %(reason)s") % {"title": titles[language], "reason": reason}

    return each(say)


def _problems(records: Records) -> Both:
    """What did not go as planned, with its reasons; that nothing is recorded where nothing is."""
    lines = list(_departures(records.events))
    lines += [pair(one.reason, one.reason) for one in records.changes if one.reason.strip()]
    if not lines:
        lines.append(
            both(lambda: _("The records of the period show no event cancelled or held otherwise than planned."))
        )  # fmt: skip
    return joined(lines)


def _is_story_of(one: Evidence, events: Sequence[Event]) -> bool:
    kind = one.kind == Evidence.Kind.STORY and one.consent
    return kind and one.event_id in {event.pk for event in events}
