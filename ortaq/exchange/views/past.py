"""The public page of an award of past years, where an officer may take it back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq import law
from ortaq.core import clock, regions
from ortaq.exchange.models import PastAward
from ortaq.exchange.policy import withdraws_past_award
from ortaq.exchange.procedure.past import PAST
from ortaq.exchange.queries import past as queries
from ortaq.exchange.queries.received import known_by_bin
from ortaq.faces import say
from ortaq.people.actor import ActorRequest


@login_not_required
@require_safe
def past_award(request: ActorRequest, pk: int) -> HttpResponse:
    """What a table of the state told of public money that an NGO got before this system."""
    found = _found(request, pk)
    known = known_by_bin({found.body_bin, found.ngo_bin})
    # A region bears the name of the year that the award is about.
    day = found.concluded_on or min(clock.today(), clock.today().replace(found.year, 12, 31))
    region = regions.find(found.region_code, day) if found.region_code else None
    context = {
        "award": found,
        "body": known.get(found.body_bin),
        "ngo": known.get(found.ngo_bin),
        "field": say.text(law.field(found.field).text) if found.field else "",
        "region": region.name.say(get_language() or "kk") if region else "",
        "offers": PAST.offers(found, request.actor, reason="-"),
    }
    return render(request, "exchange/past_award.html", context)


@require_POST
def past_award_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Take the row back; what it said stays for those who read tables in."""
    found = _found(request, pk)
    if step not in PAST.steps or not withdraws_past_award(request.actor):
        raise Http404
    PAST.take(step, found, actor=request.actor, reason=request.POST.get("reason", "")[:2000])
    messages.success(request, _("Done: %(state)s.") % {"state": found.get_state_display()})
    return redirect("exchange:past_award", found.pk)


def _found(request: ActorRequest, pk: int) -> PastAward:
    visible = queries.awards_visible_to(request.actor).select_related("source__file")
    return get_object_or_404(visible, pk=pk)
