"""Pages on personal data: what is kept of whom and why, one's own to take away, one's own to be erased."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ortaq.operations import personal
from ortaq.operations.procedure import forgetting
from ortaq.operations.queries import personal as queries
from ortaq.people.actor import ActorRequest
from ortaq.people.models import User


@login_not_required
@require_safe
def privacy(request: ActorRequest) -> HttpResponse:
    """What is kept of persons, why, who sees it and how long."""
    return render(request, "operations/privacy.html", {"groups": personal.groups()})


def _person(request: ActorRequest) -> User:
    if request.actor.user is None:
        raise PermissionDenied
    return request.actor.user


@never_cache
@require_safe
def own(request: ActorRequest) -> HttpResponse:
    """What is kept of the reader, by its reason; what erasing the account would leave."""
    return _page(request, _person(request))


def _page(request: ActorRequest, person: User, *, errors: list[str] | None = None) -> HttpResponse:
    found = list(queries.kept(person))
    bound = forgetting.names_kept_for(person)
    held = [one for one in personal.groups() if set(bound) & set(one.by_model)]
    return render(
        request,
        "operations/personal.html",
        {
            "kept": [(one.group, sum(len(table.rows) for table in one.tables)) for one in found],
            "beside": [one for one in personal.groups() if one.key in queries.BESIDE],
            "in_the_way": forgetting.in_the_way(person),
            "bound": bool(bound),
            "held": held,
            "errors": errors or [],
        },
        status=422 if errors else 200,
    )


@never_cache
@require_safe
def archive(request: ActorRequest) -> FileResponse:
    """All of it as a zip: a page to read, and JSON."""
    file = queries.archive(_person(request), get_language() or "kk")
    return FileResponse(
        file, as_attachment=True, filename="ortaq.zip", content_type="application/zip"
    )


@require_POST
def erase(request: ActorRequest) -> HttpResponse:
    """Erase the reader's account: they type their password or, without one, their address."""
    person = _person(request)
    typed = request.POST.get("proof", "")
    proved = (
        person.check_password(typed)
        if person.has_usable_password()
        else typed.strip().lower() == person.email
    )
    if not proved:
        return _page(
            request,
            person,
            errors=[_("The password is wrong, so nothing was erased. Type it again.")],
        )
    try:
        forgetting.forget(person, actor=request.actor)
    except ValidationError as why:
        return _page(request, person, errors=list(why.messages))
    logout(request)
    messages.success(
        request, _("Your account is erased. What the law obliges to keep stays, as was told.")
    )
    return redirect("operations:privacy")
