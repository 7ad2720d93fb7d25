"""Long work that the reader asked for: what it is at, its result, a way to stop it."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from ortaq.core import work
from ortaq.core.models import Work
from ortaq.faces.paging import key_page
from ortaq.faces.parts import Column
from ortaq.faces.views import by_htmx
from ortaq.people.actor import ActorRequest

COLUMNS = [
    Column(pgettext_lazy("work", "Work")),
    Column(pgettext_lazy("work", "Asked for")),
    Column(gettext_lazy("State")),
]


@require_safe
def works(request: ActorRequest) -> HttpResponse:
    """What the reader asked for, the newest first."""
    rows = work.visible_to(request.user)
    context = {
        "page": key_page(rows, request.GET, order=("-asked_at", "pk")),
        "columns": COLUMNS,
        "offered": [
            one for one in work.kinds.values() if one.offered and one.offered(request.actor)
        ],
    }
    return render(request, "portal/works.html", context)


@require_safe
def one_work(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One work: how far it is, then what came of it. The page asks again by itself until it is over."""
    found = _found(request, pk)
    if not by_htmx(request):
        return render(request, "portal/work.html", {"work": found})
    if found.state == Work.State.DONE and found.address:
        return HttpResponseClientRedirect(found.address)
    return render(request, "portal/work_now.html", {"work": found})


@require_POST
def cancel_work(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Stop it, if it is not over yet."""
    found = _found(request, pk)
    work.ask_to_cancel(found)
    return redirect("portal:work", found.pk)


@require_POST
def ask_for_work(request: ActorRequest, kind: str) -> HttpResponse:
    """Ask for what needs nothing but the asking."""
    wanted = work.kinds.get(kind)
    if wanted is None or wanted.offered is None or not wanted.offered(request.actor):
        raise Http404
    asked = work.ask(kind, person=request.user, behalf=request.actor.behalf)
    return redirect("portal:work", asked.pk)


@require_safe
def work_result(request: ActorRequest, pk: UUID) -> HttpResponseBase:
    """The file that came of it, as a download that no browser runs and no cache keeps."""
    found = _found(request, pk)
    if found.state != Work.State.DONE or not found.result:
        raise Http404
    try:
        content = found.result.open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    answer = FileResponse(content, as_attachment=True, filename=found.result_name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _found(request: ActorRequest, pk: UUID) -> Work:
    return get_object_or_404(work.visible_to(request.user), pk=pk)
