"""The list of a project's reports, and their schedule."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.people.actor import ActorRequest
from ortaq.projects.forms.report import ScheduleForm
from ortaq.projects.models import Contract
from ortaq.projects.policy import project as of_project
from ortaq.projects.procedure import schedule as schedules
from ortaq.projects.procedure.schedule import Round
from ortaq.projects.queries import report as queries

from .found import found
from .report import GET_POST, tab


@require_safe
def reports(request: ActorRequest, pk: int) -> HttpResponse:
    """All reports of a project; what is proposed where nothing is set."""
    project = found(request, pk)
    pairs = queries.pairs_of(project, request.actor)
    return tab(
        request,
        project,
        "projects/report_list.html",
        pairs=pairs,
        proposal=schedules.proposal(project) if not pairs else [],
        is_grant=project.contract.instrument == Contract.Instrument.GRANT,
        today=clock.today(),
    )


@require_POST
def make(request: ActorRequest, pk: int) -> HttpResponse:
    """One button: the report that is next, filled from the records."""
    project = found(request, pk)
    made = schedules.make(project, final="final" in request.POST, actor=request.actor)
    return redirect("projects:report", pk, made.pk)


@require_http_methods(GET_POST)
def schedule(request: ActorRequest, pk: int) -> HttpResponse:
    """Periods and due days, set by the body."""
    project = found(request, pk)
    if not of_project.accepts(request.actor, project):
        raise PermissionDenied
    rounds = [
        Round(pair.is_final, pair.first.period_from, pair.first.period_to, pair.first.due_on)
        for pair in queries.pairs_of(project, request.actor)
    ] or schedules.proposal(project)
    form = ScheduleForm(request.POST if request.method == "POST" else None, rounds=rounds)
    findings, status = [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                schedules.schedule(project, form.rounds(), actor=request.actor)
            except Refused as refused:
                findings = refused.findings
            else:
                messages.success(request, _("The schedule of reports is set."))
                return redirect("projects:reports", pk)
    return tab(
        request,
        project,
        "projects/report_schedule.html",
        status=status,
        form=form,
        findings=findings,
    )
