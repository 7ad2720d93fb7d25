"""Pages of outcomes: the operator prepares, everybody reads the results once they are published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.core.procedure import Offer
from ortaq.documents.downloads import paper_download, stored_download
from ortaq.faces.paging import key_page
from ortaq.grants import signing
from ortaq.grants.forms.outcome import ProtocolForm, ScanForm
from ortaq.grants.models import Competition, Lot
from ortaq.grants.papers.protocol import LANGUAGES, protocol_paper
from ortaq.grants.policy.competition import is_its_operator
from ortaq.grants.procedure.competition import COMPETITION
from ortaq.grants.queries import outcome as queries
from ortaq.grants.queries.competition import competitions_visible_to
from ortaq.people.actor import ActorRequest
from ortaq.people.second_factor import proof_wanted

# What the page's own forms ask for stands in nobody's way before it is typed.
ASKED = {"draw_up": {"number"}, "file_protocol": {"scan"}}
STEPS = ("prepare", "draw_up", "publish", "file_protocol")


def _held(request: ActorRequest, pk: int) -> Competition:
    """The competition for its operator; the same 404 for hidden and absent."""
    return get_object_or_404(queries.held(request.actor), pk=pk)


def _open(request: ActorRequest, pk: int) -> Competition:
    """The same, from the time on when outcomes may be seen."""
    competition = _held(request, pk)
    if not queries.outcomes_are_open(competition):
        raise Http404
    return competition


def offers(competition: Competition, request: ActorRequest) -> dict[str, Offer]:
    """The steps of this page that are open now, without what their own fields ask for."""
    return {
        offer.step.name: replace(
            offer,
            findings=[f for f in offer.findings if f.about not in ASKED.get(offer.step.name, ())],
        )
        for offer in COMPETITION.offers(competition, request.actor)
        if offer.step.name in STEPS
    }


# --- The operator --------------------------------------------------------------------------------


@require_safe
def outcomes(request: ActorRequest, pk: int) -> HttpResponse:
    """Every lot with its outcome, and what is still to be done before publication."""
    competition = _held(request, pk)
    if not queries.outcomes_are_open(competition):
        return render(request, "grants/outcomes_closed.html", {"competition": competition})
    return _outcomes_page(request, competition)


def _outcomes_page(
    request: ActorRequest, competition: Competition, *, status: int = 200, **forms: Any
) -> HttpResponse:
    page = queries.outcomes_page(competition)
    number = page.protocol.number if page.protocol else ""
    return render(
        request,
        "grants/outcomes.html",
        {
            "competition": competition,
            "page": page,
            "offers": offers(competition, request),
            "protocol_form": ProtocolForm(initial={"number": number}),
            "scan_form": ScanForm(),
            "paper_languages": LANGUAGES,
            **forms,
        },
        status=status,
    )


@require_safe
def lot_outcome(request: ActorRequest, pk: int, lot: int) -> HttpResponse:
    """One lot: the ranking with exact means and the comparison spelled out."""
    competition = _open(request, pk)
    found = get_object_or_404(Lot, competition=competition, pk=lot)
    line = queries.lot_line(competition, found)
    if line is None:
        raise Http404
    return render(request, "grants/outcome_lot.html", {"competition": competition, "line": line})


@require_POST
def prepare(request: ActorRequest, pk: int) -> HttpResponse:
    competition = _held(request, pk)
    COMPETITION.take("prepare", competition, actor=request.actor)
    messages.success(
        request, _("Outcomes and letters are prepared. Nobody outside the operator sees them.")
    )
    return redirect("grants:outcomes", competition.pk)


@require_POST
def draw_up(request: ActorRequest, pk: int) -> HttpResponse:
    """Freeze the protocol under its number."""
    competition = _open(request, pk)
    form = ProtocolForm(request.POST)
    if not form.is_valid():
        return _outcomes_page(request, competition, status=422, protocol_form=form)
    COMPETITION.take(
        "draw_up", competition, actor=request.actor, number=form.cleaned_data["number"]
    )
    messages.success(request, _("The protocol is drawn up. Look through it before you publish."))
    return redirect("grants:outcomes", competition.pk)


@require_safe
def protocol(request: ActorRequest, pk: int, language: str, kind: str) -> FileResponse:
    """The protocol as a paper; it names the points of each member, so it is the operator's. Whoever signs it
    electronically reads it without them.
    """
    found = get_object_or_404(queries.protocols_visible_to(request.actor), competition__pk=pk)
    operator = is_its_operator(request.actor, found.competition)
    if language not in LANGUAGES or not (operator or signing.signs(request.actor, found)):
        raise Http404
    paper = protocol_paper(found, language, points=operator)
    return paper_download(paper, kind, f"protocol-{found.pk}-{language}")


@require_POST
def file_protocol(request: ActorRequest, pk: int) -> HttpResponse:
    """Keep the scan of the signed protocol."""
    competition = _open(request, pk)
    form = ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        return _outcomes_page(request, competition, status=422, scan_form=form)
    try:
        scan = form.stored(request.actor.user)
    except ValidationError as error:
        form.add_error("scan", error)
        return _outcomes_page(request, competition, status=422, scan_form=form)
    COMPETITION.take("file_protocol", competition, actor=request.actor, scan=scan)
    messages.success(request, _("The signed protocol is filed."))
    return redirect("grants:outcomes", competition.pk)


@require_safe
def protocol_scan(request: ActorRequest, pk: int) -> FileResponse:
    competition = _held(request, pk)
    scan = queries.signed_protocol(competition)
    if scan is None:
        raise Http404
    return stored_download(scan)


@require_safe
def letters(request: ActorRequest, pk: int) -> HttpResponse:
    """The letters as applicants will get them."""
    competition = _open(request, pk)
    page = key_page(queries.letters_of(competition), request.GET, order=("id",), size=20)
    return render(
        request, "grants/outcome_letters.html", {"competition": competition, "page": page}
    )


@require_POST
@proof_wanted
def publish(request: ActorRequest, pk: int) -> HttpResponse:
    competition = _held(request, pk)
    COMPETITION.take("publish", competition, actor=request.actor)
    messages.success(request, _("The results are public and the letters are on their way."))
    return redirect("grants:outcomes", competition.pk)


# --- Everybody -----------------------------------------------------------------------------------


@login_not_required
@require_safe
def results(request: ActorRequest, pk: int) -> HttpResponse:
    """How each topic ended; nothing until the results are published."""
    competition = get_object_or_404(
        competitions_visible_to(request.actor).select_related("operator", "version__plan"), pk=pk
    )
    return render(
        request,
        "grants/results.html",
        {"competition": competition, "results": queries.results(competition)},
    )


@require_safe
def result(request: ActorRequest, pk: int) -> HttpResponse:
    """The applicant's own result."""
    found = queries.own_result(request.actor, pk)
    if found is None:
        raise Http404
    belongs = found.application.organisation_id in request.actor.organisation_ids
    if not (belongs or is_its_operator(request.actor, found.application.competition)):
        raise Http404
    return render(request, "grants/result.html", {"found": found})
