"""Subscribing, and looking after one's subscriptions by a secret link."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.people.actor import ActorRequest
from ortaq.people.floods import is_flooding
from ortaq.people.models import Language
from ortaq.people.queries import proven_addresses
from ortaq.subscriptions.filters import Filters, NotUnderstood, no_page, titles
from ortaq.subscriptions.forms import LanguageForm, ManageForm, SubscriptionForm
from ortaq.subscriptions.models import Reader, Subscription
from ortaq.subscriptions.procedure import subscription as procedure

FLOOD = "subscriptions"
MOST_AN_HOUR: int = settings.ORTAQ_SUBSCRIPTIONS_AN_HOUR


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: ActorRequest) -> HttpResponse:
    """The form, with the filters that a link brings; who is asked to confirm is told the same whatever is known."""
    if request.method == "POST":
        return _subscribe(request)
    try:
        filters, unclear = Filters.read(request.GET), []
    except NotUnderstood as wrong:
        filters, unclear = wrong.rest, wrong.sentences
    if not filters.is_there():
        filters, unclear = replace(filters, page=""), [*unclear, no_page(filters.page)]
    initial = {
        "kind": list(filters.kinds),
        "field": filters.field,
        "region": filters.region,
        "ngo": filters.ngo,
        "body": filters.body,
        "page": filters.page,
        "address": request.actor.user.email if request.actor.user else "",
    }
    return _form(request, SubscriptionForm(initial=initial), filters, unclear=unclear)


def _form(
    request: ActorRequest,
    form: SubscriptionForm,
    filters: Filters,
    *,
    unclear: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    mine = Reader.objects.filter(address__in=proven_addresses(request.actor.user)).first()
    context = {
        "form": form,
        "title": filters.title() if filters.query else "",
        "query": filters.query,
        "one_page": bool(filters.page),
        "unclear": unclear or [],
        "mine": mine,
    }
    return render(request, "subscriptions/subscribe.html", context, status=status)


def _subscribe(request: ActorRequest) -> HttpResponse:
    form = SubscriptionForm(request.POST)
    if form.is_trap_sprung:  # a program is told what it wants to hear
        return redirect("subscriptions:asked")
    if not form.is_valid():
        return _form(request, form, Filters(), status=422)
    if request.actor.user is None and is_flooding(request, FLOOD, MOST_AN_HOUR):
        message = _(
            "Too many subscriptions have come from your network within an hour. Try again later."
        )
        form.add_error(None, message)
        return _form(request, form, form.filters, status=429)
    told = form.cleaned_data
    language = get_language() or Language.KAZAKH
    if request.actor.user is not None:
        language = request.actor.user.language
    try:
        own = procedure.subscribe(
            told["address"], form.filters, told["frequency"], language, actor=request.actor
        )
    except procedure.TooMany:
        form.add_error(
            None,
            _("You have %(most)d subscriptions already: end one of them first.")
            % {"most": procedure.MOST},
        )
        return _form(request, form, form.filters, status=422)
    if own is None:
        return redirect("subscriptions:asked")
    messages.success(request, _("Letters come from now on."))
    return redirect("subscriptions:manage", own.token)


@login_not_required
@require_safe
def asked(request: ActorRequest) -> HttpResponse:
    """What everybody is told who has typed an address that is not proven to be theirs."""
    return render(
        request,
        "subscriptions/asked.html",
        {"letters": procedure.LETTERS, "days": procedure.WAITS.days},
    )


# --- By the secret link ------------------------------------------------------------------------------


def _reader(token: str) -> Reader:
    return get_object_or_404(Reader, token=token)


def _row(reader: Reader, pk: int) -> Subscription:
    return get_object_or_404(reader.subscriptions, pk=pk)


@login_not_required
@never_cache
@require_safe
def manage(request: ActorRequest, token: str) -> HttpResponse:
    """All subscriptions of an address: those that wait for its word, and those whose letters come."""
    reader = _reader(token)
    found = [(row, Filters.parse(row.filters)) for row in reader.subscriptions.order_by("pk")]
    said = titles([filters for _row, filters in found])
    rows = [(row, filters.query, title) for (row, filters), title in zip(found, said, strict=True)]
    context: dict[str, Any] = {
        "reader": reader,
        "waiting": [(row, title) for row, _query, title in rows if not row.confirmed_at],
        "running": [(row, title, query) for row, query, title in rows if row.confirmed_at],
        "frequencies": Subscription.Frequency.choices,
        "languages_of_letters": Language.choices,
        "never": procedure.never_address(reader.address),
    }
    return render(request, "subscriptions/manage.html", context)


@login_not_required
@require_POST
def confirm(request: ActorRequest, token: str) -> HttpResponse:
    reader = _reader(token)
    chosen = [int(one) for one in request.POST.getlist("row")[:100] if _is_key(one)]
    if procedure.confirm(reader, chosen):
        messages.success(request, _("Letters come from now on."))
    else:
        messages.warning(request, _("Nothing was chosen: tick what you want to hear of."))
    return redirect("subscriptions:manage", token)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


@login_not_required
@require_POST
def change(request: ActorRequest, token: str, pk: int) -> HttpResponse:
    """How often letters of one subscription come."""
    row = _row(_reader(token), pk)
    form = ManageForm(request.POST)
    if not form.is_valid():
        raise Http404
    procedure.change(row, form.cleaned_data["frequency"])
    messages.success(request, _("Saved."))
    return redirect("subscriptions:manage", token)


@login_not_required
@require_POST
def speak(request: ActorRequest, token: str) -> HttpResponse:
    """The language of letters."""
    reader, form = _reader(token), LanguageForm(request.POST)
    if not form.is_valid():
        raise Http404
    procedure.speak(reader, form.cleaned_data["language"])
    messages.success(request, _("Saved."))
    return redirect("subscriptions:manage", token)


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: ActorRequest, token: str, pk: int) -> HttpResponse:
    """One subscription ends with one click, of a person here or of a mail program by itself (RFC 8058).

    Nothing but the secret of the address is needed, so no token of a form either. What has ended already, and what never
    was, get the same answer.
    """
    row = Subscription.objects.filter(reader__token=token, pk=pk).select_related("reader").first()
    if request.method == "POST":
        if row is not None:
            procedure.end(row.reader, [row.pk])
        return render(request, "subscriptions/ended.html")
    context = {"title": Filters.parse(row.filters).title() if row else "", "over": row is None}
    return render(request, "subscriptions/end.html", context)


@login_not_required
@require_POST
def end_all(request: ActorRequest, token: str) -> HttpResponse:
    procedure.end(_reader(token))
    return render(request, "subscriptions/ended.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def never(request: ActorRequest, signed: str) -> HttpResponse:
    """The owner of an address wants no letters at all, whoever asks for them."""
    if request.method != "POST":
        return render(request, "subscriptions/never.html")
    if not procedure.never(signed):
        raise Http404
    return render(request, "subscriptions/ended.html", {"never": True})
