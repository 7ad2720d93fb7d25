"""What the pages of tables read in show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.core import money, regions
from ortaq.people.actor import Actor
from ortaq.people.models import Standing
from ortaq.registry.importing.kinds import Kind, kinds
from ortaq.registry.models import AnnualReturn, TableImport
from ortaq.registry.policy.table_import import reads_tables

# What is said alike in every table.
DAYS = {"registered_on", "since", "until", "concluded_on"}
REGIONS = {"region_code"}
MONEY = {"sum_tiyn"}


def imports_visible_to(actor: Actor) -> QuerySet[TableImport]:
    """THE visibility of tables read in: the authorised body's people see those of their own body."""
    if not reads_tables(actor) or actor.acting_for is None:
        return TableImport.objects.none()
    rows = TableImport.objects.filter(body=actor.acting_for)
    return rows.select_related("file", "read_by", "body")


def imports_list(actor: Actor) -> QuerySet[TableImport]:
    """The tables, the newest first, without what they would change."""
    return imports_visible_to(actor).defer("changes", "findings", "remarks").order_by("-id")


def taken_before(imported: TableImport) -> TableImport | None:
    """The import by which this very file was taken already."""
    same = TableImport.objects.filter(
        kind=imported.kind, file__sha256=imported.file.sha256, state=TableImport.State.TAKEN
    )
    return same.exclude(pk=imported.pk).defer("changes").order_by("-id").first()


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing that changes: its name, what stands, what is told; `held` when the NGO's own people entered it."""

    name: Any
    stands: str
    told: str
    held: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation of a table, with all that would change of it."""

    row: int
    bin: str
    name: str
    kind: str
    cells: Sequence[Cell]


def lines(kind: str, changes: Iterable[Mapping[str, Any]]) -> Iterator[Line]:
    """What a table of this kind would change, in the reader's words; no query."""
    told_of = kinds[kind]
    states = dict(AnnualReturn.State.choices)
    facts = dict(Standing.Kind.choices)
    for one in changes:
        cells = [
            Cell(
                told_of.names[name],
                _said(told_of, name, stands),
                _said(told_of, name, told),
                name in one.get("held", ()),
            )
            for name, (stands, told) in one["fields"].items()
            if one["kind"] != "new" or told != one["name"]  # it stands beside them
        ]
        for year, (stands, day, state) in one.get("returns", {}).items():
            told = f"{_day(day)}, {states[state]}"
            cells.append(
                Cell(
                    _("return on %(year)s") % {"year": year},
                    str(states.get(stands, "")),
                    told,
                    False,
                )
            )
        name = one["name"]
        if fact := one.get("fact"):
            name = f"{name}: {facts[fact]}"
        yield Line(one["row"], one["bin"], name, one["kind"], cells)


def _day(value: str) -> str:
    return date_format(date.fromisoformat(value), "d.m.Y")


def _said(kind: Kind, name: str, value: Any) -> str:
    """A value as the reader reads it."""
    if value in ("", None):
        return ""
    if name in DAYS:
        return _day(value)
    if name in REGIONS:
        region = regions.find(value)
        return region.name.say(get_language() or "kk") if region else value
    if name in MONEY:
        return money.show(value)
    return kind.said(name, value) or str(value)
