"""The act of services of a social order, and the closing of a project."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core.procedure import Offer, Refused
from ortaq.documents.downloads import paper_download, stored_download
from ortaq.people.actor import ActorRequest
from ortaq.projects import gates
from ortaq.projects.forms.report import ActForm, SignActForm
from ortaq.projects.models import Act, Contract, Project
from ortaq.projects.papers import act as papers
from ortaq.projects.policy import report as policy
from ortaq.projects.procedure import act as procedure
from ortaq.projects.procedure.act import ACT
from ortaq.projects.procedure.project import PROJECT

from .found import found
from .report import ending as tab

GET_POST = ["GET", "HEAD", "POST"]
TAKEN = ("supplier", "return", "customer")


def version_of(request: HttpRequest) -> int:
    """The version that a page showed; one that is no number fits none."""
    text = str(request.POST.get("version", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _social_order(request: ActorRequest, pk: int) -> Project:
    project = found(request, pk)
    if project.contract.instrument != Contract.Instrument.SOCIAL_ORDER:
        raise Http404
    return project


def _act(request: ActorRequest, pk: int) -> Act:
    project = _social_order(request, pk)
    row = get_object_or_404(Act.objects.select_related("scan"), project=project)
    row.project = project
    return row


@require_http_methods(GET_POST)
def act(request: ActorRequest, pk: int) -> HttpResponse:
    """The act, or the button that drafts it."""
    project = _social_order(request, pk)
    row = Act.objects.filter(project=project).select_related("scan").first()
    if row is None:
        if request.method == "POST":
            raise Http404
        may_draft = policy.drafts_act(request.actor, Act(project=project))
        return tab(request, project, "projects/act.html", act=None, may_draft=may_draft)
    row.project = project
    if request.method == "POST":
        return _edit(request, row)
    return _page(request, row)


@require_POST
def draft(request: ActorRequest, pk: int) -> HttpResponse:
    project = _social_order(request, pk)
    procedure.draft(project, actor=request.actor)
    return redirect("projects:act", pk)


def _edit(request: ActorRequest, row: Act) -> HttpResponse:
    if not policy.drafts_act(request.actor, row):
        raise PermissionDenied
    form = ActForm(request.POST, instance=Act(project=row.project))
    if not form.is_valid():
        return _page(request, row, form=form, status=422)
    values = {name: form.cleaned_data[name] for name in procedure.FIELDS}
    try:
        ACT.take("edit", row, actor=request.actor, version=version_of(request), values=values)
    except Refused as refused:
        if not refused.has("changed_meanwhile", "sum_over_contract"):
            raise
        row.refresh_from_db(fields=["version"])
        return _page(request, row, form=form, findings=refused.findings, status=409)
    messages.success(request, _("Saved."))
    return redirect("projects:act", row.project_id)


def _page(
    request: ActorRequest, row: Act, *, form: Any = None, status: int = 200, **context: Any
) -> HttpResponse:
    offers: dict[str, Offer] = {one.step.name: one for one in ACT.offers(row, request.actor)}
    if waiting := offers.get("return"):
        waiting.findings.clear()  # the remark is asked for beside the button
    return tab(
        request,
        row.project,
        "projects/act.html",
        status=status,
        act=row,
        offers=offers,
        form=form or ActForm(instance=row),
        sign_form=context.pop("sign_form", None) or SignActForm(),
        gate=gates.evaluation(row.project) if row.state != Act.State.SIGNED else [],
        papers=papers.LANGUAGES,
        **context,
    )


@require_POST
def take(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Sign for the supplier or the customer, or return."""
    if step not in TAKEN:
        raise Http404
    row = _act(request, pk)
    facts: dict[str, Any] = {}
    if step == "return":
        facts["remark"] = request.POST.get("remark", "")[:20_000]
    if step == "customer":
        form = SignActForm(request.POST, request.FILES)
        try:
            facts["scan"] = form.stored(request.actor.user) if form.is_valid() else None
        except ValidationError as error:
            form.add_error("scan", error)
        if form.errors:
            return _page(request, row, sign_form=form, status=422)
    ACT.take(step, row, actor=request.actor, **facts)
    messages.success(request, _("Done: %(step)s.") % {"step": str(ACT[step].title)})
    return redirect("projects:act", pk)


@require_safe
def paper(request: ActorRequest, pk: int, language: str, kind: str) -> FileResponse:
    row = _act(request, pk)
    if language not in papers.LANGUAGES:
        raise Http404
    return paper_download(papers.act(row, language), kind, f"act-{pk}-{language}")


@require_safe
def scan(request: ActorRequest, pk: int) -> FileResponse:
    """The scan of the signed act."""
    row = _act(request, pk)
    if row.scan is None:
        raise Http404
    return stored_download(row.scan)


@require_POST
def close(request: ActorRequest, pk: int) -> HttpResponse:
    """Close the project: the last step of the body."""
    project = found(request, pk)
    PROJECT.take("close", project, actor=request.actor)
    messages.success(request, _("The project is closed."))
    return redirect("projects:project", pk)
