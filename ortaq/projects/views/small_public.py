"""Small grants for everybody: what is announced, an application without signing in, its receipt, the results."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.people.actor import ActorRequest
from ortaq.people.floods import is_flooding
from ortaq.projects import once
from ortaq.projects.forms.small import ApplicationForm
from ortaq.projects.models import SmallCompetition, SmallGrant
from ortaq.projects.procedure import small_grant as procedure
from ortaq.projects.queries import small as queries
from ortaq.projects.small_checks import Limits

# Applications of one network within an hour: a village library may type for many.
MOST_AN_HOUR: int = settings.ORTAQ_SMALL_APPLICATIONS_AN_HOUR
FLOOD = "projects.small_grants"


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
    if is_flooding(request, FLOOD, MOST_AN_HOUR):
        form.add_error(None, _flooded())
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


def _flooded() -> str:
    return _(
        "Too many applications have come from your network within an hour. Send yours later; your text is kept below."
    )


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


def _mine(code: str, token: Any) -> SmallGrant:
    """The application of a receipt; whoever has its address is the applicant. 122 random bits are not guessed."""
    return get_object_or_404(queries.receipt(code, token))


def _receipt(request: ActorRequest, grant: SmallGrant, *, status: int = 200, **more: Any) -> HttpResponse:  # fmt: skip
    versions = list(grant.versions.all())
    context = {
        "grant": grant,
        "competition": grant.competition,
        "region": queries.region_name(grant.region),
        "decided": grant.competition.state == SmallCompetition.State.DECIDED,
        "last": versions[0] if versions else None,
        "earlier": versions[1:],
        "amendable": queries.is_amendable(grant, clock.now()),
        "withdrawable": queries.is_withdrawable(grant),
    }
    return render(request, "projects/small_grants_receipt.html", context | more, status=status)


@login_not_required
@never_cache
@require_safe
def receipt(request: ActorRequest, code: str, token: Any) -> HttpResponse:
    """What was received, and the outcome once the results are published; for whoever has the address."""
    return _receipt(request, _mine(code, token))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: ActorRequest, code: str, token: Any) -> HttpResponse:
    """The application once more, to be sent with other words. Typed too late, it is shown, so that it can be kept."""
    grant = _mine(code, token)
    if request.method != "POST":
        if not queries.is_amendable(grant, clock.now()):
            return redirect("projects:small_grants_receipt", code, token)
        return _amending(request, grant, ApplicationForm(instance=grant))
    form = ApplicationForm(request.POST, instance=SmallGrant())
    if not form.is_valid():
        return _amending(request, grant, form, status=422)
    if form.is_trap_sprung:
        return redirect("projects:small_grants_receipt", code, token)
    if is_flooding(request, FLOOD, MOST_AN_HOUR):
        form.add_error(None, _flooded())
        return _amending(request, grant, form, status=429)
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    try:
        procedure.amend(grant, form.cleaned_data, version)
    except Refused as refused:
        for finding in refused.findings:
            form.add_error(None, str(finding.message))
        grant.refresh_from_db(fields=["version", "state"])
        return _amending(request, grant, form, status=409)
    messages.success(request, _("Your application is amended. This is its new receipt."))
    return redirect("projects:small_grants_receipt", code, token)


def _amending(
    request: ActorRequest, grant: SmallGrant, form: ApplicationForm, *, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "projects/small_grants_amend.html",
        {
            "grant": grant,
            "competition": grant.competition,
            "contract": grant.competition.project.contract,
            "form": form,
            "amendable": queries.is_amendable(grant, clock.now()),
        },
        status=status,
    )


@login_not_required
@never_cache
@require_POST
def withdraw(request: ActorRequest, code: str, token: Any) -> HttpResponse:
    """Take the application back."""
    grant = _mine(code, token)
    try:
        procedure.withdraw(grant)
    except Refused as refused:
        return _receipt(request, grant, status=409, refused=refused.findings)
    messages.success(request, _("Your application is withdrawn."))
    return redirect("projects:small_grants_receipt", code, token)
