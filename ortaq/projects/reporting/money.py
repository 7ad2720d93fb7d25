"""What the expenses say: the tables of the financial reports (IM-065..070), whole tiyn.

The body's money is what is reported on; what the NGO and others gave is told in one sentence. What was voided counts nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ortaq.core import money
from ortaq.law.text import Text
from ortaq.projects import estimate
from ortaq.projects.models import Expense, Report
from ortaq.projects.payroll import DUES
from ortaq.projects.queries.money import (
    NONE,
    Figures,
    LineFigures,
    PayRow,
    TaxRow,
    by_line,
    civil_law,
    payroll,
    signed_sums,
    taxes,
    total,
)
from ortaq.projects.spending import live

from .annexes import Annex, of_expense
from .facts import Facts
from .words import Both, both, joined, pair

Kind = Report.Kind
SALARY = Text("жалақы", "заработная плата", "salary")
CIVIL_LAW = Text("азаматтық-құқықтық шарт", "договор ГПХ", "civil-law contract")


@dataclass(slots=True)
class Records:
    """The estimate and what was spent from the beginning of the project to the end of the period; six queries."""

    report: Report
    known: Mapping[str, estimate.Item]
    lines: list[LineFigures]
    expenses: list[Expense]

    @classmethod
    def of(cls, report: Report) -> Records:
        project, until = report.project, report.period_to
        known = estimate.items_of(project.contract)
        order = {key: number for number, key in enumerate(known)}

        def place(one: LineFigures) -> tuple[int, int, int, int]:
            line = one.line
            return line.year, order.get(line.category, len(order)), line.position, line.pk

        rows = Expense.objects.filter(live(), project=project, spent_on__lte=until)
        expenses = rows.select_related("scan", "person").order_by("spent_on", "number")
        return cls(
            report,
            known,
            sorted(by_line(project, until, signed=signed_sums(project)), key=place),
            list(expenses),
        )

    def label(self, category: str) -> Text:
        """The cost item as the estimate's form names it."""
        item = self.known.get(category)
        return item.label if item else Text(category, category, category)


def of(records: Records) -> Facts:
    """The tables of a financial report; only the final one breaks down pay and taxes (IM-067)."""
    facts, project = Facts(), records.report.project
    facts.tables["expenses/expenses"] = list(_lines(records))
    if other := _other_sources(records.lines):
        facts.lines["explanation"] = other
    if records.report.kind == Kind.FINAL_FINANCIAL:
        facts.tables["salary/salary"] = _salary(payroll(project))
        facts.tables["civil_contracts/civil_contracts"] = _civil(civil_law(project))
        facts.tables["taxes/taxes"] = _taxes(taxes(project))
    return facts


def _lines(records: Records) -> Iterator[dict[str, Any]]:
    several = len({one.line.year for one in records.lines}) > 1
    head, number, sums = None, 0, NONE
    for number, one in enumerate(records.lines, 1):
        line, grant = one.line, one.money.grant
        if head != (head := (line.year, line.category)):
            label = records.label(line.category)
            year = f"{line.year}. " if several else ""
            yield {"group": {"kk": f"{year}{label.kk}", "ru": f"{year}{label.ru}"}}
        yield {"num": number, "item": _item(one), **_figures(grant)}
        sums += grant
    if number:
        yield {"total": "total", **_figures(sums)}


def _item(one: LineFigures) -> Both:
    """What a line is for, and beneath it the sum that was signed, where a change made it another (IM-041)."""
    item = pair(one.line.item, one.line.item)
    if one.signed is None:
        return item
    told = {"sum": money.show(one.signed)}
    return joined([item, both(lambda: _("As signed: %(sum)s") % told)])


def _figures(figures: Figures) -> dict[str, int]:
    return {"planned": figures.planned, "actual": figures.spent, "balance": figures.left}


def _other_sources(lines: Sequence[LineFigures]) -> Both | None:
    sums = total(one.money for one in lines)
    if not (sums.own.spent or sums.other.spent):
        return None

    def say() -> str:
        told = {"own": money.show(sums.own.spent), "other": money.show(sums.other.spent)}
        return _("Besides: own contribution %(own)s, other sources %(other)s.") % told

    return both(say)


def _month(month: str) -> str:
    return f"{month[5:]}.{month[:4]}"


def _with_total(rows: list[dict[str, Any]], *columns: str) -> list[dict[str, Any]]:
    if not rows:
        return rows
    sums = {column: sum(row[column] for row in rows) for column in columns}
    return [*rows, {"total": "total", **sums}]


def _salary(rows: Iterable[PayRow]) -> list[dict[str, Any]]:
    found = [
        {
            "month": _month(row.month),
            "person": row.person,
            "post": row.post,
            "accrued": row.pay.accrued,
            "paid": row.pay.net,
        }
        for row in rows
    ]
    return _with_total(found, "accrued", "paid")


def _civil(rows: Iterable[PayRow]) -> list[dict[str, Any]]:
    found = [
        {
            "month": _month(row.month),
            "person": row.person,
            "contract": row.documents,
            "accrued": row.pay.accrued,
            "pension": row.taxes.get("pension", 0),
            "paid": row.pay.net,
        }
        for row in rows
    ]
    return _with_total(found, "accrued", "pension", "paid")


def _taxes(rows: Iterable[TaxRow]) -> list[dict[str, Any]]:
    found = [
        {
            "month": _month(row.month),
            "tax": {"kk": due.text.kk, "ru": due.text.ru},
            "base": {"kk": base.kk, "ru": base.ru},
            "amount": sums[due.key],
        }
        for row in rows
        for base, sums in ((SALARY, row.salaries), (CIVIL_LAW, row.civil_law))
        for due in DUES
        if sums.get(due.key)
    ]
    return _with_total(found, "amount")


def line_key(pk: int) -> str:
    return f"line:{pk}"


def annexes_of(records: Records) -> list[Annex]:
    """To the final report the copies of all documents, one annex for each line of the estimate (IM-067 d).

    The interim report may be handed in without them (IM-065).
    """
    if records.report.kind != Kind.FINAL_FINANCIAL:
        return []
    by_line: dict[int, list[Expense]] = defaultdict(list)
    for one in records.expenses:
        by_line[one.line_id].append(one)
    found = []
    for figures in records.lines:
        line = figures.line
        if rows := by_line.get(line.pk):
            label = records.label(line.category)
            found.append(_annex(line.pk, pair(line.item or label.kk, line.item or label.ru), rows))
    return found


def _annex(line: int, title: Both, rows: list[Expense]) -> Annex:
    def say() -> str:
        return ", ".join(
            f"{one.get_document_display()} {one.document_number} ({one.spent_on:%d.%m.%Y})"
            for one in rows
        )

    return Annex(
        line_key(line), title, files=[of_expense(one) for one in rows if one.scan], papers=both(say)
    )
