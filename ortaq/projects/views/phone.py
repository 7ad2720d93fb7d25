"""Pages that participants open by telephone, without signing in: register, rate, be forgotten.

They are their own world: no session, no script, no library of styles, so that they come through on a village line. Nothing here is
done in the name of somebody signed in, and a personal link carries its own secret: a token against forged forms would protect
nothing and would lock out whoever keeps no cookies. What guards the pages is a measure of how much one network may send.

The form of a registration carries the code that will be its secret: sent twice over a bad line it leads to the same link, and whoever
types the same name and contact into another form gets no link.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial, wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, OperationalError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from ortaq.core import clock
from ortaq.people.actor import ActorRequest
from ortaq.people.floods import is_flooding
from ortaq.projects import feedback, identity, retention
from ortaq.projects.forms.participant import CodeForm, RateForm, RegisterForm
from ortaq.projects.models import Event, Participation
from ortaq.projects.policy import participant as times
from ortaq.projects.procedure import forgetting
from ortaq.projects.procedure import participant as procedure
from ortaq.projects.queries import event as of_event
from ortaq.projects.queries import participant as queries

GET_POST = ["GET", "HEAD", "POST"]
COOKIE = "ortaq_place"
# The last registration of this telephone, at whichever event: it proves that the same person comes again.
KNOWN = "ortaq_known"
KNOWN_FOR = timedelta(days=365)
LANGUAGES = ("kk", "ru")
# So much one network (a hall's Wi-Fi) may send for one event within an hour, beside twice those expected.
A_HALL = 300


def open_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open to everybody, in the language that `?language=` names, kept by no cache."""

    @login_not_required
    @csrf_exempt
    @never_cache
    @wraps(view)
    def page(request: ActorRequest, **kwargs: Any) -> HttpResponse:
        chosen = request.GET.get("language")
        if chosen in LANGUAGES:
            translation.activate(chosen)
        elif translation.get_language() not in LANGUAGES:  # of a telephone that speaks English
            translation.activate(settings.LANGUAGE_CODE)
        response = view(request, **kwargs)
        if chosen in LANGUAGES:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=request.is_secure(),
                samesite="Lax",
            )
        return response

    return page


def phone_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """An open page about the event of a short code."""

    @open_page
    @wraps(view)
    def page(request: ActorRequest, code: str, **kwargs: Any) -> HttpResponse:
        event = queries.event_by_code(code)
        if event is None:
            return render(request, "projects/phone_absent.html", {"code": code[:12]}, status=404)
        return view(request, event, **kwargs)

    return page


@phone_page
@require_http_methods(GET_POST)
def event(request: ActorRequest, event: Event) -> HttpResponse:
    """What, when, where; registering. Whoever has registered from this telephone is led to their own page."""
    if request.method == "POST":
        return _register(request, event)
    if "another" not in request.GET:
        token = request.COOKIES.get(COOKIE, "")
        if token and queries.own_participation(event, token):
            return redirect("projects:phone_own", code=event.code, token=token)
    return _page(request, event)


def _register(request: ActorRequest, event: Event) -> HttpResponse:
    form = RegisterForm(request.POST)
    if not form.is_valid():
        return _page(request, event, form=form, status=422)
    if form.cleaned_data["website"]:  # a program is told what it wants to hear
        return redirect("projects:phone", code=event.code)
    now = clock.now()
    code = _code(request)
    if not times.takes_registrations(event, now):
        return _page(request, event, form=form, status=409)
    if event.registered >= times.most(event) or _is_flooding(request, event):
        why = _(
            "So many registrations have come in that no more are taken for now. Ask the organiser to write you into the list."
        )
        return _page(request, event, form=form, problem=why, status=429)
    known = request.COOKIES.get(KNOWN, "")
    register = partial(procedure.register, event, form.line(), known=known, now=now)
    try:
        try:
            made = register(code=code)
        except IntegrityError:  # gone back to the form of somebody else, whose code this is
            code = identity.new_code()
            made = register(code=code)
    except OperationalError:
        return _page(request, event, form=form, problem=_busy(), status=503)
    here = reverse("projects:phone", args=[event.code])
    if made.key != identity.key_of(code):  # this name and contact were registered from another form
        return redirect(f"{here}?known=1&another=1")
    response = HttpResponseRedirect(_own(event, code) + "?registered=1")
    rated_until = int((event.ends_at + times.TO_RATE - now).total_seconds())
    everywhere = here.removesuffix(f"{event.code}/")
    for name, path, age in (
        (COOKIE, here, rated_until),
        (KNOWN, everywhere, int(KNOWN_FOR.total_seconds())),
    ):
        response.set_cookie(
            name,
            code,
            max_age=age,
            path=path,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


@phone_page
@require_POST
def rate(request: ActorRequest, event: Event) -> HttpResponse:
    """To one's own page by the code, when the telephone has lost the link."""
    form = CodeForm(request.POST)
    if form.is_valid():
        code = identity.read_code(form.cleaned_data["code"])
        if _is_flooding(request, event):
            why = _("So many codes have come from your network that no more are taken for now.")
            return _page(request, event, code_form=form, problem=why, status=429)
        if queries.own_participation(event, code):
            return redirect("projects:phone_own", code=event.code, token=code)
        form.add_error("code", _("No registration at this event has this code. Look at it once more."))  # fmt: skip
    return _page(request, event, code_form=form, status=422)


@phone_page
@require_http_methods(GET_POST)
def own(request: ActorRequest, event: Event, token: str) -> HttpResponse:
    """The page of one participant. It shows nothing of what they gave: whoever holds the telephone may look."""
    mine = queries.own_participation(event, token)
    if mine is None or mine.consumer.erased_at:
        return _back(event)
    if request.method != "POST":
        return _own_page(request, mine, token)
    form = _rate_form(event, request.POST)
    if not form.is_valid():
        return _own_page(request, mine, token, form=form, status=422)
    if not times.takes_ratings(event, clock.now()):
        return _own_page(request, mine, token, form=form, status=409)
    try:
        procedure.rate(mine, form.cleaned_data["points"], **form.answer())
    except OperationalError:
        return _own_page(request, mine, token, form=form, problem=_busy(), status=503)
    return redirect(_own(event, token) + "?rated=1")


@phone_page
@require_http_methods(GET_POST)
def forget(request: ActorRequest, event: Event, token: str) -> HttpResponse:
    """Ask once more, then erase this person's data in the whole project."""
    mine = queries.own_participation(event, token)
    if mine is None or mine.consumer.erased_at or not mine.holder:
        return _back(event)
    if request.method != "POST":
        everything = forgetting.is_all(mine)
        return render(
            request,
            "projects/phone_forget.html",
            {"event": event, "token": token, "everything": everything},
        )
    forgetting.forget_own(mine)
    response = HttpResponseRedirect(
        reverse("projects:phone", args=[event.code]) + "?forgotten=1&another=1"
    )
    response.delete_cookie(COOKIE, path=reverse("projects:phone", args=[event.code]))
    return response


def _back(event: Event) -> HttpResponse:
    """To the event's page from a link that is nobody's (any more)."""
    response = HttpResponseRedirect(reverse("projects:phone", args=[event.code]) + "?another=1")
    response.delete_cookie(COOKIE, path=reverse("projects:phone", args=[event.code]))
    return response


def _is_flooding(request: ActorRequest, event: Event) -> bool:
    return is_flooding(request, f"event.{event.pk}", A_HALL + 2 * event.expected_participants)


def _busy() -> str:
    return _("Too many are sending at this moment. What you wrote is kept: press the button again.")


def _own(event: Event, token: str) -> str:
    return reverse("projects:phone_own", args=[event.code, token])


def _code(request: ActorRequest) -> str:
    """The code that the form carries; a new one for none."""
    return identity.read_code(request.POST.get("code", "")) or identity.new_code()


def _rate_form(event: Event, data: Any = None) -> RateForm:
    return RateForm(data, question=feedback.question(event))


def _page(
    request: ActorRequest,
    event: Event,
    *,
    form: RegisterForm | None = None,
    code_form: CodeForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    return render(
        request,
        "projects/phone_event.html",
        {
            "event": event,
            "one_day": clock.day_of(event.starts_at) == clock.day_of(event.ends_at),
            "ngo": event.project.contract.grantee,
            "sheet": of_event.sheet_of(event),
            "registers": times.takes_registrations(event, now),
            "rates": times.takes_ratings(event, now),
            "form": form or RegisterForm(),
            "code": _code(request),
            "code_form": code_form or CodeForm(),
            "rating_now": code_form is not None,
            "consent": retention.consent(event.project.contract.grantee.name),
            "problem": problem,
        },
        status=status,
    )


def _own_page(
    request: ActorRequest,
    mine: Participation,
    token: str,
    *,
    form: RateForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    event, now = mine.event, clock.now()
    return render(
        request,
        "projects/phone_own.html",
        {
            "event": event,
            "token": token,
            "link": settings.SITE_URL + _own(event, token),
            "shown": identity.shown(identity.read_code(token)),
            "erases": bool(mine.holder),
            "rates": times.takes_ratings(event, now),
            "early": not times.has_begun(event, now),
            "until": event.ends_at + times.TO_RATE,
            "form": form or _rate_form(event),
            "problem": problem,
        },
        status=status,
    )
