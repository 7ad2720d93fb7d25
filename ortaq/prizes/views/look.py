"""The organiser's look at one application: what the records say, and the decision (PR-003, 006, 008, 015, 017)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.core.procedure import Offer, Refused
from ortaq.faces.beside import put_beside
from ortaq.people.actor import ActorRequest
from ortaq.prizes.content import checks
from ortaq.prizes.forms.application import RefusalForm
from ortaq.prizes.models import Application, PaperDelivery, Receipt
from ortaq.prizes.policy import application as policy
from ortaq.prizes.procedure.application import APPLICATION
from ortaq.prizes.procedure.application_submission import nominee
from ortaq.prizes.queries import application as queries

from . import application_places as places
from .application import found

STEPS = ("admit", "refuse", "reopen", "ask_original", "see_original")
State = Application.State


def own(request: ActorRequest, pk: int) -> Application:
    """The application if the actor answers for the organiser of its round; the same 404 otherwise."""
    application = found(request, pk)
    if not policy.is_its_organiser(request.actor, application) or application.state == State.DRAFT:
        raise Http404
    return application


@require_safe
def look(request: ActorRequest, pk: int) -> HttpResponse:
    application = own(request, pk)
    initial = {"ground": application.ground, "reason": application.reason}
    return _page(request, application, RefusalForm(initial=initial))


def _page(
    request: ActorRequest, application: Application, form: RefusalForm, status: int = 200
) -> HttpResponse:
    actor = request.actor
    readable = policy.may_read(actor, application)
    whole = queries.whole_of(application) if readable else None
    delivery = PaperDelivery.objects.filter(application=application).first()
    received = application.submitted_at
    offers = {one.step.name: one for one in APPLICATION.offers(application, actor)}
    following = (
        Application.objects.filter(round=application.round_id, state=State.SUBMITTED)
        .exclude(pk=application.pk)
        .order_by("number")
        .first()
    )
    return render(
        request,
        "prizes/look.html",
        {
            "application": application,
            "readable": readable,
            "whole": whole,
            "files": places.files_for(whole, personal=True) if whole else [],
            "receipt": Receipt.objects.filter(application=application).first(),
            "delivery": delivery,
            "records": list(nominee(application.organisation, application.round, received))
            if received
            else [],
            "lacks": list(checks.lacks(application.round.rules, delivery.papers))
            if delivery
            else [],
            "experience": list(checks.experience(whole)) if whole else [],
            "offers": offers,
            "admit": _admit(offers.get("admit")),
            "refuse": offers.get("refuse"),
            "others": [offers[name] for name in STEPS[2:] if name in offers],
            "form": form,
            "following": following,
        },
        status=status,
    )


def _admit(offer: Offer | None) -> Offer | None:
    """What the records say stands beside it already; below the button stands the rest."""
    if offer is None or not offer.open:
        return offer
    return Offer(offer.step, [one for one in offer.findings if one.code == "original_awaited"])


@require_POST
def step(request: ActorRequest, pk: int, name: str) -> HttpResponse:
    """Take one of the officer's steps."""
    application = own(request, pk)
    if name not in STEPS:
        raise Http404
    if name == "refuse":
        form = RefusalForm(request.POST)
        if form.is_valid():
            try:
                APPLICATION.take(name, application, actor=request.actor, **form.cleaned_data)
            except Refused as refused:
                put_beside(form, refused)
        if form.errors:
            return _page(request, application, form, status=422)
    else:
        APPLICATION.take(name, application, actor=request.actor)
    messages.success(request, _("Recorded."))
    return redirect("prizes:look", pk)
