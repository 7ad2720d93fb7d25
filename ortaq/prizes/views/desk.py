"""The organiser's pages: prepare the prize, announce it, see what came in, register paper, publish the list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import journal
from ortaq.core.procedure import Offer, Refused
from ortaq.faces.beside import put_beside
from ortaq.faces.parts import Conflict, Difference
from ortaq.people.actor import ActorRequest
from ortaq.people.models import User
from ortaq.people.policy import is_authorised_body
from ortaq.planning.forms.merging import merged
from ortaq.prizes.forms.application import DeliveryForm
from ortaq.prizes.forms.round import DirectionsForm, TextsForm, YearForm
from ortaq.prizes.models import Application, Round
from ortaq.prizes.policy.round import organises
from ortaq.prizes.procedure import round_draft as draft
from ortaq.prizes.procedure.application_delivery import register
from ortaq.prizes.procedure.round import ROUND
from ortaq.prizes.queries import round as queries
from ortaq.projects.queries.contract import history_of

from . import round as pages

GET_POST = ["GET", "HEAD", "POST"]
State = Round.State
# Steps that need no facts of their own and so are taken by one button of the desk.
BY_ONE_BUTTON = frozenset({"announce", "list"})


def own(request: ActorRequest, year: int) -> Round:
    """The round if the actor answers for its organiser; the same 404 otherwise."""
    one = pages.found(request, year)
    if not organises(request.actor, one):
        raise Http404
    return one


@require_http_methods(GET_POST)
def new(request: ActorRequest) -> HttpResponse:
    """Begin the prize of a year, quietly."""
    actor = request.actor
    if not is_authorised_body(actor) or actor.acting_for is None:
        raise PermissionDenied
    form = YearForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            one = draft.begin(actor.acting_for, form.cleaned_data["year"], actor=actor)
        except Refused as refused:
            put_beside(form, refused)
        else:
            return redirect("prizes:desk", one.year)
    status = 422 if form.errors else 200
    return render(request, "prizes/round_new.html", {"form": form}, status=status)


@require_safe
def desk(request: ActorRequest, year: int) -> HttpResponse:
    """Where the round stands, what comes next and what is in its way."""
    one = own(request, year)
    offers = {offer.step.name: offer for offer in ROUND.offers(one, request.actor)}
    announce = offers.get("announce")
    rows = [] if one.state == State.DRAFT else queries.desk(one)
    open_ = sum(row.state == Application.State.SUBMITTED for row in rows)
    return render(
        request,
        "prizes/desk.html",
        {
            "round": one,
            "directions": one.directions.all(),
            "stages": queries.stages(one),
            "missing": announce.findings if announce else [],
            "links": _links(one) if announce else {},
            # What it lacks stands once, above its button.
            "announce": Offer(announce.step, []) if announce and announce.open else None,
            "publish_list": offers.get("list"),
            "discard": offers.get("discard"),
            "rows": rows,
            "open": open_,
            "decided": sum(row.looked_at is not None for row in rows),
            "withdrawn": sum(row.state == Application.State.WITHDRAWN for row in rows),
            "takes_paper": one.state in (State.ANNOUNCED, State.CHECKING),
            "entries": history_of(one, _titles()),
        },
    )


def _titles() -> dict[str, Any]:
    """What was done, in the words of the journal."""
    return {
        **{name: step.title for name, step in ROUND.steps.items()},
        "begin": _("Begin the prize of the year"),
        "edit": _("Write the texts of the announcement"),
        "choose_directions": _("Choose directions and sums"),
        "refused": _("A step was refused"),
    }


def _links(one: Round) -> dict[str, str]:
    """Where each thing is mended, by what its finding is about."""
    texts = reverse("prizes:round_texts", args=[one.year])
    sums = reverse("prizes:round_directions", args=[one.year])
    links = {name: f"{texts}#id_{name}" for name in draft.texts()}
    links["directions"] = sums
    return links | {
        f"direction-{row.field}": f"{sums}#id_sum-{row.field}" for row in one.directions.all()
    }


@require_http_methods(GET_POST)
def texts(request: ActorRequest, year: int) -> HttpResponse:
    """The texts; what another officer changed meanwhile is merged, field by field."""
    one = _draft(request, year)
    form = TextsForm(request.POST or None, found=one)
    conflict = None
    if request.method == "POST" and form.is_valid():
        stored = {name: getattr(one, name) for name in form.fields}
        values, differences = merged(form, stored)
        if differences:
            conflict = _conflict(one, differences)
        else:
            draft.edit(one, values, actor=request.actor)
            messages.success(request, _("The draft is saved."))
            return redirect("prizes:desk", one.year)
    status = 409 if conflict else 422 if form.errors else 200
    context = {"round": one, "form": form, "conflict": conflict}
    return render(request, "prizes/round_texts.html", context, status=status)


def _conflict(one: Round, differences: list[Difference]) -> Conflict:
    """Who saved last, and where the two texts differ."""
    last = journal.history(one).last()
    assert last is not None  # the draft was begun
    key = last.actor.partition(":")[2]
    person = User.objects.filter(pk=int(key)).first() if key else None
    return Conflict(person.full_name if person else _("A colleague"), last.at, differences)


@require_http_methods(GET_POST)
def directions(request: ActorRequest, year: int) -> HttpResponse:
    """Which directions there are prizes in, and of what size (PR-004, PR-034)."""
    one = _draft(request, year)
    least = draft.least_sum(one.rules)
    form = DirectionsForm(request.POST or None, found=one, least=least)
    if request.method == "POST" and form.is_valid():
        draft.choose_directions(one, form.sums(), actor=request.actor)
        messages.success(request, _("The directions are saved."))
        return redirect("prizes:desk", one.year)
    context = {
        "round": one,
        "form": form,
        "least": least,
        "rule": one.rules.parameter("prize.amount_min"),
    }
    status = 422 if form.errors else 200
    return render(request, "prizes/round_directions.html", context, status=status)


def _draft(request: ActorRequest, year: int) -> Round:
    one = own(request, year)
    if one.state != State.DRAFT:
        raise Http404
    return one


@require_POST
def step(request: ActorRequest, year: int, name: str) -> HttpResponse:
    """Take a step that one button takes."""
    one = own(request, year)
    if name not in BY_ONE_BUTTON:
        raise Http404
    ROUND.take(name, one, actor=request.actor)
    said = {
        "announce": _("The prize is announced; NGOs get a letter."),
        "list": _("The list of applicants is published; each applicant gets a letter."),
    }
    messages.success(request, said[name])
    return redirect("prizes:desk", one.year)


@require_POST
def discard(request: ActorRequest, year: int) -> HttpResponse:
    """Throw a draft away."""
    ROUND.take("discard", own(request, year), actor=request.actor)
    messages.success(request, _("The draft is discarded."))
    return redirect("prizes:rounds")


@require_http_methods(GET_POST)
def deliver(request: ActorRequest, year: int) -> HttpResponse:
    """Register an application that came on paper (PR-013)."""
    one = own(request, year)
    if one.state not in (State.ANNOUNCED, State.CHECKING):
        raise Http404
    form = DeliveryForm(request.POST or None, request.FILES or None, found=one)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        assert form.organisation is not None  # `clean_bin` saw to it
        try:
            application = register(
                given["direction"],
                form.organisation,
                actor=request.actor,
                received_at=given["received_at"],
                way=given["way"],
                once=given["once"],
                language=given["language"],
                carrier=given["carrier"],
                papers=form.sheets(),
                account=form.account(),
                scans=given["scans"],
            )
        except Refused as refused:
            put_beside(form, refused)
        except ValidationError as error:
            form.add_error("scans", error)
        else:
            number = application.number
            messages.success(
                request, _("Application %(number)s is registered.") % {"number": number}
            )
            return redirect("prizes:desk", one.year)
    status = 422 if form.errors else 200
    return render(request, "prizes/delivery.html", {"round": one, "form": form}, status=status)
