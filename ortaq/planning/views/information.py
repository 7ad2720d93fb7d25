"""Pages of the Information (annex 3) and of the list of topics: handed over, received, published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ortaq.core.procedure import Refused
from ortaq.documents.downloads import paper_download
from ortaq.documents.render import html
from ortaq.people.actor import ActorRequest
from ortaq.planning.forms.council import SubmitForm, list_forms
from ortaq.planning.models import Council, Formation, Information
from ortaq.planning.papers.information import annex_3
from ortaq.planning.policy import forms
from ortaq.planning.procedure import annex3, hearing, yearly
from ortaq.planning.procedure.formation import FORM_LIST, FORMATION, SUBMIT
from ortaq.planning.queries import council as queries
from ortaq.planning.queries.formation import edition_of, formations_of, formations_visible_to

from .council import topic_links
from .formation import in_state, managed

State = Formation.State
LANGUAGES = ("kk", "ru", "en")
# What the form itself asks for stands in nobody's way before it is typed.
ASKED = {"no_plan_year", "topics_open", "list_empty", "no_reason", "council_not_heard"}


# --- The Information -----------------------------------------------------------------------------


@login_not_required
@require_safe
def published(request: ActorRequest) -> HttpResponse:
    """What state bodies plan, after their budgets: for everybody (SO-F-21)."""
    return render(
        request,
        "planning/information_published.html",
        {
            "page": queries.published(request.GET),
            "receives": request.actor.is_signed_in and bool(queries.bodies_of(request.actor)),
        },
    )


@require_safe
def received(request: ActorRequest) -> HttpResponse:
    """What came in for a year, and who is late."""
    if not queries.bodies_of(request.actor):
        raise PermissionDenied
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else None
    return render(
        request,
        "planning/information_received.html",
        {"list": queries.received(request.actor, year)},
    )


@login_not_required
@require_safe
def information(request: ActorRequest, pk: int) -> HttpResponse:
    """Annex 3 as it was issued."""
    found = _information(request, pk)
    parts = queries.sections(found.content)
    edition = edition_of(found.formation)
    return render(
        request,
        "planning/information.html",
        {
            "information": found,
            "sections": [one for one in parts if one.rows],
            "empty": [one for one in parts if not one.rows],
            "total_tiyn": sum(one.total_tiyn for one in parts),
            "due": yearly.due(found.formation, found.issue),
            "late": queries.is_late(found),
            "council": _council_for(request, found),
            "council_missing": _council_missing(request, found),
            "edition": edition,
            "cite": edition.parameter(queries.parameter_of(found.formation, found.issue)).cite,
        },
    )


@login_not_required
@require_safe
def paper(request: ActorRequest, pk: int, language: str, kind: str) -> HttpResponseBase:
    """Annex 3 as a file, or as a page with `kind` html."""
    if language not in LANGUAGES:
        raise Http404
    found = _information(request, pk)
    made = annex_3(found, language)
    if kind != "html":
        return paper_download(made, kind, f"annex-3-{found.plan_year}-{found.issue}-{language}")
    return render(
        request,
        "planning/information_paper.html",
        {"information": found, "paper": made, "html": html(made)},
    )


def _information(request: ActorRequest, pk: int) -> Information:
    return get_object_or_404(queries.informations_visible_to(request.actor), pk=pk)


def _council_for(request: ActorRequest, found: Information) -> Council | None:
    """The council that the reader can bring it to."""
    if not request.actor.is_signed_in or found.issue != Information.Issue.BEFORE:
        return None
    mine = queries.councils_of(request.actor)
    return next((one for one in mine if found in queries.waiting(one)), None)


def _council_missing(request: ActorRequest, found: Information) -> bool:
    """Whether the reader's body got it and has entered no council yet that could hear it."""
    mine = [body for body in queries.bodies_of(request.actor) if body.pk == found.sent_to_id]
    before = found.issue == Information.Issue.BEFORE
    return before and any(queries.council_kind(found) in queries.kinds_left(one) for one in mine)


def submit(request: ActorRequest, pk: int) -> HttpResponse:
    """Hand annex 3 over to the council: the last look, the year, the council."""
    found = in_state(State.REPORTED, SUBMIT, managed(request, pk))
    form = SubmitForm(request.POST or None, formation=found, councils=queries.council_of(found))
    findings = _asked(FORMATION.findings("submit", found, request.actor))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                FORMATION.take(SUBMIT, found, actor=request.actor, **form.cleaned_data)
            except Refused as refused:
                findings, status = refused.findings, 409
            else:
                messages.success(request, _("The Information is handed over."))
                return redirect("planning:formation", found.pk)
    return render(
        request,
        "planning/submit.html",
        {
            "formation": found,
            "form": form,
            "findings": findings,
            "addressee": hearing.addressee(found),
            "councils": list(queries.council_of(found)),
            "due": yearly.due(found, Information.Issue.BEFORE),
            "knows_councils": hearing.knows_councils(found),
            "sections": queries.sections(annex3.rows(found, Information.Issue.BEFORE)),
        },
        status=status,
    )


def _asked(findings: list[Any]) -> list[Any]:
    return [finding for finding in findings if finding.code not in ASKED]


# --- The list of topics --------------------------------------------------------------------------


def form_list(request: ActorRequest, pk: int) -> HttpResponse:
    """Put each topic on the list or leave it off, beside what the council recommends."""
    found = get_object_or_404(formations_of(request.actor), pk=pk)
    if found.state != State.COUNCIL:
        in_state(State.REPORTED, FORM_LIST, found)
    lines = queries.decided(found)
    sessions = queries.heard_in(lines)
    heard = bool(sessions) or not hearing.knows_councils(found)
    given = list_forms(request.POST or None, lines, heard=heard)
    findings, status = _asked(FORMATION.findings("form_list", found, request.actor)), 200
    if request.method == "POST":
        status = 422
        if given.is_valid():
            try:
                FORMATION.take(FORM_LIST, found, actor=request.actor, **given.facts)
            except Refused as refused:
                findings, status = refused.findings, 409
            else:
                messages.success(request, _("The list of topics is formed and public."))
                return redirect("planning:topic_list", found.pk)
    return render(
        request,
        "planning/list_form.html",
        {
            "formation": found,
            "forms": given,
            "sessions": sessions,
            "findings": findings,
            "links": topic_links(line.topic.pk for line in lines)
            | {"without_council": "#id_without_council"},
        },
        status=status,
    )


@login_not_required
@require_safe
def topic_list(request: ActorRequest, pk: int) -> HttpResponse:
    """The list of topics: what the council recommended, what was decided, why (SO-F-18)."""
    found = get_object_or_404(
        formations_visible_to(request.actor).filter(state__in=queries.LISTED), pk=pk
    )
    lines = queries.decided(found)
    return render(
        request,
        "planning/topic_list.html",
        {
            "formation": found,
            "lines": lines,
            "on": [one for one in lines if one.topic.state == "listed"],
            "off": [one for one in lines if one.topic.state == "dropped"],
            "sessions": queries.heard_in(lines),
            "informations": queries.informations_visible_to(request.actor).filter(formation=found),
            "manages": forms(request.actor, found),
            "edition": edition_of(found),
        },
    )
