"""Pages of councils: who sits on them, their sessions, what they recommend."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.core.procedure import Refused, moved_on
from ortaq.documents.downloads import stored_download
from ortaq.people.actor import ActorRequest
from ortaq.planning.forms.council import (
    AdviceForm,
    CallForm,
    CouncilForm,
    EndForm,
    MemberForm,
    MinutesForm,
    NameForm,
)
from ortaq.planning.models import Council, CouncilMember, Session
from ortaq.planning.policy import convenes, works_for
from ortaq.planning.procedure import council as procedure
from ortaq.planning.procedure.council import CALL_OFF, HOLD, SEND, SESSION
from ortaq.planning.queries import council as queries


@login_not_required
@require_safe
def councils(request: ActorRequest) -> HttpResponse:
    actor = request.actor
    return render(
        request,
        "planning/council_list.html",
        {
            "councils": queries.council_list(),
            "may_begin": actor.is_signed_in and queries.bodies_without_council(actor),
        },
    )


@login_not_required
@require_safe
def council(request: ActorRequest, pk: int) -> HttpResponse:
    """Who sits on it; its sessions for those who may see them."""
    return _council_page(request, _council(pk))


def new(request: ActorRequest) -> HttpResponse:
    bodies = queries.bodies_of(request.actor)
    if not any(queries.kinds_left(body) for body in bodies):
        raise PermissionDenied
    form = CouncilForm(request.POST or None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        begun = procedure.begin(form.save(commit=False), actor=request.actor)
        messages.success(request, _("The council is entered. Add its members now."))
        return redirect("planning:council", begun.pk)
    return render(
        request, "planning/council_new.html", {"form": form}, status=422 if form.errors else 200
    )


def edit(request: ActorRequest, pk: int) -> HttpResponse:
    found = _managed(request, pk)
    form = NameForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        procedure.edit(form.save(commit=False), form.fields, actor=request.actor)
        messages.success(request, _("The council is saved."))
        return redirect("planning:council", found.pk)
    return render(
        request,
        "planning/council_edit.html",
        {"form": form, "council": found},
        status=422 if form.errors else 200,
    )


@require_POST
def seat(request: ActorRequest, pk: int) -> HttpResponse:
    """A new member."""
    found = _managed(request, pk)
    form = MemberForm(request.POST, instance=CouncilMember(council=found))
    if form.is_valid():
        try:
            procedure.seat(form.save(commit=False), actor=request.actor)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The member is added."))
            return redirect("planning:council", found.pk)
    return _council_page(request, found, form, status=422)


def end(request: ActorRequest, pk: int) -> HttpResponse:
    """A membership ends on a day; the record stays."""
    member = get_object_or_404(
        CouncilMember.objects.select_related("council__body"),
        pk=pk,
        until=None,
        council__in=queries.councils_of(request.actor),
    )
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            procedure.end(member, form.cleaned_data["until"], actor=request.actor)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The membership is ended."))
            return redirect("planning:council", member.council_id)
    return render(
        request,
        "planning/council_member_end.html",
        {"form": form, "member": member},
        status=422 if form.errors else 200,
    )


def _council(pk: int) -> Council:
    return get_object_or_404(Council.objects.select_related("body"), pk=pk)


def _managed(request: ActorRequest, pk: int) -> Council:
    """A council of a body that the reader answers for, or 404."""
    return get_object_or_404(queries.councils_of(request.actor), pk=pk)


def _council_page(
    request: ActorRequest, found: Council, form: MemberForm | None = None, *, status: int = 200
) -> HttpResponse:
    manages = works_for(request.actor, found.body_id)
    return render(
        request,
        "planning/council.html",
        {
            "council": found,
            "members": queries.members(found),
            "sessions": queries.sessions(found, request.actor) if request.actor.user else [],
            "manages": manages,
            "waiting": queries.waiting(found) if manages else [],
            "form": form or (MemberForm() if manages else None),
        },
        status=status,
    )


# --- Sessions ------------------------------------------------------------------------------------


def call(request: ActorRequest, pk: int) -> HttpResponse:
    """Call a session on what came in."""
    found = _managed(request, pk)
    waiting = queries.waiting(found)
    form = CallForm(request.POST or None, instance=Session(council=found), waiting=waiting)
    if request.method == "POST" and form.is_valid():
        try:
            session = procedure.call(
                form.save(commit=False), list(form.cleaned_data["agenda"]), actor=request.actor
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(
                request, _("The session is called; members with an account got a letter.")
            )
            return redirect("planning:session", session.pk)
    return render(
        request,
        "planning/session_call.html",
        {"form": form, "council": found, "waiting": waiting},
        status=422 if form.errors else 200,
    )


@require_safe
def session(request: ActorRequest, pk: int) -> HttpResponse:
    """What the council has before it, and what it said."""
    found = _session(request, pk)
    manages = convenes(request.actor, found)
    offers = {offer.step: offer for offer in SESSION.offers(found, request.actor) if offer.open}
    return render(
        request,
        "planning/session.html",
        {
            "session": found,
            "page": queries.session_page(found, request.actor),
            "whole": queries.sees_whole(found, request.actor),
            "manages": manages,
            "send": offers.get(SEND),
            "call_off": offers.get(CALL_OFF),
            "entries": queries.entries(found) if manages else [],
        },
    )


def hold(request: ActorRequest, pk: int) -> HttpResponse:
    """Minutes, attendance and recommendations: kept while one writes, then recorded for good."""
    found = _session(request, pk)
    if not convenes(request.actor, found):
        raise PermissionDenied
    if found.state != Session.State.CALLED:
        raise Refused(HOLD, [moved_on(HOLD, found, "state")])
    page = queries.session_page(found, request.actor)
    data = request.POST or None
    seated = queries.could_be_present(found)
    form = MinutesForm(data, request.FILES or None, instance=found, seated=seated)
    advice = [AdviceForm(data, heard=heard) for heard in page.topics]
    findings, status = SESSION.findings("hold", found, request.actor), 200
    if request.method == "POST":
        status = 422
        valid = [form.is_valid(), *(one.is_valid() for one in advice)]
        if all(valid) and _written(request, form, advice):
            if "hold" not in request.POST:
                messages.success(request, _("The draft of the minutes is saved."))
                return redirect("planning:session_hold", found.pk)
            try:
                SESSION.take(HOLD, found, actor=request.actor)
            except Refused as refused:
                findings, status = refused.findings, 409
                form.show_version(found.version)
            else:
                messages.success(request, _("The session is recorded."))
                return redirect("planning:session", found.pk)
    return render(
        request,
        "planning/session_hold.html",
        {
            "session": found,
            "form": form,
            "advice": advice,
            "page": page,
            "findings": findings,
            "links": topic_links(heard.topic.pk for heard in page.topics) | PLACES,
        },
        status=status,
    )


# Where each thing that a session lacks is entered on the page.
PLACES = {"minutes_kk": "#minutes", "present": "#present", "held_on": "#minutes"}


def topic_links(keys: Iterable[int]) -> dict[str, str]:
    """Where each topic stands on the page, by what a finding is about."""
    return {f"topic-{pk}": f"#topic-{pk}" for pk in keys}


def _written(request: ActorRequest, form: MinutesForm, advice: list[AdviceForm]) -> bool:
    """Save what was typed; False when the page must show why it could not be saved."""
    session = form.save(commit=False)
    try:
        scan = form.stored(request.actor.user)
    except ValidationError as error:
        form.add_error("scan", error)
        return False
    if scan is not None:
        session.scan = scan
    try:
        procedure.write(
            session,
            (*MinutesForm.Meta.fields, "scan"),
            present=form.cleaned_data["present"],
            advice={one.heard.topic.pk: one.advice for one in advice if one.advice},
            version=form.cleaned_data["version"],
            actor=request.actor,
        )
    except procedure.Changed as changed:
        form.show_version(changed.theirs.version)
        form.add_error(
            None,
            _(
                "A colleague has saved these minutes meanwhile. What you typed is kept below; "
                "save again if yours is to replace theirs."
            ),
        )
        return False
    return True


@require_POST
def send(request: ActorRequest, pk: int) -> HttpResponse:
    """The recommendations go to the state bodies."""
    found = _session(request, pk)
    SESSION.take(SEND, found, actor=request.actor)
    messages.success(request, _("The recommendations are sent."))
    return redirect("planning:session", found.pk)


@require_POST
def call_off(request: ActorRequest, pk: int) -> HttpResponse:
    """A session that does not take place."""
    found = _session(request, pk)
    SESSION.take(CALL_OFF, found, actor=request.actor)
    messages.success(request, _("The session is called off; members with an account got a letter."))
    return redirect("planning:council", found.council_id)


@require_safe
def scan(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The scan of the minutes, for whoever reads the whole of them."""
    found = _session(request, pk)
    if found.scan is None or not queries.sees_whole(found, request.actor):
        raise Http404
    return stored_download(found.scan)


def _session(request: ActorRequest, pk: int) -> Session:
    """A session that the reader may see; the same 404 for hidden and absent."""
    return get_object_or_404(queries.sessions_visible_to(request.actor), pk=pk)
