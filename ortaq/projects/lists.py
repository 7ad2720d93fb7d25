"""Lists of participants read line by line: typed in a grid, or from a table as people keep them.

The columns are those of the form of the list (IM-037) and, where feedback was given on paper, the rating. A heading is recognised
in Kazakh, Russian and English; a table without one is read in the order of the form: number, name, place of work, contact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from ortaq.core.kazakh import fold
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity
from ortaq.law.satisfaction import NO, POINTS, YES

from . import identity
from .procedure.attendance import GUIDE
from .procedure.recognition import Line

MOST: int = settings.ORTAQ_LIST_ROWS
LONGEST_PASTED = 200_000
LONGEST = {"name": 300, "workplace": 300, "contact": 200, "review": 5000}
# How a heading of each column begins, folded.
HEADINGS = {
    "number": ("№", "n", "no", "р/с", "п/п", "р.с", "#"),
    "name": ("т.а.ә", "таә", "аты", "тегі", "фио", "ф.и.о", "имя", "фамилия", "қатысушы", "участник", "name", "full name"),
    "workplace": ("жұмыс", "оқу", "ұйым", "место", "работа", "организация", "учеб", "workplace", "place", "organisation"),
    "contact": ("байланыс", "телефон", "контакт", "e-mail", "email", "эл", "phone", "contact"),
    "attended": ("қатысты", "болды", "присутств", "был", "attended", "present"),
    "points": ("баға", "балл", "оценк", "rating", "points"),
    "applied": ("қолдан", "примен", "applied"),
    "review": ("пікір", "отзыв", "review"),
    "signature": ("қолы", "подпис", "signature"),
}  # fmt: skip
ORDER = ("number", "name", "workplace", "contact")


def read(cells: Sequence[Sequence[str]]) -> tuple[list[Line], list[Finding]]:
    """The lines of a table and all that is wrong in it, each finding about "line 7". Empty rows are left out."""
    columns, start = _columns(cells)
    rows = [
        (number, dict(zip(columns, row, strict=False)))
        for number, row in enumerate(cells[start:], start + 1)
        if any(cell for name, cell in zip(columns, row, strict=False) if name not in ("", "number"))
    ]
    return checked(rows)


def _columns(cells: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """What each column holds, and the row where the people begin."""
    for at, row in enumerate(cells[:10]):
        found = [_heading(cell) for cell in row]
        if "name" in found and len({*found} - {""}) > 1:
            return [name if found.index(name) == n else "" for n, name in enumerate(found)], at + 1
    first = next((row for row in cells if any(row)), ())
    numbered = bool(first) and (first[0] == "" or first[0].rstrip(".").isdigit())
    return list(ORDER if numbered else ORDER[1:]), 0


def _heading(cell: str) -> str:
    text = re.sub(r"^[^\w№#]+", "", fold(cell))
    return next((name for name, words in HEADINGS.items() if text and text.startswith(words)), "")


def checked(rows: Iterable[tuple[int, Mapping[str, str]]]) -> tuple[list[Line], list[Finding]]:
    """Lines out of what was typed into each row (by number), and the findings of all rows."""
    lines: list[Line] = []
    findings: list[Finding] = []
    for number, row in rows:
        wrong = list(_wrong(number, row))
        findings += wrong
        if not any(one.severity is Severity.ERROR for one in wrong):
            lines.append(_line(number, row))
    if not lines and not findings:
        findings.append(_finding("empty_list", _("There is nobody in the list."), 0))
    return lines, findings


def _line(number: int, row: Mapping[str, str]) -> Line:
    contact = row.get("contact", "").strip()
    points = row.get("points", "").strip()
    # A list of those who came need not say so of each.
    attended = _told(row.get("attended", ""))
    return Line(
        number,
        _plain(row["name"]),
        _plain(row.get("workplace", "")),
        identity.contact_of(contact) or contact,
        True if attended is None else attended,
        int(points) if points else None,
        _told(row.get("applied", "")),
        row.get("review", "").strip(),
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def _told(cell: str) -> bool | None:
    word = cell.strip().casefold()
    return True if word in YES else False if word in NO else None


def _wrong(number: int, row: Mapping[str, str]) -> Iterable[Finding]:
    if not any(letter.isalpha() for letter in row.get("name", "")):
        yield _finding("no_name", _("Row %(row)s: write the full name."), number)
    for name, most in LONGEST.items():
        if len(row.get(name, "")) > most:
            yield _finding(
                "too_long",
                _("Row %(row)s: “%(text)s…” is longer than %(most)s characters."),
                number,
                text=row[name][:30],
                most=most,
            )
    contact = row.get("contact", "").strip()
    if contact and not identity.contact_of(contact):
        yield _finding(
            "no_contact",
            _(
                "Row %(row)s: “%(text)s” is neither a telephone nor an e-mail. It is kept as written; the person is "
                "recognised by name and place of work."
            ),
            number,
            Severity.WARNING,
            text=contact[:60],
        )
    points = row.get("points", "").strip()
    if points and not (points.isascii() and points.isdigit() and int(points[:3]) in POINTS):
        yield _finding(
            "no_rating",
            _("Row %(row)s: the rating is a whole number from 1 to 5, not “%(text)s”."),
            number,
            text=points[:30],
        )
    for name in ("attended", "applied"):
        word = row.get(name, "").strip()
        if word and _told(word) is None:
            yield _finding(
                "no_answer",
                _("Row %(row)s: write yes or no, not “%(text)s”."),
                number,
                text=word[:30],
            )


def _finding(
    code: str, message: str, row: int, severity: Severity = Severity.ERROR, **numbers: Any
) -> Finding:
    said = message % {"row": row, **numbers} if row else message
    about = f"row-{row}" if row else "table"
    return Finding(code, severity, said, citing.read(GUIDE), {"row": row, **numbers}, about)


def repeated(rows: Iterable[tuple[int, int]]) -> list[Finding]:
    """Lines that name a person of an earlier line: counted once."""
    return [
        _finding(
            "repeated",
            _("Row %(row)s names the same person as row %(earlier)s: counted once."),
            row,
            Severity.NOTICE,
            earlier=earlier,
        )
        for row, earlier in rows
    ]
