"""Pages of a technical specification: its versions, the sheet, its sections and indicators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.core import clock, journal
from ortaq.core.procedure import Offer, Refused, moved_on
from ortaq.documents.downloads import paper_download
from ortaq.documents.render import html
from ortaq.faces.parts import Conflict, Difference
from ortaq.people.actor import ActorRequest
from ortaq.people.models import User
from ortaq.planning.forms import specification as forms
from ortaq.planning.forms.merging import merged
from ortaq.planning.models import BudgetRequest, ExpectedIndicator, Specification, Topic
from ortaq.planning.papers import specification as papers
from ortaq.planning.policy import specifies
from ortaq.planning.procedure import specification as drafting
from ortaq.planning.procedure.editions import edition_of
from ortaq.planning.procedure.specification import APPROVE, DISCARD, SPECIFICATION
from ortaq.planning.queries import specification as queries

State = Specification.State


def versions(request: ActorRequest, pk: int) -> HttpResponse:
    """All versions of a topic's specification, and how to begin the next one."""
    topic = get_object_or_404(queries.topics_of(request.actor), pk=pk)
    found = queries.versions(topic)
    form = forms.BeginForm(request.POST or None, topic=topic, sources=queries.sources(topic))
    if request.method == "POST" and form.is_valid():
        begun = drafting.begin(
            topic, actor=request.actor, source=form.source(), template=form.template()
        )
        messages.success(request, _("The draft is begun. Go through it section by section."))
        return redirect("planning:specification", begun.pk)
    listed = topic.state == Topic.State.LISTED and topic.formation.state in drafting.DRAFTED_IN
    approved = next((one for one in found if one.state == State.APPROVED), None)
    return render(
        request,
        "planning/specification_versions.html",
        {
            "topic": topic,
            "versions": found,
            "draft": next((one for one in found if one.state == State.DRAFT), None),
            "form": form,
            "not_listed": None if listed else drafting.not_listed(topic.formation),
            "unready": drafting.tender_findings(topic, approved)
            if topic.approved_tiyn is not None
            else [],
        },
        status=422 if form.errors else 200,
    )


@login_not_required
@require_safe
def page(request: ActorRequest, pk: int) -> HttpResponse:
    """The whole specification; for its body also what is missing and the next step."""
    found = get_object_or_404(queries.specifications_visible_to(request.actor), pk=pk)
    edits = specifies(request.actor, found)
    offers = {}
    if edits and found.state == State.DRAFT:
        offers = {one.step.name: one for one in SPECIFICATION.offers(found, request.actor)}
    approve: Offer | None = offers.get(APPROVE.name)
    return render(
        request,
        "planning/specification.html",
        {
            "specification": found,
            "topic": found.topic,
            "sheet": queries.sheet(found),
            "sections": [
                (forms.section(key), found.content.get(key) or {}, key in drafting.OPTIONAL)
                for key in drafting.sections_of(found)
            ],
            "grounds": grounds_of(found),
            "edition": edition_of(found),
            "edits": edits,
            "drafts": edits and found.state == State.DRAFT,
            "approve": approve,
            "discard": offers.get(DISCARD.name),
            "links": _links(found, approve.findings) if approve else {},
            "entries": queries.entries(found) if edits else [],
        },
    )


def grounds_of(specification: Specification) -> list[Any]:
    """The grounds of a difficult life situation that were chosen, in the order of the law (SO-T-052)."""
    known = drafting.guide().grounds("life_situation_grounds")
    return [ground for code, ground in known.items() if code in specification.grounds]


def _links(found: Specification, findings: Any) -> dict[str, str]:
    """Where each thing is mended, by what its finding is about."""
    sections = reverse("planning:specification_edit", args=[found.pk])
    links = {
        "grounds": f"{sections}#id_special_social_services",
        "services": reverse("planning:service_choose", args=[found.pk]),
        "indicators": reverse("planning:specification_indicators", args=[found.pk]),
        "sum": reverse("planning:specifications", args=[found.topic_id]),
    }
    for finding in findings:
        kind, _dash, key = finding.about.partition("-")
        if kind == "section":
            links[finding.about] = f"{sections}#id_{key}_kk"
        elif kind == "service":
            links[finding.about] = reverse("planning:service", args=[key])
    return links


def edit(request: ActorRequest, pk: int) -> HttpResponse:
    """The sections in both languages; what another officer changed meanwhile is merged."""
    found = draft(request, pk)
    form = forms.SectionsForm(request.POST or None, specification=found)
    conflict = None
    if request.method == "POST" and form.is_valid():
        values, differences = merged(form, forms.stored_sections(found))
        if differences:
            conflict = conflict_of(found, differences)
        else:
            drafting.write(
                found,
                content=forms.content_of(values, found),
                special=values["special_social_services"],
                grounds=values["grounds"],
                actor=request.actor,
            )
            messages.success(request, _("The draft is saved."))
            if "stay" in request.POST:
                return redirect("planning:specification_edit", found.pk)
            return redirect("planning:specification", found.pk)
    return render(
        request,
        "planning/specification_edit.html",
        {"specification": found, "topic": found.topic, "form": form, "conflict": conflict},
        status=409 if conflict else 422 if form.errors else 200,
    )


def indicators(request: ActorRequest, pk: int) -> HttpResponse:
    """The expected indicators, all at once."""
    found = draft(request, pk)
    stored = found.indicators.all()
    form = forms.IndicatorFormSet(request.POST or None, initial=forms.stored_indicators(found))
    theirs: list[ExpectedIndicator] = []
    if request.method == "POST" and form.is_valid():
        if is_stale(request, found.version) and _told(stored) != _told(forms.indicators_of(form)):
            theirs = list(stored)
        else:
            drafting.write_indicators(found, forms.indicators_of(form), actor=request.actor)
            messages.success(request, _("The indicators are saved."))
            return redirect("planning:specification", found.pk)
    return render(
        request,
        "planning/specification_indicators.html",
        {"specification": found, "topic": found.topic, "form": form, "theirs": theirs},
        status=409 if theirs else 422 if form.errors or form.total_error_count() else 200,
    )


def _told(indicators: Any) -> list[tuple[str, ...]]:
    return [(i.level, i.nature, i.text_kk, i.text_ru, i.expected) for i in indicators]


def is_stale(request: ActorRequest, version: int) -> bool:
    """Whether somebody saved since the page was shown; said once, then the reader's word counts."""
    return request.POST.get("version") not in (None, str(version))


@require_POST
def take(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Approve the draft or discard it."""
    found = get_object_or_404(queries.specifications_of(request.actor), pk=pk)
    if step not in (APPROVE.name, DISCARD.name):
        raise Http404
    topic = found.topic_id
    SPECIFICATION.take(step, found, actor=request.actor)
    if step == DISCARD.name:
        messages.success(request, _("The draft is discarded."))
        return redirect("planning:specifications", topic)
    messages.success(request, _("The technical specification is approved."))
    return redirect("planning:specification", found.pk)


@login_not_required
@require_safe
def paper(request: ActorRequest, pk: int, name: str, language: str, kind: str) -> Any:
    """The general requirements or the bidder's sample as html, docx or pdf, in Kazakh or Russian."""
    found = get_object_or_404(queries.specifications_visible_to(request.actor), pk=pk)
    made = papers.PAPERS.get(name)
    if made is None or language not in ("kk", "ru"):
        raise Http404
    paper = made(found, language)
    if kind == "html":
        return render(
            request,
            "planning/specification_paper.html",
            {"specification": found, "paper": paper, "html": html(paper)},
        )
    return paper_download(paper, kind, f"{name}-{found.topic_id}-{found.number}-{language}")


def draft(request: ActorRequest, pk: int) -> Specification:
    """The specification while it may still be changed by whoever asks."""
    found = get_object_or_404(queries.specifications_of(request.actor), pk=pk)
    if not specifies(request.actor, found):
        raise PermissionDenied
    if found.state != State.DRAFT:
        raise Refused(APPROVE, [moved_on(APPROVE, found, "state")])
    return found


def conflict_of(found: Specification | BudgetRequest, differences: list[Difference]) -> Conflict:
    """Who saved last, and where the two texts differ."""
    last = journal.history(found).last()
    person = None
    if last is not None and last.actor:
        person = User.objects.filter(pk=int(last.actor.partition(":")[2])).first()
    who = person.full_name if person else _("Another person")
    return Conflict(who, last.at if last else clock.now(), differences)
