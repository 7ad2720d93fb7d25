"""What the pages of money read: the estimate as a living table, tranches, pay; each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, Sum
from django.db.models.functions import TruncMonth

from ortaq.core import clock
from ortaq.law.findings import Finding, stops
from ortaq.law.text import Text
from ortaq.projects import changing, estimate, months
from ortaq.projects import payroll as dues
from ortaq.projects.models import BudgetLine, Change, Contract, Expense, Project, Tranche
from ortaq.projects.payroll import Pay
from ortaq.projects.spending import MATERIAL_SUPPORT, SOURCES, live, material_support

Source = Expense.Source

# --- The estimate as a living table --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """Money of one source in tiyn: planned, spent (not voided), admitted."""

    planned: int = 0
    spent: int = 0
    admitted: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.planned + other.planned,
            self.spent + other.spent,
            self.admitted + other.admitted,
        )

    @property
    def left(self) -> int:
        """Planned and not spent; below zero when more was spent."""
        return self.planned - self.spent

    @property
    def is_over(self) -> bool:
        return self.spent > self.planned

    @property
    def is_empty(self) -> bool:
        return not (self.planned or self.spent)


NONE = Figures()


@dataclass(frozen=True, slots=True)
class BySource:
    """The same for the three sources."""

    grant: Figures = NONE
    own: Figures = NONE
    other: Figures = NONE

    def __add__(self, more: BySource) -> BySource:
        return BySource(self.grant + more.grant, self.own + more.own, self.other + more.other)

    @property
    def all(self) -> Figures:
        """All sources together."""
        return self.grant + self.own + self.other


def total(rows: Iterable[BySource]) -> BySource:
    return sum(rows, BySource())


@dataclass(frozen=True, slots=True)
class LineFigures:
    """One line of the estimate with what became of it; `expenses` counts those not voided.

    `signed`: the contract's money as it was signed or first agreed, where an approved change made it another sum; 0 for a line that it
    brought (IM-041). None: it stands as signed, or nobody asked.
    """

    line: BudgetLine
    money: BySource
    expenses: int
    signed: int | None = None

    @property
    def is_over(self) -> bool:
        """More of the contract's money is spent than planned; more of one's own harms nobody."""
        return self.money.grant.is_over


def signed_sums(project: Project) -> dict[str, int]:
    """The contract's money, in tiyn, that approved changes found on the lines they altered, by the keys of lines; one query."""
    found: dict[str, int] = {}
    for change in changing.approved(project, kind=Change.Kind.LINE):
        for row in changing.rows_of(change):
            if row.model == changing.LINE and (row.begins or row.field == "grant_tiyn"):
                found.setdefault(row.key, 0 if row.begins else row.before)
    return found


def by_line(
    project: Project, until: date | None = None, *, signed: Mapping[str, int] | None = None
) -> list[LineFigures]:
    """Every line with its money, in the order of the estimate; `until` leaves out later documents, `signed` are `signed_sums`.

    Two queries.
    """
    rows = Expense.objects.filter(live(), project=project)
    if until is not None:
        rows = rows.filter(spent_on__lte=until)
    found: dict[int, dict[str, Any]] = {}
    for row in (
        rows.order_by()
        .values("line", "source")
        .annotate(spent=Sum("sum_tiyn"), admitted=Sum("admitted_tiyn"), count=Count("id"))
    ):
        found.setdefault(row["line"], {})[row["source"]] = row
    lines = project.contract.budget.select_related("activity")
    return [_figures(line, found.get(line.pk, {}), (signed or {}).get(line.key)) for line in lines]


def _figures(line: BudgetLine, spent: Mapping[str, Any], signed: int | None) -> LineFigures:
    def of(source: Source) -> Figures:
        row = spent.get(source, {})
        return Figures(
            getattr(line, SOURCES[source]), row.get("spent") or 0, row.get("admitted") or 0
        )

    money = BySource(of(Source.GRANT), of(Source.OWN), of(Source.OTHER))
    differs = signed if signed != line.grant_tiyn else None
    return LineFigures(line, money, sum(row["count"] for row in spent.values()), differs)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one cost item of one year."""

    year: int
    item: Text
    lines: list[LineFigures]

    @property
    def money(self) -> BySource:
        return total(line.money for line in self.lines)


@dataclass(frozen=True, slots=True)
class Year:
    """The groups of one year of the estimate (GR-I-15)."""

    year: int
    groups: list[Group]

    @property
    def money(self) -> BySource:
        return total(group.money for group in self.groups)


@dataclass(frozen=True, slots=True)
class Living:
    """The estimate with what became of it."""

    years: list[Year]
    material: Finding | None

    @property
    def money(self) -> BySource:
        return total(year.money for year in self.years)

    @property
    def said(self) -> list[Finding]:
        """What the law says of the estimate as spent, once there is something to say."""
        found = self.material
        return [found] if found and (found.numbers["amount_tiyn"] or stops([found])) else []

    @property
    def over(self) -> list[LineFigures]:
        """Lines of which more was spent than planned."""
        return [line for year in self.years for group in year.groups for line in group.lines
                if line.is_over]  # fmt: skip


def living_estimate(project: Project) -> Living:
    """The estimate by year and cost item in the order of the form, with what was signed; four queries."""
    contract = project.contract
    known = estimate.items_of(contract)
    order = {key: number for number, key in enumerate(known)}

    def place(one: LineFigures) -> tuple[int, int, int, int]:
        line = one.line
        return line.year, order.get(line.category, len(order)), line.position, line.pk

    rows = sorted(by_line(project, signed=signed_sums(project)), key=place)
    groups = [
        Group(year, _item(known, category), list(lines))
        for (year, category), lines in groupby(rows, key=lambda r: (r.line.year, r.line.category))
    ]
    years = [Year(year, list(some)) for year, some in groupby(groups, key=lambda g: g.year)]
    return Living(years, _material(project, rows))


def _item(known: Mapping[str, estimate.Item], key: str) -> Text:
    return known[key].label if key in known else Text(key, key, key)


def _material(project: Project, rows: Iterable[LineFigures]) -> Finding | None:
    """What the law says of material support as spent (GR-K-06); None for social orders, which have none."""
    if project.contract.instrument != Contract.Instrument.GRANT:
        return None
    spent = sum(row.money.grant.spent for row in rows if row.line.category == MATERIAL_SUPPORT)
    return material_support(project, spent)


@dataclass(frozen=True, slots=True)
class Month:
    """What was spent of the contract's money in one month, and up to its end, in tiyn."""

    month: str
    spent: int
    until: int


def by_month(project: Project) -> list[Month]:
    """The burn of the contract's money over the months of its term, and months with documents outside; one query."""
    rows = (
        Expense.objects.filter(live(), project=project, source=Source.GRANT)
        .order_by()
        .annotate(of=TruncMonth("spent_on"))
        .values("of")
        .annotate(sum=Sum("sum_tiyn"))
    )
    spent = {f"{row['of']:%Y-%m}": row["sum"] for row in rows}
    contract = project.contract
    term = months.between(contract.starts_on, contract.ends_on)
    found, until = [], 0
    for month in sorted({*term, *spent}):
        until += spent.get(month, 0)
        found.append(Month(month, spent.get(month, 0), until))
    return found


# --- Tranches ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paid:
    """What the body paid against what was spent and admitted, in tiyn."""

    tranches: list[Tranche]
    contract: int
    paid: int
    spent: int
    admitted: int

    @property
    def to_pay(self) -> int:
        return self.contract - self.paid

    @property
    def on_hand(self) -> int:
        """Paid and not spent; below zero when the NGO has advanced money of its own."""
        return self.paid - self.spent

    @property
    def advanced(self) -> int:
        """Money of its own that the NGO has spent before it was paid."""
        return max(-self.on_hand, 0)

    @property
    def unproved(self) -> int:
        """Paid and not covered by admitted expenses."""
        return self.paid - self.admitted


def paid(project: Project) -> Paid:
    """The tranches and what they come to; one query."""
    rows = list(project.tranches.all())
    return Paid(
        rows,
        project.contract.sum_tiyn,
        sum(one.paid_tiyn or 0 for one in rows),
        project.spent_tiyn,
        project.admitted_tiyn,
    )


# --- Pay -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PayRow:
    """The pay of one person for one month, in tiyn; `taxes` by the keys of `payroll.DUES`."""

    month: str
    person: str
    post: str
    documents: str
    pay: Pay
    taxes: dict[str, int]


def _pay(project: Project, table: str) -> list[PayRow]:
    rows = (
        Expense.objects.filter(live(), project=project, person__table=table)
        .select_related("person")
        .order_by("month", "person__position", "person_id", "number")
    )
    found = []
    for (month, _pk), group in groupby(rows, key=lambda row: (row.month, row.person_id)):
        some = list(group)
        person = some[0].person
        assert person is not None  # the filter says so
        taxes = _added(row.taxes for row in some)
        documents = dict.fromkeys(f"№{row.document_number}" for row in some)
        pay = Pay.of(sum(row.sum_tiyn for row in some), taxes)
        found.append(PayRow(month, person.full_name, person.post, ", ".join(documents), pay, taxes))
    return found


def month_to_pay(project: Project, table: str) -> str:
    """The month whose pay is to be recorded next for a table of the team: the first one after the last that has any, but none to come.

    "" where no term is stated. One query.
    """
    contract = project.contract
    term = months.between(contract.starts_on, contract.ends_on)
    begun = [month for month in term if month <= f"{clock.today():%Y-%m}"] or term[:1]
    rows = Expense.objects.filter(live(), project=project, person__table=table)
    last = rows.aggregate(last=Max("month"))["last"] or ""
    return next((month for month in begun if month > last), begun[-1] if begun else "")


def _added(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        for key, tiyn in row.items():
            found[key] = found.get(key, 0) + tiyn
    return found


def payroll(project: Project) -> list[PayRow]:
    """(a) Salary of each person for each month of the project (IM-067); one query."""
    return _pay(project, "staff")


def civil_law(project: Project) -> list[PayRow]:
    """(b) Payments under civil-law contracts to each person for each month (IM-067); one query."""
    return _pay(project, "civil_law")


@dataclass(frozen=True, slots=True)
class TaxRow:
    """The taxes and contributions of one month on salaries and on civil-law contracts, in tiyn by key."""

    month: str
    salaries: dict[str, int]
    civil_law: dict[str, int]

    @property
    def all(self) -> dict[str, int]:
        return _added((self.salaries, self.civil_law))


def taxes(project: Project) -> list[TaxRow]:
    """(c) All kinds of taxes on salaries, fees and civil-law contracts for each month (IM-067); one query."""
    rows = (
        Expense.objects.filter(live(), project=project, person__isnull=False)
        .order_by("month")
        .values_list("month", "person__table", "taxes")
    )
    found = []
    for month, group in groupby(rows, key=lambda row: row[0]):
        some = [(table, of) for _month, table, of in group if of]
        if some:
            found.append(
                TaxRow(
                    month,
                    _added(of for table, of in some if table == "staff"),
                    _added(of for table, of in some if table != "staff"),
                )
            )
    return found


def dues_in(rows: Iterable[Mapping[str, int]]) -> list[dues.Due]:
    """The taxes and contributions that occur in some rows, in their order: the columns of a table."""
    there = {key for row in rows for key, tiyn in row.items() if tiyn}
    return [due for due in dues.DUES if due.key in there]
