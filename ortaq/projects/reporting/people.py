"""Who took part, as the annexes of a report name them: lists of participants and the journal of consultations.

A list is plain values that survive freezing. It names people, so it never stands in the content of a report: a submission keeps it
beside (`models.PeopleList`), names it by its hash, and it can be erased while content, figures and hash stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from ortaq.core import clock
from ortaq.faces import say
from ortaq.projects.models import Consultation, Event, Participation, PeopleList, Project, Report
from ortaq.projects.queries.consultation import consultant_of, of_period

from .facts import CONSULTATIONS, event_key
from .words import both, day, pair

List = dict[str, Any]
Annexes = Iterable[Mapping[str, Any]]
# What is personal in a row: of one person who is forgotten, and of everybody when the period of keeping is over.
OF_PERSON = ("name", "workplace", "contact", "review")
OF_EVERYBODY = (*OF_PERSON, "question", "applied_how")


def of_event(event: Event, people: Iterable[Participation]) -> List:
    """The list of an event (IM-037): who was there, before anybody is marked everybody registered. `people` with their consumers."""
    rows = list(people)
    if any(one.attended for one in rows):
        rows = [one for one in rows if one.attended]
    return {
        "head": {
            "activity": pair(event.title_kk, event.title_ru),
            "date_place": both(lambda: f"{say.instant(event.starts_at)}, {event.place}"),
        },
        "rows": [_participant(one) for one in rows],
    }


def _participant(one: Participation) -> dict[str, Any]:
    phone = one.source == Participation.Source.PHONE
    return {
        **_person(one.consumer),
        "by_telephone": day(clock.day_of(one.registered_at)) if phone else "",
    }


def of_journal(project: Project, rows: Iterable[Consultation]) -> List:
    """The journal of consultations (IM-038): `rows` with consumer and consultant. Needs the parties of the contract."""
    contract = project.contract
    return {
        "head": {
            "project": pair(contract.title_kk, contract.title_ru),
            "contract": contract.number,
            "supplier": pair(contract.grantee.name_kk, contract.grantee.name_ru),
        },
        "rows": [_consultation(one) for one in rows],
    }


def _consultation(one: Consultation) -> dict[str, Any]:
    return {
        **_person(one.consumer),
        "number": one.number,
        "day": one.day.isoformat(),
        "how": one.how,
        "topic": one.topic,
        "question": one.question,
        "consultant": consultant_of(one),
        "months": one.experience_months,
        "materials": one.materials,
        "applied": one.applied,
        "applied_how": one.applied_how,
        "points": one.points,
        "review": one.review,
    }


def _person(consumer: Any) -> dict[str, Any]:
    return {
        "person": consumer.pk,
        "name": consumer.full_name,
        "workplace": consumer.workplace,
        "contact": consumer.contact,
        "erased": consumer.erased_at is not None,
    }


def as_they_stand(report: Report, annexes: Annexes) -> dict[str, List]:
    """The lists of a report by the key of their annex, from the records of this moment; three queries at most."""
    events = {one["event"]: one["key"] for one in annexes if one["event"] and one["people"]}
    found: dict[str, List] = {}
    if events:
        by_event = defaultdict(list)
        rows = Participation.objects.filter(event__in=events).select_related("consumer")
        for row in rows.order_by("pk"):
            by_event[row.event_id].append(row)
        for event in Event.objects.filter(pk__in=events).defer("programme", "facts"):
            found[event_key(event)] = of_event(event, by_event[event.pk])
    if any(one["key"] == CONSULTATIONS for one in annexes):
        lines = of_period(report.project, report.period_from, report.period_to)
        if report.kind == Report.Kind.FINAL_CREATIVE:
            lines = of_period(report.project)
        found[CONSULTATIONS] = of_journal(report.project, lines)
    return found


def as_submitted(report: Report, annexes: Annexes) -> dict[str, PeopleList]:
    """The kept lists of a submission by the key of their annex; one query."""
    hashes = {one["list"]["sha256"]: one["key"] for one in annexes if "list" in one}
    rows = PeopleList.objects.filter(project=report.project_id, sha256__in=hashes)
    return {hashes[row.sha256]: row for row in rows}
