"""Pages of what projects leave for next year's needs: of one project, of all of the body."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.faces.parts import Conflict, Difference
from ortaq.oversight import lineage
from ortaq.oversight.forms import lesson as forms
from ortaq.oversight.models import Lesson
from ortaq.oversight.procedure import lesson as procedure
from ortaq.oversight.queries import lesson as queries
from ortaq.people.actor import ActorRequest
from ortaq.people.policy import is_authorised_body, is_state_body
from ortaq.planning.models import Assessment
from ortaq.projects import once
from ortaq.projects.models import Project
from ortaq.projects.views.act import version_of

from .found import overseen, project_tab

GET_POST = ["GET", "HEAD", "POST"]


@require_safe
def lessons(request: ActorRequest) -> HttpResponse:
    """Completed projects with what was kept of them, and all that may be entered in the next assessment at once."""
    body = request.actor.acting_for
    if body is None or not (is_state_body | is_authorised_body)(request.actor):
        raise Http404
    page, rows = queries.taught(request.actor, request.GET)
    return render(
        request,
        "oversight/lessons.html",
        {
            "page": page,
            "rows": rows,
            "asked": {name: request.GET.get(name, "")[:200] for name in ("q", "state")},
            "states": queries.STANDINGS.items(),
            "drafts": queries.drafts_of(body.pk),
            "left": queries.with_something_left(request.actor, body.pk).count(),
            "cite": procedure.cited(),
        },
    )


@require_POST
def enter_all(request: ActorRequest) -> HttpResponse:
    """Enter what is left of all projects of the body acted for."""
    body = request.actor.acting_for
    if body is None or not (is_state_body | is_authorised_body)(request.actor):
        raise Http404
    projects = list(queries.with_something_left(request.actor, body.pk))
    return _enter(request, projects, body.pk)


@require_http_methods(GET_POST)
def project_lessons(request: ActorRequest, pk: int) -> HttpResponse:
    """What the records of a project propose, ticked and worded, and what is kept. A post keeps what is ticked."""
    project = overseen(request, pk)
    if request.method != "POST":
        return _page(request, project)
    rows = forms.read(queries.proposals_of(project), request.POST)
    chosen = [row.words for row in rows if row.ticked]
    if sum(name.startswith("take-") for name in request.POST) > len(chosen):
        messages.info(request, _("Some of it was kept before; it stands above as it was kept."))
        if not chosen:
            return _back(pk)
    if not chosen:
        messages.warning(request, _("Nothing is ticked."))
        return _page(request, project, rows=rows, status=422)
    lacking = {words.once: procedure.lacking(words) for words in chosen}
    if any(lacking.values()):
        messages.error(request, _("Nothing is kept yet: look below at what is missing."))
        rows = [
            replace(row, findings=lacking.get(row.proposal.once, ())) if row.ticked else row
            for row in rows
        ]
        return _page(request, project, rows=rows, status=422)
    procedure.keep(project, chosen, actor=request.actor)
    messages.success(request, _("It is kept for next year's needs."))
    return _back(pk)


@require_POST
def lesson_new(request: ActorRequest, pk: int) -> HttpResponse:
    """A lesson that no record proposes."""
    project, form = overseen(request, pk), forms.LessonForm(request.POST)
    token = once.read(request.POST.get("once"))
    if not form.is_valid():
        return _page(request, project, form=form, token=token, status=422)
    procedure.keep(project, [form.words(token)], actor=request.actor)
    messages.success(request, _("It is kept for next year's needs."))
    return _back(pk)


def _page(
    request: ActorRequest,
    project: Project,
    *,
    rows: list[forms.Ticked] | None = None,
    form: forms.LessonForm | None = None,
    token: uuid.UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    kept = list(project.lessons.select_related("used_in__assessment").order_by("kind", "id"))
    rows = forms.shown(queries.proposals_of(project)) if rows is None else rows
    keys = [row.proposal.key for row in rows]
    keys += [queries.key_in(one.origin) for one in kept if one.origin]
    keys = list(dict.fromkeys(keys))
    records = dict(zip(keys, lineage.records(keys, request.actor), strict=True))
    return project_tab(
        request,
        project,
        "oversight/project_lessons.html",
        status=status,
        rows=[(row, records[row.proposal.key]) for row in rows],
        kept=[(one, records.get(queries.key_in(one.origin))) for one in kept],
        left=sum(one.used_in_id is None for one in kept),
        drafts=queries.drafts_of(project.contract.grantor_id),
        form=form or forms.LessonForm(),
        once=token or once.new(),
        year=procedure.year_of(project, clock.today()),
        cite=procedure.cited(),
    )


def _lesson(request: ActorRequest, pk: int) -> Lesson:
    return get_object_or_404(queries.lessons_visible_to(request.actor), pk=pk)


@require_http_methods(GET_POST)
def lesson_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Other words for what is kept, while it stands in no assessment."""
    row = _lesson(request, pk)
    if row.used_in_id is not None:
        raise Http404
    first = {name: getattr(row, name) for name in ("kind", "text_kk", "text_ru")}
    form, conflict = forms.LessonForm(request.POST or None, initial=first), None
    if request.method == "POST" and form.is_valid():
        words = form.words(row.once, row.origin)
        if procedure.write(row, words, version=version_of(request), actor=request.actor):
            messages.success(request, _("Saved."))
            return _back(row.project_id)
        conflict = _conflict(row, words)
    return project_tab(
        request,
        row.project,
        "oversight/lesson_edit.html",
        status=409 if conflict else 422 if form.errors else 200,
        lesson=row,
        form=form,
        conflict=conflict,
    )


def _conflict(row: Lesson, words: procedure.Words) -> Conflict:
    """What a colleague saved beside what was typed here; saving once more replaces theirs."""
    mine = {"text_kk": words.kk, "text_ru": words.ru}
    names = {"text_kk": "Қазақша", "text_ru": "Русский"}
    return Conflict(
        _("A colleague"),
        clock.now(),
        [
            Difference(names[name], text, getattr(row, name))
            for name, text in mine.items()
            if text != getattr(row, name)
        ],
    )


@require_POST
def lesson_remove(request: ActorRequest, pk: int) -> HttpResponse:
    row = _lesson(request, pk)
    procedure.remove(row, actor=request.actor)
    messages.success(request, _("It is no longer kept."))
    return _back(row.project_id)


@require_POST
def enter(request: ActorRequest, pk: int) -> HttpResponse:
    """Make what is kept of this project a source of a draft assessment."""
    project = overseen(request, pk)
    return _enter(request, [project], project.contract.grantor_id)


def _enter(request: ActorRequest, projects: list[Project], body: int) -> HttpResponse:
    """`assessment` names the draft; the body's only one need not be named."""
    asked = request.POST.get("assessment", "")
    rows = queries.drafts_of(body)
    draft: Assessment = get_object_or_404(
        rows, pk=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    )
    made = procedure.enter(projects, draft, actor=request.actor)
    messages.success(
        request,
        ngettext(
            "%(count)s source is entered in the assessment.",
            "%(count)s sources are entered in the assessment.",
            len(made),
        )
        % {"count": len(made)},
    )
    return redirect(f"{reverse('planning:assessment', args=[draft.pk])}#source-{made[0].pk}")


def _back(pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("oversight:project_lessons", args=[pk]))
