"""Pages of the consultation journal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core.procedure import Refused
from ortaq.documents.downloads import FORMATS, paper_download
from ortaq.people.actor import ActorRequest
from ortaq.projects.forms.blocks import RemarkForm
from ortaq.projects.forms.consultation import ConsultationForm, FollowForm, LineForm
from ortaq.projects.models import Consultation, Project
from ortaq.projects.papers import consultations as papers
from ortaq.projects.policy import project as policy
from ortaq.projects.procedure import consultation as procedure
from ortaq.projects.procedure.participant import note_reading
from ortaq.projects.queries import consultation as queries
from ortaq.projects.queries.evidence import number as number_of

from .evidence import tell
from .found import found, recording, tab

GET_POST = ["GET", "HEAD", "POST"]


@require_safe
def consultations(request: ActorRequest, pk: int) -> HttpResponse:
    """The journal with its figures; names for those who may see people."""
    project = found(request, pk)
    people = policy.sees_people(request.actor, project)
    if people:
        note_reading(project, request.actor)
    return tab(
        request,
        project,
        "projects/consultation_list.html",
        page=queries.consultation_list(project, request.GET, people=people),
        journal=queries.journal_of(project),
        asked=request.GET,
        topics=Consultation.Topic.choices,
        hows=Consultation.How.choices,
        people=people,
        paper_languages=papers.LANGUAGES,
        formats=FORMATS,
    )


@require_http_methods(GET_POST)
def new(request: ActorRequest, pk: int) -> HttpResponse:
    """A new line, typed fast: what seldom changes stands as in the line before."""
    project = recording(request, pk)
    sent = request.method == "POST"
    last = queries.last_line(project)
    form = ConsultationForm(request.POST if sent else None, project=project, last=last)
    if sent and form.is_valid():
        data = form.cleaned_data
        try:
            rows = procedure.add(
                project,
                data["once"],
                form.people(),
                actor=request.actor,
                is_organisation=data["is_organisation"],
                **form.given(),
            )
        except Refused as refused:
            if not tell(form, refused):
                raise
        else:
            return _added(request, project, rows)
    return tab(
        request,
        project,
        "projects/consultation_new.html",
        status=422 if sent else 200,
        form=form,
        last=last,
    )


def _added(request: ActorRequest, project: Project, rows: list[Consultation]) -> HttpResponse:
    numbers = ", ".join(str(row.number) for row in rows)
    messages.success(request, _("Entered: No. %(numbers)s.") % {"numbers": numbers})
    one = rows[0]
    short = queries.experience(one.topic, one.experience_months, project.standard)
    if short is not None and not project.special_social_services:
        messages.warning(request, short.message.say(request.actor.language))
    if "another" in request.POST:
        return redirect("projects:consultation_new", project.pk)
    return redirect("projects:consultations", project.pk)


@require_http_methods(GET_POST)
def line(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """One line: read by the parties, corrected by whoever records."""
    project = found(request, pk)
    row = get_object_or_404(queries.of_project(project), number=number)
    sent = request.method == "POST"
    if sent and not policy.records(request.actor, project):
        raise PermissionDenied
    form = LineForm(request.POST if sent else None, project=project, initial=LineForm.of(row))
    if sent and form.is_valid():
        try:
            version = request.POST.get("version", "")
            procedure.correct(
                project,
                number,
                int(version)
                if version.isascii() and version.isdigit() and len(version) < 9
                else -1,
                actor=request.actor,
                **form.given(),
            )
        except Refused as refused:
            if not tell(form, refused):
                raise
        else:
            messages.success(request, _("Saved."))
            return redirect("projects:consultations", project.pk)
    return _line(request, project, row, form, 422 if sent else 200)


def _line(
    request: ActorRequest,
    project: Project,
    row: Consultation,
    form: LineForm | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    edits = policy.records(request.actor, project) and not row.struck
    return tab(
        request,
        project,
        "projects/consultation.html",
        status=status,
        row=row,
        consultant=queries.consultant_of(row),
        people=policy.sees_people(request.actor, project),
        form=(form or LineForm(project=project, initial=LineForm.of(row))) if edits else None,
        **{"remark_form": RemarkForm(), **context},
    )


@require_POST
def strike(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """Strike out a line with the reason."""
    project = recording(request, pk)
    row = get_object_or_404(queries.of_project(project), number=number)
    form = RemarkForm(request.POST)
    if form.is_valid():
        try:
            procedure.strike(project, number, form.cleaned_data["remark"], actor=request.actor)
        except Refused as refused:
            if not tell(form, refused):
                raise
        else:
            messages.success(request, _("The line is struck out."))
            return redirect("projects:consultations", project.pk)
    return _line(request, project, row, None, 422, remark_form=form, striking=True)


@require_http_methods(GET_POST)
def follow(request: ActorRequest, pk: int) -> HttpResponse:
    """What came of consultations: those not asked about yet, or with `?line=` one of them."""
    project = recording(request, pk)
    sent = request.method == "POST"
    rows = _followed(request, project)
    pairs = [
        (
            row,
            FollowForm(
                request.POST if sent else None, prefix=f"c{row.number}", initial=FollowForm.of(row)
            ),
        )
        for row in rows
    ]
    if sent and not [form for _row, form in pairs if not form.is_valid()]:
        told = [form.told(row.number) for row, form in pairs]
        count = procedure.follow(project, told, actor=request.actor)
        text = ngettext("%(count)s line is filled in.", "%(count)s lines are filled in.", count)
        messages.success(request, text % {"count": count})
        return redirect("projects:consultations", project.pk)
    return tab(
        request,
        project,
        "projects/consultation_follow.html",
        status=422 if sent else 200,
        pairs=pairs,
    )


def _followed(request: ActorRequest, project: Project) -> list[Consultation]:
    """The lines of the page: those that it showed when it comes back."""
    lines = queries.of_project(project).filter(struck="").order_by("day", "number")
    if request.method == "POST":
        given = [number_of(one) for one in request.POST.getlist("line")[: queries.TO_ASK]]
        return list(lines.filter(number__in=[one for one in given if one is not None]))
    if (asked := number_of(request.GET.get("line"))) is not None:
        return list(lines.filter(number=asked))
    return queries.to_ask(project)


@require_safe
def paper(request: ActorRequest, pk: int, language: str, kind: str) -> FileResponse:
    """The journal as a paper, with names and contacts (IM-038, IM-039)."""
    project = found(request, pk)
    if language not in papers.LANGUAGES or not policy.sees_people(request.actor, project):
        raise Http404
    note_reading(project, request.actor)
    made = papers.consultation_journal(project, language)
    return paper_download(made, kind, f"consultations-{project.pk}-{language}")
