"""The report on an evaluation, annex 8: written by officers of the body, printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ortaq import law
from ortaq.core import clock
from ortaq.documents.downloads import paper_download
from ortaq.faces.parts import Conflict, Difference
from ortaq.oversight.models import Evaluation
from ortaq.oversight.papers import evaluation as papers
from ortaq.oversight.procedure import annex8
from ortaq.oversight.queries import evaluation as queries
from ortaq.people.actor import ActorRequest
from ortaq.projects.views.act import version_of
from ortaq.review.evaluating import signed_sheets

GET_POST = ["GET", "HEAD", "POST"]
NAMES = {"kk": "Қазақша", "ru": "Русский"}


def _of_body(request: ActorRequest, pk: int) -> Evaluation:
    row = get_object_or_404(queries.evaluations_visible_to(request.actor), pk=pk)
    if not annex8.of_body(request.actor, row):
        raise Http404
    return row


@dataclass(frozen=True, slots=True)
class Place:
    """Where the report says something in two languages: beside a criterion, or the recommendations."""

    key: str
    label: Any
    texts: list[tuple[str, str, str, str]]
    cite: law.Citation | None = None
    mean: Any = None
    comments: list[tuple[str, int, str]] | None = None


@require_http_methods(GET_POST)
def report(request: ActorRequest, pk: int) -> HttpResponse:
    """The texts of the report. A post saves them: by htmx while somebody types, or whole by the button."""
    row = _of_body(request, pk)
    if row.state not in annex8.WRITTEN_IN:
        raise Http404
    if request.method != "POST":
        return _page(request, row, annex8.texts_of(row))
    typed = {name: request.POST.get(name, "") for name in annex8.texts_of(row)}
    saved = annex8.write(row, typed, version=version_of(request), actor=request.actor)
    conflict = None if saved else _conflict(row, typed)
    if request.headers.get("HX-Request") == "true":
        context = {"evaluation": row, "conflict": conflict, "saved_at": clock.now(), **_state(row)}
        return render(
            request,
            "oversight/evaluation_saved.html",
            context,
            status=409 if conflict else 200,
        )
    if conflict:
        return _page(request, row, typed, conflict=conflict, status=409)
    messages.success(request, _("Saved."))
    return redirect("oversight:evaluation", pk)


def _state(row: Evaluation) -> dict[str, Any]:
    """What the report still lacks, and the place of each lack on the page."""
    found = annex8.progress_of(row)
    links = {one.about: f"#at-{one.about}" for one in found["lacking"]}
    return {"findings": found["lacking"], "total": found["total"], "links": links}


def _page(
    request: ActorRequest,
    row: Evaluation,
    texts: Mapping[str, str],
    *,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    assert row.dossier is not None
    sheets = list(signed_sheets(row.dossier))
    said, results = queries.comments_of(row, sheets), annex8.results(row)

    def pair(key: str) -> list[tuple[str, str, str, str]]:
        names = ((f"{key}_{one}", one) for one in annex8.LANGUAGES)
        return [(name, one, NAMES[one], texts.get(name, "")) for name, one in names]

    places = [
        Place(
            one.key,
            one.label,
            pair(one.key),
            one.cite,
            results.get("means", {}).get(one.key),
            said[one.key],
        )
        for one in annex8.rubric_of(row).criteria
    ]
    places.append(
        Place(annex8.RECOMMENDATIONS, gettext_lazy("Recommendations"), pair(annex8.RECOMMENDATIONS))
    )
    return render(
        request,
        "oversight/evaluation_report.html",
        {
            "evaluation": row,
            "project": row.project,
            "contract": row.project.contract,
            "places": places,
            "results": results,
            "sheets": sheets,
            "conflict": conflict,
            "limit": annex8.LONGEST,
            **_state(row),
        },
        status=status,
    )


def _conflict(row: Evaluation, typed: Mapping[str, str]) -> Conflict:
    """Where this window's texts differ from those that a colleague saved meanwhile."""
    labels: dict[str, Any] = {one.key: one.label for one in annex8.rubric_of(row).criteria}
    labels[annex8.RECOMMENDATIONS] = gettext_lazy("Recommendations")
    differences = []
    for name, theirs in annex8.texts_of(row).items():
        mine = typed[name].replace("\r\n", "\n").strip()
        if mine != theirs:
            key = name.rpartition("_")[0]
            differences.append(Difference(labels[key], mine or "—", theirs or "—"))
    return Conflict(gettext_lazy("A colleague"), clock.now(), tuple(differences))


@require_safe
def paper(request: ActorRequest, pk: int, language: str, kind: str) -> FileResponse:
    """Annex 8 for the body: as formed, or as it would be formed now, which its foot says."""
    row = _of_body(request, pk)
    if language not in papers.LANGUAGES or not queries.is_closed(row):
        raise Http404
    formed = row.state in (Evaluation.State.FORMED, Evaluation.State.POSTED)
    content = row.content if formed and row.content else annex8.content_of(row)
    return paper_download(papers.annex_8(row, content, language), kind, f"annex-8-{pk}-{language}")
