"""The pages of officers: what came from other systems, and what waits for a decision."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ortaq.core.identifiers import LENGTH
from ortaq.exchange.forms.listing import ListingForm
from ortaq.exchange.models import Listing
from ortaq.exchange.models.received import Kind
from ortaq.exchange.policy import sees_exchange
from ortaq.exchange.procedure.listing import DECIDABLE, LISTING
from ortaq.exchange.queries import received as queries
from ortaq.faces.paging import key_page
from ortaq.faces.parts import Column
from ortaq.people.actor import ActorRequest
from ortaq.registry.views.shared import decided, history, one_of

CONNECTIONS = [
    Column(gettext_lazy("What is read")),
    Column(gettext_lazy("Kept"), numeric=True),
    Column(gettext_lazy("Read to its end")),
    Column(gettext_lazy("State")),
]
LISTINGS = [
    Column(gettext_lazy("Organisation")),
    Column(gettext_lazy("Listed there")),
    Column(gettext_lazy("Met here")),
    Column(gettext_lazy("State")),
]
ROWS = [
    Column(gettext_lazy("Number and title")),
    Column(gettext_lazy("Organisations")),
    Column(gettext_lazy("Day")),
    Column(gettext_lazy("Sum"), numeric=True),
]
SAID = {
    "begin": gettext_lazy("Met in the register"),
    "again": gettext_lazy("Listed again"),
    "over": gettext_lazy("No longer listed"),
}


@require_safe
def exchange(request: ActorRequest) -> HttpResponse:
    """How far the other system has been read, and which of our NGOs it lists as unfair suppliers."""
    _refuse_others(request)
    state = one_of(request.GET.get("state"), Listing.State.values)
    rows = queries.listings_list(request.actor, state=state)
    context = {
        "on": queries.is_on(),
        "connections": queries.connections(),
        "connection_columns": CONNECTIONS,
        "page": key_page(rows, request.GET, order=("-id",), size=queries.PAGE),
        "columns": LISTINGS,
        "state": state,
        "states": Listing.State.choices,
    }
    return render(request, "exchange/exchange.html", context)


@require_safe
def rows(request: ActorRequest) -> HttpResponse:
    """Every row that came; of one kind, of one organisation."""
    _refuse_others(request)
    kind = one_of(request.GET.get("kind"), Kind.values)
    bin_ = request.GET.get("bin", "").strip()
    understood = not bin_ or (len(bin_) == LENGTH and bin_.isascii() and bin_.isdigit())
    found = queries.received_list(request.actor, kind=kind, bin_=bin_ if understood else "")
    page = key_page(found, request.GET, order=("-id",), size=queries.PAGE)
    bins = {one for row in page.rows for one in (row.supplier_bin, row.customer_bin)}
    known = queries.known_by_bin(bins)
    context = {
        "page": page,
        "lines": [
            (row, known.get(row.supplier_bin), known.get(row.customer_bin)) for row in page.rows
        ],
        "columns": ROWS,
        "kind": kind,
        "kinds": Kind.choices,
        "bin": bin_[:LENGTH],
        "understood": understood,
    }
    return render(request, "exchange/rows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: ActorRequest, pk: int) -> HttpResponse:
    """One NGO that is listed as an unfair supplier: what follows is decided here."""
    found = get_object_or_404(
        queries.listings_visible_to(request.actor).select_related("decided_by"), pk=pk
    )
    form = ListingForm(request.POST or None)
    if decided(request, form, found):
        return redirect("exchange:listing", found.pk)
    context = {
        "listing": found,
        "facts": queries.facts_of(found.organisation),
        "form": form,
        "may_decide": found.state in DECIDABLE,
        "history": history(LISTING, found, SAID),
    }
    return render(request, "exchange/listing.html", context, status=422 if form.errors else 200)


def _refuse_others(request: ActorRequest) -> None:
    if not sees_exchange(request.actor):
        raise Http404
