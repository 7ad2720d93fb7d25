"""Acts and their editions, read from `acts/<act>/<edition>.toml` (SO-G-02, SO-G-03).

An edition is data: title, dates in force, parameters, terms, rubrics, grounds and any
further tables, each with its citation. Dates in force that the sources do not give stay
empty; `assumed_from` is this project's proposal and is always reported as such.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from . import signatures
from .findings import Citation, Finding, Severity
from .numbers import shown, whole
from .rubric import Rubric
from .signatures import Signing
from .terms import Term, Window
from .text import EMPTY, Text
from .wording import refused, wording

ACTS = Path(__file__).with_name("acts")
# What an edition says of itself and never takes over from the edition before it.
OWN = {"act", "edition", "order", "title", "made_by", "registered", "inherits"} | {
    f"{kind}_{end}" for kind in ("in_force", "assumed") for end in ("from", "to")
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or word that the act sets. `value` is exact: int, str, bool, date or a list.

    `value` is `None` where the sources are silent: never guessed. `label` (a short name) and
    `said` (a value that is a word, as a reader says it) are this project's and no quotation.
    """

    key: str
    label: Text
    value: Any
    unit: str
    cite: Citation
    said: Text = EMPTY
    requirement: str = ""
    remark: Text = EMPTY

    @property
    def inferred(self) -> bool:
        """Whether the value is this project's proposal and not the act's word."""
        return self.cite.inferred

    def as_dict(self) -> dict[str, Any]:
        return {
            "label": self.label.as_dict(),
            "value": str(self.value) if isinstance(self.value, date) else self.value,
            "unit": self.unit,
            "cite": self.cite.as_dict(),
            "requirement": self.requirement,
            "remark": self.remark.as_dict() if any(self.remark) else None,
        }


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground of refusal or of a failed competition in the act's own words."""

    code: str
    text: Text
    cite: Citation


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of an act. `data` is the whole file, with what it inherits."""

    act: str
    key: str
    order: int
    title: Text
    in_force_from: date | None
    in_force_to: date | None
    assumed_from: date | None
    assumed_to: date | None
    made_by: Text
    remarks: tuple[Text, ...]
    data: Mapping[str, Any]
    # Read once: a page of results asks for the same one with every score sheet.
    _rubrics: dict[str, Rubric] = field(init=False, default_factory=dict, repr=False, compare=False)

    def cite(self, place: str, *, inferred: bool = False) -> Citation:
        """A citation of `place` in this edition."""
        return Citation(self.act, self.key, place, inferred)

    def parameter(self, key: str) -> Parameter:
        """The parameter `key`; `Refused` if this edition has none of that name."""
        row = self._row("parameters", key)
        return Parameter(
            key=key,
            label=Text.of(row["label"]),
            value=row.get("value"),
            unit=row.get("unit", ""),
            cite=self._cited(row),
            said=Text.of(row.get("said", {})),
            requirement=row.get("requirement", ""),
            remark=Text.of(row.get("remark", {})),
        )

    @property
    def parameters(self) -> dict[str, Parameter]:
        """All parameters by key, in the order of the file."""
        return {key: self.parameter(key) for key in self.data.get("parameters", {})}

    def number(self, key: str) -> int:
        """The whole number that parameter `key` sets; `Refused` where it sets none."""
        return whole(self.parameter(key).value, key)

    def term(self, key: str) -> Term:
        """The term `key`; `Refused` if this edition has none of that name."""
        row = self._row("terms", key)
        return Term.of(key, row, self._amount(row.get("amount", 0)), self._cited(row))

    @property
    def terms(self) -> dict[str, Term]:
        """All terms by key, in the order of the file."""
        return {key: self.term(key) for key in self.data.get("terms", {})}

    def window(self, key: str) -> Window:
        """The window `key`, for example the 20-30 days of acceptance."""
        row = self._row("windows", key)
        least, most = self._amount(row["least"]), self._amount(row["most"])
        return Window(key, least, most, Text.of(row["label"]), self._cited(row))

    def rubric(self, key: str) -> Rubric:
        """The rubric `key`, for example `"GRANT-S7"`."""
        if key not in self._rubrics:
            row = self._row("rubrics", key)
            self._rubrics[key] = Rubric.of(key, row, self._cited(row))
        return self._rubrics[key]

    def grounds(self, table: str) -> dict[str, Ground]:
        """The grounds of `table` (`"refusal_grounds"`, `"failure_grounds"`) by code, in order."""
        return {code: self.ground(table, code) for code in self.data.get(table, {})}

    def ground(self, table: str, code: str) -> Ground:
        """One ground of `table`; `Refused` if there is none of that code."""
        row = self._row(table, code)
        return Ground(code, Text.of(row["text"]), self._cited(row))

    def signing(self, kind: str) -> Signing | None:
        """What this edition says of electronic signatures on one kind of paper; None where it is silent."""
        row = self.data.get("signatures", {}).get(kind)
        return Signing(kind, row["mode"], self._cited(row)) if row else None

    def _cited(self, row: Mapping[str, Any]) -> Citation:
        return self.cite(row["cite"], inferred=row.get("inferred", False))

    def _amount(self, value: int | str) -> int:
        """A number of the file, or the parameter that it names: each number stands once."""
        return self.number(value) if isinstance(value, str) else value

    def _row(self, table: str, key: str) -> Mapping[str, Any]:
        rows: Mapping[str, Mapping[str, Any]] = self.data.get(table, {})
        if key not in rows:
            known = ", ".join(rows) or "-"
            raise refused(
                f"unknown_in_{table}" if table in ("parameters", "terms") else "unknown_entry",
                key=shown(key),
                edition=f"{self.act}/{self.key}",
                known=known,
            )
        return rows[key]

    def as_dict(self) -> dict[str, Any]:
        """Heading of the edition for JSON, without its tables."""
        return {
            "act": self.act,
            "edition": self.key,
            "title": self.title.as_dict(),
            "made_by": self.made_by.as_dict(),
            "in_force_from": iso(self.in_force_from),
            "in_force_to": iso(self.in_force_to),
            "assumed_from": iso(self.assumed_from),
            "assumed_to": iso(self.assumed_to),
            "remarks": [remark.as_dict() for remark in self.remarks],
            "terms": list(self.data.get("terms", {})),
            "parameters": list(self.data.get("parameters", {})),
            "rubrics": list(self.data.get("rubrics", {})),
            "signatures": {
                kind: one.as_dict()
                for kind in self.data.get("signatures", {})
                if (one := self.signing(kind))
            },
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """Which edition answers for a day, and how sure that is (`finding`)."""

    edition: Edition
    finding: Finding


def iso(day: date | None) -> str | None:
    """`day` as ISO text, `None` as it is."""
    return day.isoformat() if day else None


@cache
def editions() -> tuple[Edition, ...]:
    """All editions of all acts, by act and in the order in which they were made."""
    found = [_read(path) for path in sorted(ACTS.glob("*/*.toml"))]
    return tuple(sorted(found, key=lambda edition: (edition.act, edition.order)))


@cache
def edition(act: str, key: str) -> Edition:
    """The edition `key` of `act`, whatever its dates; `Refused` if there is none."""
    for candidate in editions():
        if (candidate.act, candidate.key) == (act, key):
            return candidate
    known = ", ".join(f"{one.act}/{one.key}" for one in editions())
    raise refused("unknown_edition", edition=shown(f"{act}/{key}"), known=known)


def at(act: str, on: date) -> Edition:
    """The edition of `act` that answers for the day `on`; see `choice` for how sure that is."""
    return choice(act, on).edition


def choice(act: str, on: date) -> Choice:
    """The edition of `act` for the day `on`, with a finding on how it was chosen.

    By its dates in force where they are known (`edition_in_force`), else by assumed dates
    (`edition_assumed`, a notice), else because the act has only this one edition
    (`edition_only_one`, a notice). Where none of these decides, `Refused`: an edition
    without dates is never picked silently.
    """
    candidates = [candidate for candidate in editions() if candidate.act == act]
    if not candidates:
        known = ", ".join(dict.fromkeys(one.act for one in editions()))
        raise refused("unknown_act", act=shown(act), known=known)
    dated = [one for one in candidates if (start := _start(one)) and start <= on]
    # The latest to begin wins, and of two that begin together the one made later.
    for found in sorted(dated, key=lambda one: (_start(one), one.order), reverse=True):
        end = found.in_force_to or found.assumed_to
        if end is None or on <= end:
            known_start = found.in_force_from is not None
            return _chosen(found, on, "in_force" if known_start else "assumed")
    if len(candidates) == 1 and _start(candidates[0]) is None:
        return _chosen(candidates[0], on, "only_one")
    raise refused(
        "no_edition_for_day",
        act=act,
        on=on.isoformat(),
        known=", ".join(candidate.key for candidate in candidates),
    )


def _start(one: Edition) -> date | None:
    return one.in_force_from or one.assumed_from


def _chosen(found: Edition, on: date, how: str) -> Choice:
    severity = Severity.OK if how == "in_force" else Severity.NOTICE
    start = _start(found)
    message = wording(
        f"editions.{how}", edition=f"{found.act}/{found.key}", on=on, start=start or "-"
    )
    numbers = {"on": on, "start": start}
    cite = found.cite("", inferred=how != "in_force")
    return Choice(found, Finding(f"edition_{how}", severity, message, cite, numbers))


def _read(path: Path) -> Edition:
    data = _with_inherited(path)
    data["signatures"] = signatures.read(
        data.get("signatures", {}), f"{path.parent.name}/{path.name}"
    )
    return Edition(
        act=data["act"],
        key=data["edition"],
        order=data["order"],
        title=Text.of(data["title"]),
        in_force_from=data.get("in_force_from"),
        in_force_to=data.get("in_force_to"),
        assumed_from=data.get("assumed_from"),
        assumed_to=data.get("assumed_to"),
        made_by=Text.of(data.get("made_by", {})),
        remarks=tuple(Text.of(remark) for remark in data.get("remarks", ())),
        data=MappingProxyType(data),
    )


def _with_inherited(path: Path) -> dict[str, Any]:
    """The file's data; `inherits = "2021"` puts the tables of that edition underneath."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    if not (older := data.get("inherits")):
        return data
    inherited = _with_inherited(path.with_name(f"{older}.toml"))
    for key, value in inherited.items():
        if key in OWN:
            continue
        if isinstance(value, dict) and isinstance(data.get(key), dict):
            data[key] = {**value, **data[key]}
        else:
            data.setdefault(key, value)
    return data
