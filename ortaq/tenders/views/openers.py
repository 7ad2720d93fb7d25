"""Pages of those who open the bids together: one's key, who is named, the giving of one's part."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ortaq.people.actor import ActorRequest
from ortaq.people.second_factor import proof_first, proof_wanted
from ortaq.tenders.forms.openers import CodeForm, NameForm
from ortaq.tenders.models import Opener, OpeningKey, Tender
from ortaq.tenders.policy.tender import organises
from ortaq.tenders.procedure import openers as procedure
from ortaq.tenders.procedure.opening import give_share, opened_if_due
from ortaq.tenders.queries import openers as queries
from ortaq.tenders.queries import tender as tenders

GET_POST = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(GET_POST)
@proof_first
def own_key(request: ActorRequest) -> HttpResponse:
    """Draw a code, see it once, type it back from paper."""
    if request.actor.user is None:
        raise PermissionDenied
    code, form = "", CodeForm()
    if request.method == "POST" and "draw" in request.POST:
        _made, code = procedure.make_key(request.actor)
    elif request.method == "POST":
        form = CodeForm(request.POST)
        if form.is_valid() and _confirmed(request, form):
            messages.success(request, _("Your opening key is in force. Keep the paper safe."))
            return redirect("tenders:opening_key")
    keys = list(OpeningKey.objects.filter(person=request.actor.user))
    return render(
        request,
        "tenders/opening_key.html",
        {
            "form": form,
            "code": code,
            "key": next((one for one in reversed(keys) if one.confirmed_at), None),
            "drawn": next((one for one in reversed(keys) if not one.confirmed_at), None),
            "named": queries.named(request.actor).order_by("-tender__closes_at", "-id")[:20],
        },
        status=422 if form.errors else 200,
    )


def _confirmed(request: ActorRequest, form: CodeForm) -> bool:
    drawn = OpeningKey.objects.filter(person=request.actor.user, confirmed_at=None).last()
    if drawn is None:
        raise Http404
    try:
        procedure.confirm_key(drawn, form.cleaned_data["code"], actor=request.actor)
    except ValidationError as wrong:
        form.add_error("code", wrong)
        return False
    return True


@require_http_methods(GET_POST)
@proof_wanted
def openers(request: ActorRequest, pk: int) -> HttpResponse:
    """Who opens the bids of a tender; before it is announced the organiser names them."""
    found = get_object_or_404(tenders.tenders_managed_by(request.actor), pk=pk)
    said = queries.openers_of(found)
    if said is None:
        raise Http404
    may_name = said.before and organises(request.actor, found)
    form = NameForm(request.POST or None)
    if request.method == "POST":
        if not organises(request.actor, found):
            raise PermissionDenied
        if form.is_valid():
            try:
                procedure.name(found, form.cleaned_data["email"], actor=request.actor)
            except ValidationError as wrong:
                form.add_error("email", wrong)
            else:
                messages.success(request, _("The person is named."))
                return redirect("tenders:openers", pk)
    return render(
        request,
        "tenders/openers.html",
        {"tender": found, "openers": said, "form": form, "may_name": may_name},
        status=422 if form.errors else 200,
    )


@require_POST
@proof_wanted
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a person out before the announcement."""
    managed = tenders.tenders_managed_by(request.actor)
    found = get_object_or_404(Opener.objects.select_related("tender"), pk=pk, tender__in=managed)
    tender = found.tender_id
    procedure.unname(found, actor=request.actor)
    messages.success(request, _("The person is taken out."))
    return redirect("tenders:openers", tender)


@never_cache
@require_http_methods(GET_POST)
@proof_first
def share(request: ActorRequest, pk: int) -> HttpResponse:
    """Where a person named gives their part of the key."""
    mine = get_object_or_404(queries.named(request.actor), tender=get_object_or_404(Tender, pk=pk))
    tender: Tender = opened_if_due(mine.tender)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = give_share(tender, form.cleaned_data["code"], actor=request.actor)
        except ValidationError as wrong:
            form.add_error("code", wrong)
        else:
            if opened:
                messages.success(request, _("Both parts are given: the bids are opened."))
                return redirect("tenders:opening", pk)
            messages.success(request, _("Your part is given. One more person has to give theirs."))
            return redirect("tenders:give_share", pk)
    return render(
        request,
        "tenders/share.html",
        {"tender": tender, "mine": mine, "form": form, "openers": queries.openers_of(tender)},
        status=422 if form.errors else 200,
    )
