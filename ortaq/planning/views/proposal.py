"""Pages of topics that NGOs propose to state bodies."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.people.actor import ActorRequest
from ortaq.planning.forms.proposal import AnswerProposalForm, ProposalForm, TakeUpForm
from ortaq.planning.models import TopicProposal
from ortaq.planning.policy import receives
from ortaq.planning.procedure import proposal as procedure
from ortaq.planning.procedure.proposal import ANSWER, PROPOSAL, TAKE_UP
from ortaq.planning.queries import proposal as queries
from ortaq.planning.queries.formation import bodies_of, spoken_for


@require_safe
def proposals(request: ActorRequest) -> HttpResponse:
    """What the reader's NGO proposed, what came to the reader's state body."""
    query = request.GET.get("q", "").strip()[:200]
    state = request.GET.get("state", "")
    return render(
        request,
        "planning/proposal_list.html",
        {
            "page": queries.proposal_list(request.actor, request.GET, query=query, state=state),
            "query": query,
            "state": state,
            "states": TopicProposal.State.choices,
            "may_write": bool(spoken_for(request.actor)),
            "receives": bodies_of(request.actor).exists(),
        },
    )


def new(request: ActorRequest) -> HttpResponse:
    ngos = spoken_for(request.actor)
    if not ngos:
        raise PermissionDenied
    form = ProposalForm(
        request.POST or None,
        ngos=ngos,
        bodies=queries.addressees(),
        initial={"body": request.GET.get("body")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            sent = procedure.send(form.save(commit=False), actor=request.actor)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The topic is proposed; the answer will stand here."))
            return redirect("planning:proposal", sent.pk)
    return render(
        request, "planning/proposal_new.html", {"form": form}, status=422 if form.errors else 200
    )


@require_safe
def proposal(request: ActorRequest, pk: int) -> HttpResponse:
    return _page(request, _proposal(request, pk))


@require_POST
def answer(request: ActorRequest, pk: int) -> HttpResponse:
    """The body answers the NGO."""
    found = _received(request, pk)
    form = AnswerProposalForm(request.POST, auto_id="answer-%s")
    if form.is_valid():
        PROPOSAL.take(ANSWER, found, actor=request.actor, **form.cleaned_data)
        messages.success(request, _("The answer is sent."))
        return redirect("planning:proposal", found.pk)
    return _page(request, found, answering=form, status=422)


@require_POST
def take_up(request: ActorRequest, pk: int) -> HttpResponse:
    """The proposal becomes a topic of a draft, where it is edited further."""
    found = _received(request, pk)
    form = TakeUpForm(request.POST, proposal=found, drafts=queries.drafts_of(found.body_id))
    if form.is_valid():
        PROPOSAL.take(TAKE_UP, found, actor=request.actor, **form.cleaned_data)
        messages.success(request, _("The topic is at the end of the list. Complete it now."))
        assert found.topic_id is not None
        return redirect("planning:topic_edit", found.topic_id)
    return _page(request, found, taking=form, status=422)


def _proposal(request: ActorRequest, pk: int) -> TopicProposal:
    return get_object_or_404(queries.proposals_visible_to(request.actor), pk=pk)


def _received(request: ActorRequest, pk: int) -> TopicProposal:
    found = _proposal(request, pk)
    if not receives(request.actor, found):
        raise PermissionDenied
    return found


def _page(
    request: ActorRequest,
    found: TopicProposal,
    *,
    answering: AnswerProposalForm | None = None,
    taking: TakeUpForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The proposal, with what its addressee can do with it."""
    mine = receives(request.actor, found)
    open_now = mine and found.state != TopicProposal.State.TAKEN
    drafts = queries.drafts_of(found.body_id)
    if taking is None and open_now and drafts.exists():
        taking = TakeUpForm(proposal=found, drafts=drafts)
    if answering is None and mine and found.state == TopicProposal.State.SENT:
        answering = AnswerProposalForm(auto_id="answer-%s")
    return render(
        request,
        "planning/proposal.html",
        {
            "proposal": found,
            "field": queries.field_text(found),
            "answering": answering,
            "taking": taking,
            "no_draft": open_now and taking is None,
        },
        status=status,
    )
