"""What awaits a person, and its calendar."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.faces import hooks, ical
from ortaq.people import agenda, procedure
from ortaq.people.actor import ActorRequest, actor_for
from ortaq.people.models import User
from ortaq.portal.queries import desk as queries


@require_safe
def desk(request: ActorRequest) -> HttpResponse:
    assert request.actor.user is not None
    address = reverse("portal:calendar", args=[request.actor.user.calendar_token])
    context = {
        "desk": queries.desk(request.actor),
        "beginnings": hooks.beginnings_for(request),
        "calendar": f"{settings.SITE_URL}{address}",
    }
    return render(request, "portal/desk.html", context)


@login_not_required
@require_safe
def calendar_feed(request: ActorRequest, token: str) -> HttpResponse:
    """The duties of whoever's secret address this is, in their language."""
    person = get_object_or_404(User.objects.filter(is_active=True), calendar_token=token)
    with translation.override(person.language):
        tasks = queries.tasks(actor_for(person), limit=agenda.EVENTS)
        feed = ical.feed(
            agenda.events((task.duty, task.organisation) for task in tasks),
            name=_("Ortaq: my duties"),
            site=settings.SITE_URL,
        )
    response = HttpResponse(feed, content_type=ical.TYPE)
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def renew_calendar(request: ActorRequest) -> HttpResponse:
    """A new secret address; the old one stops working at once."""
    procedure.renew_calendar_address(actor=request.actor)
    messages.success(request, _("The calendar has a new address; the old one no longer works."))
    return redirect("portal:desk")
