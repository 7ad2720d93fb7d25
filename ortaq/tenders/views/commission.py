"""Review of bids by the commission, and the results: find, ask the policy, one step, render."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ortaq.core.keys import key_of
from ortaq.core.procedure import Refused
from ortaq.documents.downloads import paper_download
from ortaq.faces.parts import Column
from ortaq.law.findings import Finding
from ortaq.law.rubric import Rubric
from ortaq.law.tender import RUBRIC
from ortaq.people.actor import ActorRequest
from ortaq.people.second_factor import proof_wanted
from ortaq.review import queries as reviewing
from ortaq.review.forms import VoteForm
from ortaq.review.models import Motion
from ortaq.review.queries.motions import agenda
from ortaq.tenders.choices import edition_of
from ortaq.tenders.forms.commission import ScoresForm, TieForm
from ortaq.tenders.models import Lot, Tender
from ortaq.tenders.papers.protocol import LANGUAGES
from ortaq.tenders.papers.protocol import protocol as paper_of
from ortaq.tenders.policy.tender import buys, organises
from ortaq.tenders.procedure import commission, scoring
from ortaq.tenders.procedure.admission import record
from ortaq.tenders.procedure.opening import opened_if_due
from ortaq.tenders.procedure.results import put_tie
from ortaq.tenders.procedure.tender import TENDER
from ortaq.tenders.queries import review as queries
from ortaq.tenders.queries.tender import tenders_managed_by, tenders_visible_to

STEPS = ("decide", "publish", "end")
BIDS = [
    Column(gettext_lazy("Place"), numeric=True),
    Column(gettext_lazy("Bidder")),
    Column(gettext_lazy("Price offered"), numeric=True),
    Column(gettext_lazy("Points"), numeric=True),
    Column(gettext_lazy("Reduction, %"), numeric=True),
    Column(gettext_lazy("Conditional price"), numeric=True),
    Column(gettext_lazy("State")),
]


def form_commission(request: ActorRequest, pk: int) -> HttpResponse:
    """The way to the tender's commission; the organiser forms it here first."""
    tender = get_object_or_404(tenders_managed_by(request.actor).select_related("panel"), pk=pk)
    if request.method == "POST":
        panel = commission.form(tender, request.actor)
        return redirect("review:commission", panel.pk)
    if tender.panel is not None:
        seen = reviewing.panels_visible_to(request.actor).filter(pk=tender.panel.pk)
        if seen.exists():
            return redirect("review:commission", tender.panel.pk)
    edition = edition_of(tender)
    name = (
        "commission.size_min_single_organiser" if tender.single_organiser else "commission.size_min"
    )
    return render(
        request,
        "tenders/commission.html",
        {
            "tender": tender,
            "forms": organises(request.actor, tender)
            and tender.panel is None
            and tender.state in commission.FORM.sources,
            "least": edition.parameter(name),
        },
    )


def _reviewed(request: ActorRequest, pk: int) -> Tender:
    """An opened tender for those who may see its points; 404 for all others alike."""
    return get_object_or_404(queries.tenders_reviewed_by(request.actor), pk=pk)


@require_safe
def review(request: ActorRequest, pk: int) -> HttpResponse:
    """Lots and bids under review: points, prices, what the commission still owes (SO-T-080..098)."""
    due = queries.tenders_seated_on(request.actor).filter(pk=pk).first()
    if due is not None and opened_if_due(due).state in queries.SEALED:
        return redirect("tenders:opening", pk)  # says until when the bids are sealed
    tender = _reviewed(request, pk)
    lots = queries.lots_of(tender)
    voted = agenda(tender.panel, [key_of(one.lot) for one in lots], request.actor, VoteForm())
    ties: dict[int, Any] = {}
    for one in lots:
        subject = key_of(one.lot)
        undecided = one.found.result is not None and one.found.result.kind == "tie"
        puts = undecided and voted.seat is not None and not voted.voting(subject)
        ties[one.lot.pk] = (voted.on(subject), TieForm(one.found.tied) if puts else None)
    offers = {offer.step.name: offer for offer in TENDER.offers(tender, request.actor)}
    return render(
        request,
        "tenders/review.html",
        {
            "tender": tender,
            "lots": [(one, *ties[one.lot.pk]) for one in lots],
            "columns": BIDS,
            "offers": [offers[name] for name in STEPS if name in offers],
            "buys": buys(request.actor, tender),
            "published": tender.state in queries.PUBLISHED,
            "review_term": edition_of(tender).term("review").cite,
        },
    )


@require_POST
@proof_wanted
def review_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Adopt the results, publish them, end the tender."""
    tender = _reviewed(request, pk)
    if step not in STEPS:
        raise Http404
    TENDER.take(step, tender, actor=request.actor)
    messages.success(request, _("Done: %(state)s.") % {"state": tender.get_state_display()})
    return redirect("tenders:review", pk)


def bid_review(request: ActorRequest, pk: int) -> HttpResponse:
    """One bid: what data say of it, the points put to the vote, the vote (SO-T-081..091)."""
    bid = get_object_or_404(queries.bids_reviewed_by(request.actor), pk=pk)
    tender = bid.lot.tender
    known, subject = record(bid), key_of(bid)
    voted = agenda(tender.panel, [subject], request.actor, VoteForm())
    proposes = (
        voted.seat is not None
        and bid.state == bid.State.OPENED
        and tender.state == Tender.State.OPENED
        and not voted.voting(subject)
    )
    rubric = edition_of(tender).rubric(RUBRIC)
    form = ScoresForm(
        rubric,
        request.POST or None,
        initial={**known.proposed, "market_days": known.market_days},
    )
    refusal: list[Finding] = []
    # Whoever may not propose is refused by the step, with the clause and in the journal.
    if request.method == "POST" and form.is_valid():
        try:
            scoring.propose(
                bid,
                actor=request.actor,
                scores=form.scores(),
                market_days=form.cleaned_data["market_days"],
                grounds=form.grounds(),
            )
        except Refused as refused:
            if not proposes:
                raise
            refusal = refused.findings  # above the form, in which all that was chosen stays
        else:
            messages.success(request, _("The points are put to the vote."))
            return redirect("tenders:bid_review", pk)
    return render(
        request,
        "tenders/bid_review.html",
        {
            "bid": bid,
            "tender": tender,
            "known": known,
            "proposals": {"C4": known.database.finding, "C5": known.experience.finding},
            "motions": [
                (vote, _said(rubric, vote.row), _total(rubric, vote.row.proposal.get("scores")))
                for vote in voted.on(subject)
            ],
            "form": form if proposes else None,
            "refusal": refusal,
            "adopted": _said(rubric, None, bid.scores) if bid.scores else [],
            "total": _total(rubric, bid.scores),
            "maximum": rubric.maximum,
        },
        status=409 if refusal else 422 if form.errors else 200,
    )


def _said(rubric: Any, motion: Motion | None, scores: Any = None) -> list[Any]:
    """Points with the words of their levels and the ground: (criterion, points, words, ground)."""
    proposal = motion.proposal if motion else {"scores": scores, "grounds": {}}
    given, grounds = proposal.get("scores") or {}, proposal.get("grounds") or {}
    return [
        (one, given[one.key], one.level(given[one.key]).meaning, grounds.get(one.key, ""))
        for one in rubric.criteria
        if one.key in given
    ]


def _total(rubric: Rubric, scores: Mapping[str, int] | None) -> int | None:
    """The sum of full points; none of a bid that is out and not scored to the end."""
    return sum(scores.values()) if scores and len(scores) == len(rubric.keys) else None


def tie(request: ActorRequest, pk: int) -> HttpResponse:
    """Put the choice between equal bids to the vote, with its ground (GAP-T-07)."""
    lot = get_object_or_404(
        Lot.objects.filter(tender__in=queries.tenders_reviewed_by(request.actor)).select_related(
            "tender__panel", "topic"
        ),
        pk=pk,
    )
    if request.method == "POST":
        form = TieForm(lot.bids.all(), request.POST)
        form.is_valid()  # what is missing, and which bids are equal, is said by the step
        put_tie(
            lot,
            actor=request.actor,
            winner=form.cleaned_data.get("winner"),
            ground=form.cleaned_data.get("ground") or "",
        )
        messages.success(request, _("The choice is put to the vote."))
    return redirect("tenders:review", lot.tender_id)


# --- Everybody -----------------------------------------------------------------------------------------


@login_not_required
@require_safe
def results(request: ActorRequest, pk: int) -> HttpResponse:
    """Who won each lot and why: points, prices and places of all bids, of many lots each on its own page; nothing
    before publication.
    """
    tender = get_object_or_404(
        tenders_visible_to(request.actor).select_related("customer", "organiser"), pk=pk
    )
    known = tender.state in queries.PUBLISHED
    long = known and queries.is_long(tender)
    return render(
        request,
        "tenders/results.html",
        {
            "tender": tender,
            "lots": queries.lots_of(tender) if known and not long else [],
            "in_short": queries.lots_in_short(tender) if long else [],
            "known": known,
            "reviews": queries.tenders_reviewed_by(request.actor).filter(pk=pk).exists(),
            "columns": BIDS,
            "rubric": edition_of(tender).rubric(RUBRIC),
        },
    )


@login_not_required
@require_safe
def lot_result(request: ActorRequest, pk: int) -> HttpResponse:
    """Who won one lot and why; 404 before publication."""
    lot = get_object_or_404(queries.published_lots(request.actor), pk=pk)
    return render(
        request,
        "tenders/lot_result.html",
        {
            "tender": lot.tender,
            "one": queries.lots_of(lot.tender, lot)[0],
            "columns": BIDS,
            "rubric": edition_of(lot.tender).rubric(RUBRIC),
        },
    )


@login_not_required
@require_safe
def protocol_paper(request: ActorRequest, pk: int, language: str, kind: str) -> FileResponse:
    """The protocol of results; for those who review it from the decision on, for all once published."""
    protocol = queries.published_protocol(request.actor, pk)
    if protocol is None or language not in LANGUAGES:
        raise Http404
    paper = paper_of(protocol, language)
    return paper_download(paper, kind, f"{protocol.tender.number or pk}-{language}")
