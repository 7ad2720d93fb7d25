"""The social effect of a project, planned and done, and whom it reached beyond its events (GR-I-10)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.people.actor import ActorRequest
from ortaq.projects import once
from ortaq.projects.forms import RemarkForm
from ortaq.projects.forms.reach import AudienceForm, NgosForm
from ortaq.projects.models import Project, Reach
from ortaq.projects.policy import project as policy
from ortaq.projects.procedure import reach as procedure
from ortaq.projects.queries import reach as queries

from .evidence import tell
from .found import found, recording, tab

GET_POST = ["GET", "HEAD", "POST"]
Kind = Reach.Kind


@require_http_methods(GET_POST)
def effect(request: ActorRequest, pk: int) -> HttpResponse:
    """Block IV against what was done; whoever records enters audiences and NGOs."""
    project = found(request, pk)
    if request.method != "POST":
        return _effect(request, project)
    if not policy.records(request.actor, project):
        raise PermissionDenied
    kind = Kind.NGO if request.POST.get("kind") == Kind.NGO else Kind.INDIRECT
    form: Any = NgosForm(request.POST) if kind == Kind.NGO else AudienceForm(request.POST)
    sent = once.read(request.POST.get("once"))
    if form.is_valid():
        try:
            procedure.record(
                project, sent, kind, form.cleaned_data["day"], form.lines(), actor=request.actor
            )
        except Refused as refused:
            if not tell(form, refused):
                raise
        else:
            messages.success(request, _("Saved."))
            return redirect("projects:project_effect", project.pk)
    return _effect(request, project, 422, **{kind: form, "once": sent})


def _effect(
    request: ActorRequest, project: Project, status: int = 200, **context: Any
) -> HttpResponse:
    forms: dict[str, Any] = {}
    if policy.records(request.actor, project):
        today = {"day": clock.today()}
        forms = {
            "indirect": context.get("indirect") or AudienceForm(initial=today),
            "ngo": context.get("ngo")
            or NgosForm(initial=today, offered=queries.ngos_to_offer(project)),
            "once": once.new(),
        }
    return tab(
        request,
        project,
        "projects/project_effect.html",
        status=status,
        in_about=True,
        effect=queries.effect_of(project),
        page=queries.lines_of(project, request.GET),
        **{"remark_form": RemarkForm(), **forms, **context},
    )


@require_POST
def strike(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """Strike out a line with the reason."""
    project = recording(request, pk)
    get_object_or_404(Reach, project=project, number=number)
    form = RemarkForm(request.POST)
    if form.is_valid():
        try:
            procedure.strike(project, number, form.cleaned_data["remark"], actor=request.actor)
        except Refused as refused:
            if not tell(form, refused):
                raise
        else:
            messages.success(request, _("The line is struck out."))
            return redirect("projects:project_effect", project.pk)
    return _effect(request, project, 422, remark_form=form, striking=number)
