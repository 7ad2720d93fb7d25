"""What the records say of a period: tables and sentences of the creative reports, and their annexes.

Everything is plain values that survive freezing: text in both languages as {"kk", "ru"}, days as printed, numbers whole.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ortaq.core import clock
from ortaq.projects.models import Change, Consultation, Event, Evidence, Report
from ortaq.projects.queries.evidence import STANDS
from ortaq.projects.queries.participant import told_of
from ortaq.projects.queries.progress import LATE, STATES, Line, Progress, progress_of
from ortaq.projects.standard import people
from ortaq.projects.targets import Amount

from . import effect, heard
from .annexes import Annex, of_evidence
from .layout import Task
from .words import Both, both, day, joined, pair

Kind = Report.Kind
CONSULTATIONS, PUBLICATIONS, OTHER = "consultations", "publications", "other"


@dataclass(slots=True)
class Facts:
    """`tables` by the path of the form's table, `lines` by the path of the place where a person writes."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    lines: dict[str, Both] = field(default_factory=dict)


@dataclass(slots=True)
class Records:
    """The rows of a project that fall into the period of a report; a fixed number of queries."""

    report: Report
    events: list[Event]
    evidence: list[Evidence]
    changes: list[Change]
    consultations: Mapping[str, int]
    progress: Progress

    @classmethod
    def of(cls, report: Report) -> Records:
        """What is recorded: events held or cancelled, and in a final report also those that are still planned."""
        project, final = report.project, report.kind == Kind.FINAL_CREATIVE
        begin, end = clock.at(report.period_from), clock.end_of(report.period_to)
        events = Event.objects.filter(project=project).defer("programme", "facts", "informing")
        evidence = Evidence.objects.filter(project=project, state__in=STANDS)
        changes = Change.objects.filter(project=project, state=Change.State.APPROVED)
        consultations = Consultation.objects.filter(project=project, struck="")
        if not final:
            events = events.filter(starts_at__range=(begin, end)).exclude(state=Event.State.PLANNED)
            of_period = Q(day__range=(report.period_from, report.period_to))
            evidence = evidence.filter(of_period | Q(event__starts_at__range=(begin, end)))
            changes = changes.filter(decided_at__range=(begin, end))
            consultations = consultations.filter(of_period)
        return cls(
            report,
            list(events),
            list(evidence.select_related("file").defer("search", "remark").order_by("number")),
            list(changes.order_by("decided_at", "id")),
            consultations.aggregate(
                number=Count("id"),
                people=Count("consumer", distinct=True),
            ),
            progress_of(project, clock.today()),
        )


def of(
    records: Records, tasks: Sequence[Task], annexes: Sequence[Annex], numbers: Mapping[str, int]
) -> Facts:
    """The tables and sentences of a creative report; `numbers` of the annexes by key."""
    facts = Facts()
    if records.report.kind == Kind.FINAL_CREATIVE:
        _final(facts, records, {annex.key: annex.papers for annex in annexes}, numbers)
    else:
        _interim(facts, records, tasks, numbers)
    return facts


# --- Interim report ------------------------------------------------------------------------------


def _interim(
    facts: Facts, records: Records, tasks: Sequence[Task], numbers: Mapping[str, int]
) -> None:
    rows = [_done(event, numbers) for event in records.events]
    if records.consultations["number"]:
        rows.append(_consulted(records, numbers))
    if beyond := effect.row_of_period(records.report):
        rows.append(beyond)
    facts.tables["work_done/activities"] = rows
    for task in tasks:
        held = [event for event in records.events if event.activity_id in task.activities]
        lines = [_work_of(held)]
        lines += [
            _state_of(line)
            for line in records.progress.lines
            if line.indicator.activity_id in task.activities
        ]
        facts.lines[f"work_done/steps/{task.key}/work"] = joined(lines)
    if records.changes:
        facts.lines["corrections"] = joined([_changed(one) for one in records.changes])
    _partners(facts, records)


def _done(event: Event, numbers: Mapping[str, int]) -> dict[str, Any]:
    comments = []
    if number := numbers.get(event_key(event)):
        comments.append(both(lambda: _("Annex %(number)s.") % {"number": number}))
    if event.state == Event.State.CANCELLED:
        reason = event.cancel_reason
        comments.append(both(lambda: _("Not held: %(reason)s") % {"reason": reason}))
    elif people(event) != event.expected_participants:
        told = {"expected": event.expected_participants, "came": people(event)}
        comments.append(both(lambda: _("Expected %(expected)s, came %(came)s.") % told))
    if event.deviation:
        comments.append(pair(event.deviation, event.deviation))
    return {
        "activity": pair(event.title_kk, event.title_ru),
        "date_place": f"{day(clock.day_of(event.starts_at))}\n{event.place}",
        "participants": people(event),
        "comments": joined(comments),
    }


def _consulted(records: Records, numbers: Mapping[str, int]) -> dict[str, Any]:
    found, number = records.consultations, numbers.get(CONSULTATIONS)
    told = {"number": found["number"]}
    comments = [both(lambda: _("Consultations given: %(number)s.") % told)]
    if number:
        comments.insert(0, both(lambda: _("Annex %(number)s.") % {"number": number}))
    return {
        "activity": both(lambda: _("Consultations")),
        "date_place": "",
        "participants": found["people"],
        "comments": joined(comments),
    }


def _work_of(events: Iterable[Event]) -> Both:
    held = [event for event in events if event.state == Event.State.HELD]
    told = {"events": len(held), "people": sum(people(event) for event in held)}
    return both(lambda: _("Events held: %(events)s, participants: %(people)s.") % told)


def _amount(value: Amount) -> str:
    return str(value.first) if value.second is None else f"{value.first}/{value.second}"


def _state_of(line: Line) -> Both:
    def say() -> str:
        told = {
            "indicator": line.indicator.text,
            "planned": line.indicator.planned or "—",
            "done": _amount(line.done),
            "proved": _amount(line.proved),
        }
        return (
            _("%(indicator)s: planned %(planned)s, done %(done)s, of it accepted %(proved)s.")
            % told
        )

    return both(say)


def _changed(change: Change) -> Both:
    def say() -> str:
        told = {
            "number": change.number,
            "kind": change.get_kind_display(),
            "day": day(clock.day_of(change.decided_at)) if change.decided_at else "",
            "reason": change.reason,
            "effect": change.effect,
        }
        return (
            _("Change No. %(number)s (%(kind)s), approved on %(day)s. %(reason)s %(effect)s") % told
        )

    return both(say)


def _partners(facts: Facts, records: Records) -> None:
    partners = list(records.report.project.contract.partners.all())
    if partners:
        lines = [": ".join(filter(None, (one.name, one.contribution))) for one in partners]
        facts.lines["partners"] = joined([pair(line, line) for line in lines])


# --- Final report --------------------------------------------------------------------------------


def _final(
    facts: Facts, records: Records, papers: Mapping[str, Both], numbers: Mapping[str, int]
) -> None:
    facts.tables["activities/activities"] = [
        {
            "attachment_no": numbers.get(event_key(event)),
            "activity": joined(
                [pair(event.title_kk, event.title_ru), pair(*(_when_and_where(event),) * 2)]
            ),
            "plan": event.expected_participants,
            "fact": people(event),
            "evidence": papers.get(event_key(event), pair("", "")),
        }
        for event in records.events
        if event.state != Event.State.CANCELLED
    ]
    if records.consultations["number"]:
        facts.tables["activities/activities"].append(
            {
                "attachment_no": numbers.get(CONSULTATIONS),
                "activity": both(lambda: _("Consultations")),
                "plan": None,
                "fact": records.consultations["people"],
                "evidence": papers.get(CONSULTATIONS, pair("", "")),
            }
        )
    facts.tables["goal_results/indicator_results"] = [
        _result(line) for line in records.progress.lines
    ]
    facts.tables["goal_results/by_sex"] = [_by_sex(records.events)]
    facts.lines["goal_results/text/planned_vs_actual"] = effect.planned_and_done(records.report)
    _satisfaction(facts, records)
    _media(facts, records, numbers)
    stories = [one for one in records.evidence if one.kind == Evidence.Kind.STORY and one.consent]
    if stories:
        facts.lines["social_effect/social_effect/group_results"] = joined(
            [pair(one.text, one.text_ru) for one in stories]
        )
    _partners(facts, records)


def _when_and_where(event: Event) -> str:
    return f"{day(clock.day_of(event.starts_at))}, {event.place}"


def _result(line: Line) -> dict[str, Any]:
    def level() -> str:
        if line.target is None or line.state == LATE or not line.done.reaches(line.target):
            return _("%(state)s; planned: %(planned)s") % {
                "state": str(STATES[line.state][0]),
                "planned": line.indicator.planned or "—",
            }
        return _("reached; planned: %(planned)s") % {"planned": line.indicator.planned}

    indicator = line.indicator.text
    return {
        "indicator": pair(indicator, indicator),
        "result": _amount(line.done),
        "level": both(level),
    }


def _by_sex(events: Sequence[Event]) -> dict[str, int]:
    """People × events, as men and women are counted event by event."""
    held = [event for event in events if event.state == Event.State.HELD]
    return {
        "recipients": sum(people(event) for event in held),
        "men": sum(event.men or 0 for event in held),
        "women": sum(event.women or 0 for event in held),
    }


def _satisfaction(facts: Facts, records: Records) -> None:
    held = [event for event in records.events if event.state == Event.State.HELD]
    journal = bool(records.consultations["number"])
    told = told_of([event.pk for event in held])
    lines = heard.lines(records.report.project, held, told, journal=journal)
    covered = {"covered": records.report.project.covered}
    lines.append(both(lambda: _("Different people who took part: %(covered)s.") % covered))
    facts.lines["goal_results/text/satisfaction"] = joined(lines)


def _media(facts: Facts, records: Records, numbers: Mapping[str, int]) -> None:
    publications = [one for one in records.evidence if one.kind == Evidence.Kind.PUBLICATION]
    if not publications:
        return
    lines = []
    for media, number in Counter(one.media for one in publications).items():
        lines.append(_counted(Evidence.Media(media).label if media else _("Publications"), number))
    if annex := numbers.get(PUBLICATIONS):
        lines.append(both(lambda: _("Annex %(number)s.") % {"number": annex}))
    facts.lines["goal_results/text/media"] = joined(lines)


def _counted(label: Any, number: int) -> Both:
    return both(lambda: f"{label}: {number}")


# --- Annexes -------------------------------------------------------------------------------------


def event_key(event: Event) -> str:
    return f"event:{event.pk}"


def annexes_of(records: Records) -> list[Annex]:
    """One annex for each event with its papers, for the consultations, for publications and for all else."""
    by_event = defaultdict(list)
    loose: dict[str, list[Evidence]] = {PUBLICATIONS: [], OTHER: []}
    for row in records.evidence:
        if row.event_id:
            by_event[row.event_id].append(row)
        else:
            place = PUBLICATIONS if row.kind == Evidence.Kind.PUBLICATION else OTHER
            loose[place].append(row)
    found = []
    for event in records.events:
        if event.state == Event.State.CANCELLED:
            continue
        title = pair(event.title_kk, event.title_ru)
        on = day(clock.day_of(event.starts_at))
        title = {language: f"{text}, {on}" for language, text in title.items()}
        rows = by_event.pop(event.pk, [])
        found.append(_annex(event_key(event), title, rows, event))
    if records.consultations["number"]:
        found.append(_annex(CONSULTATIONS, both(lambda: _("Journal of consultations")), []))
    # What belongs to an event of another period or to a cancelled one is not lost.
    for rows in by_event.values():
        loose[OTHER] += rows
    names = {
        PUBLICATIONS: both(lambda: _("Publications about the project")),
        OTHER: both(lambda: _("Other papers of the project")),
    }
    found += [_annex(key, names[key], rows) for key, rows in loose.items() if rows]
    return found


def _annex(key: str, title: Both, rows: Sequence[Evidence], event: Event | None = None) -> Annex:
    people = (event.attended or event.registered) if event else 0
    return Annex(
        key,
        title,
        event.pk if event else None,
        people,
        [of_evidence(row) for row in rows if row.file],
        [
            {"day": day(row.day), "medium": row.medium, "title": row.title, "link": row.link}
            for row in rows
            if row.link
        ],
        _papers(rows, people),
    )


def _papers(rows: Sequence[Evidence], people: int) -> Both:
    """The papers of an annex in words: "photograph (6), programme"."""

    def say() -> str:
        named = []
        if people:
            named.append(
                ngettext(
                    "list of participants (%(number)s person)",
                    "list of participants (%(number)s persons)",
                    people,
                )
                % {"number": people}
            )
        for kind, number in Counter(row.kind for row in rows).items():
            label = str(Evidence.Kind(kind).label)
            named.append(label if number == 1 else f"{label} ({number})")
        return ", ".join(named)

    return both(say)
