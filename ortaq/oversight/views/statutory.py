"""Pages of annex 9: the reports of a body, one report while it is prepared, submitted, answered; its figures and its papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.core.bilingual import pick
from ortaq.core.keys import key_of
from ortaq.core.procedure import Offer
from ortaq.documents.downloads import paper_download
from ortaq.documents.render import html
from ortaq.law.findings import Finding, Severity
from ortaq.oversight import lineage
from ortaq.oversight.figures import figure, row_of
from ortaq.oversight.forms.statutory import PeriodForm, SignerForm, signer_of
from ortaq.oversight.models import StatutoryReport
from ortaq.oversight.papers import statutory as papers
from ortaq.oversight.policy.project import works_for
from ortaq.oversight.procedure import statutory as procedure
from ortaq.oversight.procedure import statutory_checks as checks
from ortaq.oversight.procedure.statutory import STATUTORY
from ortaq.oversight.queries import statutory as queries
from ortaq.people.actor import ActorRequest
from ortaq.projects.models import Project
from ortaq.projects.views.act import version_of

GET_POST = ["GET", "HEAD", "POST"]
ANSWER = "answer-"
# A longer list of what is missing hides what matters; the rows themselves say the rest.
MOST_FINDINGS = 40


@require_http_methods(GET_POST)
def statutories(request: ActorRequest) -> HttpResponse:
    """The reports of the bodies for which the reader answers; one that the clock has not opened yet can be opened here."""
    bodies = queries.bodies_of(request.actor)
    if not bodies:
        raise Http404
    form = PeriodForm(bodies, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = procedure.open_report(**form.cleaned_data, actor=request.actor)
        return redirect("oversight:statutory", made.pk)
    return render(
        request,
        "oversight/statutory_list.html",
        {
            "reports": queries.own_reports(request.actor),
            "several": len(bodies) > 1,
            "form": form,
            "now": clock.now(),
        },
        status=422 if form.errors else 200,
    )


def found(request: ActorRequest, pk: int) -> StatutoryReport:
    """The report for whoever may know of it."""
    return get_object_or_404(queries.reports_visible_to(request.actor), pk=pk)


@require_safe
def statutory(request: ActorRequest, pk: int) -> HttpResponse:
    """One report: as it stands now while the body prepares it, else as it was submitted last."""
    report = found(request, pk)
    writes = report.state in queries.WRITTEN and works_for(request.actor, report.body_id)
    return _page(request, report, 0 if writes else report.round)


@require_safe
def statutory_round(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """The report as it was submitted in one round."""
    report = found(request, pk)
    if not 1 <= number <= report.round:
        raise Http404
    return _page(request, report, number)


def _page(request: ActorRequest, report: StatutoryReport, number: int) -> HttpResponse:
    actor = request.actor
    content = queries.content_for(report, actor, number)
    context: dict[str, Any] = {
        "report": report,
        "number": number,
        "edition": checks.edition_of(report),
        "cite": checks.cite_of(report),
        "remark": _remark(report),
        "own": works_for(actor, report.body_id),
        "late": report.first_submitted_at is not None and report.first_submitted_at > report.due_at,
        "submissions": report.submissions.defer("content").select_related("submitted_by"),
        "remarks": queries.remarks_of(report),
        "papers": papers.LANGUAGES,
    }
    if content is not None:
        context |= _content(request, report, number, content)
    return render(request, "oversight/statutory.html", context)


def _content(
    request: ActorRequest, report: StatutoryReport, number: int, content: Mapping[str, Any]
) -> dict[str, Any]:
    """The rows; while the report is prepared, what is missing and the step that submits it."""
    findings = checks.missing(report, content) if number == 0 else []
    sections = list(queries.sections_of(content, findings))
    filled = [one for one in sections if one.rows]
    shown = queries.chosen(sections, request.GET.get("field", ""))
    part, parts = 1, 1
    if len(shown) == 1:
        section, part, parts = queries.part_of(shown[0], request.GET.get("part", ""))
        shown = [section]
    rows = sum(len(one.rows) for one in filled)
    made: dict[str, Any] = {
        "content": content,
        "sections": shown,
        "filled": filled,
        "hidden": len(shown) < len(filled),
        "part": part,
        "parts": range(1, parts + 1),
        "empty": [one for one in sections if not one.rows],
        "rows": rows,
        "planned": _planned(filled),
        "contracted": _contracted(filled),
        "is_year": StatutoryReport.Period(report.period).scored,
    }
    if number == 0:
        lines, more = gathered(findings, (row.row for one in filled for row in one.rows))
        made |= {
            "findings": lines,
            "more": more,
            "links": {
                row.row["project"]: reverse("oversight:account", args=[row.project, report.year])
                for section in filled
                for row in section.rows
                if row.findings
            },
            "offer": _offer(request, report, content),
            "signer_form": SignerForm(initial=signer_of(report)),
        }
    return made


def _planned(sections: Iterable[queries.Section]) -> int:
    """What was planned for all rows in tiyn: a topic carried out under several contracts counts once."""
    planned = {
        tuple(row.row["planned"]["from"]): row.row["planned"]["tiyn"] or 0
        for section in sections
        for row in section.rows
    }
    return sum(planned.values())


def _contracted(sections: Iterable[queries.Section]) -> int:
    return sum(row.row["contracted"]["tiyn"] for section in sections for row in section.rows)


def gathered(
    findings: Iterable[Finding], rows: Iterable[Mapping[str, Any]]
) -> tuple[list[Finding], int]:
    """What is missing, all texts that one project lacks in one line, the lines that stop first; of a long list the beginning, and how
    many lines more there are.
    """
    names = {row["project"]: pick(row["name"]["kk"], row["name"]["ru"]) for row in rows}
    lacking: dict[str, list[Finding]] = {}
    first, others = [], []
    for one in findings:
        if one.severity is not Severity.ERROR:
            others.append(one)
        elif one.about in names:
            lacking.setdefault(one.about, []).append(one)
        else:
            first.append(one)
    for about, several in lacking.items():
        parts = "; ".join(str(LABELS[one.code]) for one in several)
        message = _("“%(name)s”: not written yet: %(parts)s.")
        text = message % {"name": names[about], "parts": parts}
        first.append(Finding("not_written", Severity.ERROR, text, several[0].cite, about=about))
    lines = [*first, *others]
    return lines[:MOST_FINDINGS], max(0, len(lines) - MOST_FINDINGS)


# What a finding about a missing text is about, by its code; annex 5 asks for the Kazakh one and does not name the language.
LABELS = {
    **{f"no_{name}": label for name, label in procedure.NAMES.items()},
    **{f"no_{part}": procedure.NAMES[f"{part}_kk"] for part in procedure.TEXTS},
}


def _offer(
    request: ActorRequest, report: StatutoryReport, content: Mapping[str, Any]
) -> Offer | None:
    """The step that submits: what its form asks for stands in nobody's way, what rows lack is told once beside them."""
    offers = STATUTORY.offers(report, request.actor, content=content)
    offer = next((one for one in offers if one.step.name == "submit"), None)
    if offer is None:
        return None
    of_rows = [one for one in offer.findings if one.about.startswith("projects.project:")]
    rest = [one for one in offer.findings if one.code != "not_signed" and one not in of_rows]
    if any(one.severity is Severity.ERROR for one in of_rows):
        message = gettext_lazy("Some projects are not written about yet; they stand above.")
        rest.append(
            Finding("rows_open", Severity.ERROR, message, checks.cite_of(report), about="rows")
        )
    return Offer(offer.step, [one for one in rest if one.severity is Severity.ERROR])


def _remark(report: StatutoryReport) -> Any:
    """What the edition itself says beside the day (SO-X-01)."""
    terms = checks.edition_of(report).terms
    term = terms.get("report.year") if report.period == StatutoryReport.Period.YEAR else None
    return term.remark if term is not None and any(term.remark) else None


# --- Steps of the body ----------------------------------------------------------------------------------


@require_POST
def submit(request: ActorRequest, pk: int) -> HttpResponse:
    """Sign and submit; what is missing is told, and nothing is half-done."""
    report = found(request, pk)
    form = SignerForm(request.POST)
    form.is_valid()
    STATUTORY.take(
        "submit",
        report,
        actor=request.actor,
        version=version_of(request),
        signer=form.cleaned_data.get("signer", ""),
        signer_position=form.cleaned_data.get("signer_position", ""),
        acting=form.cleaned_data.get("acting", False),
    )
    messages.success(request, _("The report is submitted."))
    return redirect("oversight:statutory", pk)


@require_POST
def answers(request: ActorRequest, pk: int) -> HttpResponse:
    """What was done about the remarks of the round that came back."""
    report = found(request, pk)
    given = {
        int(name.removeprefix(ANSWER)): str(text)
        for name, text in request.POST.items()
        if name.startswith(ANSWER) and name.removeprefix(ANSWER).isdecimal() and len(name) < 24
    }
    procedure.answer_remarks(report, given, actor=request.actor)
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('oversight:statutory', args=[pk])}#remarks")


# --- Figures and papers ---------------------------------------------------------------------------------


def _told(request: ActorRequest, pk: int, number: int) -> tuple[StatutoryReport, Mapping[str, Any]]:
    """A report with its content in one round (0: as it stands now)."""
    report = found(request, pk)
    content = queries.content_for(report, request.actor, number)
    if content is None:
        raise Http404
    return report, content


@require_safe
def statutory_figure(
    request: ActorRequest, pk: int, number: int, project: int, name: str
) -> HttpResponse:
    """Where a figure of the report comes from, also after it was frozen."""
    report, content = _told(request, pk, number)
    row = row_of(content, key_of(Project(pk=project)))
    shown = figure(row, name) if row else None
    if row is None or shown is None:
        raise Http404
    address = reverse("oversight:statutory", args=[pk])
    if number and number != report.round:
        address = reverse("oversight:statutory_round", args=[pk, number])
    return lineage_page(
        request,
        figure=shown,
        edition=checks.edition_of(report),
        project=pick(row["name"]["kk"], row["name"]["ru"]),
        back=address,
        back_text=report.title,
        frozen=report.submissions.filter(round=number).first() if number else None,
    )


def lineage_page(request: ActorRequest, **context: Any) -> HttpResponse:
    """The records behind a `figure` of an `edition`; `back`, `back_text` lead to the page with it, `frozen` is what froze it."""
    records: Sequence[lineage.Record] = lineage.records(context["figure"].keys, request.actor)
    now = [one.tiyn for one in records if one.tiyn is not None]
    value = context["figure"].tiyn
    changed = value is not None and bool(now) and sum(now) != value
    return render(
        request,
        "oversight/lineage.html",
        {
            "records": records,
            "changed": changed,
            "formula": context["edition"].rubric("evaluation").cite,
            **context,
        },
    )


@require_safe
def statutory_paper(
    request: ActorRequest, pk: int, number: int, language: str, kind: str
) -> HttpResponse | FileResponse:
    """Annex 9 on its form; `both` and xlsx give one workbook with a Kazakh and a Russian sheet (SO-R-03)."""
    report, content = _told(request, pk, number)
    name = f"annex-9-{report.year}-{report.period}-{report.body_id}"
    if language == "both" and kind == "xlsx":
        made = [papers.annex_9(report, content, one) for one in papers.LANGUAGES]
        return papers.workbook(made, name)
    if language not in papers.LANGUAGES:
        raise Http404
    paper = papers.annex_9(report, content, language)
    if kind != "html":
        return paper_download(paper, kind, f"{name}-{language}")
    return render(
        request,
        "oversight/annex_paper.html",
        {
            "paper": paper,
            "html": html(paper),
            "back": reverse("oversight:statutory", args=[pk]),
            "back_text": report.title,
        },
    )
