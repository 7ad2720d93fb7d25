"""An edition of an act as a page shows it: every rule beside the clause that sets it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.law.editions import Edition
from ortaq.law.findings import Citation
from ortaq.law.text import LANGUAGES, Text

from . import say

SECTIONS = {
    "parameters": _("Numbers and settings"),
    "windows": _("Windows of time"),
    "terms": _("Terms"),
    "parts": _("Parts of an application"),
    "refusal_grounds": _("Grounds of refusal"),
    "failure_grounds": _("When a competition has failed"),
    "exclusions": _("Who may not take part"),
    "rubrics": _("Scoring"),
    "price_bands": _("Reduction of the price by points"),
    "tables": _("Tables of the Standard"),
    "paragraphs": _("Requirements of the Standard"),
    "checklists": _("What has to be there"),
}
UNITS = {
    "calendar_day": pgettext_lazy("unit", "calendar days"),
    "working_day": pgettext_lazy("unit", "working days"),
    "month": pgettext_lazy("unit", "months"),
    "year": pgettext_lazy("unit", "years"),
    "per_quarter": pgettext_lazy("unit", "times a quarter"),
    "per_calendar_year": pgettext_lazy("unit", "times a year"),
    "percent": pgettext_lazy("unit", "%"),
    "mci": pgettext_lazy("unit", "MCI"),
    "tenge": pgettext_lazy("unit", "tenge"),
    "point": pgettext_lazy("unit", "points"),
    "member": pgettext_lazy("unit", "members"),
    "expert": pgettext_lazy("unit", "experts"),
    "person": pgettext_lazy("unit", "persons"),
}
# In which of its fields a row of law data says what it is about.
WORDS = ("label", "text", "title", "words")


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule: where it stands, what it is about in words, and its value where it has one."""

    cite: Citation
    anchor: str
    key: str
    words: Text
    value: Any = None
    unit: Any = ""
    remark: Text | None = None


@dataclass(frozen=True, slots=True)
class Section:
    title: Any
    clauses: list[Clause]


def sections(edition: Edition) -> list[Section]:
    """The rules of an edition by kind. A place that several rules share has its anchor once."""
    taken: set[str] = set()
    found = []
    for table, title in SECTIONS.items():
        clauses = []
        for key, row, cite in _rules(edition, table, edition.data.get(table, ())):
            anchor = say.anchor(cite)
            clauses.append(_clause(edition, key, row, cite, "" if anchor in taken else anchor))
            taken.add(anchor)
        if clauses:
            found.append(Section(title, clauses))
    return found


def _rules(
    edition: Edition, key: str, rows: Any
) -> Iterator[tuple[str, Mapping[str, Any], Citation]]:
    """Every row under `rows`, however deep, that says where it stands."""
    if isinstance(rows, Mapping):
        if place := _place(rows):
            yield key, rows, edition.cite(place, inferred=bool(rows.get("inferred", False)))
        for name, row in rows.items():
            yield from _rules(edition, str(name), row)
    elif isinstance(rows, list | tuple):
        for row in rows:
            if isinstance(row, Mapping):
                yield from _rules(edition, str(row.get("key", key)), row)


def _place(row: Mapping[str, Any]) -> str:
    if "cite" in row:
        return str(row["cite"])
    # The Standard's tables: as its own findings cite them.
    marks = [f"T{row['number']}"] if row.get("number") else []
    return ", ".join([*marks, *(f"¶{one}" for one in row.get("paragraphs", ()))])


def _clause(
    edition: Edition, key: str, row: Mapping[str, Any], cite: Citation, anchor: str
) -> Clause:
    value = row.get("value", row.get("amount"))
    if "amount" in row and isinstance(value, str):  # a term names the parameter that sets it
        value = edition.number(value)
    unit = str(row.get("unit", ""))
    return Clause(
        cite=cite,
        anchor=anchor,
        key=key,
        words=next((text for name in WORDS if (text := _text(row.get(name)))), Text()),
        value=_shown(value, unit),
        unit=UNITS.get(unit, ""),
        remark=_text(row.get("remark")),
    )


def _text(value: Any) -> Text | None:
    return Text.of(value) if isinstance(value, Mapping) and set(value) & set(LANGUAGES) else None


def _shown(value: Any, unit: str) -> Any:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return str(value) if unit == "month_day" else say.number(value)
    if isinstance(value, date):
        return say.day(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value
