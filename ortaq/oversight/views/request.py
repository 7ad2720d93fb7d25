"""Documents that monitoring asks for: at the visit, one request for both sides, and what is asked of the NGO in a project."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.documents.downloads import stored_download
from ortaq.faces.beside import put_beside
from ortaq.oversight.forms.followup import AnswerForm, RequestForm, ReturnForm
from ortaq.oversight.models import DocumentRequest, Visit
from ortaq.oversight.policy.visit import works_at
from ortaq.oversight.procedure import request as procedure
from ortaq.oversight.procedure.request import REQUEST
from ortaq.oversight.queries import followup as queries
from ortaq.people.actor import ActorRequest
from ortaq.projects import once
from ortaq.projects.models import Contract
from ortaq.projects.policy import project as of_project
from ortaq.projects.views.found import found
from ortaq.projects.views.found import tab as project_page

from .beside import answered
from .found import open_offers, visit_at_work, visit_tab

GET_POST = ["GET", "HEAD", "POST"]
TAKEN = ("accept", "again", "withdraw")


@require_http_methods(GET_POST)
def requests(request: ActorRequest, pk: int) -> HttpResponse:
    """What was asked for at a visit, and the form of another request."""
    visit = visit_at_work(request, pk)
    posted = request.method == "POST"
    form = RequestForm(request.POST if posted else None)
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            procedure.ask(
                visit,
                once.read(given["once"]),
                what=given["what"],
                ground=given["ground"],
                due_on=given["due_on"],
                actor=request.actor,
            )
        except Refused as refused:
            put_beside(form, refused)
        else:
            messages.success(request, _("The NGO is asked; its people get a letter."))
            return redirect("oversight:requests", pk)
    return visit_tab(
        request,
        visit,
        "oversight/requests.html",
        status=422 if posted else 200,
        rows=list(visit.requests.all()),
        today=clock.today(),
        form=form,
        writes=visit.state == Visit.State.STARTED,
        in_requests=True,
    )


def _one(request: ActorRequest, pk: int) -> DocumentRequest:
    return get_object_or_404(queries.requests_visible_to(request.actor), pk=pk)


@require_http_methods(GET_POST)
def request_page(request: ActorRequest, pk: int) -> HttpResponse:
    """One request. A post is the NGO's answer."""
    row = _one(request, pk)
    if request.method != "POST":
        return _page(request, row)
    if not REQUEST["answer"].by(request.actor, row):
        raise Http404
    form = AnswerForm(request.POST, request.FILES)
    if answered(request, REQUEST, "answer", row, form, files=lambda: {"files": form.files_here}):
        messages.success(request, _("The answer is sent."))
        return redirect("oversight:request", pk)
    return _page(request, row, form=form, status=422)


def _page(
    request: ActorRequest,
    row: DocumentRequest,
    *,
    form: AnswerForm | None = None,
    again: ReturnForm | None = None,
    status: int = 200,
) -> HttpResponse:
    project = row.visit.plan.project
    return render(
        request,
        "oversight/request.html",
        {
            "row": row,
            "visit": row.visit,
            "project": project,
            "contract": project.contract,
            "files": list(row.files.order_by("pk")),
            "works": works_at(request.actor, row.visit),
            "carries_out": of_project.is_ngo(request.actor, project),
            "offers": open_offers(REQUEST, row, request.actor),
            "form": form or AnswerForm(),
            "again": again or ReturnForm(),
            "today": clock.today(),
        },
        status=status,
    )


@require_POST
def take(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Receive in full, ask again, withdraw."""
    if step not in TAKEN:
        raise Http404
    row = _one(request, pk)
    facts: dict[str, Any] = {}
    if step != "accept":
        form = ReturnForm(request.POST)
        if not form.is_valid():
            return _page(request, row, again=form, status=422)
        facts = dict(form.cleaned_data)
        try:
            REQUEST.take(step, row, actor=request.actor, **facts)
        except Refused as refused:
            put_beside(form, refused)
            return _page(request, row, again=form, status=422)
    else:
        REQUEST.take(step, row, actor=request.actor)
    messages.success(request, _("Done: %(step)s.") % {"step": str(REQUEST[step].title)})
    return redirect("oversight:request", pk)


@require_safe
def file(request: ActorRequest, pk: int, number: int) -> FileResponse:
    """A file that the NGO gave, for it and for those who do the visit."""
    row = _one(request, pk)
    return stored_download(get_object_or_404(row.files.all(), pk=number))


# --- The NGO -----------------------------------------------------------------------------------------


@require_safe
def asked_of_ngo(request: ActorRequest, pk: int) -> HttpResponse:
    """What oversight asks of the NGO in a project: requests, corrective actions, visits and their reports."""
    project = found(request, pk)
    if project.contract.instrument != Contract.Instrument.SOCIAL_ORDER or not of_project.is_ngo(
        request.actor, project
    ):
        raise Http404
    return project_page(
        request,
        project,
        "oversight/asked_of_ngo.html",
        requests=queries.asked_of(request.actor, project),
        actions=queries.to_mend(request.actor, project),
        visits=queries.begun(request.actor, project),
        today=clock.today(),
    )
