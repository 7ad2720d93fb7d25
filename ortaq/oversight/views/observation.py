"""What is seen at a visit: noted on a telephone, looked through, followed by what is to be mended."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Refused
from ortaq.documents.downloads import stored_download
from ortaq.faces.beside import put_beside
from ortaq.oversight.forms.followup import ActionForm, ObservationForm
from ortaq.oversight.models import Observation, Visit
from ortaq.oversight.policy.visit import works_at
from ortaq.oversight.procedure import action as acting
from ortaq.oversight.procedure import observation as procedure
from ortaq.oversight.procedure.plan import edition_of
from ortaq.oversight.queries import followup as queries
from ortaq.people.actor import ActorRequest
from ortaq.projects import once

from .found import visit_at_work, visit_of, visit_tab

GET_POST = ["GET", "HEAD", "POST"]


def _named(visit: Visit, rows: list[Observation]) -> list[tuple[Observation, str]]:
    """Each observation with the words of its indicator."""
    grounds = edition_of(visit.plan).grounds("monitoring_indicators")
    language = get_language() or "kk"
    return [
        (one, grounds[one.indicator].text.say(language) if one.indicator in grounds else "")
        for one in rows
    ]


@require_http_methods(GET_POST)
def observations(request: ActorRequest, pk: int) -> HttpResponse:
    """All observations of a visit, what earlier visits left open, and the form of the next one."""
    visit = visit_at_work(request, pk)
    posted = request.method == "POST"
    form = ObservationForm(
        visit, request.POST if posted else None, request.FILES if posted else None
    )
    if posted:
        valid = form.is_valid()
        form.keep(request.actor.user)
        if valid and form.is_valid():
            given = form.cleaned_data
            try:
                made = procedure.note(
                    visit,
                    once.read(given["once"]),
                    indicator=given["indicator"],
                    weight=given["weight"],
                    text=given["text"],
                    place=given["place"],
                    seen_at=given["seen_at"],
                    photo=form.file,
                    actor=request.actor,
                )
            except Refused as refused:
                put_beside(form, refused)
            else:
                messages.success(request, _("Observation %(number)s is noted.") % {"number": made.number})  # fmt: skip
                if made.weight == Observation.Weight.SERIOUS:
                    return redirect("oversight:observation", pk, made.number)
                return redirect("oversight:observations", pk)
    return visit_tab(
        request,
        visit,
        "oversight/observations.html",
        status=422 if posted else 200,
        rows=_named(visit, list(queries.seen_at(visit))),
        earlier=list(queries.still_open(visit.plan.project, visit)),
        today=clock.today(),
        form=form,
        writes=visit.state == Visit.State.STARTED,
        in_observations=True,
    )


@require_http_methods(GET_POST)
def observation(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """One observation with what is to be mended; a post orders a corrective action."""
    visit = visit_at_work(request, pk)
    row = get_object_or_404(queries.seen_at(visit), number=number)
    row.visit = visit
    posted = request.method == "POST"
    form = ActionForm(request.POST if posted else None)
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            acting.order(
                row,
                once.read(given["once"]),
                what=given["what"],
                owner=given["owner"],
                person=given["person"],
                due_on=given["due_on"],
                actor=request.actor,
            )
        except Refused as refused:
            put_beside(form, refused)
        else:
            messages.success(request, _("The corrective action is ordered."))
            return redirect("oversight:observation", pk, number)
    return visit_tab(
        request,
        visit,
        "oversight/observation.html",
        status=422 if posted else 200,
        row=row,
        indicator=_named(visit, [row])[0][1],
        form=form,
        writes=visit.state == Visit.State.STARTED and row.withdrawn_at is None,
        in_observations=True,
    )


@require_POST
def take_back(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    visit = visit_at_work(request, pk)
    row = get_object_or_404(visit.observations.all(), number=number)
    row.visit = visit
    reason = request.POST.get("remark", "").replace("\0", "")[:20_000]
    procedure.take_back(row, reason=reason, actor=request.actor)
    messages.success(request, _("The observation is taken back."))
    return redirect("oversight:observations", pk)


@require_safe
def photo(request: ActorRequest, pk: int, number: int) -> FileResponse:
    """The photograph of an observation; the NGO sees it with the report."""
    visit = visit_of(request, pk)
    row = get_object_or_404(
        queries.observations_visible_to(request.actor), visit=visit, number=number
    )
    hidden = row.withdrawn_at is not None and not works_at(request.actor, visit)
    if row.photo is None or hidden:
        raise Http404
    return stored_download(row.photo)
