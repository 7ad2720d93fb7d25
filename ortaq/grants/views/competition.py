"""Pages of competitions: the public list, announcement and lot, and the operator's pages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused, Step, moved_on
from ortaq.documents.downloads import paper_download, stored_download
from ortaq.documents.filling import blank
from ortaq.grants.forms.competition import (
    TITLES,
    CompetitionForm,
    ExtensionForm,
    QuestionForm,
    RepeatForm,
    TopicsForm,
    closing_time,
    first_closing,
)
from ortaq.grants.models import Application, Competition, Extension, Lot, PlanVersion, Topic
from ortaq.grants.policy.competition import is_its_operator, may_answer
from ortaq.grants.procedure import competition_draft as draft
from ortaq.grants.procedure.competition import ANNOUNCE, COMPETITION, DISCARD, EXTEND
from ortaq.grants.procedure.competition_scoring import ends_without_scoring
from ortaq.grants.queries import competition as queries
from ortaq.grants.queries.outcome import outcomes_are_open
from ortaq.people.actor import ActorRequest
from ortaq.people.policy import is_operator

# Steps that need no facts of their own and so are taken by one button.
BY_ONE_BUTTON = frozenset({"announce", "close_acceptance", "begin_scoring", "begin_meeting"})


# --- Public --------------------------------------------------------------------------------------


@login_not_required
@require_safe
def competitions(request: ActorRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:200]
    return render(
        request,
        "grants/competition_list.html",
        {
            "list": queries.competition_list(request.actor, query, request.GET),
            "query": query,
            "may_start": is_operator(request.actor),
        },
    )


@login_not_required
@require_safe
def competition(request: ActorRequest, pk: int) -> HttpResponse:
    """The announcement; its operator sees a draft as the public will."""
    found = get_object_or_404(queries.announcements(request.actor), pk=pk)
    form = QuestionForm(
        lots=found.lots.select_related("topic"), initial={"lot": request.GET.get("lot")}
    )
    return announcement_page(request, found, form)


def announcement_page(
    request: ActorRequest, found: Competition, form: QuestionForm, *, status: int = 200
) -> HttpResponse:
    """The page of an announcement with a question being written."""
    page = queries.announcement(found)
    return render(
        request,
        "grants/competition.html",
        {
            "page": page,
            "competition": found,
            "timeline": queries.timeline(found, page.extensions),
            "accepting": accepts(found),
            "manages": is_its_operator(request.actor, found),
            "answers": may_answer(request.actor, found),
            "form": form,
        },
        status=status,
    )


@login_not_required
@require_safe
def lot(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.lot_page(request.actor), pk=pk)
    return render(
        request,
        "grants/lot.html",
        {
            "lot": found,
            "topic": found.topic,
            "small": getattr(found.topic, "small_grants", None),
            "competition": found.competition,
            "accepting": accepts(found.competition),
        },
    )


def accepts(found: Competition) -> bool:
    """Applications are accepted at this moment."""
    return (
        found.state == Competition.State.ANNOUNCED
        and found.closes_at is not None
        and clock.now() <= found.closes_at
    )


@login_not_required
@require_safe
def decision(request: ActorRequest, pk: int) -> FileResponse:
    """The scan of the decision that extended acceptance."""
    extension = get_object_or_404(
        Extension.objects.select_related("scan").filter(
            competition__in=queries.competitions_visible_to(request.actor)
        ),
        pk=pk,
    )
    if extension.scan is None:
        raise Http404
    return stored_download(extension.scan)


@login_not_required
@require_safe
def blank_form(request: ActorRequest, pk: int, form: str, language: str, kind: str) -> FileResponse:
    """An empty annex of the announcement, to be filled in by hand (GR-A-02)."""
    found = get_object_or_404(queries.competitions_visible_to(request.actor), pk=pk)
    empty = queries.blank_form(found, form)
    if empty is None or language not in ("kk", "ru"):
        raise Http404
    return paper_download(blank(empty, language), kind, f"{form}-{language}")


# --- The operator: drafting ----------------------------------------------------------------------


@require_safe
def choose_version(request: ActorRequest) -> HttpResponse:
    """The first step of a new competition: from which plan."""
    _operator(request)
    return render(
        request, "grants/competition_new.html", {"versions": queries.versions_to_announce()}
    )


def new(request: ActorRequest, pk: int) -> HttpResponse:
    """A draft from a version in force: its topics first, the texts afterwards."""
    _operator(request)
    version = get_object_or_404(queries.versions_to_announce(), pk=pk)
    form = TopicsForm(request.POST or None, version=version)
    if request.method == "POST" and form.is_valid():
        begun = Competition(version=version, **TITLES)
        draft.begin(begun, form.chosen(), actor=request.actor)
        messages.success(request, _("The draft is ready. Write the announcement now."))
        return redirect("grants:competition_edit", begun.pk)
    return _topics_page(request, form)


def topics(request: ActorRequest, pk: int) -> HttpResponse:
    """The topics of a draft, from the version that is in force now."""
    found = _draft(request, pk)
    version = (
        queries.versions_to_announce().filter(plan=found.version.plan_id).first() or found.version
    )
    chosen = list(found.lots.values_list("topic_id", flat=True))
    form = TopicsForm(request.POST or None, version=version, initial={"topics": chosen})
    if request.method == "POST" and form.is_valid():
        draft.choose_topics(found, form.chosen(), actor=request.actor)
        messages.success(request, _("The topics are saved."))
        return redirect("grants:competition_manage", found.pk)
    return _topics_page(request, form, found)


def _topics_page(
    request: ActorRequest, form: TopicsForm, found: Competition | None = None
) -> HttpResponse:
    """Topics by field, each with a box; what was ticked before an error stays ticked."""
    version: PlanVersion = form.version
    ticked = {str(pk) for pk in form["topics"].value() or ()}
    by_field: dict[int, list[Topic]] = {}
    for topic in queries.topics_to_choose(version):
        by_field.setdefault(topic.field_id, []).append(topic)
    return render(
        request,
        "grants/competition_topics.html",
        {
            "form": form,
            "version": version,
            "competition": found,
            "parts": [(field, by_field.get(field.pk, [])) for field in version.fields.all()],
            "ticked": {
                topic.pk
                for topics in by_field.values()
                for topic in topics
                if str(topic.pk) in ticked
            },
        },
        status=422 if form.errors else 200,
    )


def edit(request: ActorRequest, pk: int) -> HttpResponse:
    found = _draft(request, pk)
    edition = found.rules
    initial = {} if found.closes_at else {"closes_at": first_closing(edition)}
    form = CompetitionForm(request.POST or None, instance=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        draft.edit(form.save(commit=False), form.fields, actor=request.actor)
        messages.success(request, _("The draft is saved."))
        return redirect("grants:competition_manage", found.pk)
    return render(
        request,
        "grants/competition_edit.html",
        {"form": form, "competition": found, "hour": closing_time(edition)},
        status=422 if form.errors else 200,
    )


# --- The operator: running -----------------------------------------------------------------------


@require_safe
def manage(request: ActorRequest, pk: int) -> HttpResponse:
    """Where the competition stands, what comes next and what is in its way."""
    found = _managed(request, pk)
    offers = COMPETITION.offers(found, request.actor)
    unneeded = {"begin_scoring"} if ends_without_scoring(found) else set()
    return render(
        request,
        "grants/competition_manage.html",
        {
            "competition": found,
            "desk": queries.desk(found),
            "accepting": accepts(found),
            "offers": [offer for offer in offers if offer.step.name in BY_ONE_BUTTON - unneeded],
            "discard": next((offer for offer in offers if offer.step is DISCARD), None),
            "extends": any(offer.step is EXTEND for offer in offers) and accepts(found),
            # They have a page of their own, where they are looked through before publication.
            "decides": outcomes_are_open(found),
            "unchecked": found.applications.filter(state=Application.State.SUBMITTED).count()
            if found.state == Competition.State.CHECKING
            else 0,
            "failed": queries.failed_lots(found).count()
            if found.state == Competition.State.PUBLISHED
            else 0,
        },
    )


@require_POST
def take(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """One of the steps that need no facts."""
    if step not in BY_ONE_BUTTON:
        raise Http404
    found = _managed(request, pk)
    COMPETITION.take(step, found, actor=request.actor)
    messages.success(request, _("Done: %(step)s.") % {"step": str(COMPETITION[step].title)})
    return redirect("grants:competition_manage", found.pk)


@require_POST
def discard(request: ActorRequest, pk: int) -> HttpResponse:
    """Throw away a draft that is not to be announced."""
    COMPETITION.take("discard", _managed(request, pk), actor=request.actor)
    messages.success(request, _("The draft is discarded."))
    return redirect("grants:competitions")


def extend(request: ActorRequest, pk: int) -> HttpResponse:
    """A decision that moves the end of acceptance; what was entered stays after a refusal."""
    found = _in(Competition.State.ANNOUNCED, EXTEND, _managed(request, pk))
    form = ExtensionForm(request.POST or None, request.FILES or None)
    findings = [
        finding
        for finding in COMPETITION.findings("extend", found, request.actor)
        if finding.code != "no_decision"
    ]
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():  # no scan is kept without its decision
                scan = form.stored_scan(request.actor.user)
                facts: dict[str, Any] = {**form.cleaned_data, "scan": scan}
                COMPETITION.take(EXTEND, found, actor=request.actor, **facts)
        except ValidationError as wrong:
            form.add_error("scan", wrong)
        except Refused as refused:
            findings = refused.findings
        else:
            messages.success(request, _("Acceptance is extended. Holders of drafts get a letter."))
            return redirect("grants:competition_manage", found.pk)
    return render(
        request,
        "grants/competition_extend.html",
        {
            "competition": found,
            "form": form,
            "findings": findings,
            "extensions": found.extensions.order_by("made_at"),
        },
        status=422 if form.is_bound else 200,
    )


def repeat(request: ActorRequest, pk: int) -> HttpResponse:
    """A new competition for the topics that failed in this one (GR-P-14)."""
    found = _managed(request, pk)
    lots = list(queries.failed_lots(found))
    version = queries.versions_to_announce().filter(plan=found.version.plan_id).first()
    if version is None or not lots:
        raise Http404
    form = RepeatForm(request.POST or None, lots=lots, version=version)
    if request.method == "POST" and form.is_valid():
        repeats: dict[int, Lot] = form.repeats()
        begun = Competition(
            version=version,
            kind=form.cleaned_data["kind"],
            previous=found,
            title_kk=found.title_kk,
            title_ru=found.title_ru,
            text_kk=found.text_kk,
            text_ru=found.text_ru,
            contacts_kk=found.contacts_kk,
            contacts_ru=found.contacts_ru,
        )
        draft.begin(
            begun,
            [form.topics[topic] for topic in repeats],
            actor=request.actor,
            repeats=repeats,
        )
        messages.success(request, _("The draft is ready. Write the announcement now."))
        return redirect("grants:competition_edit", begun.pk)
    return render(
        request,
        "grants/competition_repeat.html",
        {
            "form": form,
            "competition": found,
            "version": version,
            "same_version": version.pk == found.version_id,
        },
        status=422 if form.errors else 200,
    )


def _operator(request: ActorRequest) -> None:
    if not is_operator(request.actor):
        raise PermissionDenied


def _managed(request: ActorRequest, pk: int) -> Competition:
    return get_object_or_404(
        queries.competitions_managed_by(request.actor).select_related(
            "operator", "version__plan__body", "previous", "panel"
        ),
        pk=pk,
    )


def _draft(request: ActorRequest, pk: int) -> Competition:
    return _in(Competition.State.DRAFT, ANNOUNCE, _managed(request, pk))


def _in(state: Competition.State, step: Step, found: Competition) -> Competition:
    """The competition, or a refusal of `step` when it is in another state."""
    if found.state != state:
        raise Refused(step, [moved_on(step, found, "state")])
    return found
