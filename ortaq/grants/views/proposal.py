"""Proposals for the plan: written by NGOs all year round, answered by the operator (GR-P-03)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.core.procedure import Offer, Refused
from ortaq.documents.downloads import paper_download
from ortaq.faces.paging import key_page
from ortaq.grants.forms.plan import AnswerForm, ProposalForm
from ortaq.grants.models import Proposal
from ortaq.grants.papers import plan as papers
from ortaq.grants.policy.plan import writes_proposal
from ortaq.grants.procedure.plan import (
    DISCARD_PROPOSAL,
    LEAVE,
    PROPOSAL,
    SEND,
    TAKE_UP,
    write_proposal,
)
from ortaq.grants.queries.plan import proposals_visible_to
from ortaq.law.findings import Finding
from ortaq.people.actor import ActorRequest
from ortaq.people.models import Organisation


@require_safe
def proposals(request: ActorRequest) -> HttpResponse:
    rows = proposals_visible_to(request.actor).select_related("organisation")
    return render(
        request,
        "grants/proposal_list.html",
        {
            "page": key_page(rows, request.GET, order=["-id"], size=25),
            "may_write": _writes(request),
        },
    )


def new(request: ActorRequest) -> HttpResponse:
    organisation = request.actor.acting_for
    if not _writes(request) or organisation is None or request.actor.user is None:
        raise PermissionDenied
    proposal = Proposal(organisation=organisation, author=request.actor.user)
    return _form(request, proposal)


def proposal(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        proposals_visible_to(request.actor).select_related("organisation", "topic"), pk=pk
    )
    if found.state == Proposal.State.DRAFT and writes_proposal(request.actor, found):
        return _form(request, found)
    return render(
        request,
        "grants/proposal.html",
        {
            "proposal": found,
            "offers": PROPOSAL.offers(found, request.actor, answer="—"),
            "form": AnswerForm(),
        },
    )


@require_safe
def paper(request: ActorRequest, pk: int, language: str, kind: str) -> FileResponse:
    """The proposal as pdf or docx, in Kazakh or Russian."""
    found = get_object_or_404(
        proposals_visible_to(request.actor).select_related("organisation"), pk=pk
    )
    if language not in ("kk", "ru"):
        raise Http404
    return paper_download(papers.proposal(found, language), kind, f"proposal-{pk}-{language}")


@require_POST
def discard(request: ActorRequest, pk: int) -> HttpResponse:
    """Throw away a proposal that is not sent yet."""
    found = get_object_or_404(proposals_visible_to(request.actor), pk=pk)
    PROPOSAL.take(DISCARD_PROPOSAL, found, actor=request.actor)
    messages.success(request, _("The draft is discarded."))
    return redirect("grants:proposals")


@require_POST
def answer(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(proposals_visible_to(request.actor), pk=pk)
    form = AnswerForm(request.POST)
    step = TAKE_UP if request.POST.get("step") == TAKE_UP.name else LEAVE
    text = form.cleaned_data["answer"] if form.is_valid() else ""
    PROPOSAL.take(step, found, actor=request.actor, answer=text)
    messages.success(request, _("The answer is sent to the NGO."))
    return redirect("grants:proposal", found.pk)


def _form(request: ActorRequest, found: Proposal) -> HttpResponse:
    form = ProposalForm(request.POST or None, instance=found)
    findings: list[Finding] = []
    if request.method == "POST" and form.is_valid():
        saved = form.save(commit=False)
        write_proposal(saved, form.fields, actor=request.actor)
        if "send" not in request.POST:
            messages.success(request, _("The draft is saved."))
            return redirect("grants:proposal", saved.pk)
        try:
            PROPOSAL.take(SEND, saved, actor=request.actor)
        except Refused as refused:
            findings = refused.findings
            messages.warning(request, _("The draft is saved, but it is not sent yet."))
        else:
            messages.success(request, _("The proposal is sent to the operator."))
            return redirect("grants:proposals")
    return render(
        request,
        "grants/proposal_edit.html",
        {
            "form": form,
            "proposal": found,
            "findings": findings,
            "discard": Offer(DISCARD_PROPOSAL, []) if found.pk else None,
        },
        status=422 if form.errors or findings else 200,
    )


def _writes(request: ActorRequest) -> bool:
    organisation = request.actor.acting_for
    return (
        organisation is not None
        and organisation.kind == Organisation.Kind.NGO
        and writes_proposal(request.actor, Proposal(organisation=organisation))
    )
