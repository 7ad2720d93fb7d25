"""The pages of the standing watch: for the body in charge of what is flagged."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import capfirst
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ortaq.faces import say
from ortaq.faces.paging import key_page
from ortaq.faces.parts import Column
from ortaq.people.actor import ActorRequest
from ortaq.registry import queries, watched
from ortaq.registry.forms.standing_flag import FlagDecisionForm
from ortaq.registry.models import StandingFlag
from ortaq.registry.policy.standing_flag import decides_on_flag, keeps_watch
from ortaq.registry.procedure.standing_flag import FLAG
from ortaq.registry.queries import standing_flag as flags

from .shared import decided, history, one_of

FLAGS = [
    Column(gettext_lazy("Organisation")),
    Column(gettext_lazy("Fact")),
    Column(gettext_lazy("What is running")),
    Column(gettext_lazy("Decide by")),
    Column(gettext_lazy("State")),
]
SAID = {
    "begin": gettext_lazy("Flagged"),
    "again": gettext_lazy("Flagged again"),
    "lifted": gettext_lazy("Lifted: the fact no longer holds"),
    "over": gettext_lazy("Over: nothing is running any more"),
}


@require_safe
def standing_flags(request: ActorRequest) -> HttpResponse:
    """What NGOs have running with the reader's bodies under a fact that excludes them."""
    if not keeps_watch(request.actor):
        raise Http404
    search = request.GET.get("q", "").strip()[:200]
    state = one_of(request.GET.get("state"), StandingFlag.State.values)
    rows = flags.flags_list(request.actor, search=search, state=state)
    context = {
        "page": key_page(rows, request.GET, order=("-id",), size=queries.PAGE),
        "columns": FLAGS,
        "search": search,
        "state": state,
        "states": StandingFlag.State.choices,
    }
    return render(request, "registry/standing_flags.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def standing_flag(request: ActorRequest, pk: int) -> HttpResponse:
    """One flag with its fact and its history; the body's people record what was done."""
    found = get_object_or_404(
        flags.flags_visible_to(request.actor).select_related("body", "decided_by"), pk=pk
    )
    form = FlagDecisionForm(request.POST or None)
    if decided(request, form, found):
        return redirect("registry:standing_flag", found.pk)
    context = {
        "flag": found,
        "title": capfirst(f"{say.text(found.word)} {found.name}"),
        "form": form,
        "may_decide": decides_on_flag(request.actor, found) and found.state in flags.RUNNING,
        "history": history(FLAG, found, SAID),
    }
    return render(
        request, "registry/standing_flag.html", context, status=422 if form.errors else 200
    )


def flag_notices(request: ActorRequest) -> str:
    """At the head of the page of a thing: its flags, for the people of the body in charge. One query, on such pages only."""
    match = getattr(request, "resolver_match", None)
    actor = getattr(request, "actor", None)
    if match is None or actor is None or not keeps_watch(actor):
        return ""
    if not any(match.view_name in room.pages for room in watched.rooms):
        return ""
    found = flags.flags_at(actor, request.path)
    return (
        render_to_string("registry/flag_notices.html", {"flags": found}, request) if found else ""
    )
