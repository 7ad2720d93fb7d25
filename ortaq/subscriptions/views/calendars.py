"""The calendars of one's organisations."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ortaq.people.actor import ActorRequest
from ortaq.people.models import Organisation
from ortaq.subscriptions import queries
from ortaq.subscriptions.policy import has_calendar
from ortaq.subscriptions.procedure import calendar as procedure


@never_cache
@require_safe
def calendars(request: ActorRequest) -> HttpResponse:
    """The secret address of the calendar of each organisation that the reader belongs to."""
    assert request.actor.user is not None
    known = {row.organisation_id: row for row in queries.calendars_of(request.actor.user.pk)}
    rows = []
    for one in request.actor.organisations:
        row = known.get(one.pk)
        address = reverse("subscriptions:organisation", args=[row.token]) if row else ""
        rows.append((one, f"{settings.SITE_URL}{address}" if address else ""))
    return render(request, "subscriptions/calendars.html", {"rows": rows})


@require_POST
def renew(request: ActorRequest, pk: int) -> HttpResponse:
    """Give the calendar of an organisation an address, another one where it has one already."""
    organisation = get_object_or_404(Organisation, pk=pk)
    if request.actor.user is None or not has_calendar(request.actor, organisation):
        raise Http404
    known = queries.calendars_of(request.actor.user.pk).filter(organisation=organisation).first()
    if known is None:
        procedure.calendar_of(organisation, actor=request.actor)
        messages.success(request, _("The calendar has an address."))
    else:
        procedure.renew(known)
        messages.success(request, _("The calendar has a new address; the old one no longer works."))
    return redirect("subscriptions:calendars")
