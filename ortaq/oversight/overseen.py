"""The workbook of the oversight over overseers: scorers, terms, conflicts found afterwards; all of it, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from ortaq.core import clock
from ortaq.documents.spreadsheet import Sheet, Value

from .queries import afterwards, overseers, terms

EVERYTHING: dict[str, str] = {}


def rows() -> int:
    """How many rows it has, in a few counts; a report on annex 9 of a body is one more."""
    return overseers.lines() + terms.lines() + sum(afterwards.counts().values())


def sheets() -> Iterator[Sheet]:
    """Its worksheets, each read when the one before it is written."""
    yield Sheet(
        _("Scorers"),
        [_("Who scored"), _("Year"), _("Sheets"), _("Mean distance, %"), _("Usual distance, %"),
         _("Spread, %")],
        _scorer_rows(),
        (40, 8, 10, 16, 16, 16),
    )  # fmt: skip
    yield Sheet(
        _("Terms"),
        [_("State body or operator"), _("Duty (the last one of its kind)"), _("Terms"),
         _("Done late"), _("Overdue"), _("Longest delay, days"), _("Mean delay, days")],
        _term_rows(),
        (50, 60, 10, 12, 14, 14, 14),
    )  # fmt: skip
    # Names of worksheets are short.
    for name, part in (
        (_("Known after points"), "scored"),
        (_("Declared afterwards"), "notice"),
        (_("Admitted"), "admitted"),
    ):
        head = [*conflict_heads(part), _("State body or operator"), _("Why admitted")]
        yield Sheet(name, head, _conflict_rows(part), (40, 50, 30, 18, 18, 50, 60))


def conflict_heads(part: str) -> list[str]:
    """What the columns of one of `afterwards.PARTS` are called, on the page too."""
    return [
        _("Who"),
        _("About which organisation"),
        _("In what role") if part != "scored" else _("What ties them"),
        _("Notice signed") if part != "scored" else _("First sheet signed"),
        _("Decided on") if part == "admitted" else _("Known since"),
    ]


def _decimal(value: Fraction | None) -> Decimal | None:
    """Two places, for a cell that people reckon with."""
    return None if value is None else Decimal(round(value * 100)).scaleb(-2)


def _scorer_rows() -> Iterator[Sequence[Value]]:
    for one in overseers.scorers(EVERYTHING):
        for year, apart in sorted(one.years.items()):
            figures = (_decimal(part * 100) for part in (apart.mean, apart.usual, apart.spread))
            yield one.person.full_name, year, apart.sheets, *figures


def _term_rows() -> Iterator[Sequence[Value]]:
    for one in terms.bodies(EVERYTHING, clock.now()):
        name = str(one.organisation.name)
        for kind in one.kinds:
            yield name, str(kind.example.title), *_kept(kind.kept)
        if one.reports.owed:
            yield name, _("Reports on annex 9"), *_kept(one.reports)


def _kept(one: terms.Kept) -> Sequence[Value]:
    return one.owed, one.late, one.overdue, one.longest_days, _decimal(one.mean_days)


def _conflict_rows(part: str) -> Iterator[Sequence[Value]]:
    for row in afterwards.rows_of(part).order_by("-pk").iterator(chunk_size=500):
        one = afterwards.found_in(part, row)
        yield (
            one.person.full_name,
            str(one.organisation.name),
            str(one.what),
            clock.day_of(one.before) if one.before else None,
            clock.day_of(one.since),
            str(one.body.name),
            one.said,
        )
