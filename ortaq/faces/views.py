"""Pages that belong to no room: errors, the law, the living page of components."""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ortaq.core.away import is_away
from ortaq.law.editions import Edition, editions
from ortaq.law.editions import edition as one_edition
from ortaq.law.errors import Refused

from . import clauses, samples, say

UNREAD = (400, 413)  # such a request could not even be read
# Never shown again, whatever a form calls its secrets.
SECRET = ("csrf", "password", "token", "code", "secret", "cms")


def error(
    request: HttpRequest, code: int, title: str, text: str, *, back: str = "/", back_text: str = ""
) -> HttpResponse:
    """A page that says why there is no other; what was typed stands on it, to be copied."""
    context = {
        "code": code,
        "title": title,
        "text": text,
        "back": back,
        "back_text": back_text or _("To the first page"),
        "typed": [] if code in UNREAD else typed(request),
    }
    if by_htmx(request):
        return beside(request, "faces/error_beside.html", context, code)
    return render(request, "faces/error.html", context, status=code)


def beside(request: HttpRequest, template: str, context: dict[str, Any], code: int) -> HttpResponse:
    """An answer to htmx that goes above the page, where everything typed stays."""
    response = render(request, template, context, status=code)
    response["HX-Retarget"] = "#refusal"
    response["HX-Reswap"] = "innerHTML show:window:top"
    return response


def by_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def typed(request: HttpRequest) -> list[str]:
    """The texts of a form that are worth keeping, in the order of the form."""
    return [
        text
        for name, values in request.POST.lists()
        if name != "action" and not any(word in name.lower() for word in SECRET)
        for text in map(str, values)
        if text.strip() and not text.isdigit()
    ]


def came_from(request: HttpRequest) -> str:
    """The page on which the form stood, or the first page."""
    page = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        parts = urlsplit(page)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return "/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        limit = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        return error(
            request,
            413,
            _("The form is too large"),
            _("All its text together may be %(limit)s. Go back, shorten it and send it again.")
            % {"limit": limit},
        )
    return error(
        request,
        400,
        _("Your browser's request could not be understood"),
        _("Go back, reload the page and try again. Nothing was changed."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error(
        request,
        403,
        _("This is not open to you"),
        _("Sign in, or choose at the top of the page the organisation for which you act."),
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: the session is over, or the page came from another site."""
    return error(
        request,
        403,
        _("The page had been open for too long"),
        _(
            "Nothing was changed. Go back, reload the page and send the form again; "
            "copy a long text first. Cookies must be allowed for this site."
        ),
        back=came_from(request),
        back_text=_("Back to where you were"),
    )


def signed_out(request: HttpRequest) -> HttpResponse:
    """A form from somebody whose session is over: nothing that they typed is thrown away."""
    address = reverse(settings.LOGIN_URL)
    return error(
        request,
        403,
        _("You are signed out"),
        _("Nothing was saved. Copy a long text first, then sign in and send the form again."),
        back=f"{address}?{urlencode({'next': came_from(request)})}",
        back_text=_("Sign in"),
    )


def wrong_method(request: HttpRequest) -> HttpResponse:
    """An address of a form, opened like a page."""
    return error(
        request,
        405,
        _("This address only takes forms"),
        _("Go back to the page on which the form stands. Nothing was changed."),
        back=came_from(request),
        back_text=_("Back to where you were"),
    )


def too_many(request: HttpRequest) -> HttpResponse:
    """Allauth asks for this page when it has been asked too often."""
    return error(
        request,
        429,
        _("Too many attempts"),
        _("To protect accounts this is closed for a while. Wait some minutes, then try again."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same page for what does not exist and for what this reader may not know of."""
    return error(
        request,
        404,
        _("There is no such page"),
        _("It may have been moved, or it is open only to those who take part. Check the address."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Needs neither database nor session: these may be what broke.

    Where only the database is gone or the disk is full, the same request can be sent again later: 503, and the page says so.
    """
    away = is_away(sys.exc_info()[1])
    context = {"language": say.language(), "number": getattr(request, "number", ""), "away": away}
    page = render_to_string("faces/broken.html", context)
    response = HttpResponse(page, status=503 if away else 500)
    if away:
        response["Retry-After"] = "30"
    return response


# --- The law ---------------------------------------------------------------------------------------


@login_not_required
@require_safe
def law(request: HttpRequest) -> HttpResponse:
    """Every act with its editions, so that a citation can be followed to its source."""
    acts: dict[str, list[Edition]] = {}
    for one in editions():
        acts.setdefault(one.act, []).append(one)
    return render(request, "faces/law.html", {"acts": list(acts.values())})


@login_not_required
@require_safe
def edition(request: HttpRequest, act: str, key: str) -> HttpResponse:
    """One edition: when it is in force, and every rule that we hold of it, with its clause."""
    try:
        found = one_edition(act, key)
    except Refused:
        raise Http404 from None
    context = {"edition": found, "sections": clauses.sections(found)}
    return render(request, "faces/edition.html", context)


# --- The living page -------------------------------------------------------------------------------


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, in the language that `?language=` names."""
    with translation.override(samples.language_of(request.GET.get("language"))):
        return render(request, "faces/living.html", samples.everything())
