"""Public pages of tenders: the list, the announcement, a lot, a file of the documentation."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ortaq.documents.downloads import stored_download
from ortaq.people.actor import ActorRequest
from ortaq.tenders.choices import edition_of
from ortaq.tenders.forms.tender import QuestionForm, SearchForm
from ortaq.tenders.models import Tender
from ortaq.tenders.policy.bid import accepts_bids
from ortaq.tenders.policy.tender import begins, may_answer, prepares
from ortaq.tenders.procedure.opening import opened_if_due
from ortaq.tenders.queries import tender as queries


@login_not_required
@require_safe
def tenders(request: ActorRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    asked = form.asked()
    return render(
        request,
        "tenders/tender_list.html",
        {
            "list": queries.tender_list(request.actor, asked, request.GET),
            "form": form,
            "searched": bool(asked),
            "may_start": begins(request.actor),
        },
    )


@login_not_required
@require_safe
def tender(request: ActorRequest, pk: int) -> HttpResponse:
    """The announcement; its officers see it before the public does."""
    found = get_object_or_404(queries.announcements(request.actor), pk=pk)
    return announcement_page(request, opened_if_due(found), QuestionForm())


def announcement_page(
    request: ActorRequest, found: Tender, form: QuestionForm, *, status: int = 200
) -> HttpResponse:
    """The page of a tender with a question being written."""
    return render(
        request,
        "tenders/tender.html",
        {
            "tender": found,
            "page": queries.announcement(found),
            "timeline": queries.timeline(found),
            "accepting": accepts_bids(found),
            "manages": prepares(request.actor, found),
            "answers": may_answer(request.actor, found),
            "form": form,
        },
        status=status,
    )


@login_not_required
@require_safe
def lot(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.lot_page(request.actor), pk=pk)
    found.tender = opened_if_due(found.tender)
    return render(
        request,
        "tenders/lot.html",
        {
            "lot": found,
            "topic": found.topic,
            "tender": found.tender,
            "edition": edition_of(found.tender),
            "accepting": accepts_bids(found.tender),
        },
    )


@login_not_required
@require_safe
def file(request: ActorRequest, pk: int) -> HttpResponseBase:
    """A file of the documentation."""
    return stored_download(get_object_or_404(queries.files_visible_to(request.actor), pk=pk).file)
