"""Annex 9: its rows, each figure with the records it comes from (SO-R-04..08). Frozen when the report is submitted.

    {"sections": [{"field": key, "rows": [row, …]}, …]}     every field of the edition, in its order; "" for what has none
    row: "project": key; "administrator", "name", "supplier", "process", "results", "impact": {"kk", "ru"};
         "planned", "contracted", "paid": {"tiyn", "from": [keys]}; "visits": [keys];
         "score": {"points", "mean", "from"} or None

What was paid and the visits of the year stand in no column of the form: the information to the Government is made of them (SO-M-16).

Sums are tiyn, points fractions as "numerator/denominator". `from` holds keys of `core.keys`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import lazy

from ortaq import law
from ortaq.core import clock, terms
from ortaq.core.bilingual import pick
from ortaq.core.keys import key_of
from ortaq.law.fields import fields_by_name
from ortaq.law.findings import plain
from ortaq.oversight.models import Account, Evaluation, StatutoryReport, Visit
from ortaq.projects.models import Change, Contract, Project, Tranche

Period = StatutoryReport.Period
# Rows are read so many at a time: memory does not grow with the number of projects.
CHUNK = 500
NO_FIELD = ""
FORMED = (Evaluation.State.FORMED, Evaluation.State.POSTED)


def edition_at(year: int, period: str) -> law.Edition:
    """The edition of the rules in force on the last day of the period: it says when the report is due and what it holds."""
    return law.at("rules_social_order", bounds(year, period)[1])


def bounds(year: int, period: str) -> tuple[date, date]:
    """First and last day of a period."""
    last = date(year, 6, 30) if period == Period.HALF else date(year, 12, 31)
    return date(year, 1, 1), last


def asks_for(edition: law.Edition, period: str) -> bool:
    """Whether the edition knows such a report: that on evaluation alone is of 2018 (SO-18-12)."""
    return period != Period.EVALUATION or "report.evaluation" in edition.terms


def due_at(edition: law.Edition, year: int, period: str) -> datetime:
    """The end of the day by which the report is due: 5 July and 5 February; under the edition of 2018 5 June and 5 December, and 5 February
    for what was evaluated.
    """
    if period == Period.EVALUATION:
        term, start = "report.evaluation", bounds(year, period)[1]
    elif "report.half_year" in edition.terms:
        term = "report.half_year" if period == Period.HALF else "report.year"
        start = bounds(year, period)[1]
    else:
        term = "report.summer" if period == Period.HALF else "report.winter"
        start = date(year, 1, 1)
    return terms.due_at(edition, term, clock.at(start))


def projects_in(body: int | None, year: int, period: str) -> QuerySet[Project]:
    """Projects of social orders being or having been carried out in the period (SO-R-08): the term touches it, or they were still
    running in it. Of those the report on evaluation shows what was evaluated in the year, and what is completed and was not yet (SO-18-13).
    `body` None: of all bodies.
    """
    first, last = bounds(year, period)
    began = Q(contract__starts_on__lte=last) | Q(
        contract__starts_on=None, opened_at__lt=clock.end_of(last)
    )
    lasted = (
        Q(contract__ends_on__gte=first)
        | Q(contract__ends_on=None)
        | Q(closed_at__gte=clock.at(first))
        | Q(state__in=(Project.State.RUNNING, Project.State.ACCEPTED))
    )
    rows = Project.objects.filter(
        began, lasted, contract__instrument=Contract.Instrument.SOCIAL_ORDER
    )
    if body is not None:
        rows = rows.filter(contract__grantor=body)
    if period == Period.EVALUATION:
        formed = Evaluation.objects.filter(state__in=FORMED, project=OuterRef("pk"))
        within = formed.filter(formed_at__gte=clock.at(first), formed_at__lte=clock.end_of(last))
        waiting = Q(state__in=(Project.State.ACCEPTED, Project.State.CLOSED)) & ~Exists(formed)
        rows = rows.filter(Exists(within) | waiting)
    return rows


def projects_by_year(bodies: Collection[int]) -> dict[int, dict[int, int]]:
    """How many projects of social orders each body had in each year: {body: {year: number}}, up to the present year; one query."""
    today = clock.today()
    rows = Project.objects.filter(
        contract__grantor__in=bodies, contract__instrument=Contract.Instrument.SOCIAL_ORDER
    ).values_list(
        "contract__grantor", "contract__starts_on", "contract__ends_on", "opened_at", "closed_at", "state"
    )  # fmt: skip
    counted: dict[int, dict[int, int]] = {}
    running = (Project.State.RUNNING, Project.State.ACCEPTED)
    for body, starts, ends, opened, closed, state in rows.iterator():
        first = (starts or clock.day_of(opened)).year
        last = today if state in running or ends is None else ends
        if closed is not None:
            last = max(last, clock.day_of(closed))
        for year in range(first, min(last.year, today.year) + 1):
            of_body = counted.setdefault(body, {})
            of_body[year] = of_body.get(year, 0) + 1
    return counted


def field_of(project: Project) -> str:
    """The key of the field of the project's topic; of a contract that was concluded elsewhere the field that it names, empty where it
    names none of the law's.
    """
    order = getattr(project.contract, "order", None)
    if order is not None:
        return str(order.lot.topic.field)
    return fields_by_name().get(project.contract.direction_kk, NO_FIELD)


def rows_of(
    projects: QuerySet[Project], year: int, period: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Field and row of each project in the order of their numbers; five queries for each `CHUNK` of them, six in the
    annual report.
    """
    rows = projects.select_related(
        "contract__grantor", "contract__grantee", "contract__order__lot__topic"
    ).defer("baseline", "contract__general", "contract__social_effect", "contract__search",
            "contract__order__promises", "contract__order__requisites")  # fmt: skip
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        yield from _chunk(chunk, year, period)


def _chunk(
    projects: Sequence[Project], year: int, period: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    pks = [project.pk for project in projects]
    accounts = {one.project_id: one for one in Account.objects.filter(project__in=pks, year=year)}
    changes: dict[int, list[str]] = {}
    approved = Change.objects.filter(
        project__in=pks, state=Change.State.APPROVED, kind=Change.Kind.LINE
    )
    for change in approved.order_by("project", "number").only("project"):
        changes.setdefault(change.project_id, []).append(key_of(change))
    first, last = bounds(year, period)
    paid: dict[int, list[Tranche]] = {}
    for tranche in Tranche.objects.filter(project__in=pks, paid_on__lte=last).order_by("number"):
        paid.setdefault(tranche.project_id, []).append(tranche)
    visits: dict[int, list[str]] = {}
    held = Visit.objects.filter(
        plan__project__in=pks,
        state=Visit.State.REPORTED,
        started_at__gte=clock.at(first),
        started_at__lte=clock.end_of(last),
    )
    for visit in held.order_by("id").only("plan__project_id").select_related("plan"):
        visits.setdefault(visit.plan.project_id, []).append(key_of(visit))
    scores = dict(_scores(pks)) if Period(period).scored else {}
    for project in projects:
        yield (
            field_of(project),
            _row(
                project,
                account=accounts.get(project.pk),
                changes=changes.get(project.pk, []),
                paid=paid.get(project.pk, []),
                visits=visits.get(project.pk, []),
                score=scores.get(project.pk),
                period=period,
            ),
        )


def _row(
    project: Project,
    *,
    account: Account | None,
    changes: list[str],
    paid: Sequence[Tranche],
    visits: list[str],
    score: Mapping[str, Any] | None,
    period: str,
) -> dict[str, Any]:
    contract = project.contract
    order = getattr(contract, "order", None)
    topic = order.lot.topic if order is not None else None
    return {
        "project": key_of(project),
        "administrator": _two(contract.grantor, "name"),
        "programme": topic.programme if topic else "",
        "name": _two(contract, "title"),
        "planned": {
            "tiyn": topic.planned_tiyn if topic else None,
            "from": [key_of(topic)] if topic else [],
        },
        "contracted": {"tiyn": contract.sum_tiyn, "from": [key_of(contract), *changes]},
        "paid": {
            "tiyn": sum(one.paid_tiyn or 0 for one in paid),
            "from": [key_of(one) for one in paid],
        },
        "visits": visits,
        "supplier": _two(contract.grantee, "name"),
        "process": _two(account, "process"),
        "results": _two(account, "results"),
        # Only in the report on the whole year (SO-R-05, SO-R-06).
        "impact": _two(account if period == Period.YEAR else None, "impact"),
        "score": score,
    }


def _two(row: Any, name: str) -> dict[str, str]:
    return {
        language: getattr(row, f"{name}_{language}") if row is not None else ""
        for language in ("kk", "ru")
    }


def _scores(pks: Iterable[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Points of the evaluation reports that are formed: the total of annex 8, and its mean as a remark (SO-X-06)."""
    for one in Evaluation.objects.filter(project__in=pks, state__in=FORMED):
        content = one.content or {}
        yield (
            one.project_id,
            {
                "points": content.get("total"),
                "mean": content.get("mean"),
                "from": [key_of(one), *content.get("sheets", [])],
            },
        )


def assemble(body: int | None, year: int, period: str) -> dict[str, Any]:
    """The whole annex as it would be submitted now."""
    edition = edition_at(year, period)
    names = [field.key for field in law.fields_of(str(edition.parameter("fields.set").value))]
    sections: dict[str, list[dict[str, Any]]] = {key: [] for key in names}
    for field, row in rows_of(projects_in(body, year, period), year, period):
        sections.setdefault(field, []).append(row)
    return {
        "edition": edition.key,
        "year": year,
        "period": period,
        "sections": [{"field": key, "rows": rows} for key, rows in sections.items()],
    }


def figures(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a list of sections adds up to, by field; fields without a row are left out. Kept with each submission, so that whoever adds up
    all state bodies reads no rows: "field", "rows", sums in tiyn, how many projects were visited and evaluated, and the sum of their means.
    """
    found = []
    for section in content["sections"]:
        rows = section["rows"]
        scores = [row["score"] for row in rows if row["score"] is not None]
        means = [fraction(score["mean"]) for score in scores]
        if rows:
            found.append(
                {
                    "field": section["field"],
                    "rows": len(rows),
                    **{
                        name: sum(row[name]["tiyn"] or 0 for row in rows)
                        for name in ("planned", "contracted", "paid")
                    },
                    "visited": sum(bool(row["visits"]) for row in rows),
                    "visits": sum(len(row["visits"]) for row in rows),
                    "scored": sum(mean is not None for mean in means),
                    "means": kept(sum((mean for mean in means if mean is not None), Fraction())),
                }
            )
    return found


_picked = lazy(pick, str)


def named(row: Mapping[str, Any]) -> Any:
    """The name of the project of a row, for whoever reads the sentence in which it stands."""
    return _picked(row["name"]["kk"], row["name"]["ru"])


def fraction(kept: Any) -> Fraction | None:
    """A fraction as it is kept in frozen content."""
    return None if kept is None else Fraction(str(kept))


def kept(value: Fraction | None) -> Any:
    """A fraction as frozen content keeps it."""
    return plain(value)
