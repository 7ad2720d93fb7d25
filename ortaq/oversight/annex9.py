"""Annex 9: its rows, each figure with the records it comes from (SO-R-04..08). Frozen when the report is submitted.

    {"sections": [{"field": key, "rows": [row, …]}, …]}     every field of the edition, in its order; "" for what has none
    row: "project": key; "administrator", "name", "supplier", "process", "results", "impact": {"kk", "ru"};
         "planned", "contracted": {"tiyn", "from": [keys]}; "score": {"points", "mean", "from"} or None

Sums are tiyn, points fractions as "numerator/denominator". `from` holds keys of `core.keys`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from ortaq import law
from ortaq.core import clock, terms
from ortaq.core.keys import key_of
from ortaq.law.findings import plain
from ortaq.oversight.models import Account, Evaluation, StatutoryReport
from ortaq.projects.models import Change, Contract, Project

Period = StatutoryReport.Period
# Rows are read so many at a time: memory does not grow with the number of projects.
CHUNK = 500
NO_FIELD = ""


def edition_at(year: int, period: str) -> law.Edition:
    """The edition of the rules in force on the last day of the period: it says when the report is due and what it holds."""
    return law.at("rules_social_order", bounds(year, period)[1])


def bounds(year: int, period: str) -> tuple[date, date]:
    """First and last day of a period."""
    last = date(year, 6, 30) if period == Period.HALF else date(year, 12, 31)
    return date(year, 1, 1), last


def due_at(edition: law.Edition, year: int, period: str) -> datetime:
    """The end of the day by which the report is due: 5 July and 5 February, under the edition of 2018 5 June and 5 December."""
    if "report.half_year" in edition.terms:
        term = "report.half_year" if period == Period.HALF else "report.year"
        start = bounds(year, period)[1]
    else:
        term = "report.summer" if period == Period.HALF else "report.winter"
        start = date(year, 1, 1)
    return terms.due_at(edition, term, clock.at(start))


def projects_in(body: int | None, year: int, period: str) -> QuerySet[Project]:
    """Projects of social orders being or having been carried out in the period (SO-R-08): the term touches it, or they were still
    running in it. `body` None: of all bodies.
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
    return rows


def field_of(project: Project) -> str:
    """The key of the field of the project's topic; empty for a contract without an order."""
    order = getattr(project.contract, "order", None)
    return order.lot.topic.field if order is not None else NO_FIELD


def rows_of(
    projects: QuerySet[Project], year: int, period: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Field and row of each project in the order of their numbers; three queries for each `CHUNK` of them."""
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
    scores = dict(_scores(pks)) if period == Period.YEAR else {}
    for project in projects:
        yield (
            field_of(project),
            _row(
                project,
                accounts.get(project.pk),
                changes.get(project.pk, []),
                scores.get(project.pk),
                period,
            ),
        )


def _row(
    project: Project,
    account: Account | None,
    changes: list[str],
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
    formed = (Evaluation.State.FORMED, Evaluation.State.POSTED)
    for one in Evaluation.objects.filter(project__in=pks, state__in=formed):
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


def fraction(kept: Any) -> Fraction | None:
    """A fraction as it is kept in frozen content."""
    return None if kept is None else Fraction(str(kept))


def kept(value: Fraction | None) -> Any:
    """A fraction as frozen content keeps it."""
    return plain(value)
