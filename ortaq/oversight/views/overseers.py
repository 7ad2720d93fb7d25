"""Oversight over overseers: scorers, terms, conflicts found afterwards. The authorised body's alone; for everybody else it is not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ortaq.core import clock
from ortaq.documents.downloads import table_download
from ortaq.documents.spreadsheet import Sheet, Value
from ortaq.faces.parts import Bar, Column
from ortaq.faces.tones import Tone
from ortaq.oversight.policy.project import authorised
from ortaq.oversight.queries import afterwards, overseers, terms
from ortaq.oversight.queries.overseers import percent
from ortaq.people.actor import ActorRequest
from ortaq.people.models import User

# So many lines are read on a page; the workbook has all.
SHOWN, IN_CHART = 100, 12
EVERYTHING: dict[str, str] = {}


def _asked(request: ActorRequest, *names: str) -> dict[str, str]:
    """What the reader asked for. Whoever is not of the authorised body finds no such page."""
    if not authorised(request.actor):
        raise Http404
    return {name: request.GET.get(name, "")[:200] for name in names}


@require_safe
def scorers(request: ActorRequest) -> HttpResponse:
    """How far everybody's points lie from those of the others on the same dossiers, over the years."""
    asked = _asked(request, "q", "act", "year")
    rows = overseers.scorers(asked)
    return render(
        request,
        "oversight/overseers_scorers.html",
        {
            "rows": rows[:SHOWN],
            "number": len(rows),
            "far": sum(one.whole.is_far for one in rows),
            "asked": asked,
            "years": overseers.years(),
            "acts": overseers.ACTS.items(),
            "bound": percent(overseers.FAR),
            "fewest": overseers.FEWEST,
            "chart": [_bar(one) for one in rows[:IN_CHART]],
            "columns": [
                Column(_("Who scored")),
                Column(_("Sheets"), numeric=True),
                Column(_("Mean distance"), numeric=True),
                Column(_("Usual distance"), numeric=True),
                Column(_("Spread"), numeric=True),
                Column(_("By year")),
            ],
        },
    )


def _bar(one: overseers.Scorer) -> Bar:
    tone = Tone.WARNING if one.whole.is_far else Tone.INFO
    return Bar(one.person.full_name, abs(one.whole.mean), one.whole.shown[0], tone)


@require_safe
def scorer(request: ActorRequest, pk: int) -> HttpResponse:
    """One scorer: year by year, and the sheets that lie furthest from the others."""
    _asked(request)
    person = get_object_or_404(User, pk=pk)
    lines = overseers.lines_of(person)
    if not lines:
        raise Http404
    whole = overseers.Apart()
    for line in lines:
        whole.add(line.apart)
    return render(
        request,
        "oversight/overseers_scorer.html",
        {
            "person": person,
            "whole": whole,
            "lines": lines,
            "furthest": overseers.furthest_of(person),
            "columns": [
                Column(_("Year")),
                Column(_("Where")),
                Column(_("Sheets"), numeric=True),
                Column(_("Mean distance"), numeric=True),
                Column(_("In points"), numeric=True),
                Column(_("Usual distance"), numeric=True),
                Column(_("Spread"), numeric=True),
            ],
            "far_columns": [
                Column(_("What was scored")),
                Column(_("Signed on")),
                Column(_("Points given"), numeric=True),
                Column(_("Mean of the others"), numeric=True),
                Column(_("Difference"), numeric=True),
            ],
        },
    )


@require_safe
def kept_terms(request: ActorRequest) -> HttpResponse:
    """How bodies and the operator keep their terms: duties by kind, reports on annex 9."""
    asked = _asked(request, "q", "year")
    rows = terms.bodies(asked, clock.now())
    missed = [one for one in rows if one.kept.missed]
    return render(
        request,
        "oversight/overseers_terms.html",
        {
            "rows": rows[:SHOWN],
            "number": len(rows),
            "missed": len(missed),
            "asked": asked,
            "years": terms.years_due(),
            "chart": [
                Bar(one.organisation.name, one.kept.missed, one.kept.missed, Tone.WARNING)
                for one in missed[:IN_CHART]
            ],
        },
    )


@require_safe
def conflicts(request: ActorRequest) -> HttpResponse:
    """Conflicts of interest found after the work was done, and admissions in spite of one."""
    asked = _asked(request, "part")
    part = asked["part"] if asked["part"] in afterwards.PARTS else "scored"
    page, rows = afterwards.page_of(part, request.GET)
    counts = afterwards.counts()
    return render(
        request,
        "oversight/overseers_conflicts.html",
        {
            "page": page,
            "rows": rows,
            "part": part,
            "parts": [(key, label, counts[key]) for key, label in afterwards.PARTS.items()],
            "title": capfirst(afterwards.PARTS[part]),
            "columns": _conflict_columns(part),
        },
    )


def _conflict_columns(part: str) -> list[Column]:
    return [
        Column(_("Who")),
        Column(_("About which organisation")),
        Column(_("In what role") if part != "scored" else _("What ties them")),
        Column(_("Notice signed") if part != "scored" else _("First sheet signed")),
        Column(_("Decided on") if part == "admitted" else _("Known since")),
    ]


# --- The workbook ---------------------------------------------------------------------------------------------


@require_safe
def workbook(request: ActorRequest) -> FileResponse:
    """All of it as one workbook, in the reader's language."""
    _asked(request)
    sheets = [
        Sheet(
            _("Scorers"),
            [_("Who scored"), _("Year"), _("Sheets"), _("Mean distance, %"), _("Usual distance, %"),
             _("Spread, %")],
            list(_scorer_rows()),
            (40, 8, 10, 16, 16, 16),
        ),
        Sheet(
            _("Terms"),
            [_("State body or operator"), _("Duty (the last one of its kind)"), _("Terms"),
             _("Done late"), _("Overdue"), _("Longest delay, days"), _("Mean delay, days")],
            list(_term_rows()),
            (50, 60, 10, 12, 14, 14, 14),
        ),
        *(
            Sheet(
                str(index),
                [
                    *(str(column.text) for column in _conflict_columns(part)),
                    _("State body or operator"),
                    _("Why admitted"),
                ],
                _conflict_rows(part),
                (40, 50, 30, 18, 18, 50, 60),
            )
            for index, part in _parts()
        ),
    ]  # fmt: skip
    return table_download(sheets, "overseers")


def _parts() -> Sequence[tuple[str, str]]:
    # Names of worksheets are short.
    return (
        (_("Known after points"), "scored"),
        (_("Declared afterwards"), "notice"),
        (_("Admitted"), "admitted"),
    )


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
