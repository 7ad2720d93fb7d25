"""What the pages of expenses read: lists, their sums, payees paid before; each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.projects.models import Expense, Project
from ortaq.projects.spending import live

PAGE = 50


def expenses(project: Project, asked: Mapping[str, Any]) -> QuerySet[Expense]:
    """The expenses that `asked` wants: `line`, `source`, `state`, `month`, `q` (payee, number of the document, what for)."""
    rows = Expense.objects.filter(project=project)
    if (line := str(asked.get("line", ""))).isascii() and line.isdigit() and len(line) < 19:
        rows = rows.filter(line=int(line))
    for name, values in (("source", Expense.Source.values), ("state", Expense.State.values)):
        if asked.get(name) in values:
            rows = rows.filter(**{name: asked[name]})
    month = str(asked.get("month", ""))
    if (first := _first_day(month)) is not None:
        rows = rows.filter(spent_on__year=first.year, spent_on__month=first.month)
    if words := fold(str(asked.get("q", ""))[:200]):
        rows = rows.filter(search__contains=words)
    return rows


def _first_day(month: str) -> date | None:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        return None


def expense_page(project: Project, asked: Mapping[str, Any]) -> KeyPage[Expense]:
    """One page of expenses, the newest document first; one query."""
    rows = expenses(project, asked).select_related("line", "event", "scan")
    return key_page(rows, asked, order=["-spent_on", "-number"], size=PAGE)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many of some expenses count, and their money in tiyn."""

    count: int
    spent: int
    admitted: int
    waiting: int


def totals(rows: QuerySet[Expense]) -> Totals:
    """The sums of these expenses without the voided ones; `waiting` are those not decided on. One query."""
    found = rows.filter(live()).aggregate(
        count=Count("id"),
        spent=Sum("sum_tiyn"),
        admitted=Sum("admitted_tiyn"),
        waiting=Count("id", filter=Q(state=Expense.State.RECORDED)),
    )
    return Totals(*(found[name] or 0 for name in ("count", "spent", "admitted", "waiting")))


def payees(project: Project, most: int = 100) -> list[tuple[str, str]]:
    """Organisations paid before, to be offered while somebody types: name and BIN, by name; one query."""
    rows = (
        Expense.objects.filter(project=project, payee_is_organisation=True)
        .order_by("payee", "payee_number")
        .values_list("payee", "payee_number")
        .distinct()
    )
    return list(rows[:most])
