"""Pages of the scoring: for the organiser who scores and how far they are, for who scores the declaration and the applications."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core.keys import key_of
from ortaq.core.procedure import Offer, Refused
from ortaq.documents.writing import values
from ortaq.faces.beside import put_beside
from ortaq.law import prizes as rules
from ortaq.people.actor import ActorRequest
from ortaq.prizes.content import checks
from ortaq.prizes.content.whole import Whole
from ortaq.prizes.forms.awarding import LONG, ScorersForm
from ortaq.prizes.models import Round
from ortaq.prizes.policy.round import organises
from ortaq.prizes.procedure import judging
from ortaq.prizes.procedure.round import ROUND
from ortaq.prizes.queries import judging as queries
from ortaq.review import asking, scoring
from ortaq.review.evaluating import EVALUATING
from ortaq.review.forms import LONG as DECLARATION_LONG
from ortaq.review.models import Panel
from ortaq.review.procedure import statement

GET_POST = ["GET", "HEAD", "POST"]


def _found(request: ActorRequest, year: int) -> Round:
    return get_object_or_404(queries.scoring_visible_to(request.actor), year=year)


def _organised(request: ActorRequest, year: int) -> Round:
    found = _found(request, year)
    if not organises(request.actor, found):
        raise Http404
    return found


@require_http_methods(GET_POST)
def scoring_page(request: ActorRequest, year: int) -> HttpResponse:
    """The organiser's page of the scoring, or that of somebody who scores; a POST is their declaration."""
    found = _found(request, year)
    if organises(request.actor, found):
        if request.method == "POST":
            raise Http404
        return _desk(request, found, ScorersForm())
    return _member(request, found)


def _desk(
    request: ActorRequest, found: Round, form: ScorersForm, *, status: int = 200
) -> HttpResponse:
    offers = {one.step.name: one for one in ROUND.offers(found, request.actor)}
    for name in ("appoint", "join"):
        if name in offers:  # who is named is asked for beside the button
            kept = [one for one in offers[name].findings if one.about != "people"]
            offers[name] = Offer(offers[name].step, kept)
    context: dict[str, Any] = {
        "round": found,
        "offers": offers,
        "form": form,
        "applicants": judging.admitted(found) if found.panel is None else [],
        "rule": found.rules.parameter("prize.combine").cite,
    }
    if found.panel is not None:
        context["members"] = queries.members_of(found.panel)
        if "complete" in offers:
            close = EVALUATING.findings("close", found.panel, request.actor)
            kept = [one for one in close if one.about != "remark"]
            context["complete"] = Offer(judging.COMPLETE, kept)
            context["waiting"] = [one for one in close if one.about == "remark"]
    return render(request, "prizes/scoring.html", context, status=status)


def _member(request: ActorRequest, found: Round) -> HttpResponse:
    panel = judging.panel_of(found)
    seat = panel.seats.filter(person=request.actor.user).order_by("id").last()
    assert seat is not None  # the visibility query
    sits, scores = seat.until is None, panel.state == Panel.State.SCORING
    questions = asking.questions(panel, seat) if sits and scores else []
    if request.method == "POST":
        if not questions:
            raise Http404
        if asking.declared(EVALUATING, panel, questions, request):
            messages.success(request, _("Thank you: your declaration is kept."))
            return redirect("prizes:scoring", found.year)
    files = queries.my_files(request.actor, panel) if sits else []
    rubric = scoring.rubric_of(panel)
    directions = {judging.contest_of(one): one for one in found.directions.all()}
    files.sort(key=lambda row: (directions[row[0].contest].position, row[0].title))
    context = {
        "round": found,
        "panel": panel,
        "seat": seat,
        "sits": sits,
        "scores": scores,
        "questions": questions,
        "longest": DECLARATION_LONG,
        "lines": [
            (
                one,
                sheet,
                scoring.given(rubric, sheet.marks) if sheet else 0,
                directions[one.contest].label,
            )
            for one, sheet in files
        ],
        "signed": sum(sheet is not None and sheet.signed_at is not None for _one, sheet in files),
        "rubric": rubric,
        "declared": seat.declarations.select_related("organisation").order_by(
            "organisation__sort", "id"
        ),
        "conflicts": panel.conflicts.filter(person=request.actor.user)
        .select_related("organisation")
        .order_by("id"),
        "discover": not questions and found.state == Round.State.DECIDING and files,
        "statement": statement.shown(request.actor.user, key_of(panel)),
        "rule": found.rules.rubric(rules.RUBRIC).cite,
    }
    return render(
        request,
        "prizes/scoring_member.html",
        context,
        status=422 if questions and request.method == "POST" else 200,
    )


@require_POST
def name(request: ActorRequest, year: int, step: str) -> HttpResponse:
    """Name who scores ("appoint"), or somebody more ("join")."""
    if step not in ("appoint", "join"):
        raise Http404
    found = _organised(request, year)
    form = ScorersForm(request.POST)
    if form.is_valid():
        try:
            ROUND.take(step, found, actor=request.actor, people=form.cleaned_data["people"])
        except Refused as refused:
            put_beside(form, refused)
        else:
            messages.success(request, _("They are named; a letter tells them what to do."))
            return redirect("prizes:scoring", year)
    return _desk(request, found, form, status=422)


@require_POST
def go_on(request: ActorRequest, year: int, step: str) -> HttpResponse:
    """End the scoring ("complete"), or go on without any where nobody applied ("pass_over")."""
    if step not in ("complete", "pass_over"):
        raise Http404
    found = _organised(request, year)
    remark = request.POST.get("remark", "").replace("\0", "")[:LONG]
    ROUND.take(step, found, actor=request.actor, remark=remark)
    return redirect("prizes:decisions", year)


@require_POST
def discover(request: ActorRequest, year: int, organisation: int) -> HttpResponse:
    """A conflict that somebody who scored knows of only after the scoring: their sheet no longer counts."""
    found = _found(request, year)
    if found.state != Round.State.DECIDING or organises(request.actor, found):
        raise Http404
    panel = judging.panel_of(found)
    rows = panel.applicants.select_related("organisation")
    applicant = get_object_or_404(rows, organisation=organisation)
    explanation = request.POST.get("explanation", "").replace("\0", "")[:LONG]
    EVALUATING.take(
        "discover",
        panel,
        actor=request.actor,
        organisation=applicant.organisation,
        explanation=explanation,
    )
    messages.success(request, _("The conflict of interest is recorded. Thank you for saying so."))
    return redirect("prizes:scoring", year)


# --- What is scored ------------------------------------------------------------------------------


@require_safe
def scored(request: ActorRequest, pk: int) -> HttpResponse:
    """Where an application is scored: its sheet for who scores, its content for the organiser."""
    found = get_object_or_404(queries.scored_visible_to(request.actor), pk=pk)
    if organises(request.actor, found.round) or found.dossier_id is None:
        return redirect("prizes:scored_content", pk)
    return redirect("review:dossier", found.dossier_id)


@require_safe
def content(request: ActorRequest, pk: int) -> HttpResponse:
    """Annex 3 part by part, each under the criterion that it answers to; beside the sheet as a fragment without a page (PR-024)."""
    found = get_object_or_404(queries.scored_visible_to(request.actor), pk=pk)
    whole = Whole(found, queries.evidence_of(found))
    fragment = request.headers.get("HX-Request") == "true"
    judged = {row.get("id"): found for _number, row, found in checks.experience_of(whole)}
    labels = {one.key: one for one in found.round.rules.rubric(rules.RUBRIC).criteria}
    return render(
        request,
        "prizes/scored_fragment.html" if fragment else "prizes/scored.html",
        {
            "application": found,
            "round": found.round,
            "whole": whole,
            "criteria": labels,
            "contribution": whole.data.get("contribution", ""),
            "innovation": whole.data.get("innovation", ""),
            "projects": [
                (
                    number,
                    row,
                    judged.get(row.get("id")),
                    values.month(row.get("first")),
                    values.month(row.get("last")),
                )
                for number, row in enumerate(whole.projects, 1)
            ],
            "recommendations": whole.recommendations,
            "files": whole.files,
            "cite": found.round.rules.cite("guide, prize annex 3"),
        },
    )
