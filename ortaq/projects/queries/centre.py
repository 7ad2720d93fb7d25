"""What the pages of a civic (resource) centre read, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.law import Refused
from ortaq.law.findings import Finding
from ortaq.law.standard import check
from ortaq.law.standard import standard as book_of
from ortaq.law.text import Text
from ortaq.projects import standard
from ortaq.projects.models import Centre, Consultation, Consumer, Event, Evidence, Project

from .evidence import STANDS

PAGE, EVENTS = 50, 20
# The package of ¶43 and the services of the Standard that it is made of: the tables of each judge it (¶52).
SERVICES = ("training", "consultation", "information", "research", "event")
ITEMS = ("name", "activities", "working_hours", "contacts", "feedback")


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the package in figures."""

    key: str
    label: Text
    planned: int
    held: int
    served: int


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the conditions of ¶23 with what the project's records say of it."""

    key: str
    count: int


def centre_of(project: Project) -> Centre:
    """What the centre tells of itself; an empty one where nothing was written. One query."""
    return Centre.objects.filter(project=project).first() or Centre(project=project)


def package(project: Project) -> list[Service]:
    """The services of the package with their events, consultations and people; three queries."""
    rows = {
        row["service"]: row
        for row in Event.objects.filter(project=project)
        .exclude(state=Event.State.CANCELLED)
        .order_by()
        .values("service")
        .annotate(of=Count("id"), done=Count("id", filter=Q(state="held")), people=Sum("attended"))
    }
    lines = Consultation.objects.filter(project=project, struck="").count()
    materials = Evidence.objects.filter(
        project=project,
        kind__in=(Evidence.Kind.PUBLICATION, Evidence.Kind.HANDOUT),
        state__in=STANDS,
    ).count()
    beside = {"consultation": lines, "information": materials}
    names = book_of(None).services
    found = []
    for key in SERVICES:
        row = rows.get(key, {"of": 0, "done": 0, "people": 0})
        more = beside.get(key, 0)
        people = (row["people"] or 0) + (lines if key == "consultation" else 0)
        found.append(Service(key, names[key], row["of"] + more, row["done"] + more, people))
    return found


def conditions(project: Project) -> list[Condition]:
    """What ¶23 asks: a base of consumers, specialists, publications, visits; four queries."""
    consultations = Consultation.objects.filter(project=project, struck="")
    specialists = (
        consultations.order_by().values("consultant", "consultant_name").distinct().count()
    )
    publications = Evidence.objects.filter(
        project=project, kind=Evidence.Kind.PUBLICATION, state__in=STANDS
    )
    return [
        Condition("base", Consumer.objects.filter(project=project, merged_into=None).count()),
        Condition("specialists", specialists),
        Condition("publications", publications.count()),
        Condition("visits", consultations.filter(visiting=True).count()),
    ]


def findings_of(project: Project, centre: Centre, *, published: bool) -> list[Finding]:
    """What ¶46 and, for more than one financial year, table 9 say of the centre; no query."""
    if project.special_social_services:
        return []
    contract = project.contract
    years = 1
    if contract.starts_on and contract.ends_on:
        years += contract.ends_on.year - contract.starts_on.year
    told = {
        "name": centre.name_kk or centre.name_ru,
        **{name: getattr(centre, name) for name in ITEMS[1:]},
    }
    facts: dict[str, Any] = {
        "service": "civic_centre",
        "form": centre.level or "city_district",
        "financial_years": years,
        "presentation_package": [name for name in ITEMS if str(told[name]).strip()],
    }
    if published:
        facts["information_ways"] = ["mass_media"]
    if centre.premises_m2 is not None:
        facts["premises_m2"] = str(centre.premises_m2)
    if centre.pk:
        facts["equipment"] = centre.equipment
    try:
        found = check(facts, "result", project.standard)
    except Refused:
        return []
    # Without a level no row of table 9 can be chosen (ST-A-09): the page asks for it instead.
    return found if centre.level else [one for one in found if one.numbers.get("table") != "9"]


def needs_level(project: Project, centre: Centre) -> bool:
    """Whether table 9 waits for somebody to choose its row."""
    return not centre.level and standard.is_multi_year(project)


def levels() -> list[tuple[str, Text]]:
    """The rows of table 9."""
    return [(row.key, row.label) for row in book_of(None).table("9").rows]


def equipment() -> list[tuple[str, Text]]:
    """What table 9 asks for besides premises."""
    measures = book_of(None).table("9").measures.values()
    return [(one.key, one.label) for one in measures if one.field == "equipment"]


def events_of(
    project: Project, service: str, asked: Mapping[str, Any]
) -> tuple[KeyPage[Event], list[tuple[Event, list[Finding]]]]:
    """A page of the events of one service, each with what its tables say; six queries."""
    rows = (
        Event.objects.filter(project=project, service=service)
        .exclude(state=Event.State.CANCELLED)
        .prefetch_related("trainers")
    )
    page = key_page(rows, asked, order=["-id"], size=EVENTS)
    return page, _judged(project, page.rows)


def _judged(project: Project, events: Iterable[Event]) -> list[tuple[Event, list[Finding]]]:
    rows = list(events)
    for one in rows:
        one.project = project
    counts = standard.counts_of(rows)
    return [(one, standard.of_event(one, counts[one.pk])) for one in rows]


def base(project: Project, asked: Mapping[str, Any]) -> KeyPage[Consumer]:
    """The base of consumers, citizens and organisations: how often each was served; one query. Only for
    who may see people.
    """
    rows = Consumer.objects.filter(project=project, merged_into=None, erased_at=None)
    if words := fold(str(asked.get("q", ""))[:200]):
        rows = rows.filter(search__contains=words)
    if asked.get("kind") in ("citizen", "organisation"):
        rows = rows.filter(is_organisation=asked["kind"] == "organisation")
    advised = Count("consultations", filter=Q(consultations__struck=""))
    return key_page(rows.annotate(advised=advised), asked, order=["-id"], size=PAGE)
