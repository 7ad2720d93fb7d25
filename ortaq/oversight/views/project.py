"""Where to look: the body's projects with what draws attention; one project with its plans of monitoring."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.oversight.forms.monitoring import EngageForm, VisitForm, YearForm
from ortaq.oversight.models import MonitoringPlan, Visit
from ortaq.oversight.procedure import engagement as engaging
from ortaq.oversight.procedure import plan as planning
from ortaq.oversight.procedure import visit as visiting
from ortaq.oversight.procedure.plan import PLAN
from ortaq.oversight.procedure.visit import VISIT
from ortaq.oversight.queries import attention as queries
from ortaq.oversight.queries.attention import reasons_of
from ortaq.people.actor import ActorRequest
from ortaq.people.policy import is_authorised_body, is_state_body
from ortaq.projects import once
from ortaq.projects.models import Project
from ortaq.projects.views.act import version_of
from ortaq.registry.queries import available

from .found import overseen, project_tab

GET_POST = ["GET", "HEAD", "POST"]
TAKEN = ("decide", "approve", "reopen", "end")


@require_safe
def oversight(request: ActorRequest) -> HttpResponse:
    """The projects of the body acted for, with what draws attention to each."""
    if not (is_state_body | is_authorised_body)(request.actor):
        raise Http404
    today, page = clock.today(), queries.overseen(request.actor, request.GET)
    return render(
        request,
        "oversight/projects.html",
        {
            "page": page,
            "rows": queries.looked_at(page.rows, today),
            "asked": {name: request.GET.get(name, "")[:200] for name in ("q", "state")},
            "states": Project.State.choices,
            "year": today.year,
        },
    )


@require_safe
def project(request: ActorRequest, pk: int) -> HttpResponse:
    """One project: why to look at it, its plan of this year and of other years, its expert."""
    return _page(request, overseen(request, pk))


def _page(
    request: ActorRequest, found: Project, *, status: int = 200, **context: Any
) -> HttpResponse:
    today = clock.today()
    plans = []
    for plan in found.monitoring_plans.all():
        plan.project = found
        visits = list(queries.with_state(plan.visits.all()))
        offers = {
            one.step.name: replace(
                one, findings=[each for each in one.findings if each.code != "no_reason"]
            )
            for one in PLAN.offers(plan, request.actor, reason="")
        }
        plans.append((plan, visits, offers, planning.edition_of(plan)))
    engagements = list(found.engagements.select_related("expert__person"))
    return project_tab(
        request,
        found,
        "oversight/monitoring.html",
        status=status,
        reasons=reasons_of([found], today)[found.pk],
        plans=plans,
        engagements=engagements,
        engaged=next((one for one in engagements if one.until is None), None),
        year_form=context.pop("year_form", None)
        or _next_year(found, [one[0].year for one in plans]),
        engage_form=context.pop("engage_form", None) or EngageForm(available()),
        **context,
    )


def _next_year(found: Project, planned: Collection[int]) -> YearForm | None:
    """The form for the next year of the project that has no plan yet; None when all have one."""
    contract, today = found.contract, clock.today()
    first = (contract.starts_on or today).year
    years = range(first, (contract.ends_on or today).year + 1)
    free = [year for year in years if year not in planned]
    ahead = [year for year in free if year >= today.year] or free
    return YearForm(initial={"year": ahead[0]}) if ahead else None


@require_POST
def plan_open(request: ActorRequest, pk: int) -> HttpResponse:
    """Begin the plan of a year."""
    found, form = overseen(request, pk), YearForm(request.POST)
    if not form.is_valid():
        return _page(request, found, year_form=form, status=422)
    try:
        planning.open_plan(found, form.cleaned_data["year"], actor=request.actor)
    except Refused as refused:
        if not refused.has("not_in_year"):
            raise
        form.add_error("year", str(refused.findings[0].message))
        return _page(request, found, year_form=form, status=422)
    return redirect("oversight:project", pk)


def _plan(request: ActorRequest, pk: int, year: int) -> MonitoringPlan:
    found = overseen(request, pk)
    plan: MonitoringPlan = get_object_or_404(found.monitoring_plans.all(), year=year)
    plan.project = found
    return plan


@require_POST
def plan_step(request: ActorRequest, pk: int, year: int, step: str) -> HttpResponse:
    """Decide anew who monitors, approve, plan anew, close the year."""
    if step not in TAKEN:
        raise Http404
    plan = _plan(request, pk, year)
    facts: dict[str, Any] = {}
    if step == "approve":
        reason = request.POST.get("reason", "").replace("\0", "")[:20_000]
        facts = {"reason": reason, "version": version_of(request)}
    PLAN.take(step, plan, actor=request.actor, **facts)
    messages.success(request, _("Done: %(step)s.") % {"step": str(PLAN[step].title)})
    return redirect("oversight:project", pk)


# --- Visits that lie ahead --------------------------------------------------------------------------------


def _noted(form: VisitForm, refused: Refused) -> list[Any]:
    """Put what stands against a visit beside its fields; the rest is for the head of the page."""
    rest = []
    for finding in refused.findings:
        about = "expert" if finding.about == "engagement" else finding.about
        if about in form.fields:
            form.add_error(about, str(finding.message))
        else:
            rest.append(finding)
    return rest


@require_http_methods(GET_POST)
def visit_new(request: ActorRequest, pk: int, year: int) -> HttpResponse:
    """A visit more in the plan."""
    plan = _plan(request, pk, year)
    engaged = plan.project.engagements.filter(until=None).select_related("expert").first()
    token = once.read(request.POST.get("once")) if request.method == "POST" else once.new()
    first = {"expert": plan.way == MonitoringPlan.Way.EXPERT}
    form = VisitForm(plan, engaged, request.POST or None, initial=first)
    findings: list[Any] = []
    if request.method == "POST" and form.is_valid():
        why = [one.as_dict() for one in reasons_of([plan.project], clock.today())[pk]]
        try:
            visiting.put(plan, token, form.asked(), why=why, actor=request.actor)
        except Refused as refused:
            if refused.has("not_yours", "moved_on"):
                raise
            findings = _noted(form, refused)
        else:
            messages.success(request, _("The visit is planned."))
            return redirect("oversight:project", pk)
    return project_tab(
        request,
        plan.project,
        "oversight/visit_edit.html",
        status=422 if request.method == "POST" else 200,
        plan=plan,
        form=form,
        once=token,
        findings=findings,
    )


@require_http_methods(GET_POST)
def visit_edit(request: ActorRequest, pk: int, year: int, number: int) -> HttpResponse:
    """Another day, place, tools or person for a visit that has not begun."""
    plan = _plan(request, pk, year)
    visit: Visit = get_object_or_404(plan.visits.filter(state=Visit.State.PLANNED), number=number)
    visit.plan = plan
    engaged = plan.project.engagements.filter(until=None).select_related("expert").first()
    first = {
        "planned_on": visit.planned_on,
        "place": visit.place,
        "tools": visit.tools,
        "officer": visit.officer_id,
        "expert": visit.engagement_id is not None,
    }
    form = VisitForm(plan, engaged, request.POST or None, initial=first)
    findings: list[Any] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                VISIT.take(
                    "move",
                    visit,
                    actor=request.actor,
                    asked=form.asked(),
                    version=version_of(request),
                )
            except Refused as refused:
                if refused.has("not_yours", "moved_on"):
                    raise
                findings, status = _noted(form, refused), 409
                visit.refresh_from_db(fields=["version"])
            else:
                messages.success(request, _("Saved."))
                return redirect("oversight:project", pk)
    return project_tab(
        request,
        plan.project,
        "oversight/visit_edit.html",
        status=status,
        plan=plan,
        visit=visit,
        form=form,
        findings=findings,
    )


@require_POST
def visit_call_off(request: ActorRequest, pk: int, year: int, number: int) -> HttpResponse:
    plan = _plan(request, pk, year)
    visit: Visit = get_object_or_404(plan.visits.all(), number=number)
    remark = request.POST.get("remark", "").replace("\0", "")[:20_000]
    VISIT.take("call_off", visit, actor=request.actor, remark=remark)
    messages.success(request, _("The visit is called off."))
    return redirect("oversight:project", pk)


# --- The expert -------------------------------------------------------------------------------------------


@require_POST
def engage(request: ActorRequest, pk: int) -> HttpResponse:
    """Engage an independent expert of the register."""
    found, form = overseen(request, pk), EngageForm(available(), request.POST)
    if form.is_valid():
        try:
            made = engaging.invite(
                found,
                form.cleaned_data["expert"],
                document=form.cleaned_data["document"],
                actor=request.actor,
            )
        except Refused as refused:
            if refused.has("not_yours"):
                raise
            for finding in refused.findings:
                form.add_error("expert", str(finding.message))
        else:
            messages.success(request, _("The expert is asked for the notice."))
            return redirect("oversight:engagement", made.pk)
    return _page(request, found, engage_form=form, status=422)
