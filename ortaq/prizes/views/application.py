"""Pages of one application: begin it, see what is missing, hand it in, see its receipt, read it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Offer
from ortaq.documents.downloads import paper_download
from ortaq.documents.render import html
from ortaq.documents.writing.places import nearest_gap
from ortaq.law.findings import stops
from ortaq.people.actor import ActorRequest
from ortaq.people.models import Organisation
from ortaq.prizes.content import checks
from ortaq.prizes.content.whole import Whole
from ortaq.prizes.forms.application import DirectionForm, StartForm
from ortaq.prizes.models import Application, Receipt
from ortaq.prizes.papers import application as papers
from ortaq.prizes.policy import application as policy
from ortaq.prizes.procedure import application as procedure
from ortaq.prizes.procedure import application_draft as draft
from ortaq.prizes.procedure.application import APPLICATION
from ortaq.prizes.procedure.application_submission import nominee
from ortaq.prizes.procedure.closing import closed_if_due
from ortaq.prizes.queries import application as queries
from ortaq.review import policy as review

from . import application_places as places
from . import round as rounds

GET_POST = ["GET", "HEAD", "POST"]


def found(request: ActorRequest, pk: int) -> Application:
    """The application if this person may know of it; the same 404 for hidden and absent ones."""
    application = queries.page_of(request.actor).filter(pk=pk).first()
    if application is None:
        raise Http404
    application.round = closed_if_due(application.round)
    return application


def own(request: ActorRequest, pk: int) -> Application:
    """The application if it is the NGO's own."""
    application = found(request, pk)
    if not policy.is_applicant(request.actor, application):
        raise Http404
    return application


def own_draft(request: ActorRequest, pk: int) -> Whole:
    """The NGO's own draft; an application that is none any more has no pages to write on."""
    application = own(request, pk)
    if not policy.is_draft(request.actor, application):
        raise Http404
    return queries.whole_of(application)


def readable(request: ActorRequest, pk: int) -> tuple[Whole, bool]:
    """An application whose content this person may read, and whether with the contact data of persons: scorers read it without."""
    application, actor = found(request, pk), request.actor
    if policy.may_read(actor, application):
        return queries.whole_of(application), True
    if application.dossier is not None and review.may_open(actor, application.dossier):
        return queries.whole_of(application), False
    raise Http404


# --- Before and beside ---------------------------------------------------------------------------


@require_safe
def mine(request: ActorRequest) -> HttpResponse:
    """The applications of the NGO acted for."""
    ngo = request.actor.acting_for
    is_ngo = ngo is not None and ngo.kind == Organisation.Kind.NGO
    rows = list(queries.of_ngo(request.actor)) if is_ngo else []
    return render(request, "prizes/application_list.html", {"rows": rows, "is_ngo": is_ngo})


@require_http_methods(GET_POST)
def new(request: ActorRequest, year: int) -> HttpResponse:
    """Begin an application, or see why one's organisation may not be nominated."""
    one, actor = rounds.found(request, year), request.actor
    if one.announced_at is None:
        raise Http404
    acting, may_begin = actor.acting_for, policy.may_begin(actor, one)
    if request.method == "POST" and not may_begin:
        raise PermissionDenied
    context: dict[str, Any] = {"round": one, "may_begin": may_begin, "form": None}
    if may_begin and acting is not None:
        rows = queries.of_ngo(actor).filter(round=one)
        form = StartForm(
            request.POST or None,
            found=one,
            earlier=queries.earlier_of(actor),
            initial={
                "language": actor.language,
                "direction": request.GET.get("direction", ""),
            },
        )
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            begun = draft.begin(
                given["direction"],
                acting,
                actor=actor,
                language=given["language"],
                once=given["once"],
                source=given.get("source"),
            )
            return redirect("prizes:application", begun.pk)
        findings = list(nominee(acting, one, clock.now()))
        there = rows.exclude(state=Application.State.WITHDRAWN).first()
        context |= {
            "findings": findings,
            "barred": bool(stops(findings)),
            "there": there,
            "form": form,
        }
    return render(request, "prizes/application_new.html", context)


# --- One application -----------------------------------------------------------------------------


@require_safe
def overview(request: ActorRequest, pk: int) -> HttpResponse:
    """A draft: what there is and what is missing. Later: its receipt and what became of it."""
    application, actor = found(request, pk), request.actor
    is_applicant = policy.is_applicant(actor, application)
    if is_applicant and policy.is_draft(actor, application):
        whole = queries.whole_of(application)
        findings = [
            *nominee(application.organisation, application.round, clock.now()),
            *checks.everything(whole),
        ]
        discard = Offer(procedure.DISCARD, [])
        context = {
            **places.frame(whole, findings, actor),
            "nearest": nearest_gap(places.address_of, pk, findings),
            "discard": discard if policy.may_discard(actor, application) else None,
        }
        return render(request, "prizes/application_draft.html", context)
    if policy.is_its_organiser(actor, application) and not is_applicant:
        return redirect("prizes:look", pk)
    offers = APPLICATION.offers(application, actor) if is_applicant else []
    return render(
        request,
        "prizes/application.html",
        {
            "application": application,
            "is_applicant": is_applicant,
            "receipt": Receipt.objects.filter(application=application).first(),
            "withdraw": next((one for one in offers if one.step is procedure.WITHDRAW), None),
            "may_begin": is_applicant and policy.may_begin(actor, application.round),
            "personal": is_applicant,
        },
    )


@require_http_methods(GET_POST)
def direction(request: ActorRequest, pk: int) -> HttpResponse:
    """The direction and the language of a draft."""
    whole = own_draft(request, pk)
    application = whole.application
    form = DirectionForm(
        request.POST or None,
        found=application.round,
        initial={
            "direction": application.direction_id,
            "language": application.language,
        },
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        draft.direct(application, given["direction"], given["language"], actor=request.actor)
        messages.success(request, _("Saved."))
        return redirect("prizes:application", pk)
    findings = checks.everything(whole)
    context = {
        **places.frame(whole, findings, request.actor, here="direction"),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "prizes/application_direction.html", context, status=status)


@require_http_methods(GET_POST)
def submit(request: ActorRequest, pk: int) -> HttpResponse:
    """What stands in the way, the declaration, and the button."""
    application, actor = own(request, pk), request.actor
    if request.method == "POST":
        procedure.submit(application, actor=actor, declared=request.POST.get("declared") == "on")
        messages.success(request, _("Your application has arrived. Keep the receipt."))
        return redirect("prizes:receipt", pk)
    if not policy.is_draft(actor, application):
        return redirect("prizes:application", pk)
    whole = queries.whole_of(application)
    offers = APPLICATION.offers(application, actor, declared=True, whole=whole)
    offer = next((one for one in offers if one.step is procedure.SUBMIT), None)
    findings = offer.findings if offer else checks.everything(whole)
    context = {
        **places.frame(whole, findings, actor, here="submit"),
        "offer": offer,
    }
    return render(request, "prizes/application_submit.html", context)


@require_safe
def receipt(request: ActorRequest, pk: int) -> HttpResponse:
    """The receipt, to be printed and kept."""
    application = own(request, pk)
    made = Receipt.objects.filter(application=application).first()
    if made is None:
        raise Http404
    return render(request, "prizes/receipt.html", {"application": application, "receipt": made})


@require_POST
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    procedure.withdraw(own(request, pk), actor=request.actor)
    messages.success(
        request,
        _("The application is withdrawn. Until acceptance ends you can hand in another one."),
    )
    return redirect("prizes:application", pk)


@require_POST
def discard(request: ActorRequest, pk: int) -> HttpResponse:
    """Throw a draft away with all that was written and attached."""
    APPLICATION.take(procedure.DISCARD, own(request, pk), actor=request.actor)
    messages.success(request, _("The draft is discarded."))
    return redirect("prizes:applications")


# --- Reading it ------------------------------------------------------------------------------------


@require_safe
def content(request: ActorRequest, pk: int) -> HttpResponse:
    """The whole application to be read."""
    whole, personal = readable(request, pk)
    asked = request.GET.get("language", "")
    language = asked if asked in ("kk", "ru") else whole.application.language
    bound = papers.bound(whole, language, contacts=personal)
    context = {
        "application": whole.application,
        "paper": html(bound),
        "files": places.files_for(whole, personal=personal),
    }
    return render(request, "prizes/application_content.html", context)


@require_safe
def paper(request: ActorRequest, pk: int, language: str, kind: str) -> FileResponse:
    """Annexes 1-3 as pdf or docx, in Kazakh or Russian."""
    if language not in ("kk", "ru"):
        raise Http404
    whole, personal = readable(request, pk)
    bound = papers.bound(whole, language, contacts=personal)
    return paper_download(bound, kind, f"{whole.application}-{language}".strip("#"))
