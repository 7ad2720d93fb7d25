"""The state's register of NGOs against the organisations that are known here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from ortaq import law
from ortaq.core import clock, regions
from ortaq.documents.columns import head
from ortaq.people.models import Membership, Organisation
from ortaq.registry.models import AnnualReturn, RegisterEntry

from .kinds import Plan
from .progress import Progress, counted, parts, portions, silent
from .tables import REGISTER, Known, Rows, a_bin, a_day, a_number, a_text

CARD = (
    "name_kk",
    "name_ru",
    "legal_form",
    "region_code",
    "address_kk",
    "address_ru",
    "registered_on",
)
TEXTS = ("name_kk", "name_ru", "address_kk", "address_ru")
FIGURES = ("directions", "staff", "volunteers")
CHUNK = 5000
State = AnnualReturn.State


@dataclass(slots=True)
class Line:
    """One NGO as the table tells of it: {column: value}, and {year: (day of sending, state)}; what it does not tell
    is absent.
    """

    row: int
    bin: str
    values: dict[str, Any]
    returns: dict[int, tuple[str, str]]


@dataclass(slots=True)
class Change:
    """What would become of one NGO. `fields` is {column: [what stands, what the table says]} of what differs, `held` those
    of them that the NGO's own people entered, `returns` {year: [state here or "", day, state]}; `said` is what the register
    said before.
    """

    line: Line
    organisation: Organisation | None
    fields: dict[str, list[Any]]
    held: list[str]
    returns: dict[int, list[str]]
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What happens to it: "new", "conflict" or "changed"."""
        return "new" if self.organisation is None else "conflict" if self.held else "changed"

    def shown(self) -> dict[str, Any]:
        """As a page shows it."""
        name = self.line.values.get("name_kk") or self.line.values.get("name_ru")
        if not name and self.organisation:
            name = self.organisation.name_kk
        return {
            "row": self.line.row,
            "bin": self.line.bin,
            "name": name,
            "kind": self.kind,
            "fields": self.fields,
            "held": self.held,
            "returns": {str(year): told for year, told in self.returns.items()},
        }


# --- Rows -----------------------------------------------------------------------------------------


def _region(text: str) -> str | None:
    found = regions.named(text) or regions.find(text)
    return found.code if found else None


def directions_by_name() -> dict[str, str]:
    """The key of each field by its folded name in any language, and by the key itself."""
    return {
        head(name): key
        for key in law.field_sets()
        for field_ in law.fields_of(key)
        for key, name in ((field_.key, text) for text in (field_.key, *field_.text))
        if name
    }


def _read_directions(known: Mapping[str, str], text: str) -> list[str] | None:
    """Keys of the directions that a cell names, in the order of their names' keys; None when one is unknown."""
    whole = known.get(head(text))
    parts = [text] if whole else [one for one in re.split(r"[;\n]", text) if one.strip()]
    found = [known.get(head(one)) for one in parts]
    return None if None in found else sorted({one for one in found if one})


class _Reader:
    """Reads the rows of one table; what many rows say alike is looked up once."""

    def __init__(self, rows: Rows) -> None:
        known, forms = directions_by_name(), REGISTER.words("legal_form")
        states = REGISTER.words("state")
        self.rows, self.today = rows, clock.today()
        self.years = sorted({int(name.split()[1]) for name in rows.titles if " " in name})
        # Column of the table → our name of what it tells, and how it is read.
        self.readers: Mapping[str, tuple[str, Callable[[Rows, int, str, str], Any]]] = {
            **{name: (name, a_text) for name in TEXTS},
            "legal_form": ("legal_form", Known(lambda text: forms.get(head(text)), "legal_form")),
            "region": ("region_code", Known(_region, "region")),
            "directions": (
                "directions",
                Known(lambda text: _read_directions(known, text), "direction"),
            ),
            "staff": ("staff", a_number),
            "volunteers": ("volunteers", a_number),
            "registered_on": ("registered_on", self._registered),
        }
        self.state = Known(lambda text: states.get(head(text) or text), "state")

    def line(self, number: int, cells: Mapping[str, str]) -> Line | None:
        """What one row tells, or None when it cannot be said of whom."""
        digits = a_bin(self.rows, number, cells["bin"])
        if not (cells.get("name_kk") or cells.get("name_ru")):
            column = "name_kk" if "name_kk" in self.rows.titles else "name_ru"
            self.rows.miss(number, column, "", "name")
        values = {}
        for column, (name, read) in self.readers.items():
            if text := cells.get(column):
                value = read(self.rows, number, column, text)
                if value not in (None, ""):
                    values[name] = value
        returns = dict(self._returns(number, cells))
        return Line(number, digits, values, returns) if digits else None

    def _registered(self, rows: Rows, number: int, column: str, text: str) -> str | None:
        day = a_day(rows, number, column, text)
        if day and day > self.today:
            rows.miss(number, column, text, "future")
        return day.isoformat() if day else None

    def _returns(
        self, number: int, cells: Mapping[str, str]
    ) -> Iterator[tuple[int, tuple[str, str]]]:
        for year in self.years:
            sent, state = cells.get(f"sent {year}", ""), cells.get(f"state {year}", "")
            if not sent and not state:
                continue
            told = self.state(self.rows, number, f"state {year}", state) if state else State.SENT
            if told in (None, NOT_SENT):
                continue
            if not sent:
                self.rows.miss(number, f"sent {year}", "", "no_day")
            elif (head(sent) or sent) not in _NOT_SENT:
                day = a_day(self.rows, number, f"sent {year}", sent)
                if day and day > self.today:
                    self.rows.miss(number, f"sent {year}", sent, "future")
                elif day and day.year <= year:
                    self.rows.miss(number, f"sent {year}", sent, "early")
                elif day:
                    yield year, (day.isoformat(), str(told))


def lines_of(rows: Rows, progress: Progress = silent) -> list[Line]:
    """The NGOs of a table; what cannot be read joins its findings."""
    reader = _Reader(rows)
    lines: dict[str, Line] = {}
    for number, cells in counted(rows.rows, progress):
        if line := reader.line(number, cells):
            _take(rows, lines, line)
    return list(lines.values())


NOT_SENT = "none"
_NOT_SENT = {word for word, state in REGISTER.words("state").items() if state == NOT_SENT}


def _take(rows: Rows, lines: dict[str, Line], line: Line) -> None:
    """Add a line; one that stands twice counts once if it says the same."""
    first = lines.get(line.bin)
    if first is None:
        lines[line.bin] = line
    elif (first.values, first.returns) == (line.values, line.returns):
        rows.remark(line.row, "bin", line.bin, "same_twice")
    else:
        names = [
            one.values.get("name_kk") or one.values.get("name_ru", "") for one in (first, line)
        ]
        rows.miss(line.row, "bin", f"{line.bin}: {names[1]} / {first.row}: {names[0]}", "twice")


# --- Against what is known --------------------------------------------------------------------------


def plan_of(rows: Rows, *, lock: bool = False, progress: Progress = silent) -> Plan:
    """What a table would change today; with `lock` the organisations stay as they are until it is taken."""
    reading, comparing = parts(progress, len(rows.rows), 2)
    lines = lines_of(rows, reading)
    plan = Plan(rows, total=len(lines))
    for some in portions(lines, CHUNK, comparing):
        plan.changes += _changes(rows, some, lock)
    return plan


def _changes(rows: Rows, lines: Sequence[Line], lock: bool) -> Iterator[Change]:
    bins = [line.bin for line in lines]
    asked = Organisation.objects.filter(bin__in=bins).order_by("pk")
    if lock and connection.features.has_select_for_update:
        asked = asked.select_for_update(of=("self",))
    known = {one.bin: one for one in asked}
    mine = Organisation.objects.filter(bin__in=bins).values("pk")
    stated = dict(
        RegisterEntry.objects.filter(organisation__in=mine).values_list("organisation", "stated")
    )
    peopled = set(
        Membership.objects.filter(organisation__in=mine).values_list("organisation", flat=True)
    )
    filed: dict[int, dict[int, AnnualReturn]] = {}
    for one in AnnualReturn.objects.filter(organisation__in=mine):
        filed.setdefault(one.organisation_id, {})[one.year] = one
    for line in lines:
        found = known.get(line.bin)
        if found is None:
            if bool(line.values.get("name_kk")) != bool(line.values.get("name_ru")):
                rows.remark(line.row, "bin", line.bin, "one_name")
            fields = {name: ["", value] for name, value in line.values.items()}
            returns = {year: ["", *told] for year, told in line.returns.items()}
            yield Change(line, None, fields, [], returns)
            continue
        if found.kind != Organisation.Kind.NGO:
            rows.miss(line.row, "bin", f"{line.bin}: {found.name_kk}", "another_kind")
            continue
        said = stated.get(found.pk, {})
        fields = dict(_differing(line, found, said))
        returns = dict(_unfiled(rows, line, filed.get(found.pk, {})))
        if fields or returns:
            held = [
                name
                for name, (stands, _told) in fields.items()
                if found.pk in peopled and name in CARD and stands not in ("", said.get(name))
            ]
            yield Change(line, found, fields, held, returns, said)


def value_of(organisation: Organisation, name: str) -> str:
    """A value of an organisation's card as a table tells it."""
    value = getattr(organisation, name)
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _differing(
    line: Line, organisation: Organisation, said: Mapping[str, Any]
) -> Iterator[tuple[str, list[Any]]]:
    for name, value in line.values.items():
        stands = value_of(organisation, name) if name in CARD else said.get(name, "")
        if stands != value:
            yield name, [stands, value]


def _unfiled(
    rows: Rows, line: Line, filed: Mapping[int, AnnualReturn]
) -> Iterator[tuple[int, list[str]]]:
    """Returns that the table knows better: unknown ones, and recorded ones that have been approved since."""
    for year, (day, state) in line.returns.items():
        row = filed.get(year)
        if row is None:
            yield year, ["", day, state]
        elif row.sent_on is None or row.sent_on.isoformat() != day:
            rows.remark(line.row, f"sent {year}", day, "return_differs")
        elif row.state != state and not (row.is_approved and state == State.APPROVED):
            if row.way == AnnualReturn.Way.RECORDED and state == State.APPROVED:
                yield year, [row.state, day, state]
            else:
                rows.remark(line.row, f"state {year}", state, "return_differs")
