"""What broke and what was slow, each shape once: read, and marked as dealt with."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from ortaq.core.limits import count
from ortaq.faces.paging import key_page
from ortaq.faces.parts import Column
from ortaq.operations import noticing
from ortaq.operations import violations as told
from ortaq.operations.console import for_staff, page
from ortaq.operations.models import Fault, Slow, Violation
from ortaq.operations.procedure import trouble
from ortaq.people.actor import ActorRequest
from ortaq.people.floods import is_flooding
from ortaq.people.second_factor import proof_wanted

STATES = [
    ("", gettext_lazy("not dealt with")),
    ("settled", pgettext_lazy("trouble", "dealt with")),
    ("all", gettext_lazy("all")),
]
KINDS = {"errors": Fault, "slow": Slow, "violations": Violation}
SIZE = 50
_OFTEN = [
    Column(gettext_lazy("How many times"), numeric=True),
    Column(gettext_lazy("Last")),
    Column(gettext_lazy("Action")),
]
COLUMNS = {
    "errors": [Column(gettext_lazy("Error")), Column(gettext_lazy("Page or command")), *_OFTEN],
    "slow": [
        Column(gettext_lazy("What")),
        Column(gettext_lazy("Longest"), numeric=True),
        Column(gettext_lazy("On average"), numeric=True),
        *_OFTEN,
    ],
    "violations": [
        Column(gettext_lazy("Rule")),
        Column(gettext_lazy("Refused from")),
        Column(gettext_lazy("Page")),
        *_OFTEN,
    ],
}


@require_safe
@for_staff
def errors(request: ActorRequest) -> HttpResponse:
    lead = _(
        "Errors of the program that nobody caught, each place once. What was typed is not kept: take the number of a "
        "request to the log, where its steps stand."
    )
    return _listed(request, "errors", _("Errors"), lead, ("-last_at", "-id"))


@require_safe
@for_staff
def slow(request: ActorRequest) -> HttpResponse:
    lead = _(
        "Questions to the database and whole requests that took longer than they may. Statements stand without their "
        "values; a request is as slow as the line of its reader, too."
    )
    return _listed(request, "slow", _("Slow"), lead, ("-longest_ms", "-id"))


@require_safe
@for_staff
def violations(request: ActorRequest) -> HttpResponse:
    lead = _(
        "What browsers refused to load or run on a page because its content policy does not allow it: an attack, an extension "
        "of the reader's browser, or a fault of ours. Anybody can send such reports, so look before you believe them; of the "
        "reader nothing is kept."
    )
    return _listed(request, "violations", _("Refused content"), lead, ("-last_at", "-id"))


@csrf_exempt
@login_not_required
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """What a browser says that it refused; a browser reads no answer, so there is none but its number."""
    return HttpResponse(status=_taken(request), content_type="text/plain")


def _taken(request: HttpRequest) -> int:
    if request.content_type not in told.TYPES:
        return 415
    if count("violations", 60) > told.MOST_A_MINUTE or is_flooding(
        request, "violations", told.MOST_AN_HOUR
    ):
        return 429
    try:
        body = request.read(told.MOST_BYTES + 1)
        if len(body) > told.MOST_BYTES:
            return 413
        found = told.read(body)
    except (told.Unreadable, UnreadablePostError):
        return 400
    for one in found:
        noticing.note_violation(one)
    return 204


def _listed(
    request: ActorRequest, kind: str, title: str, lead: str, order: tuple[str, ...]
) -> HttpResponse:
    state = request.GET.get("state", "")
    rows: Any = KINDS[kind]._default_manager.all()
    if state != "all":
        rows = rows.filter(settled_at__isnull=state != "settled")
    return page(
        request,
        f"operations/{kind}.html",
        console_title=title,
        console_lead=lead,
        page=key_page(rows, request.GET, order=order, size=SIZE),
        state=state,
        states=STATES,
        kind=kind,
        columns=COLUMNS[kind],
    )


@require_POST
@for_staff
@proof_wanted
def settle(request: ActorRequest, kind: str, pk: int) -> HttpResponse:
    row = get_object_or_404(KINDS[kind], pk=pk)
    trouble.settle(row, actor=request.actor)
    messages.success(request, _("Marked as dealt with. If it happens again, it stands here again."))
    return redirect(f"operations:{kind}")
