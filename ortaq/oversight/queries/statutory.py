"""Reports on annex 9, and annex 5 as it is published: who sees them, and what their pages show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from ortaq import law
from ortaq.core.bilingual import pick
from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.faces.say import day
from ortaq.law.findings import Finding
from ortaq.law.text import Text
from ortaq.oversight import annex9
from ortaq.oversight.figures import NAMES, Figure, figure
from ortaq.oversight.models import PublicInformation, StatutoryRemark, StatutoryReport
from ortaq.oversight.policy.project import authorised, works_for
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.people.policy import responsible_for

State = StatutoryReport.State
BODIES = (Organisation.Kind.STATE_BODY, Organisation.Kind.AUTHORISED_BODY)
WRITTEN = (State.DRAFT, State.RETURNED)
# Above so many rows the page shows one field at a time.
ON_A_PAGE = 60
NO_FIELD = Text("Саласы белгісіз", "Сфера не определена", "Field not known")


def bodies_of(actor: Actor) -> QuerySet[Organisation]:
    """The state bodies for which the actor answers."""
    return Organisation.objects.filter(pk__in=responsible_for(actor), kind__in=BODIES).order_by(
        "sort", "id"
    )


def reports_visible_to(actor: Actor) -> QuerySet[StatutoryReport]:
    """The one visibility query: a body sees its own reports; the authorised body all of them, and reads what was submitted."""
    rows = StatutoryReport.objects.select_related("body")
    if actor.user is None:
        return rows.none()
    return rows if authorised(actor) else rows.filter(body__in=responsible_for(actor))


def own_reports(actor: Actor) -> QuerySet[StatutoryReport]:
    """The reports of the bodies for which the actor answers, the last period first; one query."""
    rows = StatutoryReport.objects.filter(body__in=responsible_for(actor)).select_related("body")
    # "half_year" stands before "year".
    return rows.order_by("-year", "-period", "body__sort", "pk")


def content_for(report: StatutoryReport, actor: Actor, number: int) -> Mapping[str, Any] | None:
    """What this reader sees of a report: of round `number` what was submitted, of 0 what stands now, which only the body itself sees,
    and only while it writes.
    """
    if number:
        found = report.submissions.filter(round=number).first()
        return found.content if found else None
    if report.state in WRITTEN and works_for(actor, report.body_id):
        return annex9.assemble(report.body_id, report.year, report.period)
    return None


# --- Rows as pages show them --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of annex 5 or 9 in the reader's language."""

    number: int
    project: int
    row: Mapping[str, Any]
    findings: Sequence[Finding] = ()

    @property
    def words(self) -> dict[str, str]:
        """`name`, `supplier` and all else that is said in two languages, in the reader's."""
        return {
            name: pick(value["kk"], value["ru"])
            for name, value in self.row.items()
            if isinstance(value, Mapping) and "kk" in value
        }

    @property
    def period(self) -> str:
        """From which day to which one the project goes on, where the annex says it."""
        days = [date.fromisoformat(one) if one else None for one in self.row.get("period", ())]
        return " – ".join(day(one) for one in days)

    @property
    def figures(self) -> dict[str, Figure]:
        """The figures that the row has, by name."""
        return {name: one for name in NAMES if (one := figure(self.row, name))}


@dataclass(frozen=True, slots=True)
class Section:
    """A field of the social order with its projects; `number` 0 for those without a field."""

    number: int
    key: str
    field: Text
    rows: Sequence[Shown] = ()


def project_of(row: Mapping[str, Any]) -> int:
    """The number of the project of a row."""
    return int(str(row["project"]).rpartition(":")[2])


def sections_of(content: Mapping[str, Any], findings: Iterable[Finding] = ()) -> Iterator[Section]:
    """All fields of annex 9 in the order of the edition, also those without rows."""
    about = _by_row(findings)
    for number, section in enumerate(content["sections"], 1):
        key = section["field"]
        yield Section(
            number if key else 0,
            key,
            law.field(key).text if key else NO_FIELD,
            _shown(section["rows"], about),
        )


def chosen(sections: Sequence[Section], asked: str) -> Sequence[Section]:
    """The fields with rows; of a long report the one that is asked for, or the first."""
    filled = [one for one in sections if one.rows]
    if sum(len(one.rows) for one in filled) <= ON_A_PAGE:
        return filled
    return [one for one in filled if one.key == asked] or filled[:1]


def part_of(section: Section, asked: str) -> tuple[Section, int, int]:
    """A long field in parts of `ON_A_PAGE` rows: the part `asked` for, or the first; its number, and how many there are."""
    parts = max(1, -(-len(section.rows) // ON_A_PAGE))
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    number = min(max(1, wanted), parts)
    rows = section.rows[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    return replace(section, rows=rows), number, parts


def remarks_of(report: StatutoryReport) -> QuerySet[StatutoryRemark]:
    """The remarks to all rounds with their projects, the last ones first; one query."""
    rows = report.remarks.select_related("project__contract").defer("project__baseline")
    return rows.order_by("-round", "id")


def plain_rows(content: Mapping[str, Any], findings: Iterable[Finding] = ()) -> list[Shown]:
    """The rows of annex 5."""
    return _shown(content["rows"], _by_row(findings))


def _by_row(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    about: dict[str, list[Finding]] = {}
    for one in findings:
        about.setdefault(one.about, []).append(one)
    return about


def _shown(
    rows: Iterable[Mapping[str, Any]], about: Mapping[str, Sequence[Finding]]
) -> list[Shown]:
    return [
        Shown(place, project_of(row), row, about.get(row["project"], ()))
        for place, row in enumerate(rows, 1)
    ]


# --- Annex 5 --------------------------------------------------------------------------------------------


def published(asked: Mapping[str, Any]) -> KeyPage[PublicInformation]:
    """The latest issue of each body and year, the newest first; `asked` may have `q` (the body), `year` and `page`. One query."""
    later = PublicInformation.objects.filter(
        body=OuterRef("body"), year=OuterRef("year"), issue__gt=OuterRef("issue")
    )
    rows = PublicInformation.objects.filter(~Exists(later)).select_related("body").defer("content")
    if words := fold(str(asked.get("q", ""))[:200]):
        rows = rows.filter(body__search__contains=words)
    year = str(asked.get("year", ""))
    if year.isascii() and year.isdigit() and len(year) == 4:
        rows = rows.filter(year=int(year))
    return key_page(rows, asked, order=["-year", "-id"], size=25)


def issues_of(body: Organisation | int, year: int) -> QuerySet[PublicInformation]:
    """What the body published about a year, the last issue first."""
    rows = PublicInformation.objects.filter(body=body, year=year).defer("content")
    return rows.select_related("body").order_by("-issue")


def years_of(actor: Actor) -> list[tuple[Organisation, int, int, int]]:
    """For each body of the actor the years in which its projects ran: body, year, projects, issues; the last year first. A body has few
    years; three queries.
    """
    bodies = list(bodies_of(actor))
    issues = {
        (row["body"], row["year"]): row["number"]
        for row in PublicInformation.objects.filter(body__in=bodies)
        .values("body", "year")
        .annotate(number=Count("id"))
    }
    counted = annex9.projects_by_year([body.pk for body in bodies])
    return [
        (body, year, number, issues.get((body.pk, year), 0))
        for body in bodies
        for year, number in sorted(counted.get(body.pk, {}).items(), reverse=True)
    ]


def later_than(information: PublicInformation) -> PublicInformation | None:
    """The latest issue, when this one is not it."""
    rows = issues_of(information.body_id, information.year).filter(issue__gt=information.issue)
    return rows.first()
