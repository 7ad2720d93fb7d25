"""Pages of one report: while it is written, judged, accepted; its rounds, its papers, its archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Offer, Refused
from ortaq.documents import bundle
from ortaq.documents.downloads import paper_download
from ortaq.documents.writing import paths, reading
from ortaq.documents.writing.merge import Edit
from ortaq.documents.writing.page import element_id
from ortaq.faces.parts import Conflict, Difference
from ortaq.people.actor import ActorRequest
from ortaq.projects.models import Contract, Project, Report
from ortaq.projects.papers import report as papers
from ortaq.projects.papers import report_archive
from ortaq.projects.policy import project as of_project
from ortaq.projects.policy import report as policy
from ortaq.projects.procedure import report as procedure
from ortaq.projects.procedure.participant import note_reading
from ortaq.projects.procedure.project import PROJECT
from ortaq.projects.procedure.report import OPEN, REPORT, Written, last_remarks
from ortaq.projects.queries import report as queries
from ortaq.projects.reporting import checks, page
from ortaq.projects.reporting.content import (
    Assembled,
    Content,
    assemble,
    layout_for,
    mark_of,
    taken_over,
)
from ortaq.projects.reporting.layout import form_of

from .found import tab as room

GET_POST = ["GET", "HEAD", "POST"]
TAKEN = ("submit", "return", "accept")
REMARK, KEEP = "remark-", "keep-"
TAKE_OVER, PROPOSED = "propose:", "p:"
LONG = 20_000


def tab(
    request: ActorRequest, project: Project, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the reports of a project."""
    return room(request, project, template, status=status, in_reports=True, in_list=True, **context)


def ending(
    request: ActorRequest, project: Project, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page beside the reports that belongs to the end of a project, with the step that closes it."""
    offers = {offer.step.name: offer for offer in PROJECT.offers(project, request.actor)}
    closes = offers.get("close")
    return room(
        request, project, template, status=status, in_reports=True, closes=closes, **context
    )


def _report(request: ActorRequest, pk: int, report: int) -> Report:
    """The report for those who may know of it; the same 404 for hidden and absent."""
    row = get_object_or_404(queries.report_head(request.actor), pk=report, project=pk)
    if not (policy.reads(request.actor, row) or of_project.is_body(request.actor, row.project)):
        raise PermissionDenied
    return row


def _content(request: ActorRequest, row: Report) -> Content | None:
    """What this reader sees of a report: the NGO what stands now while it writes, everybody else what was submitted last."""
    if _is_written(request, row):
        return assemble(row, last_remarks(row)).content
    return queries.content_of(row, row.round) if policy.reads(request.actor, row) else None


def _is_written(request: ActorRequest, row: Report) -> bool:
    """Whether this reader sees the report as it is being written."""
    return row.state in OPEN and not of_project.is_body(request.actor, row.project)


@require_http_methods(GET_POST)
def report(request: ActorRequest, pk: int, report: int) -> HttpResponse:
    """One report. A post saves what was typed: by htmx while somebody types, or whole by its button."""
    row = _report(request, pk, report)
    if request.method == "POST":
        return _save(request, row)
    return _page(request, row)


def _page(
    request: ActorRequest,
    row: Report,
    *,
    typed: page.Typed | None = None,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, project = request.actor, row.project
    may_write = row.state in OPEN and policy.writes(actor, row)
    made: Assembled | None = None
    if _is_written(request, row):
        made = row.assembled = assemble(row, last_remarks(row))
        content: Content | None = made.content
    else:
        content = _content(request, row)
    offers = {offer.step.name: offer for offer in _offers(request, row)}
    context: dict[str, Any] = {
        "report": row,
        "may_write": may_write,
        "judges": "return" in offers,
        "offers": offers,
        "conflict": conflict,
        "refused": _refusals(typed),
        "submissions": queries.submissions_of(row),
        "is_grant": project.contract.instrument == Contract.Instrument.GRANT,
        "days_late": checks.days_late(row, clock.today()) if row.state in OPEN else 0,
        "pair": _other(row),
        "source": checks.cite_of(row),
        "papers": papers.LANGUAGES,
        "has_content": content is not None,
        "sends_people": of_project.sees_people(actor, project),
    }
    if content is not None:
        layout = made.layout if made else layout_for(row, last_remarks(row))
        proposals = made.proposals if made and may_write else {}
        shown = page.parts(
            form_of(row), layout.groups, content, row.remarks.all(), typed, proposals=proposals
        )
        context["parts"] = shown
        context["proposed"] = sum(bool(one.proposed) for part in shown for one in part.places)
        if made and may_write:
            findings = checks.findings_of(made)
            context |= {"findings": findings, "links": _links(findings, made)}
    return tab(request, project, "projects/report.html", status=status, **context)


def _offers(request: ActorRequest, row: Report) -> list[Offer]:
    """The steps without their findings: the page says beside them what is missing, and the step asks again."""
    return [
        Offer(step, [])
        for step in REPORT.steps.values()
        if row.state in step.sources and step.by(request.actor, row)
    ]


def _other(row: Report) -> Report | None:
    """The creative report beside a financial one, and the other way round."""
    is_final = row.kind.startswith("final")
    return (
        Report.objects.filter(project=row.project, number=row.number)
        .filter(kind__startswith="final" if is_final else "interim")
        .exclude(pk=row.pk)
        .first()
    )


def _links(findings: list[Any], made: Assembled) -> dict[str, str]:
    """Where what a finding is about is mended on the page: a place, or a whole section."""
    places = {slot.path for group in made.layout.groups for slot in group.slots}
    return {
        one.about: f"#{element_id(one.about) if one.about in places else page.id_of_section(one.about)}"
        for one in findings
        if one.about
    }


def _refusals(typed: page.Typed | None) -> list[tuple[str, Any]]:
    refused: Mapping[str, Any] = typed.refused if typed else {}
    return [(element_id(path), finding) for path, finding in refused.items()]


def _save(request: ActorRequest, row: Report) -> HttpResponse:
    layout = layout_for(row, last_remarks(row))
    sent = reading.read(request.POST, layout, row.texts)
    chosen = _chosen(request)
    edits = [one for one in sent.edits if chosen.get(one.unit) != "theirs"]
    insist = [path for path, choice in chosen.items() if choice == "mine"]
    proposed: list[Edit] = []
    if shown := _shown(request):
        language = "ru" if request.LANGUAGE_CODE.startswith("ru") else "kk"
        proposed = taken_over(assemble(row, last_remarks(row)), shown, language, edits)
    written = procedure.write(row, [*edits, *proposed], actor=request.actor, insist=insist)
    conflict = _conflict(row, layout, written)
    typed = page.Typed({**sent.typed, **written.conflicts}, sent.refused)
    status = 422 if sent.refused else 409 if conflict else 200
    if request.headers.get("HX-Request") == "true":
        return _saved(request, row, written, typed, conflict)
    if status != 200:
        return _page(request, row, typed=typed, conflict=conflict, status=status)
    if request.POST.get("do") == "submit":
        return _submit(request, row)
    if shown:
        _tell(request, len(proposed), len(shown))
    else:
        messages.success(request, _("Saved."))
    return redirect("projects:report", row.project_id, row.pk)


def _shown(request: ActorRequest) -> dict[str, int]:
    """The mark of each proposal that the page showed and the pressed button means, by path; nothing when another was pressed."""
    do = request.POST.get("do", "")
    only = do.removeprefix(TAKE_OVER)
    if only == do:
        return {}
    return {
        path: int(str(mark))
        for name, mark in request.POST.items()
        if (path := name.removeprefix(PROPOSED)) != name and only in ("", path) and _is_mark(mark)
    }


def _is_mark(sent: object) -> bool:
    text = str(sent)
    return text.isascii() and text.isdigit() and len(text) < 10


def _tell(request: ActorRequest, taken: int, shown: int) -> None:
    """How many proposals were taken over, and that some were not."""
    if taken:
        messages.success(
            request,
            ngettext(
                "%(number)s proposal is your text now: read it and change what is not so.",
                "%(number)s proposals are your texts now: read them and change what is not so.",
                taken,
            )
            % {"number": taken},
        )
    if taken < shown:
        messages.warning(
            request,
            _("Some proposals were not taken over: they read otherwise by now, or you wrote there yourself."),
        )  # fmt: skip


def _chosen(request: ActorRequest) -> dict[str, str]:
    """Which of two texts was chosen, by path; only by pressing the button, not while typing."""
    if "do" not in request.POST:
        return {}
    return {
        name.removeprefix(KEEP): str(value)
        for name, value in request.POST.items()
        if name.startswith(KEEP)
    }


def _submit(request: ActorRequest, row: Report) -> HttpResponse:
    try:
        REPORT.take("submit", row, actor=request.actor)
    except Refused as refused:
        if not refused.has("missing", "no_copy"):
            raise
        messages.warning(request, _("Saved, but not submitted yet: look at what is missing."))
        return redirect(f"{reverse('projects:report', args=[row.project_id, row.pk])}#missing")
    messages.success(request, _("The report is submitted. The receipt stands on this page."))
    return redirect("projects:report", row.project_id, row.pk)


def _conflict(row: Report, layout: Any, written: Written) -> Conflict | None:
    if not written.conflicts:
        return None
    flat = paths.flatten(row.texts)
    differences = []
    for path, mine in written.conflicts.items():
        slot = layout.slot(path)
        label = slot.label if slot else path
        differences.append(Difference(label, mine or "—", str(flat.get(path) or "—"), path))
    return Conflict(_("A colleague"), row.edited_at or clock.now(), differences)


def _saved(
    request: ActorRequest,
    row: Report,
    written: Written,
    typed: page.Typed,
    conflict: Conflict | None,
) -> HttpResponse:
    """The answer to a save while typing: marks, what is missing, what collided."""
    made = assemble(row, last_remarks(row))
    findings = checks.findings_of(made)
    texts = made.content["texts"]
    context = {
        "report": row,
        "units": [
            (path, f"{element_id(path)}-v", mark_of(texts.get(path, "")))
            for path in written.changed
        ],
        "refused": _refusals(typed),
        "conflict": conflict,
        "findings": findings,
        "links": _links(findings, made),
    }
    # 409 and 422 tell the page that some text is not saved, so it keeps it and says so.
    status = 422 if typed.refused else 409 if conflict else 200
    return render(request, "projects/report_saved.html", context, status=status)


@require_POST
def take(request: ActorRequest, pk: int, report: int, step: str) -> HttpResponse:
    """Submit, return with remarks, accept."""
    if step not in TAKEN:
        raise Http404
    row = _report(request, pk, report)
    facts: dict[str, Any] = {}
    if step == "return":
        facts["remarks"] = {
            name.removeprefix(REMARK): text[:LONG]
            for name, sent in sorted(request.POST.items())
            if name.startswith(REMARK) and (text := str(sent).strip())
        }
    REPORT.take(step, row, actor=request.actor, **facts)
    messages.success(request, _("Done: %(step)s.") % {"step": str(REPORT[step].title)})
    return redirect("projects:report", pk, report)


@require_safe
def round_of(request: ActorRequest, pk: int, report: int, number: int) -> HttpResponse:
    """What a round changed against the one before it."""
    row = _report(request, pk, report)
    now = queries.content_of(row, number) if policy.reads(request.actor, row) else None
    if now is None:
        raise Http404
    before = queries.content_of(row, number - 1)
    form, layout = form_of(row), layout_for(row)
    return tab(
        request,
        row.project,
        "projects/report_round.html",
        report=row,
        number=number,
        first=before is None,
        differences=page.differences(before, now, layout.groups) if before else [],
        tables=page.tables_changed(before, now, form) if before else [],
        remarks=[one for one in row.remarks.all() if one.round == number - 1],
        sections={section.key: section for section in form.sections},
    )


@require_safe
def paper(request: ActorRequest, pk: int, report: int, language: str, kind: str) -> FileResponse:
    """The report on paper."""
    row = _report(request, pk, report)
    content = _content(request, row)
    if language not in papers.LANGUAGES or content is None:
        raise Http404
    made = papers.make(row, content, language)
    return paper_download(made, kind, f"report-{row.kind}-{row.number}-{language}")


@require_safe
def archive(request: ActorRequest, pk: int, report: int) -> StreamingHttpResponse:
    """The report with all its annexes; who reads lists of people is written down."""
    row = _report(request, pk, report)
    content = _content(request, row)
    if content is None:
        raise Http404
    people = of_project.sees_people(request.actor, row.project)
    if people:
        note_reading(row.project, request.actor)
    frozen = not _is_written(request, row)
    entries = report_archive.entries(row, content, people=people, frozen=frozen)
    answer = StreamingHttpResponse(bundle.stream(entries), content_type="application/zip")
    name = f"report-{row.kind}-{row.number}-{row.project_id}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
