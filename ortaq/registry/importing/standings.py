"""Facts that exclude organisations, as the state lists them, against those that are recorded here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from ortaq.documents.columns import head
from ortaq.people.models import Organisation, Standing

from .kinds import Plan
from .progress import Progress, counted, parts, portions, silent
from .tables import STANDINGS, Known, Rows, a_bin, a_day, a_text

CHUNK = 5000


@dataclass(slots=True)
class Line:
    """One fact as the table tells it."""

    row: int
    bin: str
    kind: str
    since: date
    until: date | None
    source: str
    evidence: str


@dataclass(slots=True)
class Change:
    """What would become of one fact: recorded, or a recorded one ended or set back (`fields` as in `register`)."""

    line: Line
    organisation: Organisation
    standing: Standing | None
    fields: dict[str, list[str]]

    @property
    def kind(self) -> str:
        return "changed" if self.standing else "new"

    def shown(self) -> dict[str, Any]:
        """As a page shows it."""
        return {
            "row": self.line.row,
            "bin": self.line.bin,
            "name": self.organisation.name_kk,
            "kind": self.kind,
            "fact": self.line.kind,
            "fields": self.fields,
        }


def lines_of(rows: Rows, progress: Progress = silent) -> list[Line]:
    """The facts of a table; what cannot be read joins its findings."""
    kinds = STANDINGS.words("kind")
    read_kind = Known(lambda text: kinds.get(head(text)), "fact")
    lines: dict[tuple[str, str, date], Line] = {}
    for number, cells in counted(rows.rows, progress):
        digits = a_bin(rows, number, cells["bin"])
        kind = read_kind(rows, number, "kind", cells["kind"])
        since = a_day(rows, number, "since", cells["since"])
        text = cells.get("until", "")
        until = a_day(rows, number, "until", text) if text else None
        told = {}
        for name in ("source", "evidence"):
            if not cells[name]:
                rows.miss(number, name, "", name)
            most = 300 if name == "source" else 5000
            told[name] = a_text(rows, number, name, cells[name], most=most)
        if since and until and until < since:
            rows.miss(number, "until", text, "ends_early")
        if not (digits and kind and since):
            continue
        line = Line(number, digits, kind, since, until, **told)
        first = lines.setdefault((digits, kind, since), line)
        if first is not line:
            if first.until == until:
                rows.remark(number, "bin", digits, "same_twice")
            else:
                rows.miss(number, "bin", digits, "twice")
    return list(lines.values())


def plan_of(rows: Rows, *, lock: bool = False, progress: Progress = silent) -> Plan:
    """What a table would change today; with `lock` the facts stay as they are until it is taken."""
    reading, comparing = parts(progress, len(rows.rows), 2)
    lines = lines_of(rows, reading)
    plan = Plan(rows)
    _one_open(rows, lines)
    for some in portions(lines, CHUNK, comparing):
        bins = {line.bin for line in some}
        known = Organisation.objects.only("bin", "name_kk", "name_ru").in_bulk(
            bins, field_name="bin"
        )
        recorded = _recorded(bins, lock)
        for line in some:
            organisation = known.get(line.bin)
            if organisation is None:
                rows.remark(line.row, "bin", line.bin, "unknown_bin")
                continue
            plan.total += 1
            plan.changes += _change(rows, line, organisation, recorded[organisation.pk, line.kind])
    return plan


def _one_open(rows: Rows, lines: list[Line]) -> None:
    """Of one organisation only one fact of a kind holds without an end."""
    seen: set[tuple[str, str]] = set()
    for line in lines:
        if line.until is None:
            if (line.bin, line.kind) in seen:
                rows.miss(line.row, "until", "", "two_open")
            seen.add((line.bin, line.kind))


def _recorded(bins: set[str], lock: bool) -> dict[tuple[int, str], list[Standing]]:
    asked = Standing.objects.filter(organisation__bin__in=bins).order_by("pk")
    if lock and connection.features.has_select_for_update:
        asked = asked.select_for_update(of=("self",))
    found: dict[tuple[int, str], list[Standing]] = defaultdict(list)
    for one in asked:
        found[one.organisation_id, one.kind].append(one)
    return found


def _change(
    rows: Rows, line: Line, organisation: Organisation, recorded: list[Standing]
) -> Iterator[Change]:
    same = next((one for one in recorded if one.since == line.since), None)
    standing = same or next((one for one in recorded if one.until is None), None)
    if standing is None or (not same and line.until is not None and line.until <= standing.since):
        told = {"since": ["", line.since.isoformat()]}
        if line.until:
            told["until"] = ["", line.until.isoformat()]
        yield Change(line, organisation, None, told)
        return
    if standing.until is not None and standing.until != line.until:
        rows.remark(line.row, "until", str(line.until or ""), "ended_already")
        return
    fields = {}
    if standing.since != line.since:
        fields["since"] = [standing.since.isoformat(), line.since.isoformat()]
    if line.until and standing.until is None:
        fields["until"] = ["", line.until.isoformat()]
    if fields:
        yield Change(line, organisation, standing, fields)
