"""The guide to the demonstration, signing in with one click, travelling."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from itertools import groupby
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from ortaq.core import clock
from ortaq.faces import say
from ortaq.people.actor import ActorRequest
from ortaq.people.models import User

from . import cast, path, story, tours, travel
from .models import Travel
from .tours import progress

BACKEND = "django.contrib.auth.backends.ModelBackend"
A_DAY = timedelta(days=1)
STAGES = {
    "announced": gettext_lazy("the competition is announced, applications are written"),
    "submitted": gettext_lazy("acceptance has ended, the commission is formed"),
    "scoring": gettext_lazy("the experts are in the middle of scoring"),
    "meeting": gettext_lazy("the commission meets, points are open to it"),
    "published": gettext_lazy("the results are published"),
    "signing": gettext_lazy("the contracts wait for their electronic signatures"),
    "contracted": gettext_lazy("the contracts are signed"),
    "running": gettext_lazy("the projects are under way"),
    "reported": gettext_lazy("the final reports are in"),
    "discussion": gettext_lazy("two years later: topics of the social order are discussed"),
    "listed": gettext_lazy("the lists of topics are formed, specifications are written"),
    "bidding": gettext_lazy("the tender is announced, bids are sealed"),
    "opened": gettext_lazy("the bids are opened, the commission votes"),
    "ordered": gettext_lazy("the winners have their contracts"),
    "serving": gettext_lazy("the services are being rendered"),
    "delivered": gettext_lazy("the services are rendered and reported on"),
    "monitored": gettext_lazy("the year's visits are reported, the expert council is scoring"),
    "evaluated": gettext_lazy("projects are evaluated, state bodies have reported"),
    "nominating": gettext_lazy("NGOs apply for the prize of the year"),
    "deciding": gettext_lazy("the applicants for the prize are scored, decisions wait"),
    "awarded": gettext_lazy("the prizes are given, diplomas are handed over"),
}
Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[ActorRequest, Parameters], HttpResponse]


def only_in_demo(view: View[Parameters]) -> View[Parameters]:
    """404 wherever there is no demonstration."""

    @wraps(view)
    def guarded(
        request: ActorRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponse:
        if not settings.DEMO or not Travel.objects.exists():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@login_not_required
@require_safe
@only_in_demo
def guide(request: ActorRequest) -> HttpResponse:
    """What to do now, who there is, and where to go in time."""
    legs, onward = path.present()
    seen = progress.read(request)
    context = {
        "legs": legs,
        "onward": onward,
        "onward_text": STAGES.get(onward),
        "guides": cast.GUIDES,
        "password": cast.PASSWORD,
        "now": clock.now(),
        "stages": [(name, at, STAGES[name]) for name, at in travel.stages_ahead()],
        "tours": [(tour, len(seen.of(tour.key))) for tour in tours.TOURS],
        "packaged": settings.PACKAGED,
    }
    return render(request, "demo/guide.html", context)


@login_not_required
@require_safe
@only_in_demo
def tour(request: ActorRequest, key: str) -> HttpResponse:
    """The steps of a role's tour: which are done, where one goes on."""
    found, seen = tour_or_404(key), progress.read(request)
    done = seen.of(key)
    steps = [(step, step.number in done, step.address()) for step in found.steps]
    onward = next((step for step, is_done, _address in steps if not is_done), None)
    people = [guide for guide in cast.GUIDES if guide.key in found.people]
    context = {
        "tour": found,
        "parts": [
            (STAGES[stage], list(group))
            for stage, group in groupby(steps, key=lambda one: one[0].stage)
        ],
        "done": len(done),
        "onward": onward,
        "people": people,
        "now": clock.now(),
    }
    return render(request, "demo/tour.html", context)


@login_not_required
@require_POST
@only_in_demo
def step(request: ActorRequest, key: str, number: int) -> HttpResponse:
    """Take a step of a tour: the clock is moved to it where it lies ahead, its person signed in, its page shown."""
    found = tour_or_404(key)
    wanted = next((one for one in found.steps if one.number == number), None)
    if wanted is None:
        raise Http404
    if wanted.is_ahead:
        travel.go(wanted.at)
    seen = progress.read(request)
    with clock.ahead(travel.ahead()):  # the rest of this request happens at the new instant
        user = get_object_or_404(User, email=cast.people()[wanted.leg.key].email, is_active=True)
        login(request, user, backend=BACKEND)
        address = wanted.address()
    seen.take(key, number)
    answer = redirect(address or reverse("demo:tour", args=[key]))
    progress.write(answer, seen)
    if address is None:
        messages.info(
            request, _("Visitors have made something else of this step; take the next one.")
        )
    return answer


@login_not_required
@require_POST
@only_in_demo
def anew(request: ActorRequest, key: str) -> HttpResponse:
    """Forget how far one has come in a tour."""
    tour_or_404(key)
    seen = progress.read(request)
    seen.forget(key)
    answer = redirect("demo:tour", key)
    progress.write(answer, seen)
    return answer


def tour_or_404(key: str) -> tours.Tour:
    found = tours.tour_of(key)
    if found is None:
        raise Http404
    return found


@login_not_required
@require_POST
@only_in_demo
def sign_in(request: ActorRequest, key: str) -> HttpResponse:
    """Sign in as one of the people whom the guide names, and nobody else; then to the page of the
    path, or to the desk.
    """
    guide = next((guide for guide in cast.GUIDES if guide.key == key), None)
    if guide is None:
        raise Http404
    user = get_object_or_404(User, email=guide.person.email, is_active=True)
    login(request, user, backend=BACKEND)
    return redirect(next_page(request) or settings.LOGIN_REDIRECT_URL)


@login_not_required
@require_POST
@only_in_demo
def go(request: ActorRequest) -> HttpResponse:
    """Travel to the next deadline, by a day, or to a stage; then back to the page one was on."""
    to = destination(request.POST.get("to", ""))
    if to is None:
        messages.info(request, _("There is nothing more ahead: the story has ended."))
    else:
        told = travel.go(to)
        text = _("It is now %(instant)s.") % {"instant": say.instant(to)}
        if told.played:
            text += " " + ngettext(
                "Meanwhile others took %(number)d step.",
                "Meanwhile others took %(number)d steps.",
                told.played,
            ) % {"number": told.played}
        messages.success(request, text)
    return redirect(next_page(request) or reverse("demo:guide"))


def destination(wanted: str) -> datetime | None:
    """The instant that a button of the bar or the guide means; None: there is none any more."""
    if wanted == "day":
        return clock.now() + A_DAY
    if wanted in story.STAGES:
        return story.STAGES[wanted]
    stop = travel.next_stop()
    return stop.at if stop else None


def next_page(request: ActorRequest) -> str:
    """The page to which a button leads, if it is one of ours."""
    page = request.POST.get("next", "")
    return page if url_has_allowed_host_and_scheme(page, allowed_hosts=None) else ""
