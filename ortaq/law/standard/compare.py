"""One value against one cell: the findings that every table shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.law.wording import wording

from .tables import NOTHING, Cell, Checklist, Measure, Row, Table
from .words import Amount, joined, subject

EXCESS = {
    "neutral": Severity.NOTICE,
    "explain": Severity.NOTICE,
    "fault": Severity.WARNING,
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in the Standard and where in the input a finding belongs.

    `row` is `None` where the table has no row for the form. `about` is the input field.
    """

    table: Table
    row: Row | None
    measure: Measure
    about: str
    mode: str | None = None
    form: Text = NOTHING

    def subject(self) -> Text:
        """The row, its half and the measure: "Seminar, online. Number of participants"."""
        head = self.row.label if self.row else self.form
        if self.mode and any(head):
            head = joined([head, wording(f"standard.{self.mode}")])
        return subject(head, self.measure.label)

    def finding(
        self,
        code: str,
        severity: Severity,
        sentence: str,
        numbers: Mapping[str, Any] | None = None,
        **words: object,
    ) -> Finding:
        """A finding here that says `standard.<sentence>`."""
        place = self.table.place(self.row, self.measure)
        found: dict[str, Any] = {"table": str(self.table.number)} if self.table.number else {}
        if self.row:
            found["row"] = self.row.key
        if self.mode:
            found["format"] = self.mode
        return Finding(
            code,
            severity,
            wording(f"standard.{sentence}", subject=self.subject(), place=place, **words),
            self.table.cite(self.row, self.measure),
            {**found, **(numbers or {})},
            self.about,
        )

    def not_applicable(self, sentence: str = "dash") -> Finding:
        """The table asks nothing here, and `sentence` says why."""
        return self.finding("not_applicable", Severity.NOT_APPLICABLE, sentence)


def against_table(spot: Spot, cell: Cell, values: Sequence[Amount], *, planned: bool) -> Finding:
    """Whether `values` lie within `cell`: one value, or the same one in several units.

    Gives `within`, `below_minimum` (warning), `above_maximum`, `no_data` where there is no
    value or none in a unit of the table, `not_applicable` for a dash. Never an error: the
    Standard attaches no consequence (ST-A-05).
    """
    if not cell.is_set:
        return spot.not_applicable()
    numbers = cell.numbers()
    bounds = cell.bounds()
    if not values:
        sentence = "no_target" if planned else "no_value"
        return spot.finding(
            "no_data", Severity.NOTICE, sentence, numbers, bounds=bounds, field=spot.about
        )
    low, high = _comparable(values, cell.minimum), _comparable(values, cell.maximum)
    said = low or high or values[0]
    code, severity, sentence = _verdict(spot, cell, low, high)
    if code == "above_maximum" and high:
        said = high
    numbers = {"value": said.value, "unit": said.unit, **numbers}
    if sentence.endswith("_band"):
        numbers["band"] = sentence.removeprefix("within_")
    return spot.finding(code, severity, sentence, numbers, value=said.words(), bounds=bounds)


def _comparable(values: Sequence[Amount], bound: Amount | None) -> Amount | None:
    """The first of `values` that can be told in the unit of `bound`."""
    if bound is None:
        return None
    return next((value for value in values if value.to(bound.unit) is not None), None)


def _verdict(
    spot: Spot, cell: Cell, low: Amount | None, high: Amount | None
) -> tuple[str, Severity, str]:
    """Code, severity and sentence for the values comparable with either bound."""
    if low and cell.minimum and _of(low, cell.minimum) < cell.minimum.value:
        return "below_minimum", Severity.WARNING, "below_minimum"
    if high and cell.maximum and _of(high, cell.maximum) > cell.maximum.value:
        excess = spot.measure.excess
        return "above_maximum", EXCESS[excess], f"above_maximum_{excess}"
    uncompared = (cell.minimum and not low) or (cell.maximum and not high)
    if uncompared and not (low or high):
        return "no_data", Severity.NOTICE, "other_unit"
    if uncompared:
        return "within", Severity.NOTICE, "within_in_part"
    if cell.upper_band is not None and low:
        upper = low.value >= cell.upper_band
        return "within", Severity.OK, "within_upper_band" if upper else "within_lower_band"
    return "within", Severity.OK, "within"


def _of(value: Amount, bound: Amount) -> Fraction:
    """`value` in the unit of `bound`, which is known to be possible."""
    told = value.to(bound.unit)
    return value.value if told is None else told


def against_target(
    spot: Spot, values: Sequence[Amount], target: Sequence[Amount]
) -> Finding | None:
    """Whether the customer's own value, a floor, was reached (¶9-1); `None` where units differ."""
    wanted = target[0]
    value = _comparable(values, wanted)
    if value is None:
        return None
    reached = _of(value, wanted) >= wanted.value
    return spot.finding(
        "within" if reached else "below_minimum",
        Severity.OK if reached else Severity.WARNING,
        "target_reached" if reached else "target_missed",
        {"value": value.value, "unit": value.unit, "target": wanted.value},
        value=value.words(),
        target=wanted.words(),
    )


def required(spot: Spot, sign: object, there: bool | None) -> Finding:
    """A thing that the table marks "+": present, missing (`below_minimum`) or not said."""
    if sign != "+":
        return spot.not_applicable()
    if there is None:
        return spot.finding(
            "no_data", Severity.NOTICE, "required_unknown", {"required": True}, field=spot.about
        )
    if there:
        return spot.finding("within", Severity.OK, "required_there", {"required": True})
    return spot.finding("below_minimum", Severity.WARNING, "required_missing", {"required": True})


def paper(spot: Spot, expected: Sequence[str], given: str | None) -> Finding:
    """A paper format; one that is not printed is `below_minimum` (inferred, ST-T-12)."""
    numbers = {"expected": expected, "value": given}
    names = ", ".join(expected)
    if given is None:
        return spot.finding(
            "no_data", Severity.NOTICE, "no_value", numbers, bounds=names, field=spot.about
        )
    if given in expected:
        return spot.finding(
            "within", Severity.OK, "paper_listed", numbers, value=given, expected=names
        )
    return spot.finding(
        "below_minimum",
        Severity.WARNING,
        "paper_not_listed",
        numbers,
        value=given,
        expected=names,
    )


def listed(checklist: Checklist, named: Sequence[str] | None) -> Finding:
    """How complete a checklist is: `within`, `below_minimum` with what is missing, `no_data`."""
    items = checklist.items
    missing = [key for key in items if key not in (named or ())]
    present = len(items) - len(missing)
    least = checklist.least or len(items)
    numbers: dict[str, Any] = {"value": present, "minimum": least, "missing": missing}
    said: dict[str, Any] = {"required": len(items), "present": present}
    if named is None:
        code, severity, sentence = "no_data", Severity.NOTICE, "list_unknown"
        numbers = {"minimum": least}
        said = {"field": checklist.key}
    elif present >= least:
        code, severity, sentence = "within", Severity.OK, "list_complete"
    else:
        code, severity = "below_minimum", Severity.WARNING
        sentence = "list_too_few" if checklist.least else "list_incomplete"
        said |= {"least": least, "missing": joined([items[key] for key in missing], "; ")}
    message = wording(
        f"standard.{sentence}", subject=checklist.label, place=checklist.place(), **said
    )
    return Finding(code, severity, message, checklist.cite(), numbers, checklist.key)
