"""Changes of a running project: the requests, the form of each kind, the steps, what became of the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core.files import SCANS, store
from ortaq.core.procedure import Refused
from ortaq.documents.downloads import paper_download, stored_download
from ortaq.people.actor import ActorRequest
from ortaq.projects import changing, once
from ortaq.projects.forms import RemarkForm
from ortaq.projects.forms.change import FORMS, UNTYPED, ChangeForm
from ortaq.projects.models import Change, Project
from ortaq.projects.papers import change as papers
from ortaq.projects.policy import change as policy
from ortaq.projects.policy import project as of_project
from ortaq.projects.procedure import change as procedure
from ortaq.projects.procedure.change import CHANGE
from ortaq.projects.queries import change as queries

from . import found as room
from .found import found, recording

GET_POST = ["GET", "HEAD", "POST"]
TAKEN = ("ask", "approve", "return", "refuse", "withdraw")
REMARK = {"return", "refuse"}


def tab(
    request: ActorRequest, project: Project, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of this part of the project's room."""
    return room.tab(request, project, template, status=status, in_changes=True, **context)


@require_safe
def changes(request: ActorRequest, pk: int) -> HttpResponse:
    project = found(request, pk)
    return tab(
        request,
        project,
        "projects/change_list.html",
        page=queries.changes_of(request.actor, project, request.GET),
        decides=of_project.is_body(request.actor, project),
    )


@require_safe
def history(request: ActorRequest, pk: int) -> HttpResponse:
    """What approved changes did, thing by thing."""
    project = found(request, pk)
    return tab(request, project, "projects/change_history.html", stories=queries.stories(project))


@require_safe
def choose(request: ActorRequest, pk: int) -> HttpResponse:
    """What is to change."""
    project = recording(request, pk)
    kinds = [
        (kind.label, [(name, form.title) for name, form in FORMS.items() if form.kind == kind])
        for kind in Change.Kind
    ]
    return tab(request, project, "projects/change_choose.html", kinds=kinds)


def _change(request: ActorRequest, project: Project, number: int) -> Change:
    visible = queries.changes_visible_to(request.actor, project)
    change = get_object_or_404(visible.select_related("decided_by", "letter"), number=number)
    change.project = project
    return change


@require_safe
def change(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """One request, with the steps that can be taken now."""
    project = found(request, pk)
    return _shown(request, _change(request, project, number), RemarkForm())


def _shown(
    request: ActorRequest, change: Change, form: RemarkForm, *, status: int = 200
) -> HttpResponse:
    offers = {}
    for offer in CHANGE.offers(change, request.actor):
        if offer.step.name in TAKEN:
            # What a step's own field asks for stands in nobody's way before it is typed.
            asked = [one for one in offer.findings if one.about != "remark"]
            offers[offer.step.name] = replace(offer, findings=asked)
    return tab(
        request,
        change.project,
        "projects/change.html",
        status=status,
        change=change,
        title=FORMS[change.form].title,
        rows=queries.shown(change, change.project.contract),
        offers=offers,
        form=form,
        edits=change.state == Change.State.DRAFT and policy.writes(request.actor, change),
    )


# --- Drawing one up --------------------------------------------------------------------------------


@require_http_methods(GET_POST)
def new(request: ActorRequest, pk: int, form: str) -> HttpResponse:
    if form not in FORMS:
        raise Http404
    project = recording(request, pk)
    if request.method != "POST":
        return _form(request, project, form, _bound(project, form), {"once": once.new()})
    token, made = once.read(request.POST.get("once")), _bound(project, form, request)
    if asked := _asked(request, form, made):
        change = procedure.draft(project, token, asked, actor=request.actor)
        messages.success(request, _("Saved. The request is not sent yet."))
        return redirect("projects:change", pk, change.number)
    return _form(request, project, form, made, {"once": token}, status=422)


@require_http_methods(GET_POST)
def edit(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """A draft gone on with; what was typed stands there as it was."""
    project = recording(request, pk)
    change = _change(request, project, number)
    context: dict[str, Any] = {"change": change, "version": change.version}
    if request.method != "POST":
        again = _bound(project, change.form, typed=FORMS[change.form].again(change.typed))
        return _form(request, project, change.form, again, context)
    made, status = _bound(project, change.form, request), 422
    if asked := _asked(request, change.form, made):
        try:
            procedure.edit(change, _version(request), asked, actor=request.actor)
        except Refused as refused:
            if not refused.has("changed_meanwhile"):
                raise
            context |= {"findings": refused.findings, "saved": queries.shown(change, project.contract)}  # fmt: skip
            status = 409
        else:
            messages.success(request, _("Saved. The request is not sent yet."))
            return redirect("projects:change", pk, number)
    return _form(request, project, change.form, made, context, status=status)


def _bound(
    project: Project, name: str, request: ActorRequest | None = None, *, typed: Any = None
) -> ChangeForm:
    """The form by its name: empty, as sent, or as it was typed before."""
    plan = changing.Plan(project.contract)
    data = request.POST if request else MultiValueDict(typed) if typed else None
    return FORMS[name](data, request.FILES if request else None, project=project, plan=plan)


def _asked(request: ActorRequest, name: str, form: ChangeForm) -> procedure.Request | None:
    """What a valid form asks for; None with the errors on the form."""
    if not form.is_valid():
        return None
    data, letter = form.cleaned_data, None
    if data["letter"]:
        try:
            letter = store(
                data["letter"], name=data["letter"].name, person=request.actor.user, allowed=SCANS
            )
        except ValidationError as error:
            form.add_error("letter", error)
            return None
    typed = {name: values for name, values in request.POST.lists() if name not in UNTYPED}
    return procedure.Request(
        name, form.kind, typed, form.rows(), data["reason"], data["effect"], letter
    )


def _version(request: ActorRequest) -> int:
    """The version that the page showed; one that is no number fits none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _form(
    request: ActorRequest,
    project: Project,
    name: str,
    form: ChangeForm,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    return tab(
        request,
        project,
        "projects/change_form.html",
        status=status,
        form=form,
        moves=getattr(form, "moves", None),
        title=FORMS[name].title,
        **context,
    )


# --- Steps and papers --------------------------------------------------------------------------------


@require_POST
def take(request: ActorRequest, pk: int, number: int, step: str) -> HttpResponse:
    """Ask, approve, return, refuse or withdraw."""
    if step not in TAKEN:
        raise Http404
    change = _change(request, found(request, pk), number)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _shown(request, change, form, status=422)
    CHANGE.take(step, change, actor=request.actor, remark=form.cleaned_data["remark"])
    messages.success(request, _("Done: %(step)s.") % {"step": str(CHANGE[step].title)})
    return redirect("projects:change", pk, number)


@require_safe
def ground(request: ActorRequest, pk: int, number: int) -> FileResponse:
    """The scan that the NGO put to its request."""
    change = _change(request, found(request, pk), number)
    if change.letter is None:
        raise Http404
    return stored_download(change.letter)


@require_safe
def letter(request: ActorRequest, pk: int, number: int, language: str, kind: str) -> FileResponse:
    """The request as a letter to the body, with the answer once there is one."""
    change = _change(request, found(request, pk), number)
    if language not in papers.LANGUAGES:
        raise Http404
    return paper_download(papers.letter(change, language), kind, f"change-{pk}-{number}-{language}")
