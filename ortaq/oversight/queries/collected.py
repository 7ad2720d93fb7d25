"""What the authorised body collects: who reported on a period, who is late, what all reports add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq import law
from ortaq.core import clock, money
from ortaq.core.bilingual import pick
from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.faces.parts import Difference
from ortaq.faces.say import points
from ortaq.law.text import Text
from ortaq.oversight import annex9, consolidated, sums
from ortaq.oversight.annex9 import fraction
from ortaq.oversight.consolidated import Cover
from ortaq.oversight.models import StatutoryReport, StatutorySubmission
from ortaq.oversight.policy.project import authorised
from ortaq.oversight.procedure.statutory import NAMES, last_period
from ortaq.oversight.sums import Sums
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.planning.models import Information

from .statutory import NO_FIELD, project_of

State = StatutoryReport.State
Period = StatutoryReport.Period
LATE = "late"


def collected_by(actor: Actor) -> QuerySet[StatutoryReport]:
    """The one visibility query of who collects: the authorised body knows of every report, nobody else of any."""
    rows = StatutoryReport.objects.select_related("body")
    return rows if authorised(actor) else rows.none()


def periods() -> list[tuple[int, str]]:
    """Year and period of all reports, the last one first, with the period that ended last even before a report is opened; one query."""
    rows = StatutoryReport.objects.order_by().values_list("year", "period").distinct()
    found = {(year, str(period)) for year, period in rows}
    year, period = last_period(clock.today())
    return sorted(found | {(year, str(period))}, key=lambda one: (one[0], one[1]), reverse=True)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many state bodies stand how; `unopened` are bodies with projects for which no report is opened."""

    all: int
    in_time: int
    late: int
    overdue: int
    waiting: int
    returned: int
    accepted: int
    unopened: Sequence[Organisation] = ()


def tally(year: int, period: str, now: datetime) -> Tally:
    """Two queries."""
    submitted = Q(first_submitted_at__isnull=False)
    counted = StatutoryReport.objects.filter(year=year, period=period).aggregate(
        all=Count("pk"),
        in_time=Count("pk", filter=submitted & Q(first_submitted_at__lte=F("due_at"))),
        late=Count("pk", filter=submitted & Q(first_submitted_at__gt=F("due_at"))),
        overdue=Count("pk", filter=Q(first_submitted_at=None, due_at__lt=now)),
        waiting=Count("pk", filter=Q(state=State.SUBMITTED)),
        returned=Count("pk", filter=Q(state=State.RETURNED)),
        accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
    )
    unopened = list(without_report(year, period))
    return Tally(**counted | {"all": counted["all"] + len(unopened), "unopened": unopened})


def without_report(year: int, period: str) -> QuerySet[Organisation]:
    """Bodies with projects in the period whose report is not opened yet."""
    opened = StatutoryReport.objects.filter(year=year, period=period)
    with_projects = annex9.projects_in(None, year, period).order_by()
    return (
        Organisation.objects.filter(pk__in=with_projects.values("contract__grantor"))
        .exclude(statutory_reports__in=opened)
        .order_by("sort", "id")
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One body of the list: its report, what the round submitted last adds up to, how it stands against its day."""

    report: StatutoryReport
    sums: Sums | None
    late: bool
    overdue: bool


def reports(
    actor: Actor, year: int, period: str, asked: Mapping[str, Any], now: datetime
) -> tuple[KeyPage[Any], list[Line]]:
    """A page of the bodies by name. `asked` may have `q` (the body), `state` (a state or "late") and `page`; two queries."""
    rows = collected_by(actor).filter(year=year, period=period)
    if words := fold(str(asked.get("q", ""))[:200]):
        rows = rows.filter(body__search__contains=words)
    state = asked.get("state")
    if state == LATE:
        rows = rows.filter(
            Q(first_submitted_at__gt=F("due_at")) | Q(first_submitted_at=None, due_at__lt=now)
        )
    elif state in State.values:
        rows = rows.filter(state=state)
    last = StatutorySubmission.objects.filter(round=F("report__round")).defer("content")
    page = key_page(
        rows.prefetch_related(Prefetch("submissions", last, to_attr="last")),
        asked,
        order=("body__sort", "pk"),
        size=25,
    )
    return page, [_line(one, now) for one in page.rows]


def _line(report: Any, now: datetime) -> Line:
    last: list[StatutorySubmission] = report.last
    first = report.first_submitted_at
    return Line(
        report,
        sums.total(last[0].figures) if last else None,
        late=first is not None and first > report.due_at,
        overdue=first is None and report.due_at < now,
    )


# --- What all of them add up to --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Portion:
    """What one field of one body adds to a figure: where it stands, and its own figures."""

    submission: StatutorySubmission
    field: str
    figures: Mapping[str, Any]


def portions(year: int, period: str, *, accepted: bool = False) -> list[Portion]:
    """Every field of every body of a period; one query, which reads no rows of reports."""
    counted = consolidated.latest(year, period, accepted=accepted).defer("content")
    return [Portion(one, each["field"], each) for one in counted for each in one.figures]


@dataclass(frozen=True, slots=True)
class FieldSums:
    """A field of the social order with what it adds up to; `number` 0 for what has none."""

    number: int
    key: str
    field: Text
    sums: Sums


def by_field(edition: str, found: Mapping[str, Sums]) -> list[FieldSums]:
    """All fields of the edition in their order, also empty ones; then what stands in none of them."""
    act = law.edition("rules_social_order", edition)
    own = [one.key for one in law.fields_of(str(act.parameter("fields.set").value))]
    keys = own + sorted(set(found) - set(own))
    return [
        FieldSums(
            number if key else 0,
            key,
            field_text(key),
            found.get(key, Sums()),
        )
        for number, key in enumerate(keys, 1)
    ]


def field_text(key: str) -> Text:
    """The name of a field, or that it is not known."""
    return law.field(key).text if key else NO_FIELD


def cover(year: int, period: str, *, accepted: bool = False) -> Cover:
    """Who is not in the workbook of a period; three queries."""
    counted = consolidated.latest(year, period, accepted=accepted).order_by()
    rows = StatutoryReport.objects.filter(year=year, period=period)
    absent = rows.exclude(pk__in=counted.values("report")).order_by("body__sort", "pk")
    missing = [
        {"kk": kk, "ru": ru} for kk, ru in absent.values_list("body__name_kk", "body__name_ru")
    ] + [{"kk": one.name_kk, "ru": one.name_ru} for one in without_report(year, period)]
    return Cover(counted.count() + len(missing), missing)


# --- Rounds compared --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changed:
    """A project whose row a round changed; `before` or `after` is missing for a row that came or went."""

    project: int
    name: Mapping[str, str]
    came: bool
    went: bool
    differences: Sequence[Difference]

    @property
    def said(self) -> str:
        """The name of the project for the reader."""
        return pick(self.name["kk"], self.name["ru"])

    @property
    def anchor(self) -> str:
        return f"p{self.project}"


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Changed]:
    """What changed between two rounds, project by project, in the order of the later one; no query."""
    old = {row["project"]: (section["field"], row) for section, row in _rows(before)}
    new = {row["project"]: (section["field"], row) for section, row in _rows(after)}
    found = []
    for key, (field, row) in {**new, **{one: old[one] for one in old if one not in new}}.items():
        came, went = key not in old, key not in new
        differences = [] if came or went else list(_differences(*old[key], field, row))
        if came or went or differences:
            found.append(Changed(project_of(row), row["name"], came, went, differences))
    return found


WORDS: Mapping[str, Any] = {
    "field": pgettext_lazy("of the social order", "Field"),
    "administrator": _("Administrator of the budget programme"),
    "name": _("Name of the project"),
    "supplier": _("Supplier"),
    "planned": _("Planned sum"),
    "contracted": _("Sum of the contract"),
    "paid": _("Paid"),
    "score": _("Points of the evaluation"),
}


def _rows(content: Mapping[str, Any]) -> Any:
    return ((section, row) for section in content["sections"] for row in section["rows"])


def _differences(
    old_field: str, old: Mapping[str, Any], new_field: str, new: Mapping[str, Any]
) -> Any:
    if old_field != new_field:
        yield Difference(WORDS["field"], field_text(old_field), field_text(new_field), "field")
    for name in ("administrator", "name", "supplier", "process", "results", "impact"):
        for language in ("kk", "ru"):
            was, now = old[name][language], new[name][language]
            if was != now:
                label = NAMES.get(f"{name}_{language}") or WORDS[name]
                yield Difference(label, was, now, f"{name}_{language}")
    for name in ("planned", "contracted", "paid"):
        if old[name]["tiyn"] != new[name]["tiyn"]:
            yield Difference(
                WORDS[name], money.show(old[name]["tiyn"]), money.show(new[name]["tiyn"]), name
            )
    was, now = (one["score"]["points"] if one["score"] else None for one in (old, new))
    if was != now:
        yield Difference(WORDS["score"], points(fraction(was)), points(fraction(now)), "score")


# --- Annex 3 ------------------------------------------------------------------------------------------


def informations(actor: Actor, year: int, issue: str) -> QuerySet[Information]:
    """The Informations for a year that came to the authorised bodies of the actor (SO-F-13, SO-F-21)."""
    if not authorised(actor):
        return Information.objects.none()
    return Information.objects.filter(plan_year=year, issue=issue, sent_at__isnull=False).filter(
        sent_to__kind=Organisation.Kind.AUTHORISED_BODY
    )


def annex_3_years(actor: Actor) -> list[tuple[int, str, int]]:
    """Year, issue and how many Informations came, the last year first; one query."""
    if not authorised(actor):
        return []
    rows = Information.objects.filter(
        sent_to__kind=Organisation.Kind.AUTHORISED_BODY, sent_at__isnull=False
    )
    counted = rows.order_by().values("plan_year", "issue").annotate(number=Count("pk"))
    found = [(one["plan_year"], one["issue"], one["number"]) for one in counted]
    return sorted(found, key=lambda one: (-one[0], one[1]))
