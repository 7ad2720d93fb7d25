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
from ortaq.projects.reporting.content import mark_of
from ortaq.review.evaluating import signed_sheets

KEEP = "keep-"
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
    # Name of the field, language, its name, text, mark of the text that is kept.
    texts: list[tuple[str, str, str, str, int]]
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
    kept = annex8.texts_of(row)
    chosen = {name: request.POST.get(f"{KEEP}{name}", "") for name in kept if "do" in request.POST}
    # What the form did not send stands as it is.
    sent = [name for name in kept if name in request.POST and chosen.get(name) != "theirs"]
    written = annex8.write(
        row,
        {name: request.POST[name] for name in sent},
        seen={name: _mark(request, name) for name in kept},
        insist=[name for name, choice in chosen.items() if choice == "mine"],
        actor=request.actor,
    )
    conflict = _conflict(row, written)
    if request.headers.get("HX-Request") == "true":
        return _saved(request, row, written, conflict)
    if conflict:
        texts = {**annex8.texts_of(row), **written.conflicts}
        # What collided stays unsaved until one of both is chosen.
        seen = {name: _mark(request, name) for name in written.conflicts}
        return _page(request, row, texts, conflict=conflict, seen=seen, status=409)
    messages.success(request, _("Saved."))
    return redirect("oversight:evaluation", pk)


def _mark(request: ActorRequest, name: str) -> int:
    """The mark of a text that the page showed; one that is no number fits none."""
    text = request.POST.get(f"v:{name}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else -1


def _saved(
    request: ActorRequest, row: Evaluation, written: annex8.Written, conflict: Conflict | None
) -> HttpResponse:
    """The answer to a save while somebody types: new marks of what is saved, what collided, what lacks."""
    texts = annex8.texts_of(row)
    context = {
        "conflict": conflict,
        "saved_at": clock.now(),
        "marks": [(name, mark_of(texts[name])) for name in written.changed],
        **_state(row),
    }
    # 409 tells the page that some text is not saved, so it keeps it and says so.
    status = 409 if conflict else 200
    return render(request, "oversight/evaluation_saved.html", context, status=status)


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
    seen: Mapping[str, int] | None = None,
    status: int = 200,
) -> HttpResponse:
    assert row.dossier is not None
    sheets = list(signed_sheets(row.dossier))
    said, results = queries.comments_of(row, sheets), annex8.results(row)

    kept, seen = annex8.texts_of(row), seen or {}

    def pair(key: str) -> list[tuple[str, str, str, str, int]]:
        names = ((f"{key}_{one}", one) for one in annex8.LANGUAGES)
        return [
            (name, one, NAMES[one], texts[name], seen.get(name, mark_of(kept[name])))
            for name, one in names
        ]

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


def _conflict(row: Evaluation, written: annex8.Written) -> Conflict | None:
    """The texts that a colleague changed first, beside what was typed here."""
    if not written.conflicts:
        return None
    labels: dict[str, Any] = {one.key: one.label for one in annex8.rubric_of(row).criteria}
    labels[annex8.RECOMMENDATIONS] = gettext_lazy("Recommendations")
    theirs, differences = annex8.texts_of(row), []
    for name, mine in written.conflicts.items():
        label = labels[name.rpartition("_")[0]]
        differences.append(Difference(label, mine or "—", theirs[name] or "—", name))
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
