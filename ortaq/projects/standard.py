"""What the Standard says of an event: of its plan while it can still be changed (`self`), of its result (`result`).

The facts are the passport, the counted figures of the event and the evidence attached to it. Nothing here blocks a step: the
Standard attaches no consequence to any finding (ST-A-05). For a grant it is guidance only (`is_guidance`): ¶1 speaks of services
under a social order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q

from ortaq import law
from ortaq.core import clock
from ortaq.law.findings import Finding, Severity
from ortaq.law.standard import check
from ortaq.law.standard import standard as book_of
from ortaq.law.standard.survey import sample, share
from ortaq.law.standard.tables import ACT, Standard
from ortaq.law.text import Text

from .models import Contract, Event, Evidence, Participation, Project, Trainer
from .queries.evidence import STANDS, publications_of_events

HALF_HOUR, HOUR, YEAR = 30, 60, 12
# The tables whose rows are the forms an event may take. Consultations are told apart by the question (¶14), research by the
# way of collecting information (table 10).
FORM_TABLES = {
    "training": ("7",),
    "event": ("13",),
    "consultation": ("p14",),
    "information": ("12c", "12d"),
    "research": ("10",),
}
# What a kind of event is in the Standard, unless somebody says otherwise.
BY_KIND = {
    Event.Kind.SEMINAR: "training/seminar",
    Event.Kind.TRAINING: "training/training",
    Event.Kind.MASTER_CLASS: "training/master_class",
    Event.Kind.WEBINAR: "training/webinar",
    Event.Kind.CONFERENCE: "event/conference",
    Event.Kind.FORUM: "event/conference",
    Event.Kind.ROUND_TABLE: "event/round_table",
    Event.Kind.EXHIBITION: "event/exhibition",
    Event.Kind.CONCERT: "event/festival",
    Event.Kind.FESTIVAL: "event/festival",
    Event.Kind.CONTEST: "event/contest",
    Event.Kind.FOCUS_GROUP: "research/focus_group",
    Event.Kind.EXPERT_GROUP: "research/expert_survey",
}
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


@dataclass(frozen=True, slots=True)
class Counts:
    """What is attached to an event and was answered at it: numbers of publications by channel, stories, answers on application."""

    media: int = 0
    social: int = 0
    stories: int = 0
    told: int = 0
    applied: int = 0


NOTHING = Counts()


def is_guidance(project: Project) -> bool:
    """Whether the Standard only advises: it speaks of services under a social order (ST-G-01)."""
    return project.contract.instrument == Contract.Instrument.GRANT


def forms_of(edition: str) -> list[tuple[Text, list[tuple[str, Text]]]]:
    """The services with their forms ("training/seminar") as the edition names them; nothing where its text is unknown."""
    book = book_of(edition)
    if not book.tables:
        return []
    return [
        (
            book.services[service],
            [
                (f"{service}/{row.key}", row.label)
                for key in tables
                for row in book.table(key).rows
                if service != "research" or "respondents" in row.cells
            ],
        )
        for service, tables in FORM_TABLES.items()
    ]


def label_of(event: Event) -> Text:
    """The service and form of an event in the Standard's words; empty when none is chosen."""
    for service, forms in forms_of(event.project.standard):
        for key, form in forms:
            if key == f"{event.service}/{event.form}":
                return Text(*(f"{a}: {b}" for a, b in zip(service, form, strict=True)))
    return Text()


def ways(edition: str) -> list[tuple[str, Text]]:
    """The six ways of informing participants (ST-Q-03)."""
    book = book_of(edition)
    return list(book.checklist("information_ways", "").items.items()) if book.tables else []


def equipment(edition: str) -> list[tuple[str, Text]]:
    """What table 8 asks to be there at trainings, besides the premises."""
    book = book_of(edition)
    if not book.tables:
        return []
    measures = book.table("8").measures.values()
    return [(one.key, one.label) for one in measures if one.field == "equipment"]


def sheet_items(event: Event) -> list[tuple[str, Text]]:
    """What an information sheet of this service holds (¶27, ¶30); nothing for services without one."""
    book = book_of(event.project.standard)
    if not book.tables or event.service not in ("training", "consultation"):
        return []
    return list(book.checklist("information_sheet", event.service).items.items())


def people(event: Event) -> int:
    """How many took part: those in the list, or the men and women counted where that is more."""
    return max(event.attended, (event.men or 0) + (event.women or 0))


# --- Facts ---------------------------------------------------------------------------------------


def counts_of(events: Iterable[Event]) -> dict[int, Counts]:
    """What is attached to each event and was answered at it, by its key; three queries for however many of one project."""
    wanted = list(events)
    published = publications_of_events(wanted)
    stories = dict(
        Evidence.objects.filter(event__in=wanted, kind=Evidence.Kind.STORY, state__in=STANDS)
        .order_by()
        .values_list("event")
        .annotate(Count("id"))
    )
    answered = (
        Participation.objects.filter(event__in=wanted, applied__isnull=False)
        .order_by()
        .values_list("event")
        .annotate(number=Count("id"), yes=Count("id", filter=Q(applied=True)))
    )
    told = {pk: (number, yes) for pk, number, yes in answered}
    return {
        pk: Counts(found.media, found.social, stories.get(pk, 0), *told.get(pk, (0, 0)))
        for pk, found in published.items()
    }


def _years(contract: Contract) -> int:
    """How many financial years the contract touches; one where its term is not known."""
    if contract.starts_on is None or contract.ends_on is None:
        return 1
    return int(contract.ends_on.year - contract.starts_on.year + 1)


def is_multi_year(project: Project) -> bool:
    """More than one financial year: the material base of table 8 is asked (¶13)."""
    return _years(project.contract) > 1


def minutes(event: Event) -> int | None:
    """The duration without breaks; where it is not said, from beginning to end of the same day."""
    if event.duration_minutes is not None:
        return event.duration_minutes
    if clock.day_of(event.starts_at) != clock.day_of(event.ends_at):
        return None
    return int((event.ends_at - event.starts_at).total_seconds()) // 60


def _durations(event: Event) -> list[dict[str, Any]]:
    """The duration in the units of the tables: hours or minutes, and calendar days (ST-A-08)."""
    days = (clock.day_of(event.ends_at) - clock.day_of(event.starts_at)).days + 1
    found: list[dict[str, Any]] = []
    if (lasts := minutes(event)) is not None:
        whole = lasts % HALF_HOUR == 0
        found.append(
            {"value": Fraction(lasts, HOUR) if whole else lasts, "unit": "hour" if whole else "minute"}
        )  # fmt: skip
    return [*found, {"value": days, "unit": "day"}]


def _experience(trainers: list[Trainer]) -> int | None:
    """The least experience of all who teach, in months; None when one did not say."""
    told = [one.experience_months for one in trainers if one.experience_months is not None]
    return min(told) if told and len(told) == len(trainers) else None


def sheet_of(event: Event, trainers: list[Trainer]) -> dict[str, str]:
    """The information sheet of a training (¶27, 8 items) or consultation (¶30, 5 items) by item; what is missing is empty."""
    typed: Mapping[str, str] = event.facts.get("sheet") or {}
    people_said = "\n".join(
        f"{one.full_name}. {one.about}".strip(". ") for one in trainers if one.full_name
    )
    general: Mapping[str, Any] = event.project.contract.general or {}
    return {
        "form_and_theme": event.title,
        "programme": event.programme,
        "trainers": people_said,
        "methods": typed.get("methods", ""),
        "materials": typed.get("materials", ""),
        "date_and_place": event.place,
        "participation": typed.get("participation", ""),
        "registration": typed.get("registration", ""),
        "form_and_content": event.programme,
        "consumers": str(general.get("target_group") or ""),
        "results": event.expected_result,
        "consultants": people_said,
        "conditions": typed.get("participation", ""),
    }


def facts_of(event: Event, counts: Counts, trainers: list[Trainer]) -> dict[str, Any]:
    """What `law.standard.check` is asked about an event, by its service."""
    held = event.state == Event.State.HELD
    there = people(event) if held else event.expected_participants
    facts: dict[str, Any] = {
        "service": event.service,
        "special_social_services": event.project.special_social_services,
        "information_ways": event.informing,
    }
    answers = {"answers": event.answers, "points_total": event.points} if held else {}
    experience = _experience(trainers)
    sheet = sheet_of(event, trainers)
    if event.service == "training":
        facts |= {
            "form": event.form,
            "participants": there,
            "duration": _durations(event),
            "financial_years": _years(event.project.contract),
            "contract_concluded": True,
            "information_sheet": [key for key, _text in sheet_items(event) if sheet[key]],
            **answers,
        }
        if experience is not None:
            facts["trainer_experience_years"] = Fraction(experience, YEAR)
        facts |= {
            key: event.facts[key] for key in ("premises_m2", "equipment") if key in event.facts
        }
        if held:
            facts["success_stories"] = counts.stories
    elif event.service == "consultation":
        facts |= {
            "topic": event.form,
            "information_sheet": [key for key, _text in sheet_items(event) if sheet[key]],
        }
        if experience is not None:
            facts["consultant_experience_months"] = experience
        if held:
            facts |= {"consumers": there, **answers}
        if counts.told:
            facts |= {"consultations": counts.told, "consultations_applied": counts.applied}
    elif event.service == "event":
        published = counts.media + counts.social
        facts |= {
            "form": event.form,
            "participants": there,
            "publications": {"media": counts.media, "social": counts.social},
            "publication_list": bool(published),
            **answers,
        }
        if counts.told:
            percent = share(counts.applied, counts.told)
            facts |= {"practical_application": percent, "involvement": percent}
    elif event.service == "information":
        facts |= {
            "form": event.form,
            "publications": {"media": counts.media, "social": counts.social},
        }
        facts |= {"participants": there, "duration": _durations(event)}
    elif event.service == "research":
        facts |= {
            "form": "opinion_research",
            "collection": [{"method": event.form, "respondents": there}],
        }
    return facts


# --- Findings --------------------------------------------------------------------------------------


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
