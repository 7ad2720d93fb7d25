"""Pages of the budget: the topics of the list on their way into it, and the request of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ortaq.core.procedure import Offer, Refused, moved_on
from ortaq.documents.downloads import paper_download
from ortaq.documents.render import html
from ortaq.people.actor import ActorRequest
from ortaq.planning.forms import budget as forms
from ortaq.planning.forms.merging import merged
from ortaq.planning.models import BudgetRequest, EstimateLine, Formation, Topic
from ortaq.planning.papers.specification import budget_request
from ortaq.planning.procedure import budgeting, requesting
from ortaq.planning.procedure.formation import BUDGET, FORMATION, PUBLISH_BUDGET, REQUEST
from ortaq.planning.queries import formation as formations
from ortaq.planning.queries import specification as queries

from .specification import conflict_of, is_stale

# The steps taken from the page of the budget, and what is said when they are done.
DONE: dict[str, Any] = {
    REQUEST.name: gettext_lazy("The topics are in the budget request."),
    BUDGET.name: gettext_lazy("The approved budget is entered."),
    PUBLISH_BUDGET.name: gettext_lazy("The Information after the budget is published and sent."),
}

# Where a topic is mended, by what a finding is about.
PAGES = {"topic": "budget_request", "specification": "specifications"}


@require_safe
def page(request: ActorRequest, pk: int) -> HttpResponse:
    """The topics of the list with specifications and sums, and the step that comes next."""
    found = get_object_or_404(formations.formations_of(request.actor), pk=pk)
    return _page(request, found, None)


def _page(request: ActorRequest, found: Formation, form: forms.ApprovedForm | None) -> HttpResponse:
    if found.state not in (
        Formation.State.LISTED,
        Formation.State.REQUESTED,
        Formation.State.BUDGETED,
    ):
        raise Http404
    budget = queries.budget(found)
    offers = {one.step.name: one for one in FORMATION.offers(found, request.actor)}
    if found.state == Formation.State.REQUESTED and form is None:
        form = forms.ApprovedForm(topics=[line.topic for line in budget.lines])
    return render(
        request,
        "planning/budget.html",
        {
            "formation": found,
            "budget": budget,
            "request_offer": offers.get(REQUEST.name),
            "publish_offer": offers.get(PUBLISH_BUDGET.name)
            if found.state == Formation.State.BUDGETED
            and not found.informations.filter(issue="after_budget").exists()
            else None,
            "form": form,
            # What it requires is asked by the form; the sums are entered once.
            "budget_offer": Offer(BUDGET, []),
            "links": {
                f"{about}-{line.topic.pk}": reverse(f"planning:{page}", args=[line.topic.pk])
                for line in budget.lines
                for about, page in PAGES.items()
            },
        },
        status=422 if form is not None and form.errors else 200,
    )


@require_POST
def take(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Submit the request, enter the approved budget, publish the Information after it."""
    found = get_object_or_404(formations.formations_of(request.actor), pk=pk)
    if step not in DONE:
        raise Http404
    facts: dict[str, Any] = {}
    if step == BUDGET.name:
        if found.state != Formation.State.REQUESTED:
            raise Refused(BUDGET, [moved_on(BUDGET, found, "state")])
        topics = [line.topic for line in queries.budget(found).lines]
        form = forms.ApprovedForm(request.POST, topics=topics)
        if not form.is_valid():
            return _page(request, found, form)
        facts = form.facts()
    FORMATION.take(step, found, actor=request.actor, **facts)
    messages.success(request, DONE[step])
    return redirect("planning:budget", found.pk)


def edit(request: ActorRequest, pk: int) -> HttpResponse:
    """The budget request of one topic: its questions in both languages and its estimate."""
    topic = get_object_or_404(
        queries.topics_of(request.actor).filter(state=Topic.State.LISTED), pk=pk
    )
    stored = BudgetRequest.objects.filter(topic=topic).first()
    editable = topic.formation.state == Formation.State.LISTED
    services = queries.services_for_estimate(topic)
    lines = EstimateLine.objects.filter(request=stored) if stored else EstimateLine.objects.none()
    form = forms.RequestForm(request.POST or None, topic=topic, request=stored)
    rows = forms.LineFormSet(
        request.POST or None,
        initial=forms.stored_lines(lines),
        form_kwargs={"services": services},
        prefix="lines",
    )
    conflict, theirs = None, []
    if request.method == "POST":
        if not editable:
            raise Refused(REQUEST, [moved_on(REQUEST, topic.formation, "state")])
        if form.is_valid() and rows.is_valid():
            values, differences = merged(form, forms.stored_request(topic, stored))
            typed = forms.lines_of(rows)
            if differences and stored:
                conflict = conflict_of(stored, differences)
            elif stored and is_stale(request, stored.version) and _told(lines) != _told(typed):
                theirs = list(lines)
            else:
                requesting.write_request(
                    topic,
                    programme=values.pop("programme"),
                    content=_content(values),
                    lines=typed,
                    actor=request.actor,
                )
                messages.success(request, _("The budget request is saved."))
                if "stay" in request.POST:
                    return redirect("planning:budget_request", topic.pk)
                return redirect("planning:budget", topic.formation_id)
    return render(
        request,
        "planning/budget_request.html",
        {
            "topic": topic,
            "formation": topic.formation,
            "request_": stored,
            "editable": editable,
            "form": form,
            "rows": rows,
            "services": services,
            "groups": queries.by_activity(lines, services) if stored else [],
            "total_tiyn": budgeting.total_of(lines),
            "findings": list(budgeting.request_findings(topic, stored)),
            "conflict": conflict,
            "theirs": theirs,
        },
        status=409
        if conflict or theirs
        else 422
        if form.errors or rows.total_error_count()
        else 200,
    )


def _content(values: dict[str, Any]) -> dict[str, dict[str, str]]:
    content = {"level": {"key": values["level"]}}
    for keys in budgeting.QUESTIONS.values():
        for key in keys:
            content[key] = {language: values[f"{key}_{language}"] for language in ("kk", "ru")}
    return content


def _told(lines: Any) -> list[tuple[Any, ...]]:
    return [
        (one.service_id, one.item_kk, one.item_ru, one.unit, one.quantity, one.unit_cost_tiyn)
        for one in lines
    ]


@require_safe
def paper(request: ActorRequest, pk: int, language: str, kind: str) -> Any:
    """The budget request as html, docx, pdf or xlsx, in Kazakh or Russian."""
    topic = get_object_or_404(
        queries.topics_of(request.actor).select_related("budget_request"), pk=pk
    )
    if language not in ("kk", "ru") or not hasattr(topic, "budget_request"):
        raise Http404
    made = budget_request(topic, language)
    if kind == "html":
        return render(
            request,
            "planning/budget_paper.html",
            {"topic": topic, "formation": topic.formation, "paper": made, "html": html(made)},
        )
    return paper_download(made, kind, f"budget-request-{topic.pk}-{language}")
