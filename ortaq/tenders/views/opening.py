"""The opening of a tender's bids, for everybody: the protocol and the commitments."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ortaq.core import clock
from ortaq.documents.downloads import paper_download
from ortaq.people.actor import ActorRequest
from ortaq.tenders.models import Tender
from ortaq.tenders.papers.opening import protocol
from ortaq.tenders.procedure import openers
from ortaq.tenders.procedure.opening import opened_if_due
from ortaq.tenders.queries import bid as queries

State = Tender.State


def _tender(pk: int) -> Tender:
    """A tender that was announced, opened if its time has come."""
    announced = Tender.objects.exclude(state__in=(State.DRAFT, State.APPROVED))
    tender = get_object_or_404(announced.select_related("customer", "organiser"), pk=pk)
    return opened_if_due(tender)


@login_not_required
@require_safe
def opening(request: ActorRequest, pk: int) -> HttpResponse:
    """Before the deadline: when it will be. Afterwards: every bid with price and commitment."""
    tender = _tender(pk)
    bids = queries.opened(tender) if tender.opened_at else []
    context = {"tender": tender, "bids": bids}
    if openers.waits(tender, clock.now()):
        context |= {"waits": True, "due_at": openers.due_at(tender)}
    return render(request, "tenders/opening.html", context)


@login_not_required
@require_safe
def paper(request: ActorRequest, pk: int, language: str, kind: str) -> FileResponse:
    """The protocol of opening as pdf or docx, in Kazakh or Russian."""
    tender = _tender(pk)
    if tender.opened_at is None or language not in ("kk", "ru"):
        raise Http404
    return paper_download(protocol(tender, language), kind, f"opening-{tender.pk}-{language}")
