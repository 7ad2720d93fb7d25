"""Oversight over overseers: scorers, terms, conflicts found afterwards. The authorised body's alone; for everybody else it is not there."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ortaq.core import clock
from ortaq.documents.downloads import long_table, table_download
from ortaq.faces.parts import Bar, Column
from ortaq.faces.tones import Tone
from ortaq.oversight import overseen, work
from ortaq.oversight.policy.project import authorised
from ortaq.oversight.queries import afterwards, overseers, terms
from ortaq.oversight.queries.overseers import percent
from ortaq.people.actor import ActorRequest
from ortaq.people.models import User

# So many lines are read on a page; the workbook has all.
SHOWN, IN_CHART = 100, 12


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
    return [Column(head) for head in overseen.conflict_heads(part)]


@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: ActorRequest) -> HttpResponseBase:
    """All of it as one workbook; a long one is written by the worker, once it is asked for."""
    _asked(request)
    if request.method == "POST":
        return redirect("portal:work", work.ask("overseers", "", request.actor).pk)
    if work.is_long(overseen.rows()):
        return long_table(request, _("Oversight over overseers"))
    return table_download(overseen.sheets(), "overseers")
