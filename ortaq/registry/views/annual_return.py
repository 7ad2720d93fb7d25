"""The pages of the NGO database's annual returns."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ortaq.core import clock
from ortaq.faces.paging import key_page
from ortaq.faces.parts import Column
from ortaq.people.actor import ActorRequest
from ortaq.registry import policy, procedure, queries, returns
from ortaq.registry.forms import ReasonForm, ReturnForm
from ortaq.registry.models import AnnualReturn
from ortaq.registry.procedure import ANNUAL_RETURN

from .shared import history, offers, one_of, reason

RETURNS = [
    Column(gettext_lazy("Organisation")),
    Column(gettext_lazy("Reporting year"), numeric=True),
    Column(gettext_lazy("First sent")),
    Column(gettext_lazy("State")),
]


@require_safe
def returns_list(request: ActorRequest) -> HttpResponse:
    """The returns that the reader may see, the latest first."""
    search, year = request.GET.get("q", ""), request.GET.get("year", "")
    state = one_of(request.GET.get("state"), AnnualReturn.State.values)
    rows = queries.returns_list(
        queries.returns_visible_to(request.actor),
        search=search,
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        state=state,
    )
    context = {
        "page": key_page(rows, request.GET, order=("-year", "-sent_on", "-id"), size=queries.PAGE),
        "columns": RETURNS,
        "search": search,
        "year": year,
        "state": state,
        "narrowed": bool(search or year or state),
        "states": AnnualReturn.State.choices,
        "keeps_database": policy.keeps_database(request.actor),
    }
    return render(request, "registry/returns.html", context)


def record_return(request: ActorRequest) -> HttpResponse:
    """Record a return with its evidence."""
    if not policy.keeps_database(request.actor):
        raise Http404
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = procedure.record_return(form.save(commit=False), actor=request.actor)
        except IntegrityError:
            form.add_error("year", _("Somebody else recorded this return just now."))
        else:
            messages.success(request, _("The return is recorded."))
            return redirect("registry:annual_return", found.pk)
    return render(request, "registry/record_return.html", {"form": form})


@require_safe
def annual_return(request: ActorRequest, pk: int) -> HttpResponse:
    """One return, and whether the NGO's data are in time today."""
    found = get_object_or_404(queries.returns_visible_to(request.actor), pk=pk)
    context = {
        "annual_return": found,
        "due_on": returns.due_on(found.year),
        "finding": returns.in_time(found.organisation, clock.today()),
        "offers": offers(ANNUAL_RETURN, "registry:return_step", found, request.actor),
        "reason_form": ReasonForm(),
        "history": history(ANNUAL_RETURN, found),
    }
    return render(request, "registry/annual_return.html", context)


@require_POST
def return_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Approve, return for correction, record the corrected one."""
    found = get_object_or_404(queries.returns_visible_to(request.actor), pk=pk)
    if step not in ANNUAL_RETURN.steps:
        raise Http404
    ANNUAL_RETURN.take(step, found, actor=request.actor, reason=reason(request))
    messages.success(request, _("Done: %(state)s.") % {"state": found.get_state_display()})
    return redirect("registry:annual_return", found.pk)
