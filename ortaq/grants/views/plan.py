"""Pages of plans: the public list and plan, topics, and the editor's pages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.core import regions
from ortaq.core.money import show
from ortaq.core.procedure import Offer, Refused, moved_on
from ortaq.documents.columns import TableRefused, Unread
from ortaq.documents.downloads import table_download
from ortaq.documents.spreadsheet import Sheet, csv_lines
from ortaq.faces.parts import Bar
from ortaq.grants import importing
from ortaq.grants.forms.plan import (
    ONE_PLAN_A_YEAR,
    ActForm,
    CopyForm,
    ImportForm,
    PlanForm,
    SmallGrantsForm,
    TopicForm,
    forming_bodies,
)
from ortaq.grants.models import PlanVersion, SmallGrantTerms, Topic
from ortaq.grants.policy.plan import edits_version
from ortaq.grants.procedure.plan import (
    APPROVE,
    DISCARD,
    IMPORT,
    VERSION,
    copy_to_regions,
    discard_version,
    new_version,
    write_topic,
)
from ortaq.grants.queries import plan as queries
from ortaq.people.actor import ActorRequest


@login_not_required
@require_safe
def plans(request: ActorRequest) -> HttpResponse:
    return render(
        request,
        "grants/plan_list.html",
        {
            "lines": queries.plan_list(request.actor),
            "may_start": request.actor.is_signed_in and forming_bodies(request.actor).exists(),
        },
    )


@login_not_required
@require_safe
def plan(request: ActorRequest, pk: int) -> HttpResponse:
    """A version of a plan with its topics by field."""
    version = _version(request, pk)
    query = request.GET.get("q", "").strip()[:200]
    page = queries.plan_page(version, query, request.GET.get("field", ""))
    edits = edits_version(request.actor, version)
    return render(
        request,
        "grants/plan.html",
        {
            "page": page,
            "version": version,
            "versions": queries.versions_visible_to(request.actor)
            .filter(plan=version.plan)
            .order_by("-number"),
            "query": query,
            "chart": [
                Bar(part.plan_field.name, line.computed_tiyn, show(line.computed_tiyn))
                for part in page.parts
                for line in part.totals
                if line.year == version.plan.year
            ],
            "edits": edits,
            "draft": version.state == PlanVersion.State.DRAFT,
            "discard": Offer(DISCARD, []),
        },
    )


@login_not_required
@require_safe
def topic(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.topic_page(request.actor), pk=pk)
    day = importing.day_of(found.version)
    small: SmallGrantTerms | None = getattr(found, "small_grants", None)
    return render(
        request,
        "grants/topic.html",
        {
            "topic": found,
            "small": small,
            "remarks": remarks(small),
            "regions": [r for code in found.regions if (r := regions.find(code, day))],
            "edits": edits_version(request.actor, found.version)
            and found.version.state == PlanVersion.State.DRAFT,
        },
    )


def remarks(small: SmallGrantTerms | None) -> list[Any]:
    """Doubts about what was read of small grants, as sentences for the editor."""
    codes = small.remark.split(", ") if small else []
    return [importing.REMARKS[code] for code in codes if code in importing.REMARKS]


@login_not_required
@require_safe
def export(request: ActorRequest, pk: int, kind: str) -> HttpResponseBase:
    """The version as csv or xlsx, with the headings of the import."""
    version = _version(request, pk)
    name = f"plan-{version.plan.year}-{version.number}"
    heads, rows = queries.export_table(version)
    if kind == "xlsx":
        return table_download([Sheet(version.plan.title, heads, rows)], name)
    response = StreamingHttpResponse(csv_lines(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


# --- The editor's pages --------------------------------------------------------------------------


def new_plan(request: ActorRequest) -> HttpResponse:
    bodies = forming_bodies(request.actor)
    if not bodies.exists():
        raise PermissionDenied
    form = PlanForm(request.POST or None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                version = new_version(form.save(), actor=request.actor)
        except IntegrityError:  # a colleague began it a moment ago
            form.add_error(None, ONE_PLAN_A_YEAR)
        else:
            return redirect("grants:plan", version.pk)
    return render(request, "grants/plan_new.html", {"form": form})


@require_POST
def new_draft(request: ActorRequest, pk: int) -> HttpResponse:
    """A draft of the next version of the same plan."""
    draft = new_version(_editable(request, pk).plan, actor=request.actor)
    messages.success(
        request,
        _("A draft of the next version is ready. Change it, then approve it by its act."),
    )
    return redirect("grants:plan", draft.pk)


def import_table(request: ActorRequest, pk: int) -> HttpResponse:
    version = _draft(request, pk)
    form = ImportForm(request.POST or None, request.FILES or None)
    unread: list[Unread] = []
    if request.method == "POST" and form.is_valid():
        try:
            VERSION.take(
                IMPORT,
                version,
                actor=request.actor,
                table=form.cleaned_data["table"],
                totals=form.cleaned_data["totals"],
            )
        except TableRefused as refused:
            unread = refused.unread
        else:
            messages.success(
                request,
                _("%(count)s topics are imported.") % {"count": version.topics.count()},
            )
            return redirect("grants:plan", version.pk)
    return render(
        request,
        "grants/plan_import.html",
        {
            "form": form,
            "version": version,
            "unread": unread[:200],
            "more": max(0, len(unread) - 200),
        },
        status=422 if unread or form.errors else 200,
    )


def approve(request: ActorRequest, pk: int) -> HttpResponse:
    version = _draft(request, pk)
    form = ActForm(request.POST or None, instance=version)
    findings = VERSION.findings("approve", version, request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            VERSION.take(APPROVE, version, actor=request.actor, **form.cleaned_data)
        except Refused as refused:
            findings = refused.findings
        else:
            messages.success(request, _("This version is in force now."))
            return redirect("grants:plan", version.pk)
    return render(
        request,
        "grants/plan_approve.html",
        {
            "form": form,
            "version": version,
            "findings": [finding for finding in findings if finding.code != "no_act"],
            "changes": queries.changes(version),
        },
    )


@login_not_required
@require_safe
def changes(request: ActorRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)
    return render(
        request,
        "grants/plan_changes.html",
        {"version": version, "changes": queries.changes(version)},
    )


def edit_topic(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.topics_visible_to(request.actor), pk=pk)
    return _topic_form(request, found.version_id, found)


def add_topic(request: ActorRequest, pk: int) -> HttpResponse:
    return _topic_form(request, pk, None)


def _topic_form(request: ActorRequest, version_pk: int, found: Topic | None) -> HttpResponse:
    version = _draft(request, version_pk)
    if found is None:
        last = version.topics.order_by("-position").first()
        found = Topic(version=version, position=last.position + 1 if last else 1)
        found.number = str(found.position)
    form = TopicForm(request.POST or None, instance=found, version=version)
    small = SmallGrantsForm(
        request.POST or None,
        instance=getattr(found, "small_grants", None) or SmallGrantTerms(),
        prefix="small",
    )
    if request.method == "POST" and form.is_valid() and small.is_valid():
        saved = write_topic(
            form.save(commit=False), form.amounts(), small.terms(), actor=request.actor
        )
        messages.success(request, _("The topic is saved."))
        return redirect("grants:topic", saved.pk)
    return render(
        request,
        "grants/topic_edit.html",
        {
            "form": form,
            "small": small,
            "version": version,
            "topic": found,
            "remarks": remarks(small.instance),
        },
        status=422 if form.errors or small.errors else 200,
    )


@require_POST
def discard(request: ActorRequest, pk: int) -> HttpResponse:
    """Throw away a draft of a version."""
    discard_version(_editable(request, pk), actor=request.actor)
    messages.success(request, _("The draft is discarded."))
    return redirect("grants:plans")


def copy_topic(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.topics_visible_to(request.actor), pk=pk)
    version = _draft(request, found.version_id)
    form = CopyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        copies = copy_to_regions(found, form.cleaned_data["regions"], actor=request.actor)
        messages.success(
            request, _("%(count)s copies are made. Adapt their titles.") % {"count": len(copies)}
        )
        return redirect("grants:plan", version.pk)
    return render(request, "grants/topic_copy.html", {"form": form, "topic": found})


def _version(request: ActorRequest, pk: int) -> PlanVersion:
    return get_object_or_404(
        queries.versions_visible_to(request.actor).select_related("plan__body", "based_on"), pk=pk
    )


def _editable(request: ActorRequest, pk: int) -> PlanVersion:
    version = _version(request, pk)
    if not edits_version(request.actor, version):
        raise PermissionDenied
    return version


def _draft(request: ActorRequest, pk: int) -> PlanVersion:
    version = _editable(request, pk)
    if version.state != PlanVersion.State.DRAFT:
        raise Refused(IMPORT, [moved_on(IMPORT, version, "state")])
    return version
