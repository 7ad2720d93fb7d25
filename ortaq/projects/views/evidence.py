"""Pages of evidence: the list, one piece, adding, publications."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core.procedure import Refused
from ortaq.documents.downloads import FORMATS, paper_download, stored_download
from ortaq.people.actor import ActorRequest
from ortaq.projects.forms.blocks import RemarkForm
from ortaq.projects.forms.evidence import FORMS, EvidenceForm, PasteForm, PieceForm
from ortaq.projects.forms.proofs import ProofsForm
from ortaq.projects.models import Evidence, Project
from ortaq.projects.papers import publications as papers
from ortaq.projects.policy import evidence as policy
from ortaq.projects.policy import project as of_project
from ortaq.projects.procedure import evidence as procedure
from ortaq.projects.queries import evidence as queries

from .found import found, recording, tab

GET_POST = ["GET", "HEAD", "POST"]
MOST_AT_ONCE = 200
DECISIONS = ("accept", "refuse")


@require_safe
def evidence(request: ActorRequest, pk: int) -> HttpResponse:
    """The evidence of a project; the body decides about many at once."""
    return _list(request, found(request, pk))


def _list(
    request: ActorRequest, project: Project, *, status: int = 200, **context: Any
) -> HttpResponse:
    return tab(
        request,
        project,
        "projects/evidence_list.html",
        status=status,
        page=queries.evidence_list(project, request.GET),
        asked=request.GET,
        kinds=Evidence.Kind.choices,
        states=Evidence.State.choices,
        events=queries.events_of(project)[: queries.MOST],
        **{"remark_form": RemarkForm(), "ticked": [], **context},
    )


# --- Adding --------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
def new(request: ActorRequest, pk: int) -> HttpResponse:
    """Photographs, letters, a publication, a story: `?kind=`, `?event=`, `?activity=`, `?indicator=`,
    `?item=` (line of the checklist) say what the page already knows.
    """
    project = recording(request, pk)
    kind = request.GET.get("kind", "")
    return _add(request, project, FORMS.get(kind, EvidenceForm), "projects/evidence_new.html")


@require_http_methods(GET_POST)
def paste(request: ActorRequest, pk: int) -> HttpResponse:
    """Many links of publications at once."""
    return _add(request, recording(request, pk), PasteForm, "projects/evidence_new.html")


def _add(
    request: ActorRequest, project: Project, form_class: type[PieceForm], template: str
) -> HttpResponse:
    sent = request.method == "POST"
    form = form_class(
        request.POST if sent else None,
        request.FILES if sent else None,
        project=project,
        asked=request.GET,
    )
    if sent and form.is_valid():
        try:
            rows = procedure.add(
                project, form.cleaned_data["once"], form.pieces(), actor=request.actor
            )
        except Refused as refused:
            if not tell(form, refused):
                raise
        else:
            return _added(request, project, form, rows)
    return tab(
        request,
        project,
        template,
        status=422 if sent else 200,
        form=form,
        kind=form.kind,
        pastes=isinstance(form, PasteForm),
        files_again=sent and bool(request.FILES),
    )


def tell(form: Any, refused: Refused) -> bool:
    """Put what stands in the way beside its fields; False when it concerns no field of the form."""
    if refused.has("not_yours", "moved_on", "clock_behind"):
        return False
    for finding in refused.findings:
        form.add_error(finding.about if finding.about in form.fields else None, finding.message)
    return True


def _added(
    request: ActorRequest, project: Project, form: PieceForm, rows: list[Evidence]
) -> HttpResponse:
    numbers = ", ".join(str(row.number) for row in rows)
    messages.success(request, _("Attached: No. %(numbers)s.") % {"numbers": numbers})
    if "another" in request.POST:
        return redirect(request.get_full_path())
    if form.kind == Evidence.Kind.PUBLICATION:
        return redirect("projects:publications", project.pk)
    return redirect("projects:evidence", project.pk)


# --- One piece -----------------------------------------------------------------------------------


@require_safe
def piece(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    project = found(request, pk)
    return _piece(request, project, _one(project, number))


def _one(project: Project, number: int) -> Evidence:
    return get_object_or_404(queries.of_project(project), number=number)


def _piece(
    request: ActorRequest, project: Project, row: Evidence, *, status: int = 200, **context: Any
) -> HttpResponse:
    offers = procedure.offers(project, row, request.actor)
    proved = {one.indicator_id: (one.amount, one.second) for one in row.proofs.all()}
    proofs = ProofsForm(project=project, proved=proved) if "attach" in offers else None
    return tab(
        request,
        project,
        "projects/evidence.html",
        status=status,
        row=row,
        opens=policy.opens(request.actor, project, row),
        people=of_project.sees_people(request.actor, project),
        offers=offers,
        **{"proofs": proofs, "remark_form": RemarkForm(), **context},
    )


@require_POST
def attach(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """What the piece proves, said anew."""
    project = found(request, pk)
    row = _one(project, number)
    if not of_project.records(request.actor, project):
        raise PermissionDenied
    form = ProofsForm(request.POST, project=project)
    if not form.is_valid():
        return _piece(request, project, row, status=422, proofs=form)
    procedure.attach(project, number, form.proves(), actor=request.actor)
    messages.success(request, _("Saved."))
    return redirect("projects:piece", project.pk, row.number)


@require_POST
def take(request: ActorRequest, pk: int, number: int, step: str) -> HttpResponse:
    """Accept, do not accept, or withdraw one piece."""
    if step not in (*DECISIONS, "withdraw"):
        raise Http404
    project = found(request, pk)
    row = _one(project, number)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _piece(request, project, row, status=422, remark_form=form, tried=step)
    remark = form.cleaned_data["remark"]
    try:
        procedure.take(procedure.STEPS[step], project, [number], actor=request.actor, remark=remark)
    except Refused as refused:
        if {finding.about for finding in refused.findings} != {"remark"}:
            raise
        tell(form, refused)
        return _piece(request, project, row, status=422, remark_form=form, tried=step)
    title = procedure.STEPS[step].title
    messages.success(request, _("Done: %(step)s.") % {"step": title})
    return redirect("projects:piece", project.pk, row.number)


@require_POST
def decide(request: ActorRequest, pk: int) -> HttpResponse:
    """The ticked pieces are accepted or not accepted, all of them or none."""
    project = found(request, pk)
    if not of_project.accepts(request.actor, project):
        raise PermissionDenied
    step = next((name for name in DECISIONS if name in request.POST), None)
    if step is None:
        raise Http404
    wanted = [queries.number(one) for one in request.POST.getlist("piece")[:MOST_AT_ONCE]]
    ticked = [one for one in wanted if one]
    form = RemarkForm(request.POST)
    if not ticked:
        form.add_error(None, _("Tick at least one piece of evidence."))
    elif form.is_valid():
        try:
            remark = form.cleaned_data["remark"]
            count = procedure.take(
                procedure.STEPS[step], project, ticked, actor=request.actor, remark=remark
            )
        except Refused as refused:
            if not tell(form, refused):
                raise
        else:
            if step == "accept":
                text = ngettext("%(count)s piece accepted.", "%(count)s pieces accepted.", count)
            else:
                text = ngettext(
                    "%(count)s piece not accepted.", "%(count)s pieces not accepted.", count
                )
            messages.success(request, text % {"count": count})
            rest = request.GET.copy()
            rest.pop("tick", None)
            return redirect(f"{reverse('projects:evidence', args=[pk])}?{rest.urlencode()}")
    return _list(request, project, status=422, remark_form=form, ticked=ticked)


@require_safe
def file(request: ActorRequest, pk: int, number: int) -> FileResponse:
    """The file, as a download that no browser runs; lists and feedback for those who may see people."""
    project = found(request, pk)
    row = _one(project, number)
    if row.file is None or not policy.opens(request.actor, project, row):
        raise Http404
    return stored_download(row.file)


# --- Publications --------------------------------------------------------------------------------


@require_safe
def publications(request: ActorRequest, pk: int) -> HttpResponse:
    """The media list, and what of five and three each event has (ST-S-25)."""
    project = found(request, pk)
    events = list(queries.events_in_media(project))
    counted = queries.publications_of_events(events)
    return tab(
        request,
        project,
        "projects/evidence_publications.html",
        page=queries.publications(project, request.GET),
        asked=request.GET,
        medias=Evidence.Media.choices,
        lines=[
            (one, counted[one.pk], queries.findings_of_publications(one, counted[one.pk]))
            for one in events
        ],
        paper_languages=papers.LANGUAGES,
        formats=FORMATS,
    )


@require_safe
def media_list(request: ActorRequest, pk: int, language: str, kind: str) -> FileResponse:
    """The media list of the project, or with `?event=` of one event, as a paper."""
    project = found(request, pk)
    if language not in papers.LANGUAGES:
        raise Http404
    event = None
    if "event" in request.GET:
        event = get_object_or_404(
            queries.events_of(project), pk=queries.number(request.GET["event"]) or 0
        )
    paper = papers.media_list(project, language, event)
    return paper_download(paper, kind, f"media-{project.pk}-{language}")
