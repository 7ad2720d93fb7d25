"""The way in: the page of whoever must set up a second factor before they go on."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import second_factor
from .actor import ActorRequest
from .views import me

# In the session: where somebody wanted to go before they were asked for a second factor.
ONWARD = "second_factor_onward"


@never_cache
@require_safe
def set_up(request: ActorRequest) -> HttpResponse:
    """Why a second factor, which there are, and how each is set up; once there is one, the way on."""
    person = me(request)
    back = request.GET.get("next", "")
    if back and url_has_allowed_host_and_scheme(back, {request.get_host()}):
        request.session[ONWARD] = back
    context = {
        "must": second_factor.must(request.actor),
        "has_one": second_factor.has_one(person),
        "shown": second_factor.shown(request),
        "has_certificate": person.iin_confirmed_at is not None,
    }
    return render(request, "people/second_factor.html", context)


@never_cache
@require_safe
def go_on(request: ActorRequest) -> HttpResponse:
    """To where somebody wanted to go before they were asked for a second factor."""
    me(request)
    onward = request.session.pop(ONWARD, "")
    return redirect(onward or settings.LOGIN_REDIRECT_URL)
