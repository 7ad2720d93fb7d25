"""The findings of the Standard for one event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ortaq import law
from ortaq.law.findings import Finding, Severity
from ortaq.law.standard import check
from ortaq.law.standard import standard as book_of
from ortaq.law.standard.survey import sample
from ortaq.law.standard.tables import ACT, Standard
from ortaq.law.text import Text
from ortaq.projects.models import Contract, Event, Project, Trainer

from .facts import Counts, counts_of, facts_of, people

# What a plan can answer for; the rest is asked when the event was held.
OF_A_PLAN = frozenset(
    ["participants", "duration", "trainer_experience_years", "consultant_experience_months", "information_ways", "information_sheet", "premises_m2", "publications.media", "publications.social", "respondents", "no_text", "special_social_services"]
)  # fmt: skip
# How the fields that findings name are called on the pages.
LABELS = {
    "participants": Text("Қатысушылар саны", "Число участников", "Number of participants"),
    "duration": Text("Ұзақтығы", "Продолжительность", "Duration"),
    "trainer_experience_years": Text(
        "Жаттықтырушының тәжірибесі", "Опыт тренера", "Trainer's experience"
    ),
    "consultant_experience_months": Text(
        "Консультанттың тәжірибесі", "Опыт консультанта", "Consultant's experience"
    ),
    "information_ways": Text(
        "Қатысушыларды хабардар ету тәсілдері",
        "Способы информирования участников",
        "Ways of informing participants",
    ),
    "information_sheet": Text("Ақпараттық парақ", "Информационный лист", "Information sheet"),
    "premises_m2": Text("Үй-жай ауданы", "Площадь помещения", "Area of the premises"),
    "answers": Text("Кері байланыс", "Обратная связь", "Feedback"),
    "satisfaction": Text("Кері байланыс", "Обратная связь", "Feedback"),
    "practical_application": Text("Кері байланыс", "Обратная связь", "Feedback"),
    "involvement": Text("Кері байланыс", "Обратная связь", "Feedback"),
    "respondents": Text("Қатысушылар саны", "Число участников", "Number of participants"),
}
NO_SERVICE = Text(
    "Бұл іс-шара үшін Стандарттың қызмет түрі мен нысаны таңдалмаған, сондықтан ол тексерілмейді.",
    "Для этого мероприятия не выбраны услуга и форма по Стандарту, поэтому оно не проверяется.",
    "No service and form of the Standard is chosen for this event, so it is not checked.",
)
MIXED = Text(
    "Стандартта аралас форматқа арналған баған жоқ: офлайн және онлайн бағандарының сәйкес келетіні алынды.",
    "В Стандарте нет графы для смешанного формата: взята та из граф «офлайн» и «онлайн», которая подходит.",
    "The Standard has no column for a mixed format: whichever of its offline and online columns fits was taken.",
)


def is_guidance(project: Project) -> bool:
    """Whether the Standard only advises: it speaks of services under a social order (ST-G-01)."""
    return project.contract.instrument == Contract.Instrument.GRANT


def of_event(event: Event, counts: Counts | None = None) -> list[Finding]:
    """What the Standard says of an event as it stands: of the plan of a planned one, of the result of one that was held.

    Nothing of a cancelled one. Needs `event.project.contract`; reads the trainers (unless prefetched), and three queries where
    `counts` is not given.
    """
    if event.state == Event.State.CANCELLED:
        return []
    return said(event, counts or counts_of([event])[event.pk], list(event.trainers.all()))


def said(event: Event, counts: Counts, trainers: list[Trainer]) -> list[Finding]:
    """The findings for an event with these trainers, saved or not; no query."""
    edition = law.edition(ACT, event.project.standard)
    book = book_of(event.project.standard)
    if book.tables and not event.service:
        return [Finding("no_service", Severity.NOTICE, NO_SERVICE, edition.cite(""), about="form")]
    held = event.state == Event.State.HELD
    mode = "result" if held else "self"
    facts = facts_of(event, counts, trainers)
    try:
        found = _checked(facts, event, mode)
    except law.Refused as refused:
        return [
            Finding("unreadable", Severity.WARNING, refused.text, edition.cite(""), about="form")
        ]
    if event.service == "research":
        found = [
            replace(one, about=one.about.rpartition(".")[2])
            for one in found
            if one.about.startswith("collection") or "." not in one.about
        ]
        found = [one for one in found if one.about in OF_A_PLAN or not one.about]
    if counts.told and event.service == "event" and book.tables:
        found += _application_sample(book, event, counts)
    if not held:
        found = [_of_plan(one) for one in found if _answers_for(one.about)]
    return [_in_words(one) for one in _once(found)]


def _checked(facts: Mapping[str, Any], event: Event, mode: str) -> list[Finding]:
    """The findings in the column of the event's format; of a mixed one in whichever column fits better."""
    edition = event.project.standard
    if event.service not in ("training", "event"):
        return check(facts, mode, edition)
    if event.format != Event.Format.MIXED:
        return check({**facts, "format": event.format}, mode, edition)
    order = list(Severity)
    offline, online = (
        check({**facts, "format": one}, mode, edition) for one in ("offline", "online")
    )
    if len(offline) != len(online):
        return offline
    best = [
        min(pair, key=lambda one: order.index(one.severity))
        for pair in zip(offline, online, strict=True)
    ]
    if best == offline == online:  # nothing of it goes by columns
        return best
    cite = replace(law.edition(ACT, edition).cite(""), inferred=True)
    return [*best, Finding("mixed", Severity.NOTICE, MIXED, cite, about="participants")]


def _application_sample(book: Standard, event: Event, counts: Counts) -> list[Finding]:
    """Whether enough people said that they apply it (table 5): these are others than those who rated."""
    forms, table = book.table("13").row(event.form), book.table("5")
    row = table.row(forms.group) if forms else None
    if row is None or row.key == "sport":
        return []
    return [replace(sample(table, row, counts.told, people(event)), about="applied")]


def _answers_for(about: str) -> bool:
    return about in OF_A_PLAN or about.startswith("equipment") or not about


def _of_plan(finding: Finding) -> Finding:
    """Publications come with and after the event: before it they are no reproach."""
    if finding.about.startswith("publications") and finding.severity is Severity.WARNING:
        return replace(finding, severity=Severity.NOTICE)
    return finding


def _once(found: Iterable[Finding]) -> list[Finding]:
    """Two tables may ask for the same: it is said once."""
    return list({(one.about, one.message): one for one in found}.values())


def _in_words(finding: Finding) -> Finding:
    """The name of a field as the pages have it, where the law names the field of its input."""
    label, message = LABELS.get(finding.about), finding.message
    if finding.code != "no_data" or label is None or not isinstance(message, Text):
        return finding
    kk, ru, en = (
        text.replace(f"«{finding.about}»", f"«{name}»").replace(f'"{finding.about}"', f'"{name}"')
        for text, name in zip(message, label, strict=True)
    )
    return replace(finding, message=Text(kk, ru, en))
