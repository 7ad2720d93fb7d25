"""The Standard's tables as objects: an edition's tables, their rows and cells.

The data stand in `acts/standard_social_order/<edition>.toml`, exactly as printed; how the
signs of the source are read is told at the head of that file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from ortaq.law.editions import Edition, edition, editions
from ortaq.law.findings import Citation
from ortaq.law.text import Text
from ortaq.law.wording import refused, wording

from .words import Amount, joined, place

ACT = "standard_social_order"
UNBOUNDED, DASH, BLANK = "∞", "-", ""
MODES = ("offline", "online")
NOTHING = Text()


@dataclass(frozen=True, slots=True)
class Cell:
    """One range of a table. A bound of `None` is not set; both ends belong to the range.

    `unbounded` says that the source prints ∞. `upper_band` begins the upper part of a
    corridor that the source prints as two ranges (ST-A-02). `printed` are the source's words
    where the numbers are our reading of them.
    """

    minimum: Amount | None = None
    maximum: Amount | None = None
    unbounded: bool = False
    upper_band: Fraction | None = None
    printed: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: Mapping[str, Any], unit: str) -> Cell:
        """Read `{min = 12, max = 35}`; `unit` is the measure's, unless the cell has its own."""
        unit = data.get("unit", unit)
        band = data.get("upper_band")
        return cls(
            minimum=_bound(data.get("min", BLANK), unit),
            maximum=_bound(data.get("max", BLANK), data.get("max_unit", unit)),
            unbounded=data.get("max") == UNBOUNDED,
            upper_band=None if band is None else Fraction(band),
            printed=tuple(
                data[key] for key in ("printed_min", "printed_max") if data.get(key, BLANK)
            ),
        )

    @property
    def is_set(self) -> bool:
        """Whether the cell has any number to compare with."""
        return self.minimum is not None or self.maximum is not None

    def bounds(self) -> Text:
        """The range in words: "minimum 12 persons, maximum 35 persons"."""
        parts = []
        if self.minimum:
            parts.append(wording("standard.minimum", amount=self.minimum.words()))
        if self.maximum:
            parts.append(wording("standard.maximum", amount=self.maximum.words()))
        elif self.unbounded:
            parts.append(wording("standard.unbounded"))
        if self.printed:
            quoted = "; ".join(f"«{words}»" for words in self.printed)
            parts.append(wording("standard.as_printed", printed=quoted))
        return joined(parts)

    def numbers(self) -> dict[str, Any]:
        """The bounds for a finding: exact, a unit beside a bound that has its own."""
        found: dict[str, Any] = {
            "minimum": self.minimum.value if self.minimum else None,
            "maximum": self.maximum.value if self.maximum else None,
        }
        if self.minimum and self.maximum and self.minimum.unit != self.maximum.unit:
            found |= {"minimum_unit": self.minimum.unit, "maximum_unit": self.maximum.unit}
        if self.printed:
            found["printed"] = self.printed
        return found


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of a table: what is measured, in which unit, and in which field it is given.

    `excess` says how a value above the maximum is told (ST-A-05). `has_target` is false
    where the customer's value is no floor to be reached.
    """

    key: str
    label: Text
    unit: str
    field: str
    excess: str = "explain"
    has_target: bool = True
    paragraphs: tuple[str, ...] = ()
    source: Text = NOTHING
    note: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Survey:
    """Who must answer, and what the sum of points is divided by (`divisor`)."""

    share_min: int
    population: str
    divisor: str
    points_min: int
    points_max: int
    printed: str
    note: Text


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its form, and its cells by measure as the file has them."""

    key: str
    forms: tuple[str, ...]
    group: str
    label: Text
    paragraphs: tuple[str, ...]
    printed: str
    cells: Mapping[str, Any]

    def answers_to(self, form: str) -> bool:
        """Whether `form` is this row, or one of the forms that the row names together."""
        return form == self.key or form in self.forms

    def is_split(self, measure: str) -> bool:
        """Whether the column has an offline and an online half."""
        value = self.cells[measure]
        return isinstance(value, Mapping) and bool(value.keys() & set(MODES))

    def value(self, measure: str, mode: str | None) -> Any:
        """What is printed for `measure`, in the half of `mode` where the column is split."""
        value = self.cells[measure]
        return value[mode] if self.is_split(measure) else value


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the annex, or numbers of a paragraph in the same shape (`number` 0)."""

    key: str
    number: int
    service: str
    title: Text
    paragraphs: tuple[str, ...]
    measures: Mapping[str, Measure]
    rows: tuple[Row, ...]
    groups: Mapping[str, Text]
    survey: Survey | None
    over_financial_years: int | None
    needs_contract: bool
    inferred: bool
    remarks: tuple[str, ...]
    edition: str

    def row(self, form: str) -> Row | None:
        """The row of `form`, `None` where the table has none (ST-A-04)."""
        return next((row for row in self.rows if row.answers_to(form)), None)

    @property
    def forms(self) -> tuple[str, ...]:
        """Every form that has a row, by all its names."""
        return tuple(form for row in self.rows for form in (row.key, *row.forms))

    def where(self, row: Row | None = None, measure: Measure | None = None) -> tuple[str, ...]:
        """The paragraphs that cause a finding: of the measure, else of the row, else of all."""
        return (
            (measure.paragraphs if measure else ())
            or (row.paragraphs if row else ())
            or self.paragraphs
        )

    def cite(self, row: Row | None = None, measure: Measure | None = None) -> Citation:
        """The citation of a finding on `measure` in `row`."""
        marks = [f"T{self.number}"] if self.number else []
        marks += [f"¶{paragraph}" for paragraph in self.where(row, measure)]
        return Citation(ACT, self.edition, ", ".join(marks), self.inferred)

    def place(self, row: Row | None = None, measure: Measure | None = None) -> Text:
        """The same in words: "Standard, table 7, ¶10"."""
        return place(self.number, self.where(row, measure))


@dataclass(frozen=True, slots=True)
class Checklist:
    """Things that must all be there, or at least `least` of them."""

    key: str
    service: str
    number: int
    paragraphs: tuple[str, ...]
    label: Text
    items: Mapping[str, Text]
    least: int | None
    inferred: bool
    edition: str

    def cite(self) -> Citation:
        marks = [f"T{self.number}"] if self.number else []
        marks += [f"¶{paragraph}" for paragraph in self.paragraphs]
        return Citation(ACT, self.edition, ", ".join(marks), self.inferred)

    def place(self) -> Text:
        return place(self.number, self.paragraphs)


@dataclass(frozen=True, slots=True)
class Standard:
    """One edition of the Standard, read. `tables` is empty where the text is unknown (ST-A-21)."""

    edition: Edition
    services: Mapping[str, Text]
    methods: Mapping[str, Text]
    tables: Mapping[str, Table]
    checklists: tuple[Checklist, ...]

    def table(self, key: str) -> Table:
        """The table `key` ("7", "12b", "p42"); `Refused` for table 6, which is absent (ST-A-01)."""
        if key not in self.tables:
            known = ", ".join(name for name, table in self.tables.items() if table.number)
            raise refused(
                "standard_no_table", number=key[:20], edition=self.edition.key, known=known or "-"
            )
        return self.tables[key]

    def checklist(self, key: str, service: str) -> Checklist:
        """The checklist `key` of `service`, or the one for all services."""
        return next(
            one for one in self.checklists if one.key == key and one.service in (service, "")
        )


@cache
def standard(key: str | None = None) -> Standard:
    """The Standard in its edition `key`, the latest without one; `Refused` if there is none."""
    own = [one for one in editions() if one.act == ACT]
    found = edition(ACT, key) if key is not None else own[-1]
    data = found.data
    tables = [_table(entry, found.key) for entry in (*data["tables"], *data["paragraphs"])]
    return Standard(
        edition=found,
        services={name: Text.of(label) for name, label in data.get("services", {}).items()},
        methods={name: Text.of(label) for name, label in data.get("methods", {}).items()},
        tables={table.key: table for table in tables},
        checklists=tuple(_checklist(entry, found.key) for entry in data["checklists"]),
    )


def _bound(printed: int | str, unit: str) -> Amount | None:
    if printed in (UNBOUNDED, DASH, BLANK):
        return None
    return Amount(Fraction(printed), unit)


def _table(entry: Mapping[str, Any], edition_key: str) -> Table:
    condition = entry.get("condition", {})
    return Table(
        key=entry["key"],
        number=entry.get("number", 0),
        service=entry.get("service", ""),
        title=Text.of(entry["title"]),
        paragraphs=tuple(entry["paragraphs"]),
        measures={key: _measure(key, column) for key, column in entry["measures"].items()},
        rows=tuple(_row(row, entry["measures"]) for row in entry["rows"]),
        groups={key: Text.of(label) for key, label in entry.get("groups", {}).items()},
        survey=_survey(entry["survey"]) if "survey" in entry else None,
        over_financial_years=condition.get("over_financial_years"),
        needs_contract=condition.get("contract", False),
        inferred=entry.get("inferred", False),
        remarks=tuple(entry.get("remarks", ())),
        edition=edition_key,
    )


def _measure(key: str, column: Mapping[str, Any]) -> Measure:
    return Measure(
        key=key,
        label=Text.of(column["label"]),
        unit=column.get("unit", ""),
        field=column.get("field", key),
        excess=column.get("excess", "explain"),
        has_target=column.get("target", True),
        paragraphs=tuple(column.get("paragraphs", ())),
        source=Text.of(column.get("source", {})),
        note=Text.of(column.get("note", {})),
    )


def _row(row: Mapping[str, Any], measures: Iterable[str]) -> Row:
    return Row(
        key=row["key"],
        forms=tuple(row.get("forms", ())),
        group=row.get("group", ""),
        label=Text.of(row["label"]),
        paragraphs=tuple(row.get("paragraphs", ())),
        printed=row.get("printed", ""),
        cells={measure: row[measure] for measure in measures if measure in row},
    )


def _survey(entry: Mapping[str, Any]) -> Survey:
    return Survey(
        share_min=entry["share_min"],
        population=entry["population"],
        divisor=entry["divisor"],
        points_min=entry.get("points_min", 1),
        points_max=entry.get("points_max", 5),
        printed=entry.get("printed", ""),
        note=Text.of(entry["note"]),
    )


def _checklist(entry: Mapping[str, Any], edition_key: str) -> Checklist:
    return Checklist(
        key=entry["key"],
        service=entry.get("service", ""),
        number=entry.get("number", 0),
        paragraphs=tuple(entry["paragraphs"]),
        label=Text.of(entry["label"]),
        items={key: Text.of(label) for key, label in entry["items"].items()},
        least=entry.get("at_least"),
        inferred=entry.get("inferred", False),
        edition=edition_key,
    )
