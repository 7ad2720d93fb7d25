"""Pages of the organiser after the scoring: decisions, the list of recipients, diplomas and transfers; the diploma for its recipient."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core.procedure import Refused
from ortaq.documents.downloads import paper_download
from ortaq.faces.beside import put_beside
from ortaq.faces.parts import ScoreGrid, ScoreRow
from ortaq.law import prizes as rules
from ortaq.people.actor import ActorRequest
from ortaq.people.second_factor import proof_wanted
from ortaq.prizes import standings
from ortaq.prizes.forms.awarding import DecisionForm, DiplomaForm, PaymentForm
from ortaq.prizes.models import Award, Round
from ortaq.prizes.papers import protocol as protocols
from ortaq.prizes.papers.diploma import diploma_download
from ortaq.prizes.policy.round import organises
from ortaq.prizes.procedure import awards as steps
from ortaq.prizes.procedure.paying import stated
from ortaq.prizes.procedure.round import ROUND
from ortaq.prizes.queries import award as queries
from ortaq.prizes.queries.judging import organised_by
from ortaq.review import scoring
from ortaq.review.evaluating import look_again

GET_POST = ["GET", "HEAD", "POST"]
LANGUAGES = ("kk", "ru")
# From the end of the scoring on the organiser sees points (nobody's before).
SCORED = (Round.State.DECIDING, Round.State.PUBLISHED, Round.State.ENDED)


def _scored(request: ActorRequest, year: int) -> Round:
    """A round of the reader's body whose scoring is over."""
    return get_object_or_404(organised_by(request.actor), year=year, state__in=SCORED)


@require_http_methods(GET_POST)
@proof_wanted
def decisions(request: ActorRequest, year: int) -> HttpResponse:
    """All directions: what the points propose, what is decided; a POST publishes the list of recipients."""
    found = get_object_or_404(organised_by(request.actor), year=year)
    if request.method == "POST":
        steps.publish(found, actor=request.actor)
        messages.success(
            request, _("The list of recipients is published; letters are on their way.")
        )
        return redirect("prizes:awards", year)
    if found.state not in SCORED:
        # The duty to publish leads here from the list of applicants on.
        return redirect("prizes:scoring", year)
    offers = {one.step.name: one for one in ROUND.offers(found, request.actor)}
    return render(
        request,
        "prizes/decisions.html",
        {
            "round": found,
            "standings": standings.of_round(found),
            "publish": offers.get("publish"),
            "papers": LANGUAGES,
        },
    )


@require_http_methods(GET_POST)
def decision(request: ActorRequest, year: int, direction: int) -> HttpResponse:
    """One direction: points by criterion, what they propose, the division, and the decision."""
    found = _scored(request, year)
    if found.state == Round.State.DECIDING and found.panel is not None:
        look_again(found.panel)  # what the registers know by now counts while it is not decided
    rows = standings.of_round(found, direction=direction)
    if not rows:
        raise Http404
    (standing,) = rows
    form = DecisionForm(standing, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ROUND.take(
                "decide", found, actor=request.actor, direction=standing.direction, **form.facts()
            )
        except Refused as refused:
            put_beside(form, refused)
        else:
            messages.success(
                request, _("The decision is kept. Nobody sees it before the list is published.")
            )
            return redirect("prizes:decisions", year)
    divided = [
        rules.divide(found.rules, standing.direction.amount_tiyn, number)
        for number in range(1, len(standing.nominees) + 1)
    ]
    return render(
        request,
        "prizes/decision.html",
        {
            "round": found,
            "standing": standing,
            "direction": standing.direction,
            "form": form,
            "grids": [(one, _sheets(found, one)) for one in standing.nominees if one.sheets],
            "grid": grid_of(found, standing),
            "divided": divided,
            "open": found.state == Round.State.DECIDING,
        },
        status=422 if form.is_bound and not form.is_valid() else 200,
    )


def grid_of(found: Round, standing: standings.Standing) -> ScoreGrid:
    """The means of the applicants of a direction, by criterion."""
    rubric = found.rules.rubric(rules.RUBRIC)
    rows = [
        ScoreRow(
            one.application.applicant_name,
            [one.means.get(key) for key in rubric.keys],
            one.mean,
            _("sheets: %(sheets)s") % {"sheets": len(one.sheets)},
        )
        for one in standing.nominees
    ]
    columns = [(one.label, one.maximum) for one in rubric.criteria]
    return ScoreGrid(columns, rows, None, _("Means of the points by criterion"))


def _sheets(found: Round, nominee: standings.Nominee) -> ScoreGrid:
    """Who gave what to one applicant; for the organiser alone."""
    rubric = found.rules.rubric(rules.RUBRIC)
    rows = [
        ScoreRow(
            sheet.seat.person.full_name,
            [scoring.mark_of(sheet.marks, key)["points"] for key in rubric.keys],
            sheet.total,
        )
        for sheet in nominee.sheets
    ]
    totals = ScoreRow(_("Mean"), [nominee.means[key] for key in rubric.keys], nominee.mean)
    columns = [(one.label, one.maximum) for one in rubric.criteria]
    return ScoreGrid(columns, rows, totals, nominee.application.applicant_name)


@require_safe
def protocol(request: ActorRequest, year: int, language: str, kind: str) -> FileResponse:
    """The protocol of the scoring and the decisions; a draft until the list is published."""
    found = _scored(request, year)
    if language not in LANGUAGES:
        raise Http404
    made = protocols.protocol(found, language)
    return paper_download(made, kind, f"prize-{year}-protocol-{language}")


# --- Diplomas and transfers ----------------------------------------------------------------------


@require_safe
def awards(request: ActorRequest, year: int) -> HttpResponse:
    """The recipients of a round: whose diploma is handed over, whose prize is transferred."""
    found = get_object_or_404(organised_by(request.actor), year=year, state__in=queries.PUBLISHED)
    rows = list(queries.awards_run_by(request.actor, year))
    return render(
        request,
        "prizes/awards.html",
        {
            "round": found,
            "awards": rows,
            "handed": sum(one.handed for one in rows),
            "paid": sum(one.paid for one in rows),
            "papers": LANGUAGES,
        },
    )


def _award(request: ActorRequest, pk: int) -> Award:
    award = get_object_or_404(queries.awards_visible_to(request.actor), pk=pk)
    if award.direction.round.state not in queries.PUBLISHED:
        raise Http404  # a decision that may still change
    return award


@require_safe
def award(request: ActorRequest, pk: int) -> HttpResponse:
    """One recipient: for the organiser the diploma and the transfer to be recorded, for the NGO what is recorded."""
    found = _award(request, pk)
    run = organises(request.actor, found.direction.round)
    return _award_page(request, found, run=run)


def _award_page(
    request: ActorRequest,
    found: Award,
    *,
    run: bool,
    diploma: DiplomaForm | None = None,
    payment: PaymentForm | None = None,
) -> HttpResponse:
    bound = [form for form in (diploma, payment) if form is not None and form.is_bound]
    bank = found.application.attachments.filter(kind="bank", removed_at=None)
    return render(
        request,
        "prizes/award.html",
        {
            "award": found,
            "round": found.direction.round,
            "application": found.application,
            "run": run,
            "diploma": (diploma or DiplomaForm(found)) if run else None,
            "payment": (payment or PaymentForm(found)) if run else None,
            "stated": stated(found),
            "certificates": list(bank.select_related("file").order_by("id")),
            "papers": LANGUAGES,
        },
        status=422 if any(not form.is_valid() for form in bound) else 200,
    )


@require_POST
def record(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Record the diploma or the transfer; what is refused stays in its form with the reason beside it."""
    if step not in ("diploma", "pay"):
        raise Http404
    found = _award(request, pk)
    if not organises(request.actor, found.direction.round):
        raise Http404
    form: DiplomaForm | PaymentForm
    form = (
        DiplomaForm(found, request.POST) if step == "diploma" else PaymentForm(found, request.POST)
    )
    if form.is_valid():
        given: dict[str, Any] = dict(form.cleaned_data)
        given["version"] = given["version"] or 0
        try:
            steps.record(found, step, actor=request.actor, **given)
        except Refused as refused:
            put_beside(form, refused)
        else:
            messages.success(request, _("It is recorded."))
            return redirect("prizes:award", pk)
    if isinstance(form, DiplomaForm):
        return _award_page(request, found, run=True, diploma=form)
    return _award_page(request, found, run=True, payment=form)


@require_safe
def diploma(request: ActorRequest, pk: int, language: str) -> FileResponse:
    """The diploma, to be printed; there is one once it has a number (PR-038)."""
    found = _award(request, pk)
    if language not in LANGUAGES or not found.diploma_number:
        raise Http404
    return diploma_download(found, language)
