"""Small grants for everybody: what is announced, an application without signing in, its receipt, the results."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.people.actor import ActorRequest
from ortaq.people.floods import is_flooding
from ortaq.projects import once
from ortaq.projects.forms.small import ApplicationForm
from ortaq.projects.models import SmallCompetition
from ortaq.projects.procedure import small_grant as procedure
from ortaq.projects.queries import small as queries
from ortaq.projects.small_checks import Limits

# Applications of one network within an hour: a village library may type for many.
MOST_AN_HOUR = 60


@login_not_required
@require_safe
def announced(request: ActorRequest) -> HttpResponse:
    taking, others = queries.announced(clock.now(), request.GET)
    return render(request, "projects/small_grants.html", {"taking": taking, "page": others})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def competition(request: ActorRequest, code: str) -> HttpResponse:
    """The announcement with rules and results, and the form while applications are taken."""
    found = get_object_or_404(queries.announced_one(code))
    if request.method != "POST":
        return _page(request, found, ApplicationForm(), once.new())
    token = once.read(request.POST.get("once"))
    form = ApplicationForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, token, status=422)
    if form.is_trap_sprung:  # a program is told what it wants to hear
        return redirect("projects:small_grants_one", code)
    if is_flooding(request, "projects.small_grants", MOST_AN_HOUR):
        form.add_error(
            None,
            _(
                "Too many applications have come from your network within an hour. Send yours later; your text is kept below."
            ),
        )
        return _page(request, found, form, token, status=429)
    try:
        grant = procedure.apply(found, token, form.cleaned_data)
    except Refused as refused:
        for finding in refused.findings:
            form.add_error(None, str(finding.message))
        return _page(request, found, form, token, status=409)
    messages.success(
        request,
        _("Your application is received. Its number is %(number)s.") % {"number": grant.number},
    )
    return redirect("projects:small_grants_receipt", code, grant.once)


def _page(
    request: ActorRequest, found: SmallCompetition, form: Any, token: Any, *, status: int = 200
) -> HttpResponse:
    takes = found.state == SmallCompetition.State.OPEN and (
        found.closes_at is None or clock.now() <= found.closes_at
    )
    return render(
        request,
        "projects/small_grants_one.html",
        {
            "competition": found,
            "contract": found.project.contract,
            "limits": Limits.of(found.limits),
            "takes": takes,
            # What was typed too late is shown, so that it can be kept.
            "form": form if takes or form.is_bound else None,
            "once": token,
            "results": queries.results(found),
        },
        status=status,
    )


@login_not_required
@never_cache
@require_safe
def receipt(request: ActorRequest, code: str, token: Any) -> HttpResponse:
    """What was received, and the outcome once the results are published; for whoever has the address."""
    grant = get_object_or_404(queries.receipt(code, token))
    decided = grant.competition.state == SmallCompetition.State.DECIDED
    return render(
        request,
        "projects/small_grants_receipt.html",
        {
            "grant": grant,
            "competition": grant.competition,
            "region": queries.region_name(grant.region),
            "decided": decided,
        },
    )
