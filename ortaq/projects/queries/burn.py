"""Time and money left, month by month: the curves of the overview and the table behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.faces.parts import Curve
from ortaq.projects import months
from ortaq.projects.models import Expense, Project
from ortaq.projects.risks import percent, time_passed

from .progress import first_day, last_day

WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the term: spent in it, left at its end (tiyn), and the part of the time passed by then."""

    day: date
    spent_tiyn: int
    left_tiyn: int
    left: Fraction
    time: Fraction

    @property
    def name(self) -> str:
        return months.said([f"{self.day:%Y-%m}"], get_language() or "kk")

    @property
    def time_percent(self) -> int:
        return percent(self.time)

    @property
    def left_percent(self) -> int:
        return percent(max(self.left, Fraction(0)))


@dataclass(frozen=True, slots=True)
class Burn:
    curves: list[Curve]
    months: list[Month]
    begins: date
    ends: date


def burn_of(project: Project, today: date) -> Burn | None:
    """Money of the contract not yet spent against time; None where no term is stated. One query.

    What was spent before the term stands in its first month, what was spent after it in its last.
    """
    contract = project.contract
    begins, ends = contract.starts_on, contract.ends_on
    if begins is None or ends is None:
        return None
    named = months.between(begins, ends)
    until = min(f"{today:%Y-%m}", named[-1])
    spent = dict.fromkeys(named, 0)
    for month, tiyn in _spent(project):
        spent[min(max(f"{month:%Y-%m}", named[0]), named[-1])] += tiyn
    rows, left = [], contract.sum_tiyn
    for name in named:
        left -= spent[name]
        if name <= until or spent[name]:
            day = min(last_day(name), ends)
            share = Fraction(left, contract.sum_tiyn)
            rows.append(Month(first_day(name), spent[name], left, share, time_passed(project, day)))
    points = [(Fraction(0), WHOLE), *((row.time, row.left) for row in rows[:-1])]
    if rows:  # the present month ends today
        points.append(
            (min(rows[-1].time, max(time_passed(project, today), points[-1][0])), rows[-1].left)
        )
    curves = [
        Curve(_("Time left"), [(Fraction(0), WHOLE), (WHOLE, Fraction(0))]),
        Curve(_("Money left"), points),
    ]
    return Burn(curves, rows, begins, ends)


def _spent(project: Project) -> list[tuple[Any, int]]:
    return list(
        Expense.objects.filter(project=project, source=Expense.Source.GRANT)
        .exclude(state=Expense.State.VOIDED)
        .order_by()
        .annotate(in_month=TruncMonth("spent_on"))
        .values_list("in_month")
        .annotate(Sum("sum_tiyn"))
    )
