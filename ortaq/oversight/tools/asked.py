"""What a form of our own asks: its questions in groups, and rows of words below them. The forms stand in the edition of 2022; sheets
of the earlier edition, which names no tools, use them too.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ortaq.documents.forms import Form, Row, form
from ortaq.law.text import Text

EDITION = "2022"
SCALE = tuple(str(points) for points in range(1, 6))


def form_of(name: str) -> Form:
    """Our form of a tool: SO-MS, SO-MQ, SO-MD ..."""
    return form(name, EDITION)


def groups(name: str, section: str) -> Iterator[tuple[Text, list[Row]]]:
    """The questions of a section's one table, under the heading of each group ("" where there is none)."""
    found = next(one for one in form_of(name).sections if one.key == section)
    heading, rows = found.title, list[Row]()
    for row in found.tables[0].rows:
        if row.kind == "group":
            if rows:
                yield heading, rows
            heading, rows = row.label, []
        else:
            rows.append(row)
    if rows:
        yield heading, rows


def instruction_of(name: str, section: str) -> Text:
    """What the marks of a section mean."""
    return next(one.instruction for one in form_of(name).sections if one.key == section)


def keys(name: str, section: str) -> list[str]:
    """The keys of the questions in their order."""
    return [row.key for _heading, rows in groups(name, section) for row in rows]


def percent(points: int, answers: int) -> Fraction | None:
    """Satisfaction as tables 2 and 4 of the Standard reckon it: points ÷ those who answered ÷ 5 × 100; None of nobody."""
    return Fraction(points * 100, answers * len(SCALE)) if answers else None


def exact(value: str | int | None) -> Fraction | None:
    """A figure as a sheet keeps it ("41/9", 4), as a number again."""
    return None if value is None else Fraction(value)
