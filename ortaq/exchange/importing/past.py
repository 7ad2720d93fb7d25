"""A table of past awards against those that are known here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, money, regions
from ortaq.core.canonical import canonical
from ortaq.core.kazakh import fold
from ortaq.documents.columns import head
from ortaq.exchange.models import PastAward
from ortaq.projects.models import Contract
from ortaq.registry.importing.kinds import Plan
from ortaq.registry.importing.progress import Progress, counted, parts, portions, silent
from ortaq.registry.importing.register import directions_by_name
from ortaq.registry.importing.tables import (
    EXPECTED,
    Known,
    Layout,
    Rows,
    a_bin,
    a_day,
    a_text,
)

LAYOUT = Layout(
    "past",
    ("year", "instrument", "body_bin", "ngo_bin", "sum"),
    ("title_kk", "title_ru"),
    file=Path(__file__).parent.parent / "data" / "columns.toml",
)
# The first year of grants and orders in any source that is known here is 2003.
FIRST_YEAR = 2003
FIELDS = (
    "year",
    "body_name",
    "ngo_name",
    "title_kk",
    "title_ru",
    "field",
    "region_code",
    "sum_tiyn",
    "number",
    "concluded_on",
    "result",
)
NAMES: Mapping[str, Any] = {
    "instrument": _("instrument"),
    "year": _("year"),
    "body_bin": _("BIN of the state body"),
    "body_name": _("state body"),
    "ngo_bin": _("BIN of the NGO"),
    "ngo_name": _("organisation"),
    "title_kk": _("title in Kazakh"),
    "title_ru": _("title in Russian"),
    "field": _("field"),
    "region_code": _("region"),
    "sum_tiyn": _("sum"),
    "number": _("number of the contract"),
    "concluded_on": _("day of the contract"),
    "result": _("result"),
}
EXPECTED.update(
    {
        "year": _("a year such as 2019, not before 2003 and not after the present one"),
        "instrument": _("state grant, state social order or prize, in Kazakh or Russian"),
        "sum": _("a sum in tenge such as 12 500 000 or 12500000,50"),
        "title": _("a title in Kazakh, in Russian or in both"),
        "field": _("one field as the law names it"),
        "award_twice": _("an award that stands in one row only: these rows say different things of it"),
        # Told, and not in the way.
        "known_contract": _("This very contract is kept here already: the row is left out."),
        "withdrawn": _("This row was withdrawn here with a reason; it stays withdrawn."),
    }
)  # fmt: skip
CHUNK = 2000


def said(name: str, value: Any) -> str:
    """A value of a past award as the reader reads it."""
    if name == "instrument":
        return str(PastAward.Instrument(value).label)
    if name == "field":
        return law.field(value).text.say(get_language() or "kk")
    return ""


@dataclass(slots=True)
class Line:
    """One award as the table tells it; `values` by `FIELDS`, as JSON keeps them."""

    row: int
    instrument: str
    body_bin: str
    ngo_bin: str
    values: dict[str, Any]

    @property
    def identity(self) -> str:
        """What makes two rows the same award: the contract by its body and number, or else what it is about."""
        number = head(self.values["number"])
        title = fold(self.values["title_kk"] or self.values["title_ru"])
        about = [number] if number else [self.ngo_bin, title]
        told = [self.instrument, self.body_bin, self.values["year"], *about]
        return hashlib.sha256(canonical(told)).hexdigest()


@dataclass(slots=True)
class Change:
    """What would become of one award; `fields` is {column: [what stands, what the table says]}."""

    line: Line
    award: PastAward | None
    fields: dict[str, list[Any]]

    @property
    def kind(self) -> str:
        return "changed" if self.award else "new"

    def shown(self) -> dict[str, Any]:
        """As a page shows it."""
        values = self.line.values
        return {
            "row": self.line.row,
            "bin": self.line.ngo_bin,
            "name": values["title_kk"] or values["title_ru"],
            "kind": self.kind,
            "fields": self.fields,
        }


class _Reader:
    """Reads the rows of one table; what many rows say alike is looked up once."""

    def __init__(self, rows: Rows) -> None:
        kinds, fields = LAYOUT.words("instrument"), directions_by_name()
        self.rows, self.last = rows, clock.today().year
        self.instrument = Known(lambda text: kinds.get(head(text)), "instrument")
        self.field = Known(lambda text: fields.get(head(text)), "field")
        self.region = Known(_region, "region")

    def line(self, row: int, cells: Mapping[str, str]) -> Line | None:
        """The award that a row tells of; None when something of it cannot be read."""
        before = len(self.rows.wrong)
        body = self._bin(row, "body_bin", cells["body_bin"])
        ngo = self._bin(row, "ngo_bin", cells["ngo_bin"])
        instrument = self.instrument(self.rows, row, "instrument", cells["instrument"])
        values = {
            "year": self._year(row, cells["year"]),
            "sum_tiyn": self._sum(row, cells["sum"]),
            "field": self._known(self.field, row, "field", cells),
            "region_code": self._known(self.region, row, "region", cells),
            "concluded_on": self._day(row, cells.get("concluded_on", "")),
        }
        for name in ("title_kk", "title_ru", "result"):
            values[name] = a_text(self.rows, row, name, cells.get(name, ""), most=5000)
        for name in ("body_name", "ngo_name"):
            values[name] = a_text(self.rows, row, name, cells.get(name, ""))
        values["number"] = a_text(self.rows, row, "number", cells.get("number", ""))[:100]
        if not values["title_kk"] and not values["title_ru"]:
            self.rows.miss(row, "title_kk", "", "title")
        if len(self.rows.wrong) > before:
            return None
        return Line(row, instrument, body, ngo, {name: values[name] for name in FIELDS})

    def _bin(self, row: int, column: str, text: str) -> str:
        return a_bin(self.rows, row, text, column=column)

    def _year(self, row: int, text: str) -> int | None:
        digits = text.strip().removesuffix(".0")
        if digits.isascii() and digits.isdigit() and FIRST_YEAR <= int(digits[:6]) <= self.last:
            return int(digits)
        self.rows.miss(row, "year", text, "year")
        return None

    def _sum(self, row: int, text: str) -> int | None:
        try:
            return money.parse(text)
        except ValueError:
            self.rows.miss(row, "sum", text, "sum")
            return None

    def _day(self, row: int, text: str) -> str | None:
        day = a_day(self.rows, row, "concluded_on", text) if text else None
        if day and day > clock.today():
            self.rows.miss(row, "concluded_on", text, "future")
        return day.isoformat() if day else None

    def _known(self, look: Known, row: int, column: str, cells: Mapping[str, str]) -> str:
        text = cells.get(column, "")
        return (look(self.rows, row, column, text) or "") if text else ""


def _region(text: str) -> str | None:
    found = regions.named(text) or regions.find(text)
    return found.code if found else None


def plan_of(rows: Rows, *, lock: bool = False, progress: Progress = silent) -> Plan:
    """What a table would change today; with `lock` the awards stay as they are until it is taken."""
    plan = Plan(rows)
    reading, comparing = parts(progress, len(rows.rows), 2)
    lines = list(_lines(rows, reading))
    for some in portions(lines, CHUNK, comparing):
        asked = PastAward.objects.filter(identity__in=[line.identity for line in some])
        if lock and connection.features.has_select_for_update:
            asked = asked.order_by("pk").select_for_update(of=("self",))
        known = {award.identity: award for award in asked}
        kept = _contracts(some)
        for line in some:
            if (line.body_bin, head(line.values["number"])) in kept:
                rows.remark(line.row, "number", line.values["number"], "known_contract")
                continue
            plan.total += 1
            plan.changes += _change(rows, line, known.get(line.identity))
    return plan


def _lines(rows: Rows, progress: Progress) -> Iterator[Line]:
    reader = _Reader(rows)
    seen: dict[str, Line] = {}
    for number, cells in counted(rows.rows, progress):
        line = reader.line(number, cells)
        if line is None:
            continue
        first = seen.setdefault(line.identity, line)
        if first is line:
            yield line
        elif (first.ngo_bin, first.values) == (line.ngo_bin, line.values):
            rows.remark(number, "number", line.values["number"], "same_twice")
        else:
            rows.miss(number, "number", line.values["number"], "award_twice")


def _contracts(lines: Sequence[Line]) -> set[tuple[str, str]]:
    """(BIN of the body, number) of the contracts of these bodies that this system itself keeps."""
    numbers = {line.values["number"] for line in lines if line.values["number"]}
    found = Contract.objects.filter(
        state=Contract.State.SIGNED,
        number__in=numbers,
        grantor__bin__in={line.body_bin for line in lines},
    )
    pairs = found.order_by().values_list("grantor__bin", "number")
    return {(bin_, head(number)) for bin_, number in pairs}


def _change(rows: Rows, line: Line, award: PastAward | None) -> Iterator[Change]:
    if award is None:
        told = {"instrument": line.instrument, "body_bin": line.body_bin, **line.values}
        yield Change(line, None, {name: ["", one] for name, one in told.items() if one})
        return
    if award.state == PastAward.State.WITHDRAWN:
        rows.remark(line.row, "number", line.values["number"], "withdrawn")
        return
    if award.ngo_bin != line.ngo_bin:
        rows.miss(line.row, "ngo_bin", line.ngo_bin, "award_twice")
        return
    stands = {name: getattr(award, name) for name in FIELDS}
    stands["concluded_on"] = award.concluded_on.isoformat() if award.concluded_on else None
    # What a table does not tell it does not take away.
    fields = {
        name: [stands[name], told]
        for name, told in line.values.items()
        if told not in ("", None) and told != stands[name]
    }
    if fields:
        yield Change(line, award, fields)
