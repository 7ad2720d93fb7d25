"""The officer's pages of a list of topics: begun, filled, published, reported."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused, Step, moved_on
from ortaq.people.actor import ActorRequest
from ortaq.planning.forms.formation import BeginForm, CopyForm, HeadForm, PublishForm
from ortaq.planning.models import Formation, Information
from ortaq.planning.procedure import discussing, drafting, hearing, yearly
from ortaq.planning.procedure.formation import CLOSE_DISCUSSION, DISCARD, FORMATION, PUBLISH, REPORT
from ortaq.planning.queries import formation as queries
from ortaq.planning.queries import needs

State = Formation.State
# Steps that need no facts of their own and so are taken by one button of the desk.
BY_ONE_BUTTON = {CLOSE_DISCUSSION.name, REPORT.name}


@require_safe
def formations(request: ActorRequest) -> HttpResponse:
    """All lists of the bodies that the reader answers for."""
    if not queries.bodies_of(request.actor).exists():
        raise PermissionDenied
    return render(
        request,
        "planning/formation_list.html",
        {
            "page": queries.own_list(request.actor, request.GET),
            "standings": needs.standings(request.actor),
        },
    )


def new(request: ActorRequest) -> HttpResponse:
    bodies = queries.bodies_of(request.actor)
    if not bodies.exists():
        raise PermissionDenied
    form = BeginForm(request.POST or None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        begun = drafting.begin(form.save(commit=False), actor=request.actor)
        messages.success(request, _("The list is begun. Add its topics now."))
        return redirect("planning:formation", begun.pk)
    return render(
        request,
        "planning/formation_new.html",
        {"form": form, "one_body": len(bodies) == 1},
        status=422 if form.errors else 200,
    )


@require_safe
def formation(request: ActorRequest, pk: int) -> HttpResponse:
    """Where the list stands, what comes next and what is in its way."""
    found = managed(request, pk)
    offers = FORMATION.offers(found, request.actor)
    shown = [offer for offer in offers if offer.step.name in BY_ONE_BUTTON]
    if found.state == State.DISCUSSION and queries.is_open(found):
        shown = []  # the clock ends it
    publish = next((offer for offer in offers if offer.step is PUBLISH), None)
    return render(
        request,
        "planning/formation.html",
        {
            "formation": found,
            "annex": queries.annex1(found),
            "stages": queries.stages(found),
            "offers": shown,
            "publish": publish,
            "links": topic_links(found) if publish else {},
            "discard": next((offer for offer in offers if offer.step is DISCARD), None),
            "counts": queries.counts(found) if found.published_at else None,
            "council_named": hearing.knows_councils(found),
            "late_before": queries.late_before(found) if publish else [],
            "copies": publish and queries.topics_to_copy(found).exists(),
            "late": found.state == State.DECIDING and discussing.is_late(found, clock.now()),
            "entries": queries.entries(found),
        },
    )


def topic_links(found: Formation) -> dict[str, str]:
    """Where each topic is mended, by what a finding is about."""
    keys = found.topics.values_list("pk", flat=True)
    return {f"topic-{pk}": reverse("planning:topic_edit", args=[pk]) for pk in keys} | {
        "topics": reverse("planning:topic_new", args=[found.pk]),
        "needs": reverse("planning:assessments"),
    }


def edit(request: ActorRequest, pk: int) -> HttpResponse:
    """The head of a draft."""
    found = draft(request, pk)
    form = HeadForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        drafting.edit(form.save(commit=False), form.fields, actor=request.actor)
        messages.success(request, _("The draft is saved."))
        return redirect("planning:formation", found.pk)
    return render(
        request,
        "planning/formation_edit.html",
        {"form": form, "formation": found},
        status=422 if form.errors else 200,
    )


def copy(request: ActorRequest, pk: int) -> HttpResponse:
    """Topics of the body's other years, to be taken over and adapted."""
    found = draft(request, pk)
    topics = queries.topics_to_copy(found)
    form = CopyForm(request.POST or None, topics=topics)
    if request.method == "POST" and form.is_valid():
        copies = drafting.copy_topics(found, form.cleaned_data["topics"], actor=request.actor)
        messages.success(
            request,
            _("%(count)s topics are copied. Look through each: sums and years differ.")
            % {"count": len(copies)},
        )
        return redirect("planning:formation", found.pk)
    ticked = {str(pk) for pk in form["topics"].value() or ()}
    return render(
        request,
        "planning/formation_copy.html",
        {
            "form": form,
            "formation": found,
            "topics": topics,
            "ticked": {one.pk for one in topics if str(one.pk) in ticked},
        },
        status=422 if form.errors else 200,
    )


def publish(request: ActorRequest, pk: int) -> HttpResponse:
    """The last look before publishing: all that is missing, the term, and what follows."""
    found = draft(request, pk)
    earliest = clock.day_of(discussing.term_of(found, clock.now()))
    posted = request.POST if request.method == "POST" else None
    form = PublishForm(posted, earliest=earliest)
    findings = FORMATION.findings("publish", found, request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            FORMATION.take(PUBLISH, found, actor=request.actor, **form.cleaned_data)
        except Refused as refused:
            findings = refused.findings
        else:
            messages.success(request, _("The topics are published; everybody can comment now."))
            return redirect("planning:formation", found.pk)
    return render(
        request,
        "planning/formation_publish.html",
        {
            "formation": found,
            "form": form,
            "findings": findings,
            "links": topic_links(found),
            "annex": queries.annex1(found),
            "term": queries.edition_of(found).term("discussion"),
            "decision": queries.edition_of(found).term("discussion.decision"),
            "council": (council := yearly.due(found, Information.Issue.BEFORE)),
            "council_late": yearly.is_late(council, None),
        },
        status=(422 if form.errors else 409) if request.method == "POST" else 200,
    )


@require_POST
def discard(request: ActorRequest, pk: int) -> HttpResponse:
    """Throw away a draft that is not to be published."""
    FORMATION.take(DISCARD, managed(request, pk), actor=request.actor)
    messages.success(request, _("The draft is discarded."))
    return redirect("planning:formations")


@require_POST
def take(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """One of the steps that need no facts."""
    if step not in BY_ONE_BUTTON:
        raise Http404
    found = managed(request, pk)
    FORMATION.take(step, found, actor=request.actor)
    messages.success(request, _("Done: %(step)s.") % {"step": str(FORMATION[step].title)})
    return redirect("planning:formation", found.pk)


def managed(request: ActorRequest, pk: int) -> Formation:
    """A list of a body that the reader answers for, or 404."""
    return get_object_or_404(queries.formations_of(request.actor), pk=pk)


def draft(request: ActorRequest, pk: int) -> Formation:
    return in_state(State.DRAFT, PUBLISH, managed(request, pk))


def in_state(state: Formation.State, step: Step, found: Formation) -> Formation:
    """The list, or a refusal of `step` when it is in another state."""
    if found.state != state:
        raise Refused(step, [moved_on(step, found, "state")])
    return found
