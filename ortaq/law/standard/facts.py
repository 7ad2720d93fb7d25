"""The facts that the checker is given, read once and typed; what cannot be read is `Refused`.

Every field means the same thing in every service. A field that a service does not know is
refused, since a misspelt one would otherwise pass as a missing value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ortaq.law.terms import add_months
from ortaq.law.wording import refused

from .reading import (
    PERCENT,
    amounts,
    choice,
    day,
    entries,
    exact,
    flag,
    head_count,
    items,
    known_only,
    names,
    paper,
    percent,
)
from .tables import MODES, Standard

DAYS_PER_MONTH = 30  # "1.5 months: one month and 15 calendar days" (inferred, ST-T-11)

# How each field is read. What is itself an object stands below, in `Facts.of`.
FIELDS: Mapping[str, Callable[[object, str], Any]] = {
    "participants": head_count,
    "consumers": head_count,
    "answers": head_count,
    "points_total": head_count,
    "satisfaction": percent,
    "practical_application": percent,
    "involvement": percent,
    "confirmed": head_count,
    "success_stories": head_count,
    "consultations": head_count,
    "consultations_applied": head_count,
    "duration": amounts,
    "trainer_experience_years": exact,
    "consultant_experience_months": exact,
    "financial_years": head_count,
    "project_months": exact,
    "contract_concluded": flag,
    "special_social_services": flag,
    "premises_m2": exact,
    "equipment": names,
    "information_ways": names,
    "information_sheet": names,
    "presentation_package": names,
    "evidence": names,
    "forms": names,
    "publication_list": flag,
    "research_methods": head_count,
    "analysis_methods": head_count,
    "software": flag,
    "expert_opinions": head_count,
    "term_months": exact,
    "start": day,
    "end": day,
    "respondents": head_count,
    "sources": head_count,
    "sampling_error_percent": percent,
    "field_control_percent": percent,
    "volume": exact,
    "format": paper,
}

ALWAYS = ("special_social_services", "project_months", "information_ways")
# The fields of each service, in the order in which a refusal lists them; `format` and
# `online` say the mode, `publications`, `questionnaires`, `collection`, `materials` and
# `services` are objects or lists of objects.
SERVICE_FIELDS: Mapping[str, tuple[str, ...]] = {
    service: tuple(fields.split())
    for service, fields in {
        "training": """
            form format online participants duration trainer_experience_years
            answers points_total satisfaction success_stories
            financial_years contract_concluded premises_m2 equipment information_sheet
        """,
        "consultation": """
            form topic consultant_experience_months
            consumers answers points_total satisfaction
            consultations consultations_applied practical_application information_sheet
        """,
        "information": """
            form participants duration publications materials evidence
        """,
        "research": """
            form start end term_months collection
            research_methods analysis_methods software expert_opinions questionnaires
        """,
        "event": """
            form forms format online participants
            answers points_total satisfaction confirmed practical_application involvement
            publications publication_list
        """,
        "civic_centre": """
            form financial_years premises_m2 equipment presentation_package services
        """,
    }.items()
}
COLLECTION = (
    "method",
    "respondents",
    "sources",
    "sampling_error_percent",
    "field_control_percent",
)
MATERIAL = ("kind", "format", "volume")
TOPICS = ("methods", "documents", "management")


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about one service. `values` are typed by `FIELDS`; `targets` are the customer's.

    `mode` is "offline", "online" or `None` where it is not said. `collection` and
    `materials` are the rows of a research and of an information service.
    """

    service: str
    form: str
    mode: str | None
    values: Mapping[str, Any]
    targets: Mapping[str, Any]
    topic: str = ""
    collection: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    materials: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    services: tuple[Mapping[str, Any], ...] | None = None

    @classmethod
    def of(cls, data: Mapping[str, object], book: Standard) -> Facts:
        """Read `data` against the tables of `book`; `Refused` names the first thing wrong."""
        data = entries(data, "data")
        service = choice(data.get("service"), tuple(book.services), "service")
        known = ("service", "edition", "targets", *SERVICE_FIELDS[service], *ALWAYS)
        known_only(data, known, "data")
        values = _values(data)
        _consistent(values)
        form = ""
        if forms := forms_of(service, book):
            must = service not in ("consultation", "information")
            if must or data.get("form") is not None:
                form = choice(data.get("form"), forms, "form")
        _known_items(values, service, book)
        topic = data.get("topic")
        services = data.get("services")
        return cls(
            service=service,
            form=form,
            mode=_mode(data) if "online" in known else None,
            values=values,
            targets=_targets(data["targets"], service) if data.get("targets") is not None else {},
            topic="" if topic is None else choice(topic, TOPICS, "topic"),
            collection=_rows(data, "collection", "method", COLLECTION, tuple(book.methods)),
            materials=_rows(data, "materials", "kind", MATERIAL, book.table("12b").forms),
            services=(
                None
                if services is None
                else tuple(entries(one, "services") for one in items(services, "services"))
            ),
        )

    def given(self, field: str) -> Any:
        """The value of `field`, `None` where it is not given."""
        return self.values.get(field)

    def planned(self, field: str) -> Any:
        """What the specification says of `field`: the target, else the plain value."""
        return self.targets.get(field, self.values.get(field))


def forms_of(service: str, book: Standard) -> tuple[str, ...]:
    """Every form of `service` that the input may name."""
    tables = {
        "training": ("7",),
        "consultation": ("2",),
        "information": ("12c", "12d"),
        "research": ("11",),
        "event": ("13",),
        "civic_centre": ("9",),
    }[service]
    return tuple(form for key in tables for form in book.table(key).forms)


def _known_items(values: Mapping[str, Any], service: str, book: Standard) -> None:
    """Refuse a word in a list of things that the Standard does not name."""
    known = {
        checklist.key: tuple(checklist.items)
        for checklist in book.checklists
        if checklist.service in (service, "")
    }
    known["forms"] = book.table("13").forms
    known["equipment"] = tuple(
        measure.key
        for table in book.tables.values()
        if table.service == service
        for measure in table.measures.values()
        if measure.field == "equipment"
    )
    for field, allowed in known.items():
        for word in values.get(field, ()):
            choice(word, allowed, field)


def _values(data: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """The plain fields of `data`, typed, and those that follow from its small objects."""
    values = {
        key: FIELDS[key](value, f"{prefix}{key}")
        for key, value in data.items()
        if key in FIELDS and key != "format" and value is not None
    }
    if (given := data.get("publications")) is not None:
        publications = entries(given, f"{prefix}publications")
        known_only(publications, ("media", "social"), f"{prefix}publications")
        for channel, number in publications.items():
            name = f"publications.{channel}"
            values[name] = head_count(number, f"{prefix}{name}")
    if (given := data.get("questionnaires")) is not None:
        values |= _questionnaires(entries(given, f"{prefix}questionnaires"))
    if (start := values.get("start")) and (end := values.get("end")):
        values["term_months"] = months(start, end)
    return values


def _questionnaires(given: Mapping[str, Any]) -> dict[str, Any]:
    """The share of completed questionnaires that is attached, in percent (ST-S-17)."""
    known_only(given, ("completed", "attached"), "questionnaires")
    completed = head_count(given.get("completed"), "questionnaires.completed")
    attached = head_count(given.get("attached"), "questionnaires.attached")
    _at_most(
        {"questionnaires.attached": attached, "questionnaires.completed": completed},
        "questionnaires.attached",
        "questionnaires.completed",
    )
    if not attached:
        return {"questionnaires_attached": False}
    return {"questionnaires": Fraction(attached * PERCENT, completed)}


def _targets(given: object, service: str) -> dict[str, Any]:
    targets = entries(given, "targets")
    known = tuple(
        field
        for field in (*SERVICE_FIELDS[service], *ALWAYS)
        if field in {**FIELDS, "publications": None} and field not in ("format", "start", "end")
    )
    known_only(targets, known, "targets")
    return _values(targets, "targets.")


def _rows(
    data: Mapping[str, Any], field: str, key: str, known: tuple[str, ...], keys: tuple[str, ...]
) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """The rows of a list of objects, each with the word that names it (`key`)."""
    found = []
    for number, given in enumerate(items(data.get(field) or [], field)):
        name = f"{field}[{number}]"
        row = entries(given, name)
        known_only(row, known, name)
        word = choice(row.get(key), keys, f"{name}.{key}")
        typed = {
            column: FIELDS[column](value, f"{name}.{column}")
            for column, value in row.items()
            if column != key and value is not None
        }
        found.append((word, typed))
    return tuple(found)


def _mode(data: Mapping[str, Any]) -> str | None:
    """Offline or online, said as `"format": "online"` or as `"online": true`."""
    said = data.get("format")
    mode = None if said is None else choice(said, MODES, "format")
    if data.get("online") is None:
        return mode
    by_flag = "online" if flag(data["online"], "online") else "offline"
    if mode not in (None, by_flag):
        raise refused("standard_two_modes")
    return by_flag


def _consistent(values: Mapping[str, Any]) -> None:
    """Refuse numbers that cannot all be true."""
    for part, whole in (
        ("answers", "participants"),
        ("answers", "consumers"),
        ("confirmed", "answers"),
        ("consultations_applied", "consultations"),
    ):
        _at_most(values, part, whole)
    start, end = values.get("start"), values.get("end")
    if start and end and end < start:
        raise refused("standard_end_before_start", start=start, end=end)
    answers, points = values.get("answers"), values.get("points_total")
    if answers is not None and points is not None and not answers <= points <= 5 * answers:
        raise refused(
            "standard_points_total",
            value=points,
            answers=answers,
            least=answers,
            most=5 * answers,
        )


def _at_most(values: Mapping[str, Any], part: str, whole: str) -> None:
    value, limit = values.get(part), values.get(whole)
    if value is not None and limit is not None and value > limit:
        raise refused("standard_more_than", name=part, value=value, limit_name=whole, limit=limit)


def months(start: date, end: date) -> Fraction:
    """The months from `start` to `end`, both days included, with thirtieths for what is left.

    1 March to 31 May are three months: both are days on which the service is rendered, so
    neither is the "day of the event" that other terms leave out. What is left over never
    makes up a month by itself, so `months(...) >= 3` is true exactly when three calendar
    months have passed.
    """
    if end == date.max:
        raise refused("date_out_of_range")
    after = date.fromordinal(end.toordinal() + 1)
    whole = (after.year - start.year) * 12 + after.month - start.month
    if add_months(start, whole) > after:
        whole -= 1
    left = (after - add_months(start, whole)).days
    return whole + Fraction(min(left, DAYS_PER_MONTH - 1), DAYS_PER_MONTH)
