"""Pages of events: list and calendar, the passport, what became of it, a series, the paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.documents.downloads import paper_download
from ortaq.people.actor import ActorRequest
from ortaq.projects import deviation, once, standard
from ortaq.projects.forms import event as forms
from ortaq.projects.forms import series as series_forms
from ortaq.projects.models import Event, Project
from ortaq.projects.papers import event as papers
from ortaq.projects.policy import project as policy
from ortaq.projects.procedure import event as procedure
from ortaq.projects.procedure.event import CANCEL, CORRECT, EDIT, HOLD, RESTORE
from ortaq.projects.queries import event as queries

from .found import found, recording
from .found import tab as any_tab
from .participant import tell

GET_POST = ["GET", "HEAD", "POST"]
COPIED = ["activity", "kind", "title_kk", "title_ru", "format", "level", "region", "place", "duration_minutes", "expected_participants", "expected_result", "programme", "informing"]  # fmt: skip


def tab(request: ActorRequest, project: Project, template: str, **context: Any) -> HttpResponse:
    """A page of the events."""
    return any_tab(request, project, template, in_events=True, **context)


def _event(project: Project, event: int) -> Event:
    """The event of this project; the same 404 for one of another project and for none."""
    one = get_object_or_404(queries.event_head(project), pk=event)
    one.project = project
    return one


@require_safe
def events(request: ActorRequest, pk: int) -> HttpResponse:
    project = found(request, pk)
    return tab(
        request,
        project,
        "projects/event_list.html",
        page=queries.events_of(project, request.GET),
        numbers=queries.numbers_of(project),
        cut=request.GET.get("state", ""),
        activity=request.GET.get("activity", ""),
        activities=project.contract.activities.only("text", "contract"),
        now=clock.now(),
    )


@require_safe
def calendar(request: ActorRequest, pk: int) -> HttpResponse:
    project = found(request, pk)
    month = queries.month_of(project, request.GET.get("month", ""))
    return tab(request, project, "projects/event_calendar.html", month=month)


@require_safe
def event(request: ActorRequest, pk: int, event: int) -> HttpResponse:
    project = found(request, pk)
    return _page(request, project, _event(project, event))


def _page(
    request: ActorRequest, project: Project, one: Event, *, status: int = 200, **context: Any
) -> HttpResponse:
    held = one.state == Event.State.HELD
    return tab(
        request,
        project,
        "projects/event.html",
        status=status,
        event=one,
        shown=queries.shown(one),
        people=standard.people(one),
        service=standard.label_of(one),
        ways=[text for key, text in standard.ways(project.standard) if key in one.informing],
        sheet=queries.sheet_of(one),
        guidance=standard.is_guidance(project),
        planned=deviation.plan_of(one),
        trainers=[(row, papers.experience(row)) for row in one.trainers.all()],
        differ=deviation.figures_differ(one),
        deviations=deviation.deviations(one, {}) if held else [],
        reported=procedure.reported(one) if held else None,
        late=one.state == Event.State.PLANNED and one.ends_at < clock.now(),
        papers=[("kk", _("Passport in Kazakh")), ("ru", _("Passport in Russian"))],
        evidence=_attaching(request, project),
        outside=deviation.outside_term(project, clock.day_of(one.starts_at)),
        **{"reason_form": forms.ReasonForm(), **context},
    )


def _attaching(request: ActorRequest, project: Project) -> str:
    """Where evidence is attached, for whoever may; empty for others."""
    if not policy.records(request.actor, project):
        return ""
    return reverse("projects:evidence_new", args=[project.pk])


# --- The passport --------------------------------------------------------------------------------


@require_http_methods(GET_POST)
def new(request: ActorRequest, pk: int) -> HttpResponse:
    """A new passport: empty, begun from an activity of the plan (?activity=) or a copy (?copy=)."""
    project = recording(request, pk)
    posted = request.POST if request.method == "POST" else None
    initial, trainers = _begun_from(request, project)
    form = forms.PassportForm(posted, project=project, initial=initial)
    rows = forms.TrainerRows(posted, trainers=trainers)
    sent = once.read(request.POST.get("once")) if posted is not None else once.new()
    if posted is not None and "check" not in posted and all([form.is_valid(), rows.is_valid()]):
        made, is_new = procedure.plan(
            project, form.values(), rows.values(), once=sent, actor=request.actor
        )
        if is_new:
            messages.success(request, _("The event is planned."))
        return redirect("projects:event", project.pk, made.pk)
    return _edit_page(request, project, None, form, rows, once=sent)


def _begun_from(request: ActorRequest, project: Project) -> tuple[dict[str, Any], list[Any]]:
    """What a new passport begins with."""
    copied, activity = request.GET.get("copy", ""), request.GET.get("activity", "")
    if copied.isascii() and copied.isdigit() and len(copied) < 19:
        pattern = _event(project, int(copied))
        initial = {name: getattr(pattern, name) for name in COPIED}
        initial |= {"activity": pattern.activity_id and str(pattern.activity_id)}
        initial |= {f"sheet_{name}": text for name, text in pattern.facts.get("sheet", {}).items()}
        if pattern.service:
            initial["standard_form"] = f"{pattern.service}/{pattern.form}"
        return initial, list(pattern.trainers.all())
    if activity.isascii() and activity.isdigit() and len(activity) < 19:
        planned = project.contract.activities.filter(pk=int(activity)).first()
        if planned:
            return {
                "activity": activity,
                "title_kk": planned.text[:500],
                "place": planned.place[:500],
            }, []
    return {}, []


@require_http_methods(GET_POST)
def edit(request: ActorRequest, pk: int, event: int) -> HttpResponse:
    """The passport of a planned event, or the correction of one that was held."""
    project = recording(request, pk)
    one = _event(project, event)
    if one.state == Event.State.CANCELLED:
        return redirect("projects:event", project.pk, one.pk)
    posted = request.POST if request.method == "POST" else None
    form = forms.PassportForm(posted, project=project, event=one)
    rows = forms.TrainerRows(posted, trainers=list(one.trainers.all()))
    status, refused = 200, []
    if posted is not None and "check" not in posted:
        status = 422
        if all([form.is_valid(), rows.is_valid()]):
            try:
                procedure.take(
                    CORRECT if form.held else EDIT,
                    one,
                    actor=request.actor,
                    version=_version(request),
                    values=form.values(),
                    trainers=rows.values(),
                    reason=form.cleaned_data.get("reason", ""),
                )
            except Refused as said:
                refused, status = _kept(said, form), 409
            else:
                messages.success(request, _("Saved."))
                return redirect("projects:event", project.pk, one.pk)
    return _edit_page(request, project, one, form, rows, status=status, refused=refused)


def _edit_page(
    request: ActorRequest, project: Project, one: Event | None, form: Any, rows: Any, **context: Any
) -> HttpResponse:
    asked = request.method == "POST"
    if asked:
        form.is_valid()
        said = forms.said_of(form, rows)
        context.setdefault("status", 200 if "check" in request.POST else 422)
    else:
        said = standard.of_event(one) if one else []
    return tab(
        request,
        project,
        "projects/event_edit.html",
        event=one,
        form=form,
        rows=rows,
        said=said,
        guidance=standard.is_guidance(project),
        team=project.contract.team.values_list("full_name", flat=True),
        sheet=[form[f"sheet_{name}"] for name in forms.SHEET],
        **context,
    )


def _version(request: ActorRequest) -> int:
    """The version that the page showed; one that is no number fits none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _kept(refused: Refused, form: Any) -> list[Any]:
    """Findings about fields of the form become their errors; the rest stands above the form."""
    above = []
    for finding in refused.findings:
        if finding.about in form.fields:
            form.add_error(finding.about, str(finding.message))
        else:
            above.append(finding)
    return above


# --- Steps ---------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
def held(request: ActorRequest, pk: int, event: int) -> HttpResponse:
    """What became of the event: recorded once, then corrected with a reason."""
    project = recording(request, pk)
    one = _event(project, event)
    if one.state == Event.State.CANCELLED:
        return redirect("projects:event", project.pk, one.pk)
    posted = request.POST if request.method == "POST" else None
    form = forms.HeldForm(posted, event=one)
    status, refused = 200, []
    if posted is not None:
        status = 422
        if form.is_valid():
            step = HOLD if one.state == Event.State.PLANNED else CORRECT
            try:
                came = procedure.take(
                    step,
                    one,
                    actor=request.actor,
                    people=form.lines,
                    version=_version(request),
                    values=form.values(),
                    reason=form.cleaned_data.get("reason", ""),
                )
            except Refused as said:
                refused, status = _kept(said, form), 409
            else:
                if came is not None:
                    tell(request, came)
                messages.success(request, _("What became of the event is recorded."))
                return redirect("projects:event", project.pk, one.pk)
    return tab(
        request,
        project,
        "projects/event_held.html",
        status=status,
        event=one,
        form=form,
        refused=refused,
        planned=deviation.plan_of(one),
    )


@require_POST
def cancel(request: ActorRequest, pk: int, event: int) -> HttpResponse:
    project = found(request, pk)
    one = _event(project, event)
    form = forms.ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    procedure.take(CANCEL, one, actor=request.actor, reason=reason)
    messages.success(request, _("The event is cancelled."))
    return redirect("projects:event", project.pk, one.pk)


@require_POST
def restore(request: ActorRequest, pk: int, event: int) -> HttpResponse:
    project = found(request, pk)
    one = _event(project, event)
    procedure.take(RESTORE, one, actor=request.actor)
    messages.success(request, _("The event is in the plan again."))
    return redirect("projects:event", project.pk, one.pk)


@require_http_methods(GET_POST)
def series(request: ActorRequest, pk: int, event: int) -> HttpResponse:
    """The same event on other days and at other places: one row each."""
    project = recording(request, pk)
    one = _event(project, event)
    posted: QueryDict | None = request.POST if request.method == "POST" else None
    more = posted is not None and "more" in posted
    if posted is not None and more:
        posted = series_forms.with_more_rows(posted)
    rows = series_forms.Places(posted, pattern=one)
    sent = once.read(request.POST.get("once")) if posted is not None else once.new()
    status, empty = 200, False
    if posted is not None and not more:
        status = 422
        if rows.is_valid():
            typed = rows.rows()
            if typed:
                made = procedure.series(one, typed, once=sent, actor=request.actor)
                text = ngettext(
                    "%(number)s event is planned.", "%(number)s events are planned.", len(made)
                )
                messages.success(request, text % {"number": len(made)})
                return redirect("projects:events", project.pk)
            empty = True
    return tab(
        request,
        project,
        "projects/event_series.html",
        status=status,
        event=one,
        rows=rows,
        once=sent,
        empty=empty,
    )


@require_safe
def paper(request: ActorRequest, pk: int, event: int, language: str, kind: str) -> FileResponse:
    """The activity passport (IM-023)."""
    if language not in papers.LANGUAGES:
        raise Http404
    project = found(request, pk)
    one = _event(project, event)
    return paper_download(
        papers.passport(one, language), kind, f"passport-{project.pk}-{one.number}-{language}"
    )
