"""Pages of one application: begin it, see what is missing, hand it in, see its receipt."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import journal
from ortaq.core.procedure import Offer
from ortaq.documents.downloads import paper_download
from ortaq.documents.render import html
from ortaq.documents.writing.places import nearest_gap
from ortaq.faces.parts import Entry
from ortaq.grants.content import checks, experience
from ortaq.grants.content.whole import Whole
from ortaq.grants.forms.application import DetailsForm, StartForm, WithdrawForm
from ortaq.grants.models import Application, Lot, Receipt
from ortaq.grants.papers import application as papers
from ortaq.grants.policy import application as policy
from ortaq.grants.procedure import application as procedure
from ortaq.grants.procedure import application_draft as draft
from ortaq.grants.procedure.admissibility import CHECK
from ortaq.grants.procedure.application import APPLICATION
from ortaq.grants.queries import application as queries
from ortaq.people.actor import ActorRequest
from ortaq.people.models import Organisation
from ortaq.review import policy as review

from . import application_places as places

GET_POST = ["GET", "HEAD", "POST"]


def found(request: ActorRequest, pk: int) -> Application:
    """The application if this person may know of it; the same 404 for hidden and absent."""
    return get_object_or_404(queries.page_of(request.actor), pk=pk)


def own(request: ActorRequest, pk: int, *beside: str) -> Application:
    """The application if it is the NGO's own, with its competition and what else is read from it (`beside`)."""
    rows = queries.own_of(request.actor).select_related("competition", *beside)
    application = get_object_or_404(rows, pk=pk)
    return _of_applicant(request, application)


def own_whole(request: ActorRequest, pk: int) -> Whole:
    """The application with everything in it if it is the NGO's own: as many queries as without asking whose it is."""
    try:
        whole = queries.whole_among(queries.own_of(request.actor), pk)
    except Application.DoesNotExist:
        raise Http404 from None
    _of_applicant(request, whole.application)
    return whole


def _of_applicant(request: ActorRequest, application: Application) -> Application:
    if not policy.is_applicant(request.actor, application):
        raise Http404
    return application


# --- Before and beside ---------------------------------------------------------------------------


@require_safe
def mine(request: ActorRequest) -> HttpResponse:
    """The applications of the NGO acted for."""
    ngo = request.actor.acting_for
    is_ngo = ngo is not None and ngo.kind == Organisation.Kind.NGO
    return render(
        request,
        "grants/application_list.html",
        {"applications": queries.of_ngo(request.actor) if is_ngo else [], "is_ngo": is_ngo},
    )


@require_http_methods(GET_POST)
def new(request: ActorRequest, lot: int) -> HttpResponse:
    """Begin an application for a topic that is announced."""
    topic_lot = get_object_or_404(
        Lot.objects.exclude(competition__state="draft").select_related(
            "competition__version__plan", "topic"
        ),
        pk=lot,
    )
    actor, ngo = request.actor, request.actor.acting_for
    may_begin = policy.may_begin(actor, topic_lot.competition)
    if request.method == "POST" and not may_begin:
        raise PermissionDenied
    context: dict[str, Any] = {"lot": topic_lot, "may_begin": may_begin, "form": None}
    if may_begin and ngo is not None:
        earlier = Application.objects.filter(organisation=ngo).order_by("-id")
        form = StartForm(
            request.POST or None, earlier=earlier, initial={"language": actor.language}
        )
        if request.method == "POST" and form.is_valid():
            application = draft.begin(
                topic_lot,
                ngo,
                actor=actor,
                language=form.cleaned_data["language"],
                title=form.cleaned_data["title"],
                source=form.cleaned_data.get("source"),
            )
            return redirect("grants:application", application.pk)
        context |= {"form": form, "others": earlier.filter(lot=topic_lot)}
    return render(request, "grants/application_new.html", context)


# --- One application -----------------------------------------------------------------------------


@require_safe
def overview(request: ActorRequest, pk: int) -> HttpResponse:
    """A draft: what there is and what is missing. Later: what was handed in and what became of it."""
    application = found(request, pk)
    actor = request.actor
    if policy.is_applicant(actor, application) and policy.is_draft(actor, application):
        whole = queries.whole_of(application)
        findings = checks.everything(whole)
        return render(
            request,
            "grants/application_draft.html",
            {
                **places.frame(whole, findings, actor),
                "may_submit": policy.may_submit(actor, application),
                "discard": Offer(procedure.DISCARD, [])
                if policy.may_discard(actor, application)
                else None,
                "nearest": nearest_gap(places.address_of, application.pk, findings),
            },
        )
    if not (policy.is_applicant | policy.is_its_operator)(actor, application):
        return redirect("grants:application_content", application.pk)
    return render(
        request,
        "grants/application.html",
        {
            "application": application,
            "is_applicant": policy.is_applicant(actor, application),
            "may_begin": policy.may_begin(actor, application.competition),
            "may_read": policy.may_read_content(actor, application),
            "receipt": Receipt.objects.filter(application=application).first(),
            "delivery": getattr(application, "paper_delivery", None),
            "offers": APPLICATION.offers(application, actor),
            "entries": _history(application),
        },
    )


def _history(application: Application) -> list[Entry]:
    """The journal of an application; who acted is told by role, since names are kept elsewhere."""
    titles = {
        **{name: step.title for name, step in (APPLICATION.steps | CHECK.steps).items()},
        "begin": _("Begin the application"),
        "attached": _("A file was added"),
        "signed": _("Signed electronically"),
        "removed": _("A file was taken out"),
        "copied": _("Copied from an earlier application"),
    }
    return [
        Entry(entry.at, titles[entry.step], hash=entry.hash)
        for entry in journal.history(application)
        if entry.step in titles
    ]


@require_http_methods(GET_POST)
def details(request: ActorRequest, pk: int) -> HttpResponse:
    """Name, language and term of the project."""
    application = own(request, pk)
    initial = {
        name: getattr(application, name) for name in ("title", "language", "starts_on", "ends_on")
    }
    form = DetailsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        draft.describe(application, actor=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("grants:application", application.pk)
    whole = queries.whole_of(application)
    first, last = checks.allowed_term(whole)
    return render(
        request,
        "grants/application_details.html",
        {
            **places.frame(whole, checks.everything(whole), request.actor, here="details"),
            "form": form,
            "first": first,
            "last": last,
        },
    )


@require_safe
def letter(request: ActorRequest, pk: int) -> HttpResponse:
    """Annex 1 as it will be handed in."""
    whole = own_whole(request, pk)
    return render(
        request,
        "grants/application_letter.html",
        {
            **places.frame(whole, checks.everything(whole), request.actor, here="letter"),
            "paper": html(papers.letter(whole, whole.application.language)),
        },
    )


@require_http_methods(GET_POST)
def submit(request: ActorRequest, pk: int) -> HttpResponse:
    """What stands in the way, the declaration, and the button."""
    if request.method == "POST":
        made = procedure.submit(
            own(request, pk), actor=request.actor, declared=request.POST.get("declared") == "on"
        )
        messages.success(request, _("Your application has arrived. Keep the receipt."))
        return redirect("grants:application_receipt", made.application_id)
    whole = own_whole(request, pk)
    application = whole.application
    if application.state == Application.State.SUBMITTED:
        return redirect("grants:application_receipt", application.pk)
    if not policy.is_draft(request.actor, application):
        return redirect("grants:application", application.pk)
    offer = next(
        (
            offer
            for offer in APPLICATION.offers(application, request.actor, declared=True, whole=whole)
            if offer.step is procedure.SUBMIT
        ),
        None,
    )
    findings = offer.findings if offer else checks.everything(whole)
    return render(
        request,
        "grants/application_submit.html",
        {**places.frame(whole, findings, request.actor, here="submit"), "offer": offer},
    )


@require_safe
def receipt(request: ActorRequest, pk: int) -> HttpResponse:
    """The receipt, to be printed and kept."""
    application = own(request, pk, "organisation", "lot__topic")
    made = get_object_or_404(Receipt, application=application)
    return render(
        request,
        "grants/application_receipt.html",
        {"application": application, "receipt": made, "files": made.files},
    )


@require_safe
def receipt_content(request: ActorRequest, pk: int) -> HttpResponse:
    """The canonical content itself: whoever hashes these bytes finds the receipt's SHA-256."""
    made = get_object_or_404(Receipt, application=own(request, pk))
    response = HttpResponse(bytes(made.content), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{made.number}.json"'
    return response


@require_http_methods(GET_POST)
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    application = own(request, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        APPLICATION.take(procedure.WITHDRAW, application, actor=request.actor, reason=reason)
        messages.success(
            request,
            _("The application is withdrawn. Until acceptance ends you can hand in another one."),
        )
        return redirect("grants:application", application.pk)
    offers = APPLICATION.offers(application, request.actor)
    offer = next((offer for offer in offers if offer.step is procedure.WITHDRAW), None)
    if offer is None:
        raise Http404
    return render(
        request,
        "grants/application_withdraw.html",
        {"application": application, "form": form, "offer": offer},
    )


@require_POST
def discard(request: ActorRequest, pk: int) -> HttpResponse:
    """Throw a draft away with all that was written and attached."""
    APPLICATION.take(procedure.DISCARD, own(request, pk), actor=request.actor)
    messages.success(request, _("The draft is discarded."))
    return redirect("grants:applications")


# --- Reading it --------------------------------------------------------------------------------------


def readable(request: ActorRequest, pk: int) -> tuple[Application, bool]:
    """An application whose content this person may read, and whether with personal data: contacts,
    and papers that carry little else.

    A member of the commission reads through the conflict gate of `review` only.
    """
    application = found(request, pk)
    if policy.may_read_content(request.actor, application):
        return application, True
    if application.dossier and review.may_open(request.actor, application.dossier):
        return application, False
    raise Http404


@require_safe
def content(request: ActorRequest, pk: int) -> HttpResponse:
    """The whole application to be read; beside the score sheet as a fragment without a page."""
    application, contacts = readable(request, pk)
    whole = queries.whole_of(application)
    context = {
        "application": application,
        "whole": whole,
        "files": [one for one in whole.attachments if one.open_to(personal=contacts)],
        "uncounted": list(experience.findings(whole)),
        "paper": html(papers.bound(whole, _language(request, whole), contacts=contacts)),
    }
    fragment = request.headers.get("HX-Request") == "true"
    name = "application_content_fragment" if fragment else "application_content"
    return render(request, f"grants/{name}.html", context)


def _language(request: HttpRequest, whole: Whole) -> str:
    """The language of the form's own words: as asked, or that of the application."""
    asked = request.GET.get("language", "")
    return asked if asked in ("kk", "ru") else whole.application.language


@require_safe
def paper(request: ActorRequest, pk: int, language: str, kind: str) -> FileResponse:
    """The application as pdf or docx, in Kazakh or Russian."""
    application, contacts = readable(request, pk)
    if language not in ("kk", "ru"):
        raise Http404
    whole = queries.whole_of(application)
    name = application.number or f"draft-{application.pk}"
    made = papers.bound(whole, language, contacts=contacts)
    return paper_download(made, kind, f"{name}-{language}")
