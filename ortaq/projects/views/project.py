"""Pages of projects: the list, the overview of one, its plan, what it is, its settings and its journal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.people.actor import ActorRequest
from ortaq.projects import risks
from ortaq.projects.forms import RemarkForm
from ortaq.projects.forms.project import IndicatorForm, PlacesForm, SettingsForm
from ortaq.projects.models import Activity, Contract, Indicator, Project
from ortaq.projects.policy import project as policy
from ortaq.projects.policy.contract import sees_contacts
from ortaq.projects.procedure.project import ANNOTATE, PLACES, PROJECT, SETTINGS, TERMINATE
from ortaq.projects.queries import about, progress, promised, versions, years
from ortaq.projects.queries import project as queries
from ortaq.projects.queries.burn import burn_of
from ortaq.projects.queries.coming import coming_of
from ortaq.projects.queries.reach import effect_of, reached
from ortaq.projects.queries.risks import condition_of

from .found import found, tab
from .links import address

GET_POST = ["GET", "HEAD", "POST"]
# What the plan may be narrowed to: indicators in these states.
SHOWN = {
    "open": (progress.LATE, progress.BEGUN, progress.AHEAD),
    "late": (progress.LATE,),
    "done": (progress.DONE,),
    "unread": (progress.UNREAD,),
}


@require_safe
def projects(request: ActorRequest) -> HttpResponse:
    """The projects of the organisation acted for, those in the deepest trouble first."""
    today = clock.today()
    page = queries.project_list(request.actor, request.GET, today)
    asked = {
        name: request.GET.get(name, "")[:200] for name in ("q", "state", "trouble", "instrument")
    }
    return render(
        request,
        "projects/project_list.html",
        {
            "page": page,
            "rows": queries.glances(page.rows, today),
            "asked": asked,
            "narrowed": any(asked.values()),
            "states": Project.State.choices,
            "levels": [(str(key), label) for key, label in Project.Trouble.choices],
            "instruments": Contract.Instrument.choices,
        },
    )


@require_safe
def overview(request: ActorRequest, pk: int) -> HttpResponse:
    """How the project stands at one glance, what comes, what may go wrong and where to mend it."""
    project, today = found(request, pk), clock.today()
    plan = progress.progress_of(project, today)
    found_risks = risks.findings(condition_of(project, plan))
    level = risks.trouble(found_risks)
    return tab(
        request,
        project,
        "projects/project_overview.html",
        today=today,
        progress=plan,
        level=level,
        tone=queries.TONES[level],
        gauges=queries.whole_of(project, today),
        risks=[(one, address(pk, one.about)) for one in found_risks],
        coming=[(one, address(pk, one.about)) for one in coming_of(project, plan, today)],
        burn=burn_of(project, today),
        rating=queries.rating_of(project),
        reached=reached(project),
    )


@require_safe
def plan(request: ActorRequest, pk: int) -> HttpResponse:
    """Block III against what was done, with what was signed beside what changed; year by year where it lasts several."""
    project = found(request, pk)
    whole = progress.with_places(progress.progress_of(project, clock.today()), project)
    by_year = years.by_year(project, whole)
    year = next((one.year for one in by_year if str(one.year) == request.GET.get("year")), None)
    if year is not None:
        years.narrow(whole, year)
    show = request.GET.get("show", "")
    if show in SHOWN:
        progress.narrow(whole, SHOWN[show])
    return tab(
        request,
        project,
        "projects/project_plan.html",
        in_plan=True,
        progress=whole,
        gone=promised.beside_signed(whole, project),
        expected=project.contract.general.get("expected_results", ""),
        show=show if show in SHOWN else "",
        years=by_year,
        year=year,
        may_set=policy.may_set(request.actor, project),
        only_low=progress.only_low_levels(whole),
    )


@require_safe
def plan_as_of(request: ActorRequest, pk: int) -> HttpResponse:
    """Activities and indicators as they stood on a day: what was signed, and every change approved by then (GR-I-15)."""
    project = found(request, pk)
    return tab(
        request,
        project,
        "projects/project_versions.html",
        in_plan=True,
        **versions.asked_for(project, request.GET),
    )


@require_safe
def about_it(request: ActorRequest, pk: int) -> HttpResponse:
    """Blocks I, II and IV: what the project is, who carries it out, its social effect; settings."""
    project = found(request, pk)
    sees = sees_contacts(request.actor, project.contract)
    team = about.team_of(project, contacts=sees)
    partners = list(project.contract.partners.all())
    return tab(
        request,
        project,
        "projects/project_about.html",
        in_about=True,
        general=promised.general_of(project),
        team=team,
        contacts=sees,
        partners=partners,
        effect=effect_of(project),
        may_set=policy.may_set(request.actor, project),
    )


@require_http_methods(GET_POST)
def settings(request: ActorRequest, pk: int) -> HttpResponse:
    """Manager, level, civic centre; for the body also the end before its time."""
    project = found(request, pk)
    if not policy.may_set(request.actor, project):
        raise PermissionDenied
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=project)
    status, refusal = 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            fresh = found(request, pk)  # the form has put what was typed into its own copy
            try:
                PROJECT.take(
                    SETTINGS,
                    fresh,
                    actor=request.actor,
                    version=_version(request),
                    values=form.cleaned_data,
                )
            except Refused as refused:
                if not refused.has("changed_meanwhile"):
                    raise
                refusal, status, project = refused.findings, 409, fresh
            else:
                messages.success(request, _("Saved."))
                return redirect("projects:project_about", pk)
    return _settings(request, project, form, status=status, findings=refusal)


def _settings(
    request: ActorRequest, project: Project, form: SettingsForm, **context: Any
) -> HttpResponse:
    offers = {one.step.name: one for one in PROJECT.offers(project, request.actor, reason="?")}
    return tab(
        request,
        project,
        "projects/project_settings.html",
        in_about=True,
        form=form,
        version=project.version,
        terminate=offers.get(TERMINATE.name),
        **context,
    )


def _version(request: ActorRequest) -> int:
    """The version that the page showed; one that is no number fits none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


@require_POST
def terminate(request: ActorRequest, pk: int) -> HttpResponse:
    """End the project before its time, with the reason (GR-I-16: no source sets grounds)."""
    project = found(request, pk)
    form = RemarkForm(request.POST)
    reason = form.cleaned_data["remark"] if form.is_valid() else ""
    PROJECT.take(TERMINATE, project, actor=request.actor, reason=reason)
    messages.success(request, _("The project is ended before its time."))
    return redirect("projects:project", pk)


@require_http_methods(GET_POST)
def indicator(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """What is noted of one indicator: level, who set it, source, scale."""
    project = found(request, pk)
    if not policy.may_set(request.actor, project):
        raise PermissionDenied
    row = get_object_or_404(
        Indicator.objects.select_related("activity"),
        pk=number,
        activity__contract=project.contract_id,
    )
    form = IndicatorForm(request.POST if request.method == "POST" else None, instance=row)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            fresh = get_object_or_404(Indicator, pk=number)
            PROJECT.take(
                ANNOTATE, project, actor=request.actor, indicator=fresh, values=form.values()
            )
            messages.success(request, _("Saved."))
            return redirect(address(pk, f"activity-{row.activity_id}"))
        status = 422
    return tab(
        request,
        project,
        "projects/project_indicator.html",
        status=status,
        in_plan=True,
        form=form,
        indicator=row,
    )


@require_http_methods(GET_POST)
def places(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """Region and number of events of the places of one activity (IM-010)."""
    project = found(request, pk)
    if not policy.may_set(request.actor, project):
        raise PermissionDenied
    activity = get_object_or_404(Activity, pk=number, contract=project.contract_id)
    sent = request.method == "POST"
    form = PlacesForm(
        request.POST if sent else None,
        activity.places.all(),
        mends=policy.is_body(request.actor, project),
    )
    status = 200
    if sent:
        status = 422
        if form.is_valid():
            try:
                PROJECT.take(
                    PLACES, project, actor=request.actor, activity=activity, values=form.values()
                )
            except Refused as refused:
                if not refused.has("number_given", "number_in_the_text"):
                    raise
                form.say(refused.findings)
            else:
                messages.success(request, _("Saved."))
                return redirect(address(pk, f"activity-{activity.pk}"))
    return tab(
        request,
        project,
        "projects/project_places.html",
        status=status,
        in_plan=True,
        form=form,
        activity=activity,
    )


@require_safe
def history(request: ActorRequest, pk: int) -> HttpResponse:
    """Who did what in the project, the newest first."""
    project = found(request, pk)
    return tab(
        request,
        project,
        "projects/project_journal.html",
        history=about.history_of(project, request.GET),
    )
