"""Pages of participants for the parties: figures and feedback, lists, attendance, merging, erasing, posters."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.documents.downloads import paper_download
from ortaq.law.findings import stops
from ortaq.people.actor import ActorRequest
from ortaq.projects import feedback, lists
from ortaq.projects.forms.participant import QUESTIONS, GridForm, ListForm
from ortaq.projects.models import Consumer, Event, Project
from ortaq.projects.papers import participants as papers
from ortaq.projects.policy import participant as times
from ortaq.projects.policy import project as policy
from ortaq.projects.procedure import attendance, forgetting, likeness
from ortaq.projects.procedure import participant as procedure
from ortaq.projects.procedure.attendance import Entered
from ortaq.projects.queries import participant as queries

from .found import found, recording, seeing_people, tab

GET_POST = ["GET", "HEAD", "POST"]
MOST_FINDINGS = 100


def _event(project: Project, pk: int) -> Event:
    event = get_object_or_404(Event, pk=pk, project=project)
    event.project = project
    return event


# --- The project ------------------------------------------------------------------------------------


@require_safe
def people(request: ActorRequest, pk: int) -> HttpResponse:
    """Coverage and feedback for every party; names only for those who may see people."""
    project = found(request, pk)
    sees = policy.sees_people(request.actor, project)
    context: dict[str, Any] = {"sees": sees, "query": request.GET.get("q", "").strip()[:200]}
    if sees:
        procedure.note_reading(project, request.actor)
        context |= {
            "consumers": queries.consumer_page(project, request.GET),
            "candidates": len(queries.candidates(project)),
        }
    page, heard = queries.heard(project, {"page": request.GET.get("events", "")})
    day = project.keep_personal_until
    return tab(
        request,
        project,
        "projects/participant_people.html",
        page=page,
        heard=heard,
        reviews=queries.project_reviews(project),
        average=Fraction(project.points, project.answers) if project.answers else None,
        erasable=sees and day is not None and clock.today() > day and project.erased_at is None,
        **context,
    )


@require_http_methods(GET_POST)
def merge(request: ActorRequest, pk: int) -> HttpResponse:
    """People who are probably one: those chosen become the first of them, or are known to be different from now on."""
    project = recording(request, pk)
    if request.method == "POST":
        try:
            _said_of_alike(request, project)
        except Refused as refused:
            for finding in refused.findings:
                messages.error(request, str(finding.message))
        return redirect("projects:people_merge", pk)
    procedure.note_reading(project, request.actor)
    return tab(
        request,
        project,
        "projects/participant_merge.html",
        groups=queries.candidates(project),
        apart=queries.known_apart(project),
    )


@transaction.atomic
def _said_of_alike(request: ActorRequest, project: Project) -> None:
    """What the NGO says of people who look alike, wholly or not at all."""
    if _is_key(doubted := request.POST.get("doubt", "")):
        likeness.doubt_again(project, int(doubted), actor=request.actor)
        messages.success(request, _("They are offered for merging again."))
        return
    keys = [int(key) for key in request.POST.getlist("person") if _is_key(key)]
    if "apart" in request.POST:
        likeness.keep_apart(project, keys, actor=request.actor)
        messages.success(request, _("They are different people, counted apart and not offered again."))  # fmt: skip
        return
    chosen = list(Consumer.objects.filter(project=project, pk__in=keys[:1000]).order_by("pk"))
    if len(chosen) < 2:
        messages.error(request, _("Choose at least two people of one group."))
        return
    for other in chosen[1:]:
        likeness.merge(chosen[0], other, actor=request.actor)
    messages.success(request, _("They are one person now, counted once."))


def _is_key(sent: str) -> bool:
    return sent.isascii() and sent.isdigit() and len(sent) < 19


@require_POST
def forget(request: ActorRequest, pk: int) -> HttpResponse:
    """Erase everybody's personal data when the period of keeping is over."""
    project = seeing_people(request, pk)
    erased = forgetting.forget_all(project, actor=request.actor)
    messages.success(
        request,
        ngettext(
            "The data of %(number)s person are erased; all figures stay.",
            "The data of %(number)s people are erased; all figures stay.",
            erased,
        )
        % {"number": erased},
    )
    names = ", ".join(f"№{one.number}" for one in forgetting.naming(project))
    if names:
        messages.warning(
            request,
            _("These pieces of evidence name people; delete their copies: %(names)s.")
            % {"names": names},
        )
    return redirect("projects:people", pk)


@require_POST
def forget_one(request: ActorRequest, pk: int, person: int) -> HttpResponse:
    """Erase one person's data at their own wish."""
    project = seeing_people(request, pk)
    one = get_object_or_404(queries.consumers_of(project).select_related("project__contract"), pk=person)  # fmt: skip
    forgetting.forget_asked(one, actor=request.actor)
    messages.success(request, _("The data of this person are erased; all figures stay."))
    return redirect("projects:people", pk)


# --- One event --------------------------------------------------------------------------------------


@require_safe
def event_people(request: ActorRequest, pk: int, event: int) -> HttpResponse:
    """Everybody of an event, with the marks of who was there."""
    project = seeing_people(request, pk)
    one = _event(project, event)
    procedure.note_reading(project, request.actor)
    return tab(
        request,
        project,
        "projects/participant_list.html",
        event=one,
        page=queries.participants_page(one, request.GET),
        feedback=queries.feedback_of(one),
        reviews=queries.reviews_of(one),
        has_begun=times.has_begun(one, clock.now()),
        marks=policy.records(request.actor, project) and one.state != Event.State.CANCELLED,
    )


@require_POST
def mark(request: ActorRequest, pk: int, event: int) -> HttpResponse:
    """Who was there: everybody, or those ticked on the page that was shown."""
    project = recording(request, pk)
    one = _event(project, event)
    present = {int(key) for key in request.POST.getlist("present") if _is_key(key)}
    among = {int(key) for key in request.POST.getlist("shown") if _is_key(key)}
    everybody = "everybody" in request.POST
    changed = attendance.mark(one, None if everybody else present, among, actor=request.actor)
    messages.success(
        request,
        ngettext("%(number)s mark changed.", "%(number)s marks changed.", changed)
        % {"number": changed},
    )
    here = reverse("projects:event_people", args=[pk, event])
    page = request.POST.get("page", "")[:200]
    return redirect(f"{here}?{_query(page)}" if page else here)


def _query(page: str) -> str:
    return urlencode({"page": page})


@require_http_methods(GET_POST)
def new(request: ActorRequest, pk: int, event: int) -> HttpResponse:
    """A paper list typed in, thirty rows at a time."""
    project = recording(request, pk)
    one = _event(project, event)
    has_begun = times.has_begun(one, clock.now())
    form = GridForm(request.POST if request.method == "POST" else None, attended=has_begun)
    if request.method == "POST" and not stops(form.findings):
        came = attendance.enter(one, form.lines, actor=request.actor)
        tell(request, came)
        more = "another" in request.POST
        return redirect("projects:event_people_new" if more else "projects:event_people", pk, event)
    return tab(
        request,
        project,
        "projects/participant_new.html",
        status=422 if form.findings else 200,
        event=one,
        form=form,
        has_begun=has_begun,
        question=QUESTIONS.get(feedback.question(one), ""),
    )


def tell(request: ActorRequest, came: Entered) -> None:
    """What came of a list."""
    messages.success(
        request,
        _("Entered: %(new)s new in the list of this event, %(known)s stood there already.")
        % {"new": came.new, "known": came.known},
    )
    for finding in lists.repeated(came.repeated[:10]):
        messages.info(request, finding.message)


@require_http_methods(GET_POST)
def read_in(request: ActorRequest, pk: int, event: int) -> HttpResponse:
    """A table of participants: all of it or, when a row cannot be read, nothing."""
    project = recording(request, pk)
    one = _event(project, event)
    form = ListForm(request.POST or None, request.FILES or None)
    findings: list[Any] = []
    if request.method == "POST" and form.is_valid():
        lines, findings = lists.read(form.cells)
        if not stops(findings) and not times.has_begun(one, clock.now()):
            lines = [replace(line, attended=False) for line in lines]
        if len(lines) > lists.MOST:
            form.add_error("table", _("Divide the table: at most 10 000 people at once."))
        elif not stops(findings):
            came = (
                attendance.enter_table(
                    one, lines, actor=request.actor, content=form.content, name=form.name
                )
                if form.content
                else attendance.enter(one, lines, actor=request.actor)
            )
            tell(request, came)
            return redirect("projects:event_people", pk, event)
    return tab(
        request,
        project,
        "projects/participant_import.html",
        status=422 if request.method == "POST" else 200,
        event=one,
        form=form,
        findings=findings[:MOST_FINDINGS],
        more=max(len(findings) - MOST_FINDINGS, 0),
    )


@require_safe
def paper(request: ActorRequest, pk: int, event: int, language: str, kind: str) -> FileResponse:
    """The list on its form; with `?empty` the blank one for the door."""
    project = seeing_people(request, pk)
    one = _event(project, event)
    if language not in papers.LANGUAGES:
        raise Http404
    empty = "empty" in request.GET
    if not empty:
        procedure.note_reading(project, request.actor)
    made = papers.participants_list(one, language, empty=empty)
    return paper_download(made, kind, f"participants-{one.number}-{language}")


@require_safe
def poster(request: ActorRequest, pk: int, event: int, language: str, kind: str) -> FileResponse:
    one = _event(found(request, pk), event)
    if language not in papers.LANGUAGES or kind == "xlsx":
        raise Http404
    return paper_download(papers.poster(one, language), kind, f"poster-{one.number}-{language}")


@require_safe
def qr(request: ActorRequest, pk: int, event: int) -> HttpResponse:
    """The QR code of the event's short link, for the page and for posters of one's own."""
    one = _event(found(request, pk), event)
    return HttpResponse(papers.qr_svg(one), content_type="image/svg+xml")
