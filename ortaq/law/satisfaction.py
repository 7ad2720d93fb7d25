"""Satisfaction and practical application from a list of answers, by tables 1, 2, 4 and 5.

A row is one person asked (in a consultation journal: one consultation). `points` are 1 to 5,
`None` where the person did not answer; `applied` is yes, no or `None`. Where the Standard has no
measure the answer is "not applicable" and never a failure (SO-X-03). Everything is exact:
percentages are `Fraction`, and nobody's answer is rounded away.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .findings import Finding, Severity, plain
from .numbers import shown
from .standard.checker import Checker
from .standard.facts import Facts, forms_of
from .standard.reading import choice, head_count
from .standard.services import (
    application_of_consultation,
    application_of_event,
    no_text,
    not_measured,
)
from .standard.tables import Standard, standard
from .wording import refused, wording

HEADER = ("participant", "points")
APPLIED = "applied"
YES = frozenset({"yes", "true", "1", "+", "иә", "да"})
NO = frozenset({"no", "false", "0", "-", "жоқ", "нет"})
SEPARATORS = ",;\t"
POINTS = range(1, 6)
TABLES = {"training": "1", "consultation": "2", "event": "4"}
ALL_CONSULTATIONS = "all_consultations"


@dataclass(frozen=True, slots=True)
class Answer:
    """One row: who was asked, and what was answered, if anything."""

    participant: str
    points: int | None
    applied: bool | None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What a survey of one service gave.

    `percent` and `application_percent` are exact, `None` where nothing could be computed
    or the Standard has no such measure. `population` is all participants of the event, or all
    consumers in the journal; `required_answers` is how many of them must answer.
    """

    service: str
    form: str
    population: int
    answers: int
    points_total: int
    required_answers: int | None = None
    percent: Fraction | None = None
    application_percent: Fraction | None = None
    findings: tuple[Finding, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; a percentage is exact: a whole number, or "200/3"."""
        return {
            "service": self.service,
            "form": self.form,
            "population": self.population,
            "answers": self.answers,
            "points_total": self.points_total,
            "required_answers": self.required_answers,
            "percent": plain(self.percent),
            "application_percent": plain(self.application_percent),
            "findings": [finding.as_dict() for finding in self.findings],
        }


def measure(
    rows: Iterable[Mapping[str, Any]],
    *,
    service: str,
    form: str = "",
    participants: int | None = None,
    edition: str | None = None,
) -> Satisfaction:
    """Satisfaction of `service` in its `form` from `rows`, with the sample rule checked.

    `participants` is the number of all participants (training, event) or of all consumers in
    the journal (consultation); without it the people in `rows` are counted, and a finding says
    so. Table 1 divides by participants, tables 2 and 4 by those who answered. The form of a
    consultation may be left out; an event may be named by its form or its group of forms.

    Raises `Refused` for an unknown service or form, points outside 1 to 5, a participant who
    answers twice, no rows at all, and fewer participants than rows.
    """
    book = standard(edition)
    asked = _answers(rows, service)
    people = len({row.participant for row in asked})
    population = people if participants is None else head_count(participants, "participants")
    if population < people:
        raise refused(
            "standard_more_than",
            name="rows",
            value=people,
            limit_name="participants",
            limit=population,
        )
    answers = sum(row.points is not None for row in asked)
    points_total = sum(row.points or 0 for row in asked)
    findings = _findings(book, service, form, asked, population)
    if participants is None and service in TABLES and book.tables:
        findings.append(_counted(book, service, population))
    return Satisfaction(
        service=service,
        form=form,
        population=population,
        answers=answers,
        points_total=points_total,
        required_answers=_number(findings, "minimum", "answers"),
        percent=_number(findings, "value", "satisfaction"),
        application_percent=_number(findings, "value", "practical_application", "involvement"),
        findings=tuple(findings),
    )


def _findings(
    book: Standard, service: str, form: str, asked: Sequence[Answer], population: int
) -> list[Finding]:
    """What the tables say: the sample, the satisfaction, and the application where it is told."""
    if not book.tables:
        return [no_text(book)]
    choice(service, tuple(book.services), "service")
    if service not in TABLES:
        return [not_measured(book, service)]
    row = _row(book, service, form)
    points = [answer.points for answer in asked if answer.points is not None]
    told = [answer.applied for answer in asked if answer.applied is not None]
    values: dict[str, Any] = {
        "consumers" if service == "consultation" else "participants": population,
        "answers": len(points),
        "points_total": sum(points),
    }
    if told:
        # All rows are the total of consultations: one that is silent was not applied.
        values |= {"consultations": len(asked), "consultations_applied": sum(told)}
    checker = Checker(book, Facts(service, row, None, values, {}), "result")
    checker.satisfaction(TABLES[service], row)
    if service == "consultation" and told:
        application_of_consultation(checker)
    if service == "event" and (told or row == "sport"):
        confirming = {**values, "answers": len(told), "confirmed": sum(told)}
        event = Checker(book, Facts(service, row, None, confirming, {}), "result")
        application_of_event(event, row)
        checker.findings += event.findings
    if service == "training" and told:
        checker.add(_stories_instead(book))
    return checker.findings


def _row(book: Standard, service: str, form: str) -> str:
    """The row of the table of satisfaction: of an event, its group of forms."""
    if service == "consultation" and not form:
        return ALL_CONSULTATIONS
    groups = book.table("4").forms if service == "event" else ()
    known = choice(form or None, (*groups, *forms_of(service, book)), "form")
    if service == "consultation":
        return ALL_CONSULTATIONS
    found = book.table("13").row(known) if service == "event" else None
    return found.group if found else known


def _number(findings: Iterable[Finding], number: str, *about: str) -> Any:
    """The `number` of the first finding about one of these that has it."""
    return next(
        (
            finding.numbers[number]
            for finding in findings
            if finding.about in about and number in finding.numbers
        ),
        None,
    )


def _counted(book: Standard, service: str, population: int) -> Finding:
    """That nobody said how many took part, and the rows were counted instead."""
    who = "consumers" if service == "consultation" else "participants"
    message = wording(f"satisfaction.{who}_counted", count=population)
    cite = book.table(TABLES[service]).cite()
    return Finding("no_data", Severity.NOTICE, message, cite, {"value": population}, who)


def _stories_instead(book: Standard) -> Finding:
    """That table 1 counts success stories and not answers."""
    table = book.table("1")
    cite = table.cite()
    message = wording("satisfaction.stories_instead")
    return Finding("not_applicable", Severity.NOT_APPLICABLE, message, cite, about=APPLIED)


# --- Reading -------------------------------------------------------------------------------------


def _answers(rows: Iterable[Mapping[str, Any]], service: str) -> list[Answer]:
    """`rows` checked; `Refused` names the line. A journal may name a consumer again, but
    nobody's points count twice.
    """
    found: list[Answer] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        line = row.get("line", number)
        answer = Answer(
            _participant(row.get("participant"), line),
            _points(row.get("points"), line),
            _applied(row.get(APPLIED), line),
        )
        only_journal = service == "consultation" and answer.points is None
        if answer.participant in seen and not only_journal:
            raise refused("satisfaction_twice", line=line, participant=shown(answer.participant))
        if not only_journal:
            seen.add(answer.participant)
        found.append(answer)
    if not found:
        raise refused("satisfaction_empty")
    return found


def _participant(value: object, line: int) -> str:
    name = "" if value is None else str(value).strip()
    if not name:
        raise refused("satisfaction_no_name", line=line)
    return name


def _points(value: object, line: int) -> int | None:
    """1 to 5 as a number or in digits; nothing where there is no answer."""
    written = value.strip() if isinstance(value, str) else value
    if written is None or written == "":
        return None
    if isinstance(written, str) and written.isascii() and written.isdecimal():
        written = int(written) if len(written) == 1 else written
    if isinstance(written, bool) or not isinstance(written, int) or written not in POINTS:
        raise refused("satisfaction_points", line=line, value=shown(value))
    return written


def _applied(value: object, line: int) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    if word:
        raise refused("satisfaction_applied", line=line, value=shown(value))
    return None


def read_csv(text: str) -> list[dict[str, Any]]:
    """The rows of a CSV file `participant,points[,applied]`, each with its `line`.

    Commas, semicolons or tabs separate, since spreadsheets here write semicolons. Empty
    points mean no answer; `applied` says yes or no. Raises `Refused` for another header, a
    wrong number of columns, points outside 1 to 5, and a file without answers.
    """
    if "\x00" in text:
        raise refused("satisfaction_unreadable")
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    first = next((line for line in lines if line.strip()), None)
    if first is None:
        raise refused("satisfaction_empty")
    separator = next((mark for mark in SEPARATORS if mark in first), ",")
    reader = csv.reader(lines, delimiter=separator, strict=True)
    header: tuple[str, ...] = ()
    rows: list[dict[str, Any]] = []
    try:
        for cells in reader:
            words = [cell.strip() for cell in cells]
            if not any(words):
                continue
            if header:
                rows.append(_row_of(words, header, reader.line_num))
            else:
                header = _header(words)
    except csv.Error:
        raise refused("satisfaction_unreadable") from None
    if not rows:
        raise refused("satisfaction_empty")
    return rows


def _header(words: Sequence[str]) -> tuple[str, ...]:
    header = tuple(word.casefold() for word in words)
    if header not in (HEADER, (*HEADER, APPLIED)):
        raise refused("satisfaction_header", header=shown(", ".join(words)))
    return header


def _row_of(words: Sequence[str], header: Sequence[str], line: int) -> dict[str, Any]:
    if len(words) != len(header):
        raise refused("satisfaction_columns", line=line, expected=len(header), found=len(words))
    cells = dict(zip(header, words, strict=True))
    return {
        "line": line,
        "participant": _participant(cells["participant"], line),
        "points": _points(cells["points"], line),
        APPLIED: _applied(cells.get(APPLIED), line),
    }
