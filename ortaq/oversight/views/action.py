"""Corrective actions: the list that a body follows up, and one action for both sides."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.documents.downloads import long_table, stored_download, table_download
from ortaq.faces.beside import put_beside
from ortaq.oversight import work
from ortaq.oversight.forms.followup import DoneForm, ReturnForm
from ortaq.oversight.models import CorrectiveAction
from ortaq.oversight.policy.visit import of_body, works_at
from ortaq.oversight.procedure.action import ACTION
from ortaq.oversight.queries import followup as queries
from ortaq.people.actor import ActorRequest
from ortaq.people.policy import is_authorised_body, is_state_body
from ortaq.projects.policy import project as of_project

from .beside import answered
from .found import open_offers

GET_POST = ["GET", "HEAD", "POST"]
TAKEN = ("confirm", "back", "drop")
SHOWN = [
    ("open", gettext_lazy("not confirmed yet")),
    ("late", gettext_lazy("past their day")),
    ("done", gettext_lazy("reported as done")),
    ("confirmed", gettext_lazy("confirmed")),
    ("dropped", gettext_lazy("no longer asked for")),
]


@require_safe
def actions(request: ActorRequest) -> HttpResponse:
    """What the body follows up over all its projects, the earliest day first."""
    if not (is_state_body | is_authorised_body)(request.actor):
        raise Http404
    today = clock.today()
    return render(
        request,
        "oversight/actions.html",
        {
            "page": queries.page_of_actions(request.actor, request.GET, today),
            "asked": {name: request.GET.get(name, "")[:200] for name in ("q", "show")},
            "shown": SHOWN,
            "today": today,
        },
    )


@require_http_methods(GET_POST)
def table(request: ActorRequest) -> HttpResponseBase:
    """The same list, all pages of it, as a workbook; a long one is written by the worker, once it is asked for."""
    if not (is_state_body | is_authorised_body)(request.actor):
        raise Http404
    if request.method == "POST":
        told = work.asked_of_actions(request.GET)
        asked = work.ask("corrective_actions", "", request.actor, **told)
        return redirect("portal:work", asked.pk)
    rows = queries.actions_of_body(request.actor, request.GET, clock.today())
    if work.is_long(rows.count()):
        return long_table(request, _("Corrective actions"))
    return table_download([work.actions(rows)], "corrective-actions")


def _one(request: ActorRequest, pk: int) -> CorrectiveAction:
    return get_object_or_404(queries.actions_visible_to(request.actor), pk=pk)


@require_http_methods(GET_POST)
def action(request: ActorRequest, pk: int) -> HttpResponse:
    """One corrective action. A post says that it is done."""
    row = _one(request, pk)
    if request.method != "POST":
        return _page(request, row)
    if not ACTION["done"].by(request.actor, row):
        raise Http404
    form = DoneForm(request.POST, request.FILES)
    if answered(request, ACTION, "done", row, form, files=lambda: {"proof": form.file}):
        messages.success(request, _("It is reported as done; the state body will look at it."))
        return redirect("oversight:action", pk)
    return _page(request, row, form=form, status=422)


def _page(
    request: ActorRequest,
    row: CorrectiveAction,
    *,
    form: DoneForm | None = None,
    back: ReturnForm | None = None,
    status: int = 200,
) -> HttpResponse:
    visit = row.observation.visit
    project = visit.plan.project
    return render(
        request,
        "oversight/action.html",
        {
            "row": row,
            "visit": visit,
            "project": project,
            "contract": project.contract,
            "works": works_at(request.actor, visit),
            "is_body": of_body(request.actor, visit),
            "carries_out": of_project.is_ngo(request.actor, project),
            "offers": open_offers(ACTION, row, request.actor),
            "form": form or DoneForm(initial={"answer": row.answer}),
            "back": back or ReturnForm(),
            "today": clock.today(),
        },
        status=status,
    )


@require_POST
def take(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Confirm, send back, no longer ask for it."""
    if step not in TAKEN:
        raise Http404
    row = _one(request, pk)
    if step == "confirm":
        ACTION.take(step, row, actor=request.actor)
    else:
        form = ReturnForm(request.POST)
        if not form.is_valid():
            return _page(request, row, back=form, status=422)
        try:
            ACTION.take(step, row, actor=request.actor, **form.cleaned_data)
        except Refused as refused:
            put_beside(form, refused)
            return _page(request, row, back=form, status=422)
    messages.success(request, _("Done: %(step)s.") % {"step": str(ACTION[step].title)})
    return redirect("oversight:action", pk)


@require_safe
def proof(request: ActorRequest, pk: int) -> FileResponse:
    row = _one(request, pk)
    if row.proof is None:
        raise Http404
    return stored_download(row.proof)
