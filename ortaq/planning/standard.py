"""What the Standard asks of one service of a technical specification, and what it says of the facts.

The law itself is asked which fields there are: `law.standard.check` of a service without values
names each value that the customer has to set (¶9-1), with its table, clause and bounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ortaq import law
from ortaq.law.findings import Citation, Finding, Severity
from ortaq.law.standard import check, standard
from ortaq.law.standard.facts import MATERIAL
from ortaq.law.standard.reading import exact
from ortaq.law.standard.tables import ACT, Cell, Measure, Row, Table
from ortaq.law.standard.words import Amount
from ortaq.law.text import Text
from ortaq.planning.models import Service, Specification

# Tables whose rows are the forms that a service may take, in the order of the act.
FORM_TABLES = {
    "training": ("7",),
    "consultation": ("2",),
    "information": ("12c", "12d"),
    "research": ("11",),
    "event": ("13",),
    "civic_centre": ("9",),
}
WITHOUT_FORM = ("information",)  # materials alone are a service too
BY_MODE = ("training", "event")
BASES = {"training": "8", "civic_centre": "9"}
DURATIONS = ("minute", "hour", "day")
# What is listed row by row: the field of the facts, and the word that names a row.
LISTS = {"research": ("collection", "method"), "information": ("materials", "kind")}
_ITEM = re.compile(r"(?P<list>\w+)\[(?P<number>\d+)\]\.(?P<field>\w+)\Z")
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A value that the customer sets: `field` as findings name it, its measure, bounds and clause.

    `row` is the key of a row of a list ("focus_group"), empty elsewhere.
    """

    field: str
    label: Text
    unit: str
    bounds: Text
    kind: str  # number, duration, tick or paper
    cite: Citation | None
    row: str = ""
    choices: tuple[str, ...] = ()


def edition() -> law.Edition:
    """The Standard's edition for a specification that begins today: the latest there is."""
    return standard().edition


def forms_of(service: str) -> list[tuple[str, Text]]:
    """The forms of `service` by key, as the act names them."""
    book = standard()
    return [(row.key, row.label) for key in FORM_TABLES[service] for row in book.table(key).rows]


def topics() -> list[tuple[str, Text]]:
    """The kinds of consultation of ¶14, by which the consultant's experience goes."""
    return [(row.key, row.label) for row in standard().table("p14").rows]


def rows_of(service: str) -> list[tuple[str, Text]]:
    """What a list of this service may name: methods of research, kinds of materials."""
    book = standard()
    if service == "research":
        return list(book.methods.items())
    if service == "information":
        return [(row.key, row.label) for row in book.table("12b").rows]
    return []


def skeleton(facts: Facts) -> dict[str, Any]:
    """The facts that decide what is asked, without any value."""
    bare = {key: facts[key] for key in ("service", "form", "format", "topic") if facts.get(key)}
    if name := LISTS.get(str(facts.get("service"))):
        listed, word = name
        bare[listed] = [{word: row[word]} for row in facts.get(listed) or ()]
    return bare


def asked(facts: Facts, *, years: int = 1, edition: str | None = None) -> list[Asked]:
    """The values that a service of these facts is asked for, in the order of the act.

    `years` is the number of financial years: more than one asks for tables 8 and 9 (SO-T-048).
    """
    bare = skeleton(facts)
    try:
        said = _check(bare, years, None, edition)
    except law.Refused:  # nothing is chosen yet that a table could speak about
        return []
    found: dict[tuple[str, str], Asked] = {}
    for finding in said:
        one = _asked(bare, finding)
        # How many methods there are is counted from the list of methods.
        if one is not None and one.field != "research_methods":
            # Two tables speak of the participants of sport (13 and 5): they are asked once.
            found.setdefault((one.row, one.field), one)
    return list(found.values())


def _asked(facts: Facts, finding: Finding) -> Asked | None:
    if finding.code != "no_data" or finding.about in ("forms", "topic"):
        return None
    field, row = finding.about, ""
    if item := _ITEM.match(field):
        listed, word = LISTS[str(facts["service"])]
        row, field = facts[listed][int(item["number"])][word], item["field"]
    column = _column_of(facts, finding, field)
    if column is None:
        return None
    row_of_table, measure = column
    expected = tuple(finding.numbers.get("expected", ()))
    unit, bounds = measure.unit, Text()
    if field == "paper":
        kind, bounds = "paper", Text(*([", ".join(expected)] * 3))
    elif "required" in finding.numbers:
        kind = "tick"
    else:
        kind = "duration" if field == "duration" else "number"
        cell = Cell.of(row_of_table.value(measure.key, finding.numbers.get("format")), unit)
        bounds = cell.bounds()
        bound = cell.minimum or cell.maximum
        # A press release counts words where other materials count sheets.
        unit = bound.unit if bound and unit == "sheet" else unit
    return Asked(field, measure.label, unit, bounds, kind, finding.cite, row, expected)


def _column_of(facts: Facts, finding: Finding, field: str) -> tuple[Row, Measure] | None:
    """The row that the finding names, and the column that `field` fills there."""
    for table, row in _tables(facts, finding):
        for measure in table.measures.values():
            name = measure.field if measure.field != "equipment" else f"equipment.{measure.key}"
            if name == field and measure.key in row.cells:
                return row, measure
    return None


def _tables(facts: Facts, finding: Finding) -> Iterable[tuple[Table, Row]]:
    key = finding.numbers.get("row")
    for table in standard().tables.values():
        if table.service not in (facts["service"], ""):
            continue
        if str(finding.numbers.get("table", "0")) == str(table.number or 0):
            for row in table.rows:
                if row.key == key:
                    yield table, row


def findings(
    facts: Facts, *, years: int = 1, forms: Sequence[str] = (), edition: str | None = None
) -> list[Finding]:
    """What the Standard says of one service of a specification, in the order of the act.

    `forms` are the forms of all events of the specification (¶40 wants several). A value below
    its minimum, above a maximum that the Standard forbids to pass, or not set at all is an error
    here: a specification is drafted in accordance with the Standard (SO-F-19). Raises `law.Refused`
    for facts that cannot be read.
    """
    bare = skeleton(facts)
    return [_weighed(one, bare) for one in _check(facts, years, forms, edition)]


UNSET = Text(
    "{label}: мәні белгіленбеген. {bounds}",
    "{label}: значение не установлено. {bounds}",
    "{label}: no value is set. {bounds}",
)


def _weighed(finding: Finding, bare: Facts) -> Finding:
    if finding.about == "forms":
        return finding  # that "several" begins with two is this project's reading (ST-S-21)
    if finding.code == "no_data" and (one := _asked(bare, finding)) is not None:
        words = zip(UNSET, label_in_row(one, bare), one.bounds, strict=True)
        said = (text.format(label=label, bounds=b).strip() for text, label, b in words)
        finding = replace(finding, message=Text(*said))
    forbidden = finding.code == "above_maximum" and finding.severity is Severity.WARNING
    if finding.code in ("below_minimum", "no_data") or forbidden:
        return replace(finding, severity=Severity.ERROR)
    return finding


def _check(
    facts: Facts, years: int, forms: Sequence[str] | None, edition: str | None
) -> list[Finding]:
    data = dict(facts)
    service = data.get("service")
    if service in BASES:
        data["financial_years"] = years
    if service == "event" and forms:
        data["forms"] = list(dict.fromkeys(forms))
    found = check(data, "spec", edition)
    if service == "training" and years > 1:
        found = [one for one in found if one.numbers.get("table") != BASES["training"]]
        found += _base_of_training(data, edition)
    if service == "event" and forms is not None and not forms:
        found = [one for one in found if one.about != "forms"]
    return found


def _base_of_training(data: Facts, edition: str | None) -> list[Finding]:
    """Table 8 is asked of the winner; the specification already says what it will be (SO-T-048)."""
    given = {key: value for key, value in data.items() if key != "targets"}
    targets = data.get("targets") or {}
    given |= {key: targets[key] for key in ("premises_m2", "equipment") if key in targets}
    found = check({**given, "contract_concluded": True}, "self", edition)
    return [one for one in found if one.numbers.get("table") == BASES["training"]]


def event_forms(services: Iterable[Service]) -> list[str]:
    """The forms of all events of a specification, each once."""
    found = [one.facts.get("form", "") for one in services if one.facts.get("service") == "event"]
    return [form for form in dict.fromkeys(found) if form]


def of_specification(
    specification: Specification, services: Sequence[Service]
) -> list[tuple[Service, list[Finding]]]:
    """The services with what the Standard says of each; nothing for special social services.

    No query where `specification.topic` and the services are at hand.
    """
    if specification.special_social_services:
        return [(service, []) for service in services]
    forms = event_forms(services)
    years = specification.topic.financial_years
    found: list[tuple[Service, list[Finding]]] = []
    for service in services:
        try:
            said = findings(service.facts, years=years, forms=forms, edition=specification.edition)
        except law.Refused as refused:
            cite = law.edition(ACT, specification.edition).cite("¶9-1")
            said = [Finding("unreadable", Severity.ERROR, refused.text, cite)]
        if any(one.about == "forms" for _service, earlier in found for one in earlier):
            said = [one for one in said if one.about != "forms"]  # said once for all events
        found.append((service, said))
    return found


def label_of(facts: Facts) -> Text:
    """The service and its form as the act names them: "Events: Festivals, concerts"."""
    service = str(facts.get("service", ""))
    kind = standard().services.get(service, Text())
    form = (
        dict(forms_of(service)).get(str(facts.get("form", ""))) if service in FORM_TABLES else None
    )
    if form is None or len(forms_of(service)) == 1:
        return kind
    return Text(*(f"{a}: {b}" for a, b in zip(kind, form, strict=True)))


def values_of(
    facts: Facts, *, years: int = 1, edition: str | None = None
) -> list[tuple[Text, Text]]:
    """The values that the customer has set, each with its label and unit, for pages and papers."""
    found = []
    for one in asked(facts, years=years, edition=edition):
        value = value_of(facts, one)
        if value is None:
            continue
        found.append((label_in_row(one, facts), _said(one, value)))
    return found


def label_in_row(one: Asked, facts: Facts) -> Text:
    """What an asked value is called: "Number of participants", "Focus group. Number of respondents"."""
    if not one.row:
        return one.label
    row = dict(rows_of(str(facts["service"])))[one.row]
    return Text(*(f"{a}. {b}" for a, b in zip(row, one.label, strict=True)))


def value_of(facts: Facts, one: Asked) -> Any:
    """What `facts` hold for an asked value; None where nothing is set."""
    if one.row:
        listed, word = LISTS[str(facts["service"])]
        rows: list[Facts] = [row for row in facts.get(listed, ()) if row.get(word) == one.row]
        return rows[0].get(_column(one.field)) if rows else None
    targets = facts.get("targets") or {}
    name, _dot, part = one.field.partition(".")
    value = targets.get(name, facts.get(name))
    if name == "equipment":
        return None if value is None else part in value
    if part:
        return (value or {}).get(part)
    return value


def _column(field: str) -> str:
    """The key under which a row of a list keeps it: the paper's format is called `format`."""
    return MATERIAL[1] if field == "paper" else field


def _said(one: Asked, value: Any) -> Text:
    if one.kind == "tick":
        return Text("талап етіледі", "требуется", "required") if value else Text("—", "—", "—")
    if one.kind == "paper":
        return Text(value, value, value)
    if one.kind == "duration":
        return Amount(exact(value["value"], "duration"), value["unit"]).words()
    return Amount(exact(value, one.field), one.unit).words()
