"""Worksheets of the analysis: two officers fill one together, with or without scripts."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ortaq.core.procedure import Offer, Refused, Step, moved_on
from ortaq.documents.downloads import paper_download
from ortaq.faces.views import by_htmx
from ortaq.law import needs
from ortaq.people.actor import ActorRequest
from ortaq.planning.forms.needs import CanvasForm, CardForm
from ortaq.planning.models import Assessment, Canvas, Card
from ortaq.planning.papers.needs import LANGUAGES, canvas_paper
from ortaq.planning.policy import assesses
from ortaq.planning.procedure import needs_draft as drafting
from ortaq.planning.procedure.changed import Changed
from ortaq.planning.procedure.needs import APPROVE
from ortaq.planning.queries import needs as queries

from .needs import conflict_of, draft

REMOVE = Step(
    "remove_canvas",
    gettext_lazy("Remove this worksheet"),
    source=Assessment.State.DRAFT,
    target=None,
    by=assesses,
    final=True,
)


@require_safe
def canvas(request: ActorRequest, pk: int) -> HttpResponse:
    return _sheet(request, _canvas(request, pk))


def _sheet(
    request: ActorRequest, found: Canvas, failed: CardForm | None = None, *, fragment: bool = False
) -> HttpResponse:
    """The worksheet: the whole page, or only what scripts put in its place.

    `failed` is a card that could not be added: its text stays in the box of its cell.
    """
    cells = queries.cells(found)
    writes = found.assessment.state == Assessment.State.DRAFT
    cell = failed["cell"].value() if failed else ""
    added = request.POST.get("cell", "") if fragment else ""
    return render(
        request,
        "planning/canvas_cards.html" if fragment else "planning/canvas.html",
        {
            "canvas": found,
            "sheet": queries.worksheet(found),
            "rows": queries.rows_of(cells, found.kind),
            "cells": cells,
            "context": queries.context_of(found),
            "writes": writes,
            "failed": failed,
            "failed_cell": cell,
            "added": added,
            "remove": Offer(REMOVE, []),
        },
        status=422 if failed else 200,
    )


def cards(request: ActorRequest, pk: int) -> HttpResponse:
    """The cards as they stand (for scripts that look every few seconds); posted, one card more."""
    found = _canvas(request, pk)
    if request.method != "POST":
        return _sheet(request, found, fragment=True)
    _of_draft(found)
    form = CardForm(request.POST, canvas=found)
    if not form.is_valid():
        return _sheet(request, found, form, fragment=by_htmx(request))
    cell = form.cleaned_data["cell"]
    drafting.add_card(found, cell, form.cleaned_data["text"], actor=request.actor)
    if by_htmx(request):
        return _sheet(request, found, fragment=True)
    return redirect(f"{reverse('planning:canvas', args=[pk])}#{cell}")


def card(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """Another wording of a card, or another cell. What a colleague did meanwhile is shown."""
    found = _of_draft(_canvas(request, pk))
    row = Card.objects.filter(pk=number, canvas=found).select_related("author").first()
    gone = row is None
    if gone and request.method != "POST":
        raise Http404
    instance = row or Card(canvas=found)
    form = CardForm(request.POST or None, instance=instance, canvas=found)
    conflict = None
    if request.method == "POST" and form.is_valid() and not gone:
        try:
            saved = drafting.write_card(
                form.save(commit=False), actor=request.actor, version=form.seen
            )
        except Changed as changed:
            gone = changed.theirs is None
            conflict = None if gone else conflict_of(form, changed.theirs)
        else:
            return redirect(f"{reverse('planning:canvas', args=[pk])}#{saved.cell}")
    return render(
        request,
        "planning/card.html",
        {"form": form, "canvas": found, "card": row, "conflict": conflict, "gone": gone},
        status=422 if form.errors else 409 if conflict or gone else 200,
    )


@require_POST
def remove_card(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    found = _of_draft(_canvas(request, pk))
    row = Card.objects.filter(pk=number, canvas=found).first()
    seen = request.POST.get("version", "")
    if row is not None:
        row.canvas = found
        try:
            drafting.remove_card(
                row, actor=request.actor, version=int(seen) if seen.isdecimal() else -1
            )
        except Changed:
            messages.warning(
                request, _("A colleague saved this a moment ago. Read it before you remove it.")
            )
            return redirect("planning:card", pk, number)
    return redirect("planning:canvas", pk)


def new(request: ActorRequest, pk: int) -> HttpResponse:
    """A worksheet more for an assessment."""
    assessment = draft(request, pk)
    form = CanvasForm(request.POST or None, instance=Canvas(assessment=assessment))
    if request.method == "POST" and form.is_valid():
        begun = drafting.begin_canvas(form.save(commit=False), actor=request.actor)
        return redirect("planning:canvas", begun.pk)
    return render(
        request,
        "planning/canvas_edit.html",
        {
            "form": form,
            "assessment": assessment,
            "canvas": None,
            "sheets": needs.worksheets().values(),
        },
        status=422 if form.errors else 200,
    )


def edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Title and context of a worksheet."""
    found = _of_draft(_canvas(request, pk))
    form = CanvasForm(request.POST or None, instance=found)
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            drafting.write_canvas(form.save(commit=False), actor=request.actor, version=form.seen)
        except Changed as changed:
            if changed.theirs is None:
                raise Http404 from changed
            conflict = conflict_of(form, changed.theirs)
        else:
            messages.success(request, _("Saved."))
            return redirect("planning:canvas", pk)
    return render(
        request,
        "planning/canvas_edit.html",
        {"form": form, "assessment": found.assessment, "canvas": found, "conflict": conflict},
        status=422 if form.errors else 409 if conflict else 200,
    )


@require_POST
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    found = _of_draft(_canvas(request, pk))
    drafting.remove_canvas(found, actor=request.actor)
    messages.success(request, _("The worksheet is removed."))
    return redirect("planning:assessment", found.assessment_id)


@require_safe
def paper(request: ActorRequest, pk: int, language: str, kind: str) -> HttpResponseBase:
    """The worksheet on A4 landscape."""
    if language not in LANGUAGES:
        raise Http404
    found = _canvas(request, pk)
    return paper_download(canvas_paper(found, language), kind, f"{found.kind}-{pk}-{language}")


def _canvas(request: ActorRequest, pk: int) -> Canvas:
    return get_object_or_404(queries.canvases_visible_to(request.actor), pk=pk)


def _of_draft(found: Canvas) -> Canvas:
    """The worksheet while its assessment is still written."""
    if found.assessment.state != Assessment.State.DRAFT:
        raise Refused(APPROVE, [moved_on(APPROVE, found.assessment, "state")])
    return found
