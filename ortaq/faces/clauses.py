"""An edition of an act as a page shows it: every rule beside the clause that sets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ortaq.law import citing
from ortaq.law.editions import Edition
from ortaq.law.findings import Citation
from ortaq.law.text import LANGUAGES, Text

from . import say

SECTIONS = {
    "parameters": gettext_lazy("Numbers and settings"),
    "clauses": gettext_lazy("Clauses that the steps rest on"),
    "windows": gettext_lazy("Windows of time"),
    "terms": gettext_lazy("Terms"),
    "parts": gettext_lazy("Parts of an application"),
    "signatures": gettext_lazy("Electronic signatures"),
    "refusal_grounds": gettext_lazy("Grounds of refusal"),
    "failure_grounds": gettext_lazy("When a competition has failed"),
    "exclusions": gettext_lazy("Who may not take part"),
    "bars": gettext_lazy("Who may not bid"),
    "rubrics": gettext_lazy("Scoring"),
    "sources": gettext_lazy("Sources of information on needs"),
    "monitoring_indicators": gettext_lazy("Indicators of monitoring"),
    "monitoring_tools": gettext_lazy("Tools of monitoring"),
    "needs_kinds": gettext_lazy("Kinds of needs assessment"),
    "needs_questions": gettext_lazy("What a needs assessment answers"),
    "needs_uses": gettext_lazy("What a needs assessment is for"),
    "canvases": gettext_lazy("Worksheets of the analysis"),
    "analysis_context": gettext_lazy("What an analysis says of its surroundings"),
    "life_situation_grounds": gettext_lazy("Grounds of a difficult life situation"),
    "price_bands": gettext_lazy("Reduction of the price by points"),
    "tables": gettext_lazy("Tables of the Standard"),
    "paragraphs": gettext_lazy("Requirements of the Standard"),
    "checklists": gettext_lazy("What has to be there"),
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
    "subgrant": pgettext_lazy("unit", "small grants"),
    "field": pgettext_lazy("unit", "fields"),
    "criterion": pgettext_lazy("unit", "criteria"),
    "recommendation": pgettext_lazy("unit", "letters"),
    "stage": pgettext_lazy("unit", "stages"),
    "column": pgettext_lazy("unit", "columns"),
    "indicator": pgettext_lazy("unit", "indicators"),
    "tool": pgettext_lazy("unit", "tools"),
    "source": pgettext_lazy("unit", "sources"),
    "goal": pgettext_lazy("unit", "goals"),
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
    since: Text | None = None
    remark: Text | None = None
    # Told for completeness: no step reads the value.
    informative: bool = False


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
        for key, row, cite in citing.rules(edition, table):
            anchor = say.anchor(cite)
            clauses.append(_clause(edition, key, row, cite, "" if anchor in taken else anchor))
            taken.add(anchor)
        if clauses:
            found.append(Section(title, clauses))
    return found


def _clause(
    edition: Edition, key: str, row: Mapping[str, Any], cite: Citation, anchor: str
) -> Clause:
    return Clause(
        cite=cite,
        anchor=anchor,
        key=key,
        words=next((text for name in WORDS if (text := _text(row.get(name)))), Text()),
        value=_value(edition, row),
        since=_text(row.get("from")),
        remark=_text(row.get("remark")),
        informative=bool(row.get("informative", False)),
    )


def _text(value: Any) -> Text | None:
    return Text.of(value) if isinstance(value, Mapping) and set(value) & set(LANGUAGES) else None


def _value(edition: Edition, row: Mapping[str, Any]) -> Any:
    """What a rule sets, with its unit, as a reader says it; None where it sets no value."""
    unit = str(row.get("unit", ""))
    if said := _text(row.get("said")):
        return said
    if unit == "fixed_date":
        return _fixed_day(row)
    if "amount" in row:  # a term
        bound = _("at least") if row.get("at_least") else _("at most")
        return f"{bound} {_with_unit(_number(edition, row['amount']), unit)}"
    if "least" in row and "most" in row:  # a window of time
        least, most = (_number(edition, row[end]) for end in ("least", "most"))
        return _with_unit(f"{least}–{most}", "calendar_day")
    if "percent" in row:
        return _with_unit(row["percent"], "percent")
    return None if row.get("value") is None else _with_unit(row["value"], unit)


def _fixed_day(row: Mapping[str, Any]) -> str:
    last = _month_day(row["month"], row["day"])
    if row.get("inclusive", True) is False:
        return _("before %(day)s") % {"day": last}
    return _("by %(day)s") % {"day": last}


def _month_day(month: int, day: int) -> str:
    # 2000 has every day; a date of every year is written without one.
    return formats.date_format(date(2000, month, day), "MONTH_DAY_FORMAT")


def _number(edition: Edition, value: int | str) -> int:
    """A number of the file, or of the parameter that it names."""
    return edition.number(value) if isinstance(value, str) else value


def _with_unit(value: Any, unit: str) -> str:
    if isinstance(value, list):
        return ", ".join(_with_unit(one, unit) for one in value)
    if unit == "month_day":
        return _month_day(*map(int, value.split("-")))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return say.day(value)
    shown = say.number(value) if isinstance(value, int) else str(value)
    return f"{shown} {UNITS[unit]}" if unit in UNITS else shown
