"""Pages of needs assessments: the public list and page, and the officers' pages of a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused, moved_on
from ortaq.documents.downloads import paper_download, stored_download
from ortaq.faces.parts import Conflict, Difference
from ortaq.law import needs
from ortaq.people.actor import ActorRequest
from ortaq.planning.forms.needs import (
    AnswersForm,
    AssessmentForm,
    BaselineForm,
    ConclusionForm,
    SourceForm,
)
from ortaq.planning.models import Assessment, Baseline, Conclusion, Source
from ortaq.planning.papers.needs import LANGUAGES, assessment_paper
from ortaq.planning.policy import assesses
from ortaq.planning.procedure import needs_draft as drafting
from ortaq.planning.procedure.changed import Changed
from ortaq.planning.procedure.needs import APPROVE, ASSESSMENT, DISCARD
from ortaq.planning.queries import needs as queries

# Where each part of a draft is mended, by what a finding is about.
MENDED = {
    "head": "assessment_edit",
    "answers": "assessment_answers",
    "sources": "source_new",
    "conclusions": "conclusion_new",
    "baselines": "baseline_new",
}


@login_not_required
@require_safe
def assessments(request: ActorRequest) -> HttpResponse:
    """What topics rest on; for officers also their drafts and when the next one is due."""
    query = request.GET.get("q", "").strip()[:200]
    return render(
        request,
        "planning/assessment_list.html",
        {
            "page": queries.assessment_list(request.actor, query, request.GET),
            "query": query,
            "standings": queries.standings(request.actor) if request.actor.is_signed_in else [],
        },
    )


@login_not_required
@require_safe
def assessment(request: ActorRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    context: dict[str, Any] = {"assessment": found, "page": queries.page(found, request.actor)}
    if assesses(request.actor, found):
        offers = {offer.step.name: offer for offer in ASSESSMENT.offers(found, request.actor)}
        draft = found.state == Assessment.State.DRAFT
        context |= {
            "writes": draft,
            "is_body": True,
            "approve": offers.get(APPROVE.name),
            "discard": offers.get(DISCARD.name),
            "links": _links(found),
            "canvases": found.canvases.order_by("id"),
            "unmeasured": [one.before for one in context["page"].values if not one.now],
            "entries": queries.entries(found),
        }
    return render(request, "planning/assessment.html", context)


def _links(found: Assessment) -> dict[str, str]:
    return {about: reverse(f"planning:{name}", args=[found.pk]) for about, name in MENDED.items()}


@login_not_required
@require_safe
def paper(request: ActorRequest, pk: int, language: str, kind: str) -> HttpResponseBase:
    """The assessment as a file in Kazakh or Russian."""
    if language not in LANGUAGES:
        raise Http404
    found = _visible(request, pk)
    return paper_download(assessment_paper(found, language), kind, f"needs-{pk}-{language}")


def new(request: ActorRequest) -> HttpResponse:
    bodies = queries.bodies_of(request.actor)
    if not bodies.exists():
        raise PermissionDenied
    form = AssessmentForm(request.POST or None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        begun = drafting.begin(form.save(commit=False), actor=request.actor)
        messages.success(request, _("The assessment is begun. Name its sources first."))
        return redirect("planning:assessment", begun.pk)
    return _head(request, form, None)


def edit(request: ActorRequest, pk: int) -> HttpResponse:
    found = draft(request, pk)
    form = AssessmentForm(
        request.POST or None, instance=found, bodies=queries.bodies_of(request.actor)
    )
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            drafting.edit(form.save(commit=False), actor=request.actor, version=form.seen)
        except Changed as changed:
            conflict = conflict_of(form, changed.theirs)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect("planning:assessment", pk)
    return _head(request, form, found, conflict)


def _head(
    request: ActorRequest,
    form: AssessmentForm,
    found: Assessment | None,
    conflict: Conflict | None = None,
) -> HttpResponse:
    return render(
        request,
        "planning/assessment_edit.html",
        {
            "form": form,
            "assessment": found,
            "conflict": conflict,
            "kinds": needs.kinds().values(),
            "uses": needs.uses().values(),
        },
        status=_status(form, conflict),
    )


def answers(request: ActorRequest, pk: int) -> HttpResponse:
    """The guide's questions. What a colleague answered meanwhile is shown and not overwritten."""
    found = draft(request, pk)
    form = AnswersForm(request.POST or None, assessment=found)
    conflict = None
    if request.method == "POST" and form.is_valid():
        given = form.given()
        left = drafting.answer(found, given, actor=request.actor)
        if not left:
            messages.success(request, _("The answers are saved."))
            return redirect("planning:assessment", pk)
        found.refresh_from_db()
        conflict = _answered_meanwhile(form, found, left)
    return render(
        request,
        "planning/assessment_answers.html",
        {
            "form": form,
            "assessment": found,
            "conflict": conflict,
            "questions": [(one, form[f"{one.key}_version"]) for one in queries.answers(found)],
            "cite": next(iter(needs.questions().values())).cite,
        },
        status=_status(form, conflict),
    )


def _answered_meanwhile(form: Any, found: Assessment, left: list[str]) -> Conflict:
    """The answers that were not saved beside those that stand. Saving once more replaces these."""
    form.data = form.data.copy()
    told, differences = form.given(), []
    for one in queries.answers(found):
        form.data[f"{one.key}_version"] = str(one.version)
        if one.key in left:
            mine = "\n".join(filter(None, told[one.key][:2]))
            theirs = "\n".join(filter(None, (one.kk, one.ru)))
            differences.append(Difference(one.question, mine, theirs))
    return Conflict(_("A colleague"), clock.now(), differences)


# --- Sources, conclusions, values ----------------------------------------------------------------


def new_source(request: ActorRequest, pk: int) -> HttpResponse:
    return _source(request, Source(assessment=draft(request, pk)))


def edit_source(request: ActorRequest, pk: int) -> HttpResponse:
    return _source(request, _row(request, Source, pk))


def _source(request: ActorRequest, row: Source) -> HttpResponse:
    form = SourceForm(request.POST or None, request.FILES or None, instance=row)

    def save() -> Any:
        source = form.save(commit=False)
        if file := form.stored(request.actor.user):
            source.file = file
        return drafting.write_source(source, actor=request.actor, version=form.seen)

    return _row_page(request, form, save, "source", _("Source of information"))


def new_conclusion(request: ActorRequest, pk: int) -> HttpResponse:
    return _conclusion(request, Conclusion(assessment=draft(request, pk)))


def edit_conclusion(request: ActorRequest, pk: int) -> HttpResponse:
    return _conclusion(request, _row(request, Conclusion, pk))


def _conclusion(request: ActorRequest, row: Conclusion) -> HttpResponse:
    form = ConclusionForm(request.POST or None, instance=row)

    def save() -> Any:
        return drafting.write_conclusion(
            form.save(commit=False),
            form.cleaned_data["sources"],
            actor=request.actor,
            version=form.seen,
        )

    return _row_page(request, form, save, "conclusion", _("Conclusion on a need"))


def new_baseline(request: ActorRequest, pk: int) -> HttpResponse:
    """A value more; `?earlier=` names the one that is measured again."""
    found = draft(request, pk)
    asked = request.GET.get("earlier", "")
    earlier = (
        Baseline.objects.filter(pk=asked, assessment=found.baseline_of_id).first()
        if asked.isdecimal() and len(asked) < 10
        else None
    )
    row = Baseline(assessment=found, earlier=earlier)
    if earlier is not None:
        row.indicator_kk, row.indicator_ru = earlier.indicator_kk, earlier.indicator_ru
        row.unit = earlier.unit
    return _baseline(request, row)


def edit_baseline(request: ActorRequest, pk: int) -> HttpResponse:
    return _baseline(request, _row(request, Baseline, pk))


def _baseline(request: ActorRequest, row: Baseline) -> HttpResponse:
    form = BaselineForm(request.POST or None, instance=row)

    def save() -> Any:
        return drafting.write_baseline(
            form.save(commit=False), actor=request.actor, version=form.seen
        )

    return _row_page(request, form, save, "baseline", _("Measured value"))


# What each kind of row is called where it is removed, and where it stands on the page.
REMOVED: dict[str, tuple[type[Any], Any]] = {
    "source": (Source, gettext_lazy("The source is removed.")),
    "conclusion": (Conclusion, gettext_lazy("The conclusion is removed.")),
    "baseline": (Baseline, gettext_lazy("The value is removed.")),
}


def _row_page(
    request: ActorRequest,
    form: Any,
    save: Callable[[], Any],
    noun: str,
    title: str,
) -> HttpResponse:
    """The form of a row; saved, it leads back to where the row stands."""
    found: Assessment = form.instance.assessment
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except Changed as changed:
            if changed.theirs is None:
                form.add_error(None, _removed_meanwhile())
            else:
                conflict = conflict_of(form, changed.theirs)
        except ValidationError as refused:
            form.add_error("upload", refused)
        else:
            messages.success(request, _("Saved."))
            if "another" in request.POST:
                return redirect(f"planning:{noun}_new", found.pk)
            return redirect(f"{reverse('planning:assessment', args=[found.pk])}#{noun}s")
    return render(
        request,
        "planning/assessment_row.html",
        {
            "form": form,
            "noun": noun,
            "title": title,
            "assessment": found,
            "conflict": conflict,
            "row": form.instance if form.instance.pk else None,
        },
        status=_status(form, conflict),
    )


def _removed_meanwhile() -> str:
    return _(
        "A colleague removed this meanwhile. Your text is below: copy it into a new one if it is needed."
    )


@require_POST
def remove(request: ActorRequest, noun: str, pk: int) -> HttpResponse:
    """Take a row out of a draft."""
    if noun not in REMOVED:
        raise Http404
    model, told = REMOVED[noun]
    row = _row(request, model, pk)
    seen = request.POST.get("version", "")
    try:
        drafting.remove(row, actor=request.actor, version=int(seen) if seen.isdecimal() else -1)
    except Changed:
        messages.warning(
            request, _("A colleague saved this a moment ago. Read it before you remove it.")
        )
        return redirect(f"planning:{noun}_edit", pk)
    messages.success(request, told)
    return redirect(f"{reverse('planning:assessment', args=[row.assessment_id])}#{noun}s")


@require_safe
def source_file(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The file of a source, for the officers of the body."""
    written = queries.assessments_written_by(request.actor)
    row = get_object_or_404(Source.objects.select_related("file"), pk=pk, assessment__in=written)
    if row.file is None:
        raise Http404
    return stored_download(row.file)


# --- Steps ---------------------------------------------------------------------------------------


@require_POST
def approve(request: ActorRequest, pk: int) -> HttpResponse:
    ASSESSMENT.take(APPROVE, _written(request, pk), actor=request.actor)
    messages.success(
        request, _("The assessment is approved and public. Topics can rest on it now.")
    )
    return redirect("planning:assessment", pk)


@require_POST
def discard(request: ActorRequest, pk: int) -> HttpResponse:
    ASSESSMENT.take(DISCARD, _written(request, pk), actor=request.actor)
    messages.success(request, _("The draft is discarded."))
    return redirect("planning:assessments")


# --- Found ---------------------------------------------------------------------------------------


def _visible(request: ActorRequest, pk: int) -> Assessment:
    rows = queries.assessments_visible_to(request.actor).select_related("baseline_of")
    return get_object_or_404(rows, pk=pk)


def _written(request: ActorRequest, pk: int) -> Assessment:
    """An assessment of the reader's body; a stranger may read it or not, and never writes."""
    found = _visible(request, pk)
    if not assesses(request.actor, found):
        raise PermissionDenied
    return found


def draft(request: ActorRequest, pk: int) -> Assessment:
    """A draft that the reader fills."""
    found = _written(request, pk)
    if found.state != Assessment.State.DRAFT:
        raise Refused(APPROVE, [moved_on(APPROVE, found, "state")])
    return found


def _row(request: ActorRequest, model: type[Any], pk: int) -> Any:
    """A row of a draft that the reader fills."""
    written = queries.assessments_written_by(request.actor)
    row = get_object_or_404(
        model._default_manager.filter(assessment__in=written).select_related("assessment__body"),
        pk=pk,
    )
    if row.assessment.state != Assessment.State.DRAFT:
        raise Refused(APPROVE, [moved_on(APPROVE, row.assessment, "state")])
    return row


def conflict_of(form: Any, theirs: Any) -> Conflict:
    """What a colleague saved beside what was typed here; saving once more replaces theirs."""
    form.data = form.data.copy()
    form.data["version"] = str(theirs.version)
    differences = []
    for name, field in form.fields.items():
        if name == "version" or not hasattr(theirs, name) or hasattr(field, "queryset"):
            continue
        mine, other = form.cleaned_data.get(name), getattr(theirs, name)
        if mine != other:
            differences.append(Difference(field.label, _told(field, mine), _told(field, other)))
    return Conflict(_("A colleague"), clock.now(), differences)


def _told(field: forms.Field, value: Any) -> str:
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get(value, "" if value is None else value))


def _status(form: forms.BaseForm, conflict: Conflict | None) -> int:
    return 422 if form.errors else 409 if conflict else 200
