"""Small grants in the project's room: competitions, their applications, the steps of both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core.files import SCANS, store
from ortaq.core.procedure import Refused
from ortaq.documents.downloads import paper_download, stored_download
from ortaq.people.actor import ActorRequest
from ortaq.projects import once
from ortaq.projects.forms import small as typed_in
from ortaq.projects.models import Project, SmallCompetition, SmallGrant
from ortaq.projects.papers import small as papers
from ortaq.projects.policy import project as of_project
from ortaq.projects.policy import small as policy
from ortaq.projects.procedure import small as procedure
from ortaq.projects.procedure import small_grant as applying
from ortaq.projects.procedure import small_letters
from ortaq.projects.procedure.small import SMALL
from ortaq.projects.procedure.small_grant import GRANT
from ortaq.projects.queries import small as queries
from ortaq.projects.small_checks import Limits

from . import found as room
from .found import found, recording

GET_POST = ["GET", "HEAD", "POST"]
# The fields of each step, and what of its findings is asked for by them.
STEPS: dict[str, type[forms.Form]] = {
    "publish": forms.Form,
    "prolong": typed_in.ProlongForm,
    "select": forms.Form,
    "ask_consent": typed_in.ReasonForm,
    "consent": forms.Form,
    "refuse_consent": typed_in.ReasonForm,
    "decide": typed_in.DecideForm,
    "cancel": typed_in.ReasonForm,
}
GRANT_STEPS = ("choose", "turn_down", "pay", "prove", "give_back")
ASKED = {"reason", "expense", "proof", "returned_tiyn", "given_tiyn", "purpose_checked"}


def tab(
    request: ActorRequest, project: Project, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of this part of the project's room."""
    return room.tab(request, project, template, status=status, in_small_grants=True, **context)


@require_safe
def competitions(request: ActorRequest, pk: int) -> HttpResponse:
    project = found(request, pk)
    return tab(
        request,
        project,
        "projects/small_list.html",
        rows=queries.competitions_of(project),
        totals=queries.totals(project),
        limits=Limits.of(project.contract.small_grants),
        asks_for_them=bool(project.contract.small_grants),
    )


def _competition(project: Project, number: int) -> SmallCompetition:
    row = get_object_or_404(project.small_competitions.select_related("protocol"), number=number)
    row.project = project
    return row


def _open_offers(procedure: Any, row: Any, actor: Any, names: Any) -> dict[str, Any]:
    """The steps that can be taken; what a step's own fields ask for stands in nobody's way before it is typed."""
    found_offers = {}
    for offer in procedure.offers(row, actor):
        if offer.step.name in names:
            kept = [one for one in offer.findings if one.about not in ASKED]
            if offer.step.name == "prolong":
                kept = []
            found_offers[offer.step.name] = replace(offer, findings=kept)
    return found_offers


@require_safe
def competition(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    project = found(request, pk)
    return _shown(request, _competition(project, number))


def _shown(
    request: ActorRequest, row: SmallCompetition, *, status: int = 200, **bound: Any
) -> HttpResponse:
    project = row.project
    grants = queries.grants_of(row)
    offers = _open_offers(SMALL, row, request.actor, STEPS)
    sees = of_project.sees_people(request.actor, project)
    return tab(
        request,
        project,
        "projects/small.html",
        status=status,
        competition=row,
        limits=Limits.of(row.limits),
        grants=[(one, one.name if sees else queries.public_name(one), queries.region_name(one.region)) for one in grants],
        offers=offers,
        findings=offers["decide"].findings if "decide" in offers else [],
        differing=procedure.differing(row) if row.state == "selecting" else [],
        forms={name: form() for name, form in STEPS.items()} | bound,
        edits=row.state == SmallCompetition.State.DRAFT and policy.runs(request.actor, row),
        types=row.state == SmallCompetition.State.OPEN and policy.runs(request.actor, row),
        sees=sees,
    )  # fmt: skip


# --- Drawing it up -----------------------------------------------------------------------------------


@require_http_methods(GET_POST)
def new(request: ActorRequest, pk: int) -> HttpResponse:
    project = recording(request, pk)
    form = typed_in.CompetitionForm(request.POST or None)
    token = once.read(request.POST.get("once"))
    if request.method == "POST" and form.is_valid():
        row = procedure.prepare(project, token, form.cleaned_data, actor=request.actor)
        messages.success(request, _("Saved. The announcement is not published yet."))
        return redirect("projects:small", pk, row.number)
    return _form(request, project, form, {"once": token})


@require_http_methods(GET_POST)
def edit(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    project = recording(request, pk)
    row = _competition(project, number)
    context: dict[str, Any] = {"competition": row, "version": row.version}
    if request.method != "POST":
        return _form(request, project, typed_in.CompetitionForm(instance=row), context)
    form = typed_in.CompetitionForm(request.POST)
    if form.is_valid():
        seen = request.POST.get("version", "")
        version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1
        try:
            SMALL.take(
                procedure.EDIT, row, actor=request.actor, version=version, values=form.cleaned_data
            )
        except Refused as refused:
            if not refused.has("changed_meanwhile"):
                raise
            return _form(request, project, form, context | {"findings": refused.findings}, 409)
        messages.success(request, _("Saved. The announcement is not published yet."))
        return redirect("projects:small", pk, number)
    return _form(request, project, form, context)


def _form(
    request: ActorRequest,
    project: Project,
    form: Any,
    context: dict[str, Any],
    status: int | None = None,
) -> HttpResponse:
    return tab(
        request,
        project,
        "projects/small_form.html",
        status=status or (422 if form.errors else 200),
        form=form,
        limits=Limits.of(project.contract.small_grants),
        **context,
    )


@require_POST
def take(request: ActorRequest, pk: int, number: int, step: str) -> HttpResponse:
    """Publish, prolong, select, ask for consent, consent or not, decide, cancel."""
    if step not in STEPS:
        raise Http404
    row = _competition(found(request, pk), number)
    form = STEPS[step](request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, row, status=422, **{step: form})
    facts = dict(form.cleaned_data)
    if facts.get("protocol"):
        if not SMALL[step].by(request.actor, row):
            raise PermissionDenied
        try:
            facts["protocol"] = _stored(request, facts["protocol"])
        except ValidationError as error:
            form.add_error("protocol", error)
            return _shown(request, row, status=422, **{step: form})
    SMALL.take(step, row, actor=request.actor, **facts)
    messages.success(request, _("Done: %(step)s.") % {"step": str(SMALL[step].title)})
    return redirect("projects:small", pk, number)


def _stored(request: ActorRequest, upload: Any) -> Any:
    return store(upload, name=upload.name, person=request.actor.user, allowed=SCANS)


@require_safe
def scan(request: ActorRequest, pk: int, number: int) -> FileResponse:
    """The signed protocol: it names people."""
    project = found(request, pk)
    row = _competition(project, number)
    if row.protocol is None or not of_project.sees_people(request.actor, project):
        raise Http404
    return stored_download(row.protocol)


@require_safe
def protocol(request: ActorRequest, pk: int, number: int, language: str, kind: str) -> FileResponse:
    """The protocol of the selection; names of citizens only for those who may see them."""
    project = found(request, pk)
    row = _competition(project, number)
    if language not in papers.LANGUAGES or row.opens_at is None:
        raise Http404
    sees = of_project.sees_people(request.actor, project)
    made = papers.protocol(row, queries.grants_of(row), language, named=sees)
    return paper_download(made, kind, f"small-grants-{pk}-{number}-{language}")


# --- Applications --------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
def typed(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """An application typed from paper."""
    project = recording(request, pk)
    row = _competition(project, number)
    form = typed_in.ApplicationForm(request.POST or None, on_paper=True)
    token = once.read(request.POST.get("once"))
    if request.method == "POST" and form.is_valid():
        made = applying.apply(row, token, form.cleaned_data, actor=request.actor)
        messages.success(request, _("Application No. %(number)s is recorded.") % {"number": made.number})  # fmt: skip
        return redirect("projects:small", pk, number)
    return tab(
        request,
        project,
        "projects/small_typed.html",
        status=422 if form.errors else 200,
        competition=row,
        form=form,
        once=token,
        limits=Limits.of(row.limits),
    )


def _application(request: ActorRequest, pk: int, number: int, application: int) -> SmallGrant:
    """The application, for those who may see who applied; the same 404 for all others."""
    project = found(request, pk)
    if not of_project.sees_people(request.actor, project):
        raise Http404
    row = _competition(project, number)
    grant = get_object_or_404(
        row.grants.select_related("expense", "proof_file"), number=application
    )
    grant.competition = row
    return grant


@require_safe
def application(request: ActorRequest, pk: int, number: int, application: int) -> HttpResponse:
    return _grant_shown(request, _application(request, pk, number, application))


def _grant_shown(
    request: ActorRequest, grant: SmallGrant, *, status: int = 200, **bound: Any
) -> HttpResponse:
    project = grant.competition.project
    return tab(
        request,
        project,
        "projects/small_grant.html",
        status=status,
        competition=grant.competition,
        limits=Limits.of(grant.competition.limits),
        grant=grant,
        region=queries.region_name(grant.region),
        letters=small_letters.sent_about(grant),
        offers=_grant_offers(grant, request.actor),
        forms=_grant_forms(grant) | bound,
    )


def _grant_offers(grant: SmallGrant, actor: Any) -> dict[str, Any]:
    offers = _open_offers(GRANT, grant, actor, GRANT_STEPS)
    if grant.competition.state != SmallCompetition.State.SELECTING:
        offers.pop("choose", None)
        offers.pop("turn_down", None)
    if grant.competition.state != SmallCompetition.State.DECIDED:
        offers.pop("pay", None)
    if grant.state == SmallGrant.State.PAID and grant.expense and grant.expense.state != "voided":
        offers.pop("pay", None)
    return offers


def _grant_forms(grant: SmallGrant, data: Any = None, files: Any = None) -> dict[str, Any]:
    return {
        "choose": typed_in.ChooseForm(data, grant=grant),
        "turn_down": typed_in.ReasonForm(data),
        "pay": typed_in.PayForm(data, payments=queries.payments(grant.competition.project, grant)),
        "prove": typed_in.ProveForm(data, files),
        "give_back": typed_in.GiveBackForm(data),
    }


@require_POST
def take_grant(
    request: ActorRequest, pk: int, number: int, application: int, step: str
) -> HttpResponse:
    """Select or not, record payment, proof and return."""
    if step not in GRANT_STEPS:
        raise Http404
    grant = _application(request, pk, number, application)
    form = _grant_forms(grant, request.POST, request.FILES)[step]
    if not form.is_valid():
        return _grant_shown(request, grant, status=422, **{step: form})
    facts = dict(form.cleaned_data)
    if facts.get("file"):
        if not GRANT[step].by(request.actor, grant):
            raise PermissionDenied
        try:
            facts["file"] = _stored(request, facts["file"])
        except ValidationError as error:
            form.add_error("file", error)
            return _grant_shown(request, grant, status=422, **{step: form})
    GRANT.take(step, grant, actor=request.actor, **facts)
    messages.success(request, _("Done: %(step)s.") % {"step": str(GRANT[step].title)})
    if step in ("choose", "turn_down"):
        return redirect("projects:small", pk, number)
    return redirect("projects:small_grant", pk, number, application)


@require_safe
def proof(request: ActorRequest, pk: int, number: int, application: int) -> FileResponse:
    grant = _application(request, pk, number, application)
    if grant.proof_file is None:
        raise Http404
    return stored_download(grant.proof_file)
