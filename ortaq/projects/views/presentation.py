"""The final public presentation, and the page of results that everybody may read."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.people.actor import ActorRequest
from ortaq.projects.forms.report import ResultsForm
from ortaq.projects.procedure import presentation as procedure
from ortaq.projects.queries import report as queries
from ortaq.projects.queries.progress import progress_of

from .act import version_of
from .found import found
from .report import ending as tab

GET_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_POST)
def presentation(request: ActorRequest, pk: int) -> HttpResponse:
    """What was promised, its event and materials; the NGO writes the results for everybody."""
    project = found(request, pk)
    row = procedure.of(project)
    form = ResultsForm(request.POST if request.method == "POST" else None, instance=row)
    version, findings, status = row.version, [], 200
    if request.method == "POST":
        status = 422
        version = version_of(request)
        if form.is_valid():
            try:
                procedure.write(project, **form.cleaned_data, version=version, actor=request.actor)
            except Refused as refused:
                if not refused.has("results_changed"):
                    raise
                findings, status = refused.findings, 409
                version = procedure.of(project).version
            else:
                messages.success(request, _("Saved."))
                return redirect("projects:presentation", pk)
    return tab(
        request,
        project,
        "projects/presentation.html",
        status=status,
        presented=queries.presented(project),
        row=row,
        form=form,
        version=version,
        findings=findings,
        writes=procedure.writes(request.actor, project),
        publishes=procedure.publishes(request.actor, project),
    )


@require_POST
def publish(request: ActorRequest, pk: int) -> HttpResponse:
    """Publish the results, or take them back."""
    project = found(request, pk)
    if "take_back" in request.POST:
        procedure.take_back(project, actor=request.actor)
        messages.success(request, _("The results are not public any more."))
    else:
        procedure.publish(project, actor=request.actor)
        messages.success(request, _("The results are public."))
    return redirect("projects:presentation", pk)


@login_not_required
@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """What everybody may know of a project whose results are published: no personal data."""
    project = get_object_or_404(queries.published(), pk=pk)
    progress = progress_of(project, clock.today())
    return render(
        request, "projects/results.html", {"results": queries.results_of(project, progress)}
    )
