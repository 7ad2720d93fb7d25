"""Pages of a civic (resource) centre: its package, its base of consumers (Standard ¶23, ¶24, ¶43-46, ¶52)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ortaq.core.procedure import Refused
from ortaq.people.actor import ActorRequest
from ortaq.projects import standard
from ortaq.projects.forms.centre import CentreForm
from ortaq.projects.models import Project
from ortaq.projects.policy import project as policy
from ortaq.projects.procedure import centre as procedure
from ortaq.projects.procedure.participant import note_reading
from ortaq.projects.queries import centre as queries
from ortaq.projects.queries import consultation as consultations

from .evidence import tell
from .found import found, tab

GET_POST = ["GET", "HEAD", "POST"]
# ¶23, point by point.
CONDITIONS = {
    "base": gettext_lazy("Base of consumers: citizens and organisations"),
    "specialists": gettext_lazy("Specialists who gave consultations"),
    "publications": gettext_lazy("Publications on course and results"),
    "visits": gettext_lazy("Consultations with a visit to the consumer"),
}


def _centre(request: ActorRequest, pk: int) -> Project:
    """The project of a civic centre; the same 404 for every other one."""
    project = found(request, pk)
    if not project.is_civic_centre:
        raise Http404
    return project


@require_safe
def centre(request: ActorRequest, pk: int) -> HttpResponse:
    """The package of services with its figures, the conditions, what the centre tells of itself."""
    project = _centre(request, pk)
    row = queries.centre_of(project)
    conditions = queries.conditions(project)
    published = any(one.count for one in conditions if one.key == "publications")
    return tab(
        request,
        project,
        "projects/centre.html",
        centre=row,
        services=queries.package(project),
        conditions=[(CONDITIONS[one.key], one.count) for one in conditions],
        findings=queries.findings_of(project, row, published=published),
        needs_level=queries.needs_level(project, row),
        guidance=standard.is_guidance(project),
        people=policy.sees_people(request.actor, project),
    )


@require_safe
def service(request: ActorRequest, pk: int, key: str) -> HttpResponse:
    """One service of the package: its events, each with what its tables say."""
    project = _centre(request, pk)
    if key not in queries.SERVICES:
        raise Http404
    page, events = queries.events_of(project, key, request.GET)
    journal = consultations.journal_of(project) if key == "consultation" else None
    label = next(one.label for one in queries.package(project) if one.key == key)
    return tab(
        request,
        project,
        "projects/centre_service.html",
        service_label=label,
        page=page,
        events=events,
        journal=journal,
        guidance=standard.is_guidance(project),
    )


@require_safe
def base(request: ActorRequest, pk: int) -> HttpResponse:
    """The base of consumers: who was served, and how often."""
    project = _centre(request, pk)
    if not policy.sees_people(request.actor, project):
        raise PermissionDenied
    note_reading(project, request.actor)
    page = queries.base(project, request.GET)
    return tab(request, project, "projects/centre_base.html", page=page, asked=request.GET)


@require_http_methods(GET_POST)
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    """What the centre tells of itself and works with."""
    project = _centre(request, pk)
    if not policy.records(request.actor, project):
        raise PermissionDenied
    row = queries.centre_of(project)
    sent = request.method == "POST"
    form = CentreForm(request.POST if sent else None, centre=row)
    if sent and form.is_valid():
        version = request.POST.get("version", "")
        seen = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else -1
        try:
            procedure.edit(project, seen, actor=request.actor, **form.cleaned_data)
        except Refused as refused:
            if not tell(form, refused):
                raise
        else:
            messages.success(request, _("Saved."))
            return redirect("projects:centre", project.pk)
    return tab(
        request,
        project,
        "projects/centre_edit.html",
        status=422 if sent else 200,
        form=form,
        centre=row,
    )
