"""Public pages of expert councils: the announcement with its clock, one's own nomination, who is in office."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.faces.beside import put_beside
from ortaq.oversight.forms.council import NominationForm
from ortaq.oversight.models import ExpertCouncil
from ortaq.oversight.procedure import nomination as procedure
from ortaq.oversight.procedure.council import of_body
from ortaq.oversight.procedure.council_checks import SELECTION, edition_of
from ortaq.oversight.queries import council as queries
from ortaq.people.actor import ActorRequest

State = ExpertCouncil.State


@login_not_required
@require_safe
def councils(request: ActorRequest) -> HttpResponse:
    """Where candidates are sought now; all councils and who sits on them."""
    query = request.GET.get("q", "").strip()[:200]
    return render(
        request,
        "oversight/council_public_list.html",
        {
            "open": [] if query else queries.open_now(),
            "page": queries.rest(query, request.GET),
            "query": query,
        },
    )


@login_not_required
@require_safe
def council(request: ActorRequest, pk: int) -> HttpResponse:
    """The announcement while people can put themselves forward; later who is in office. Names only."""
    return _page(request, _found(request, pk))


def _found(request: ActorRequest, pk: int) -> ExpertCouncil:
    return get_object_or_404(queries.councils_visible_to(request.actor), pk=pk)


def _page(
    request: ActorRequest,
    row: ExpertCouncil,
    form: NominationForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    mine, now = queries.own_nomination(row, request.actor), clock.now()
    takes = row.state == State.ANNOUNCED
    seated = row.state in (State.IN_OFFICE, State.ENDED)
    edition = edition_of(row)
    return render(
        request,
        "oversight/council_public.html",
        {
            "council": row,
            "members": queries.members(row) if seated else [],
            "today": clock.day_of(now),
            "takes": takes,
            "late": row.nominations_until is not None and now > row.nominations_until,
            "mine": mine,
            # Nobody learns of the composition before it is approved.
            "told": seated,
            "may_withdraw": mine is not None
            and mine.state != queries.Place.WITHDRAWN
            and row.state in procedure.WITHDRAW.sources,
            "form": form or NominationForm(instance=mine),
            "of_body": of_body(request.actor, row),
            "selection": edition.parameter(SELECTION),
        },
        status=status,
    )


@require_POST
def nominate(request: ActorRequest, pk: int) -> HttpResponse:
    """Put oneself forward, or send it anew."""
    row = _found(request, pk)
    form = NominationForm(request.POST, instance=queries.own_nomination(row, request.actor))
    if not form.is_valid():
        return _page(request, row, form, status=422)
    try:
        made = procedure.nominate(row, form.cleaned_data, actor=request.actor)
    except Refused as refused:
        put_beside(form, refused)
        return _page(request, row, form, status=422)
    if made.late:
        text = _("Your nomination is kept as late: the state body decides whether to consider it.")
        messages.warning(request, text)
    else:
        messages.success(request, _("You are put forward. You can change it while the days run."))
    return redirect("oversight:council", pk)


@require_POST
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    """Take one's own nomination back."""
    row = _found(request, pk)
    mine = queries.own_nomination(row, request.actor)
    if mine is None:
        raise Http404
    procedure.withdraw(mine, actor=request.actor)
    messages.success(request, _("Your nomination is withdrawn."))
    return redirect("oversight:council", pk)
