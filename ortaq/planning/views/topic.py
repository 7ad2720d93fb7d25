"""The officer's pages of a topic: written, moved, removed while the list is a draft."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ortaq.core import clock
from ortaq.core.money import show
from ortaq.core.procedure import Offer, Refused, Step, moved_on
from ortaq.faces.parts import Conflict, Difference
from ortaq.law.findings import Finding
from ortaq.people.actor import ActorRequest
from ortaq.planning.forms.formation import TopicForm
from ortaq.planning.models import Formation, Topic
from ortaq.planning.policy import forms
from ortaq.planning.procedure import drafting
from ortaq.planning.procedure.changed import Changed
from ortaq.planning.procedure.formation import FORMATION, PUBLISH
from ortaq.planning.queries import formation as queries

from .formation import draft

DIRECTIONS = {"up": -1, "down": 1}
# Asks once more before a topic is gone.
REMOVE = Step(
    "remove_topic",
    gettext_lazy("Remove this topic"),
    source=Formation.State.DRAFT,
    target=None,
    by=forms,
    final=True,
)


def new(request: ActorRequest, pk: int) -> HttpResponse:
    """A topic more, as the last."""
    return _page(request, draft(request, pk), None)


def edit(request: ActorRequest, pk: int) -> HttpResponse:
    found = _topic(request, pk)
    return _page(request, found.formation, found)


def _page(request: ActorRequest, formation: Formation, found: Topic | None) -> HttpResponse:
    form = TopicForm(
        request.POST or None,
        instance=found or Topic(formation=formation),
        formation=formation,
        kinds=queries.source_kinds(formation),
    )
    conflict = None
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"] or 0
        try:
            saved = drafting.write_topic(
                form.save(commit=False),
                form.cleaned_data["assessments"],
                actor=request.actor,
                version=seen,
            )
        except Changed as changed:
            conflict = _conflict(form, changed.theirs)
            # What was typed stays; saving it again replaces what the colleague saved.
            typed = request.POST.copy()
            typed["version"] = str(changed.theirs.version)
            form.data = typed
        else:
            messages.success(request, _("The topic is saved."))
            if "another" in request.POST:
                return redirect("planning:topic_new", formation.pk)
            address = reverse("planning:formation", args=[formation.pk])
            return redirect(f"{address}#topic-{saved.pk}")
    gaps, links = _gaps(request, found) if found else ([], {})
    return render(
        request,
        "planning/topic_edit.html",
        {
            "form": form,
            "gaps": gaps,
            "links": links,
            "formation": formation,
            "topic": found,
            "conflict": conflict,
            "remove": Offer(REMOVE, []),
            "cite": queries.edition_of(formation).parameter("form.annex1.columns").cite,
        },
        status=422 if form.errors else 409 if conflict else 200,
    )


# What each kind of gap is about on the page of its topic.
GAPS = {"no_source": "sources", "field_unknown": "field", "sum_in_thousands": "planned_tiyn"}


def _gaps(request: ActorRequest, topic: Topic) -> tuple[list[Finding], dict[str, str]]:
    """What this topic lacks before it can be published, and where on its page each is mended."""
    gaps = []
    for finding in FORMATION.findings("publish", topic.formation, request.actor):
        if finding.about == f"topic-{topic.pk}":
            language = "ru" if finding.code == "russian_missing" else "kk"
            about = GAPS.get(finding.code) or f"{finding.numbers['columns'][0]}_{language}"
            gaps.append(replace(finding, about=about))
    return gaps, {gap.about: f"#id_{gap.about}" for gap in gaps}


def _conflict(form: TopicForm, theirs: Topic) -> Conflict:
    """What the colleague saved beside what was typed here."""
    differences = []
    for name, field in form.fields.items():
        if name in {"version", "assessments"}:
            continue
        mine, other = form.cleaned_data[name], getattr(theirs, name)
        if mine != other:
            differences.append(Difference(field.label, _told(name, mine), _told(name, other)))
    return Conflict(_("A colleague"), clock.now(), differences)


def _told(name: str, value: Any) -> str:
    if name == "planned_tiyn":
        return show(value)
    return ", ".join(value) if isinstance(value, list) else str(value)


@require_POST
def move(request: ActorRequest, pk: int) -> HttpResponse:
    found = _topic(request, pk)
    if request.POST.get("to") not in DIRECTIONS:
        raise Http404
    drafting.move_topic(found, DIRECTIONS[request.POST["to"]], actor=request.actor)
    address = reverse("planning:formation", args=[found.formation_id])
    return redirect(f"{address}#topic-{found.pk}")


@require_POST
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    found = _topic(request, pk)
    drafting.remove_topic(found, actor=request.actor)
    messages.success(request, _("The topic is removed."))
    return redirect("planning:formation", found.formation_id)


def _topic(request: ActorRequest, pk: int) -> Topic:
    """A topic of a draft that the reader prepares."""
    found = get_object_or_404(
        Topic.objects.filter(formation__in=queries.formations_of(request.actor)).select_related(
            "formation__body"
        ),
        pk=pk,
    )
    if found.formation.state != Formation.State.DRAFT:
        raise Refused(PUBLISH, [moved_on(PUBLISH, found.formation, "state")])
    return found
