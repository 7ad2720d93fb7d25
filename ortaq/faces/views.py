"""Pages that belong to no room: errors, the law, the living page of components."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ortaq.law.editions import Edition, editions
from ortaq.law.editions import edition as one_edition
from ortaq.law.errors import Refused

from . import clauses, samples, say


def error(request: HttpRequest, code: int, title: str, text: str) -> HttpResponse:
    context = {"code": code, "title": title, "text": text, "back_text": _("To the first page")}
    return render(request, "faces/error.html", context, status=code)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
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
    """Needs neither database nor session: these may be what broke."""
    page = render_to_string("faces/broken.html", {"language": say.language()})
    return HttpResponse(page, status=500)


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
