"""The declaration of one member, and the organiser's view of conflicts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ortaq.core.keys import key_of
from ortaq.faces.parts import Column
from ortaq.people.actor import ActorRequest
from ortaq.review import asking, composition, papers
from ortaq.review.forms import LONG, ImposeForm
from ortaq.review.models import Seat
from ortaq.review.procedure import PANEL, statement

from .shared import View, context, find

DECLARED = [
    Column(gettext_lazy("Applicant")),
    Column(gettext_lazy("Conflict of interest")),
    Column(gettext_lazy("Explanation")),
    Column(gettext_lazy("Declared")),
]
CONFLICTS = [
    Column(gettext_lazy("Member")),
    Column(gettext_lazy("Applicant")),
    Column(gettext_lazy("Known from")),
    Column(gettext_lazy("Conflict of interest")),
    Column(gettext_lazy("Since")),
]


def declaration(request: ActorRequest, pk: int) -> HttpResponse:
    """None, or a conflict with its explanation, for each applicant (GR-C-11)."""
    view = find(request, pk)
    if not view.is_member or view.seat is None or view.panel.state == "forming":
        raise Http404
    questions = asking.questions(view.panel, view.seat)
    if request.method == "POST" and asking.declared(PANEL, view.panel, questions, request):
        messages.success(request, _("Thank you: your declaration is kept."))
        return redirect("review:panel", pk)
    declared = view.seat.declarations.select_related("organisation").order_by(
        "organisation__sort", "id"
    )
    return render(
        request,
        "review/declaration.html",
        context(
            view,
            questions=questions,
            declared=declared,
            columns=DECLARED,
            longest=LONG,
            printed=view.panel.act in papers.DECLARATIONS,
            statement=statement.shown(request.actor.user, key_of(view.panel)),
        ),
    )


def conflicts(request: ActorRequest, pk: int) -> HttpResponse:
    """Who declared, who is recused from whom and how that is known; the organiser adds to it."""
    view = find(request, pk)
    if not view.runs:
        raise Http404
    form = None
    if view.organises and view.panel.state in PANEL["impose"].sources:
        form = ImposeForm(view.panel, request.POST or None)
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            PANEL.take("impose", view.panel, actor=request.actor, **_imposed(form))
            messages.success(request, _("The conflict of interest is recorded."))
            return redirect("review:conflicts", pk)
    return render(request, "review/conflicts.html", _conflicts(view, form))


def _imposed(form: ImposeForm) -> dict[str, Any]:
    return {
        "person": form.cleaned_data["seat"].person,
        "organisation": form.cleaned_data["applicant"].organisation,
        "explanation": form.cleaned_data["explanation"],
    }


def _conflicts(view: View, form: ImposeForm | None) -> Any:
    missing = composition.undeclared(view.panel)
    members = view.panel.seats.filter(until=None, role=Seat.Role.MEMBER).select_related("person")
    rows = view.panel.conflicts.select_related("person", "organisation").order_by("-since", "-id")
    return context(
        view,
        members=[
            (seat, missing.get(seat.pk, 0)) for seat in members.order_by("person__sort", "id")
        ],
        applicants=view.panel.applicants.count(),
        conflicts=rows,
        columns=CONFLICTS,
        findings=composition.after_recusals(view.panel),
        form=form,
    )
