"""Pages of the authorised body: who reported, who is late, one report looked through, all of them in one workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq import law
from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.documents.downloads import long_table, table_download
from ortaq.oversight import annex9, consolidated, sums, work
from ortaq.oversight.forms.statutory import FIRST_YEAR
from ortaq.oversight.models import StatutoryReport
from ortaq.oversight.policy.project import authorised, works_for
from ortaq.oversight.procedure import statutory as procedure
from ortaq.oversight.procedure import statutory_checks as checks
from ortaq.oversight.procedure.statutory import STATUTORY
from ortaq.oversight.queries import collected as queries
from ortaq.oversight.queries import statutory as reading
from ortaq.people.actor import ActorRequest
from ortaq.planning.models import Information
from ortaq.projects.views.act import version_of

Period = StatutoryReport.Period
TAKEN = ("return", "accept")
REMARK = "remark-"
LONG = 20_000
ONLY_ACCEPTED = "accepted"


def _collects(request: ActorRequest) -> None:
    """Whoever does not answer for the authorised body learns nothing, not even that there is such a page."""
    if not authorised(request.actor):
        raise Http404


def _period(year: int, period: str) -> law.Edition:
    """The edition of a period that has begun; there is none before the first edition of the rules."""
    if period not in Period.values or not FIRST_YEAR <= year <= clock.today().year:
        raise Http404
    try:
        edition = annex9.edition_at(year, period)
    except law.Refused as unknown:  # the first edition came into force within its first year
        raise Http404 from unknown
    if not annex9.asks_for(edition, period):
        raise Http404
    return edition


@require_safe
def collected(request: ActorRequest, year: int = 0, period: str = "") -> HttpResponse:
    """Who reported on a period, who is late, and what all reports add up to; without a period the one that ended last."""
    _collects(request)
    if not year:
        year, period = procedure.last_period(clock.today())
    edition = _period(year, period)
    now, only = clock.now(), ONLY_ACCEPTED in request.GET
    page, lines = queries.reports(request.actor, year, period, request.GET, now)
    portions = queries.portions(year, period, accepted=only)
    fields = sums.grouped(portions, lambda one: one.field, lambda one: one.figures)
    return render(
        request,
        "oversight/collected.html",
        {
            "year": year,
            "period": period,
            "period_name": Period(period).label,
            "periods": [(one, two, Period(two).label) for one, two in queries.periods()],
            "due_at": annex9.due_at(edition, year, period),
            "cite": checks.cite_of(
                StatutoryReport(act=edition.act, edition=edition.key, period=period)
            ),
            "tally": queries.tally(year, period, now),
            "page": page,
            "lines": lines,
            "asked": {name: request.GET.get(name, "")[:200] for name in ("q", "state")},
            "states": StatutoryReport.State.choices,
            "only_accepted": only,
            "fields": queries.by_field(edition.key, fields),
            "total": sums.total(one.figures for one in portions),
            "is_year": Period(period).scored,
            "annex_3": queries.annex_3_years(request.actor),
        },
    )


@require_safe
def sources(request: ActorRequest, year: int, period: str) -> HttpResponse:
    """Where a figure of a field comes from: the submissions that it adds up."""
    _collects(request)
    _period(year, period)
    only = ONLY_ACCEPTED in request.GET
    portions = queries.portions(year, period, accepted=only)
    field = request.GET.get("field")
    if field is not None:
        portions = [one for one in portions if one.field == field]
    if not portions:
        raise Http404
    return render(
        request,
        "oversight/collected_sources.html",
        {
            "year": year,
            "period": period,
            "period_name": Period(period).label,
            "field": None if field is None else queries.field_text(field),
            "portions": portions,
            "total": sums.total(one.figures for one in portions),
            "only_accepted": only,
            "is_year": Period(period).scored,
        },
    )


# --- One report ---------------------------------------------------------------------------------------


def _report(request: ActorRequest, pk: int) -> StatutoryReport:
    return get_object_or_404(queries.collected_by(request.actor).filter(round__gt=0), pk=pk)


@require_safe
def report(request: ActorRequest, pk: int) -> HttpResponse:
    """What a body submitted last, with a place for a remark beside each row."""
    return _page(request, _report(request, pk))


def _page(
    request: ActorRequest,
    found: StatutoryReport,
    *,
    typed: Mapping[str, str] | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    submissions = list(found.submissions.defer("content").select_related("submitted_by"))
    last = found.submissions.get(round=found.round)
    findings = checks.missing(found, last.content)
    sections = list(reading.sections_of(last.content, findings))
    filled = [one for one in sections if one.rows]
    asked = (typed or request.GET).get("field", "")
    shown = reading.chosen(sections, asked)
    offers = {one.step.name: one for one in STATUTORY.offers(found, request.actor)}
    return render(
        request,
        "oversight/collected_report.html",
        {
            "report": found,
            "number": found.round,
            "own": works_for(request.actor, found.body_id),
            "collecting": "return" in offers,
            "accept": offers.get("accept"),
            "filled": filled,
            "sections": [
                (one, [(row, (typed or {}).get(f"{REMARK}{row.project}", "")) for row in one.rows])
                for one in shown
            ],
            "whole": (typed or {}).get(REMARK, ""),
            "hidden": len(shown) < len(filled),
            "total": sums.total(last.figures),
            "is_year": Period(found.period).scored,
            "late": found.first_submitted_at is not None
            and found.first_submitted_at > found.due_at,
            "cite": checks.cite_of(found),
            "submissions": submissions,
            "remarks": reading.remarks_of(found),
            "signed": last.content,
            "findings": refused.findings if refused else (),
        },
        status=409 if refused else 200,
    )


@require_POST
def take(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Accept, or return with what was typed beside the rows; nothing typed is lost when it is refused."""
    if step not in TAKEN:
        raise Http404
    found = _report(request, pk)
    facts: dict[str, Any] = {"version": version_of(request)}
    typed = {
        name: str(text).replace("\0", "").replace("\r\n", "\n")[:LONG]
        for name, text in request.POST.items()
        if name.startswith(REMARK) or name == "field"
    }
    if step == "return":
        facts["remarks"] = _remarks(found, typed)
    try:
        STATUTORY.take(step, found, actor=request.actor, **facts)
    except Refused as refused:
        if refused.has("not_yours"):
            raise
        found.refresh_from_db()
        return _page(request, found, typed=typed, refused=refused)
    if step == "return":
        messages.success(request, _("The report is returned with remarks."))
    else:
        messages.success(request, _("The report is accepted."))
    return redirect("oversight:collected_report", pk)


def _remarks(found: StatutoryReport, typed: Mapping[str, str]) -> list[tuple[int | None, str]]:
    """Remarks on the whole report and on rows that it has."""
    content = found.submissions.get(round=found.round).content
    known = {reading.project_of(row) for section in content["sections"] for row in section["rows"]}
    made: list[tuple[int | None, str]] = [(None, typed.get(REMARK, ""))]
    made += [(pk, typed.get(f"{REMARK}{pk}", "")) for pk in sorted(known)]
    return [one for one in made if one[1].strip()]


@require_safe
def changes(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """What a round changed against the one before; also for the body itself."""
    found = get_object_or_404(reading.reports_visible_to(request.actor), pk=pk)
    rounds = {
        one.round: one.content for one in found.submissions.filter(round__in=(number, number - 1))
    }
    if len(rounds) < 2:
        raise Http404
    return render(
        request,
        "oversight/collected_changes.html",
        {
            "report": found,
            "number": number,
            "before": number - 1,
            "changed": queries.compared(rounds[number - 1], rounds[number]),
            "remarks": [one for one in reading.remarks_of(found) if one.round == number - 1],
            "collects": authorised(request.actor),
        },
    )


# --- Workbooks ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def annex_9(request: ActorRequest, year: int, period: str, languages: str) -> HttpResponseBase:
    """The consolidated annex 9 as one workbook, streamed (SO-R-03); a long one is written by the worker, once it is asked for."""
    _collects(request)
    _period(year, period)
    if languages not in work.WORKBOOKS:
        raise Http404
    accepted, name = ONLY_ACCEPTED in request.GET, f"annex-9-{year}-{period}-{languages}"
    if request.method == "POST":
        asked = work.ask(
            "collected_annex_9",
            name,
            request.actor,
            year=year,
            period=period,
            languages=languages,
            accepted=accepted,
        )
        return redirect("portal:work", asked.pk)
    if work.is_long(consolidated.rows_of_annex_9(year, period, accepted=accepted)):
        return long_table(request, _("Annex 9 of all state bodies"))
    with work.annex_9(year, period, languages, accepted=accepted) as sheets:
        return table_download(sheets, name)


@require_http_methods(["GET", "HEAD", "POST"])
def annex_3(request: ActorRequest, year: int, issue: str, languages: str) -> HttpResponseBase:
    """The Informations received for a year as one workbook; a long one is written by the worker, once it is asked for."""
    _collects(request)
    if languages not in work.WORKBOOKS or issue not in Information.Issue.values:
        raise Http404
    rows = queries.informations(request.actor, year, issue)
    made, name = work.annex_3(rows, year, languages), f"annex-3-{year}-{issue}-{languages}"
    if made is None:
        raise Http404
    if request.method == "POST":
        asked = work.ask(
            "collected_annex_3", name, request.actor, year=year, issue=issue, languages=languages
        )
        return redirect("portal:work", asked.pk)
    if work.is_long(consolidated.rows_of_annex_3(rows, settings.ORTAQ_ROWS_AT_ONCE)):
        return long_table(request, _("Annex 3 of all state bodies"))
    with made as sheets:
        return table_download(sheets, name)
