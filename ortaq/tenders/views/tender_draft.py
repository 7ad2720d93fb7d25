"""The officers' pages of a tender: its documentation, its lots, and where it stands."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq import law
from ortaq.core import journal
from ortaq.core.procedure import Offer, Refused, Step, moved_on
from ortaq.faces.parts import Conflict, Difference
from ortaq.people.actor import ActorRequest
from ortaq.people.models import User
from ortaq.planning.forms.merging import merged
from ortaq.tenders.choices import CHOICES, edition_of
from ortaq.tenders.forms.tender import (
    BeginForm,
    FileForm,
    LotForm,
    TenderForm,
    TopicsForm,
    choices_of,
    first_closing,
    stored_texts,
)
from ortaq.tenders.models import Lot, Tender, TenderFile
from ortaq.tenders.policy.tender import begins, organises
from ortaq.tenders.procedure import tender_draft as draft
from ortaq.tenders.procedure.opening import opened_if_due
from ortaq.tenders.procedure.tender import APPROVE, DISCARD, TENDER
from ortaq.tenders.procedure.tender_money import held_elsewhere
from ortaq.tenders.queries import openers
from ortaq.tenders.queries import tender as queries

State = Tender.State
# Steps that need no facts of their own and so are taken by one button of the desk. Results are
# adopted and published on pages of their own.
BY_ONE_BUTTON = frozenset({"approve", "revise", "announce"})
# The names that a draft begins with: content, in both languages.
TITLES = {
    "title_kk": "Мемлекеттік әлеуметтік тапсырысты орындау жөніндегі конкурс",
    "title_ru": "Конкурс на выполнение государственного социального заказа",
}


def new(request: ActorRequest) -> HttpResponse:
    """A draft from topics whose money is approved and whose specification is ready."""
    if not begins(request.actor):
        raise PermissionDenied
    ready = queries.topics_ready(request.actor)
    form = BeginForm(request.POST or None, topics=ready, organisers=queries.organisers())
    if request.method == "POST" and form.is_valid():
        topics = form.chosen()
        edition = law.edition(draft.ACT, draft.EDITION)
        begun = Tender(**TITLES, closes_at=first_closing(edition))
        if len(topics) == 1:  # the tender is called as what it buys
            begun.title_kk, begun.title_ru = (
                topics[0].title_kk[:500],
                topics[0].title_ru[:500],
            )
        draft.begin(begun, topics, actor=request.actor, organiser=form.cleaned_data["organiser"])
        messages.success(request, _("The draft is begun. Complete the documentation now."))
        return redirect("tenders:tender_manage", begun.pk)
    return _topics_page(request, form)


def topics(request: ActorRequest, pk: int) -> HttpResponse:
    """The lots of a draft."""
    found = _draft(request, pk)
    chosen = list(found.lots.values_list("topic_id", flat=True))
    ready = queries.topics_ready(request.actor, found)
    form = TopicsForm(request.POST or None, topics=ready, initial={"topics": chosen})
    if request.method == "POST" and form.is_valid():
        draft.choose_topics(found, form.chosen(), actor=request.actor)
        messages.success(request, _("The lots are saved."))
        return redirect("tenders:tender_manage", found.pk)
    return _topics_page(request, form, found)


def _topics_page(
    request: ActorRequest, form: TopicsForm, found: Tender | None = None
) -> HttpResponse:
    """The topics, each with a box; what was ticked before an error stays ticked."""
    ticked = {str(pk) for pk in form["topics"].value() or ()}
    return render(
        request,
        "tenders/tender_topics.html",
        {
            "form": form,
            "tender": found,
            "topics": form.ready.values(),
            "ticked": {pk for pk in form.ready if str(pk) in ticked},
            "unready": queries.topics_unready(request.actor),
        },
        status=422 if form.errors else 200,
    )


@require_safe
def manage(request: ActorRequest, pk: int) -> HttpResponse:
    """Where the tender stands, what comes next and what is in its way."""
    found = opened_if_due(_managed(request, pk))
    offers = {offer.step.name: offer for offer in TENDER.offers(found, request.actor)}
    desk = queries.desk(found)
    approve = offers.get(APPROVE.name)
    # The customer of a single organiser writes the documentation and sees what it lacks.
    writes = found.state == State.DRAFT
    return render(
        request,
        "tenders/tender_manage.html",
        {
            "tender": found,
            "desk": desk,
            "stages": queries.stages(found),
            "writes": writes,
            "organises": organises(request.actor, found),
            "missing": TENDER.findings("approve", found, request.actor) if writes else [],
            "links": _links(found, desk.lots) if writes else {},
            # What it lacks stands once, above its button.
            "approve": Offer(approve.step, []) if approve and approve.open else None,
            # What leads on comes first, the way back last.
            "offers": [offers[name] for name in ("announce", "revise") if name in offers],
            "discard": offers.get(DISCARD.name),
            "openers": openers.openers_of(found),
        },
    )


def _links(found: Tender, lots: list[Lot]) -> dict[str, str]:
    """Where each thing is mended, by what its finding is about."""
    texts = reverse("tenders:tender_edit", args=[found.pk])
    links = {name: f"{texts}#id_{name}" for name in TenderForm.Meta.fields}
    links |= {f"{name}_cite": f"{texts}#id_{name}_cite" for name in (one.key for one in CHOICES)}
    links["lots"] = reverse("tenders:tender_topics", args=[found.pk])
    links["openers"] = reverse("tenders:openers", args=[found.pk])
    links["files"] = reverse("tenders:tender_files", args=[found.pk])
    return links | {f"lot-{lot.pk}": reverse("tenders:lot_edit", args=[lot.pk]) for lot in lots}


def edit(request: ActorRequest, pk: int) -> HttpResponse:
    """The texts; what another officer changed meanwhile is merged, field by field."""
    found = _draft(request, pk)
    stored = stored_texts(found)
    form = TenderForm(request.POST or None, instance=found)
    conflict = None
    if request.method == "POST" and form.is_valid():
        values, differences = merged(form, stored)
        if differences:
            conflict = _conflict(found, differences)
        else:
            for name in TenderForm.Meta.fields:
                setattr(found, name, values[name])
            found.choices = choices_of(values)
            draft.edit(found, (*TenderForm.Meta.fields, "choices"), actor=request.actor)
            messages.success(request, _("The draft is saved."))
            if "stay" in request.POST:
                return redirect("tenders:tender_edit", found.pk)
            return redirect("tenders:tender_manage", found.pk)
    return render(
        request,
        "tenders/tender_edit.html",
        {"form": form, "tender": found, "conflict": conflict},
        status=409 if conflict else 422 if form.errors else 200,
    )


def _conflict(found: Tender, differences: list[Difference]) -> Conflict:
    """Who saved last, and where the two texts differ."""
    last = journal.history(found).last()
    assert last is not None  # the draft was begun
    person = User.objects.filter(pk=int(last.actor.partition(":")[2])).first()
    return Conflict(person.full_name if person else _("A colleague"), last.at, differences)


def edit_lot(request: ActorRequest, pk: int) -> HttpResponse:
    """Sum, dates and advance of a lot."""
    found = _lot(request, pk)
    form = LotForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        draft.write_lot(form.save(commit=False), actor=request.actor)
        messages.success(request, _("The lot is saved."))
        return redirect("tenders:tender_manage", found.tender_id)
    return render(
        request,
        "tenders/lot_edit.html",
        {
            "form": form,
            "lot": found,
            "tender": found.tender,
            "elsewhere": held_elsewhere([found.topic_id], found.tender).get(found.topic_id),
            "replaced": found.specification.state != found.specification.State.APPROVED,
            "advance": edition_of(found.tender).parameter("advance.max"),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def renew(request: ActorRequest, pk: int) -> HttpResponse:
    """Take the specification in force into the lot."""
    found = _lot(request, pk)
    draft.renew(found, actor=request.actor)
    messages.success(request, _("The lot names the specification in force now."))
    return redirect("tenders:lot_edit", found.pk)


def add_file(request: ActorRequest, pk: int) -> HttpResponse:
    """The files of the documentation, and another one."""
    found = _draft(request, pk)
    form = FileForm(request.POST or None, request.FILES or None, instance=TenderFile(tender=found))
    if request.method == "POST" and form.is_valid():
        try:
            draft.add_file(
                form.save(commit=False), form.cleaned_data["upload"], actor=request.actor
            )
        except ValidationError as wrong:
            form.add_error("upload", wrong)
        else:
            messages.success(request, _("The file is added."))
            return redirect("tenders:tender_files", found.pk)
    return render(
        request,
        "tenders/tender_files.html",
        {"form": form, "tender": found, "files": found.files.select_related("file")},
        status=422 if form.errors else 200,
    )


@require_POST
def remove_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a file out of the documentation."""
    managed = queries.tenders_managed_by(request.actor)
    found = get_object_or_404(
        TenderFile.objects.select_related("file", "tender"), pk=pk, tender__in=managed
    )
    tender = found.tender_id
    draft.remove_file(found, actor=request.actor)
    messages.success(request, _("The file is removed."))
    return redirect("tenders:tender_files", tender)


@require_POST
def take(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """One of the steps that need no facts."""
    if step not in BY_ONE_BUTTON:
        raise Http404
    found = _managed(request, pk)
    TENDER.take(step, found, actor=request.actor)
    messages.success(request, _("Done: %(step)s.") % {"step": str(TENDER[step].title)})
    return redirect("tenders:tender_manage", found.pk)


@require_POST
def discard(request: ActorRequest, pk: int) -> HttpResponse:
    """Throw away a draft that is not to be announced."""
    TENDER.take(DISCARD, _managed(request, pk), actor=request.actor)
    messages.success(request, _("The draft is discarded."))
    return redirect("tenders:tenders")


def _managed(request: ActorRequest, pk: int) -> Tender:
    return get_object_or_404(
        queries.tenders_managed_by(request.actor).select_related("customer", "organiser", "panel"),
        pk=pk,
    )


def _draft(request: ActorRequest, pk: int) -> Tender:
    return _in(State.DRAFT, APPROVE, _managed(request, pk))


def _lot(request: ActorRequest, pk: int) -> Lot:
    """A lot of a draft that the reader prepares."""
    managed = queries.tenders_managed_by(request.actor)
    found = get_object_or_404(
        Lot.objects.select_related(
            "tender__customer", "tender__organiser", "topic__formation", "specification"
        ),
        pk=pk,
        tender__in=managed,
    )
    _in(State.DRAFT, APPROVE, found.tender)
    return found


def _in(state: Tender.State, step: Step, found: Tender) -> Tender:
    """The tender, or a refusal of `step` when it is in another state."""
    if found.state != state:
        raise Refused(step, [moved_on(step, found, "state")])
    return found
