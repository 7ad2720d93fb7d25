"""The checker's steps: a table, a survey, a checklist, a condition against the given facts.

Which of them a service takes stands in `services`; how one value is compared, in `compare`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text

from . import survey
from .compare import Spot, against_table, against_target, listed, paper, required
from .facts import Facts
from .tables import Cell, Measure, Row, Standard, Table
from .words import Amount


@dataclass(slots=True)
class Checker:
    """Findings about `facts`, gathered table by table.

    In `spec` mode the customer's values are compared with the tables; otherwise the actual
    ones are, with the tables and with the customer's. `prefix` stands before every
    `about`, for a service inside a civic centre's package.
    """

    book: Standard
    facts: Facts
    mode: str
    prefix: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_plan(self) -> bool:
        return self.mode == "spec"

    def add(self, finding: Finding) -> None:
        self.findings.append(replace(finding, about=f"{self.prefix}{finding.about}"))

    def given(self, name: str) -> Any:
        """The value of a field that this mode looks at."""
        return self.facts.planned(name) if self.is_plan else self.facts.given(name)

    # --- One table ---------------------------------------------------------------------------

    def table(
        self,
        key: str,
        form: str | None = None,
        *,
        only: Iterable[str] | None = None,
        values: Mapping[str, Any] | None = None,
        about: str = "",
    ) -> None:
        """Every measure of the row of `form` in table `key`, or those of `only`.

        `values` stand in for the input where it is a row of a list, `about` names that row.
        """
        table = self.book.table(key)
        form = self.facts.form if form is None else form
        row = table.row(form)
        for name, measure in table.measures.items():
            if only is not None and name not in only:
                continue
            if row is None:
                spot = self.spot(table, None, measure, about)
                self.add(spot.not_applicable("no_row"))
            elif name in row.cells:
                self.measure(table, row, measure, values, about)

    def spot(self, table: Table, row: Row | None, measure: Measure, about: str = "") -> Spot:
        """Where a finding on `measure` belongs. An item of a list is named after its column."""
        name = measure.field
        if name == "equipment":
            name = f"equipment.{measure.key}"
        split = row is not None and measure.key in row.cells and row.is_split(measure.key)
        return Spot(
            table,
            row,
            measure,
            f"{about}{name}",
            self.facts.mode if split else None,
            Text() if row else self.form_label(),
        )

    def measure(
        self,
        table: Table,
        row: Row,
        measure: Measure,
        values: Mapping[str, Any] | None = None,
        about: str = "",
    ) -> None:
        """One cell: a range, a "+" or a list of paper formats."""
        spot = self.spot(table, row, measure, about)
        if row.is_split(measure.key) and self.facts.mode is None:
            self.add(spot.finding("no_data", Severity.NOTICE, "no_mode"))
            return
        printed = row.value(measure.key, self.facts.mode)
        given = (values if values is not None else self.given_all()).get(measure.field)
        if isinstance(printed, str):
            self.add(required(spot, printed, _is_there(measure, given)))
        elif isinstance(printed, list):
            self.add(paper(spot, printed, given))
        else:
            self.range(spot, Cell.of(printed, measure.unit), given)

    def given_all(self) -> Mapping[str, Any]:
        return {**self.facts.values, **(self.facts.targets if self.is_plan else {})}

    def range(self, spot: Spot, cell: Cell, given: Any) -> None:
        """A range against the table, and outside `spec` mode against the customer's value."""
        value = _amounts(given, spot.measure.unit, cell)
        self.add(against_table(spot, cell, value, planned=self.is_plan))
        target = self.facts.targets.get(spot.measure.field)
        if self.is_plan or target is None or not value or not spot.measure.has_target:
            return
        wanted = replace(spot, about=f"targets.{spot.about}")
        compared = against_target(wanted, value, _amounts(target, spot.measure.unit, cell))
        if compared:
            self.add(compared)

    def form_label(self) -> Text:
        """What the form is called, for a table that has no row for it."""
        for table in self.book.tables.values():
            if table.service == self.facts.service and (row := table.row(self.facts.form)):
                return row.label
        return self.book.services[self.facts.service]

    # --- Surveys -----------------------------------------------------------------------------

    def satisfaction(self, key: str, form: str) -> None:
        """The survey of table `key`: the sample rule, then the percentage of its row."""
        table = self.book.table(key)
        row = table.row(form)
        measure = table.measures["satisfaction"]
        if row is None:
            self.add(self.without_row(table, measure))
            return
        if self.is_plan or not Cell.of(row.value("satisfaction", None), measure.unit).is_set:
            self.table(key, form, only=["satisfaction"])
            return
        percent = self.facts.given("satisfaction")
        if percent is None:
            answers, population = self.sample(table, row)
            percent = self.counted_satisfaction(table, answers, population)
        self.table(key, form, only=["satisfaction"], values={"satisfaction": percent})

    def sample(self, table: Table, row: Row) -> tuple[int | None, int | None]:
        """Add the finding on the sample; the answers and the population it was made of."""
        population = self.facts.given(table.survey.population) if table.survey else None
        answers = self.facts.given("answers")
        self.add(survey.sample(table, row, answers, population))
        return answers, population

    def counted_satisfaction(
        self, table: Table, answers: int | None, population: int | None
    ) -> Fraction | None:
        points = self.facts.given("points_total")
        if table.survey is None or points is None or answers is None:
            return None
        return survey.satisfaction(table.survey, points, answers, population)

    def without_row(self, table: Table, measure: Measure) -> Finding:
        """Training of trainers has no row in table 1: "Training" is shown for information."""
        spot = self.spot(table, None, measure)
        percent = self.facts.given("satisfaction")
        if percent is None:
            percent = self.counted_satisfaction(
                table, self.facts.given("answers"), self.facts.given("participants")
            )
        beside = table.row("training")
        if percent is None or beside is None or self.facts.form != "training_of_trainers":
            return spot.not_applicable("no_row")
        cell = Cell.of(beside.value("satisfaction", None), measure.unit)
        value = Amount(percent, measure.unit)
        return spot.finding(
            "not_applicable",
            Severity.NOT_APPLICABLE,
            "no_row_but_training",
            {"value": value.value, "unit": value.unit, **cell.numbers()},
            value=value.words(),
            bounds=cell.bounds(),
        )

    # --- Checklists and conditions -----------------------------------------------------------

    def checklist(self, key: str) -> None:
        """A list of things that must be there; a specification is not asked for it."""
        checklist = self.book.checklist(key, self.facts.service)
        named = self.facts.given(key)
        if named is not None or not self.is_plan:
            self.add(listed(checklist, named))

    def base(self, key: str) -> None:
        """The material base of tables 8 and 9, where the condition of the table is met."""
        table = self.book.table(key)
        years, contract = self.given("financial_years"), self.facts.given("contract_concluded")
        said = Measure("base", table.title, "", "financial_years")
        row = table.row(self.facts.form)
        spot = self.spot(table, row, said)
        if row is None:
            self.add(spot.not_applicable("no_row"))
        elif years is not None and years <= (table.over_financial_years or 0):
            self.add(spot.not_applicable("not_multi_year"))
        elif table.needs_contract and (contract is False or self.is_plan):
            self.add(replace(spot, about="contract_concluded").not_applicable("no_contract"))
        elif years is None or (table.needs_contract and contract is None):
            missing = "financial_years" if years is None else "contract_concluded"
            asked = replace(spot, about=missing)
            self.add(asked.finding("no_data", Severity.NOTICE, "condition_unknown", field=missing))
        else:
            self.table(key)


def _is_there(measure: Measure, given: Any) -> bool | None:
    """Whether a required thing is there: said by itself, or named in a list of things."""
    if given is None or isinstance(given, bool):
        return given
    return measure.key in given


def _amounts(given: Any, unit: str, cell: Cell) -> tuple[Amount, ...]:
    """`given` with its unit: its own (a duration), the field's, or else the cell's."""
    if given is None:
        return ()
    if isinstance(given, tuple):
        return given
    bound = cell.minimum or cell.maximum
    # A press release counts words where other materials count sheets; an experience is
    # given in the field's unit (months) though the row may print years.
    own = bound.unit if bound and unit == "sheet" else unit
    return (Amount(Fraction(given), own),)
