"""Pages of the state body that forms an expert council, and of the body whose NGO council approves it."""

from __future__ import annotations

from dataclasses import replace as replaced
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq import law
from ortaq.core import clock
from ortaq.core.procedure import Offer, Refused, moved_on
from ortaq.faces.beside import put_beside
from ortaq.faces.parts import Conflict, Difference
from ortaq.law.findings import Severity
from ortaq.oversight.forms import council as f
from ortaq.oversight.models import ExpertCouncil, Nomination
from ortaq.oversight.procedure import council as procedure
from ortaq.oversight.procedure import nomination
from ortaq.oversight.procedure.council import COUNCIL, EDIT, of_body, of_ngo_council
from ortaq.oversight.procedure.council_checks import SELECTION, edition_of, selected_by
from ortaq.oversight.queries import council as queries
from ortaq.people.actor import ActorRequest
from ortaq.people.policy import is_authorised_body, is_state_body
from ortaq.projects import once
from ortaq.projects.procedure.shared import CHANGED

GET_POST = ["GET", "HEAD", "POST"]
State, Place = ExpertCouncil.State, Nomination.State
# Steps with a form of their own, and those that are only pressed.
FORMS: dict[str, type[forms.Form]] = {
    "lay": f.LayForm,
    "approve": f.ApproveForm,
    "seat": f.OfficeForm,
    "return": f.RemarkForm,
    "call_off": f.RemarkForm,
    "end": f.RemarkForm,
}
PRESSED = ("announce", "choose")


# --- Lists and the announcement ------------------------------------------------------------------------


@require_safe
def council_list(request: ActorRequest) -> HttpResponse:
    """The councils of the bodies acted for, and those laid before their NGO council."""
    if not (is_state_body | is_authorised_body)(request.actor):
        raise Http404
    return render(
        request,
        "oversight/council_list.html",
        {
            "page": queries.managed(request.actor, request.GET),
            "prepares": queries.bodies_of(request.actor).exists(),
            "cite": law.at("rules_social_order", clock.today()).parameter(SELECTION).cite,
        },
    )


@require_http_methods(GET_POST)
def new(request: ActorRequest) -> HttpResponse:
    """Prepare a council: its name and announcement."""
    bodies = queries.bodies_of(request.actor)
    if not bodies:
        raise Http404
    form = f.NewForm(request.POST or None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = procedure.begin(
            given["body"], form.values(), once=once.read(given["once"]), actor=request.actor
        )
        messages.success(request, _("Saved. The announcement is not published yet."))
        return redirect("oversight:council_desk", made.pk)
    return render(
        request,
        "oversight/council_edit.html",
        {"form": form},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(GET_POST)
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    """The announcement, until it is published."""
    row = _found(request, pk)
    if row.state != State.DRAFT:
        raise Refused(EDIT, [moved_on(EDIT, row, "state")])
    form = f.AnnouncementForm(request.POST or None, instance=row)
    conflict, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            theirs = ExpertCouncil.objects.get(pk=pk)
            seen = form.cleaned_data["version"]
            facts: dict[str, Any] = {"values": form.values(), "version": seen or 0}
            try:
                COUNCIL.take(EDIT, theirs, actor=request.actor, **facts)
            except Refused as refused:
                if not refused.has(CHANGED):
                    raise
                conflict, status = _conflict(form, theirs), 409
                # What was typed stays; saving it again replaces what the colleague saved.
                typed: QueryDict = request.POST.copy()
                typed["version"] = str(theirs.version)
                form.data = typed
            else:
                messages.success(request, _("Saved."))
                return redirect("oversight:council_desk", pk)
    return render(
        request,
        "oversight/council_edit.html",
        {"form": form, "council": row, "conflict": conflict},
        status=status,
    )


def _conflict(form: f.AnnouncementForm, theirs: ExpertCouncil) -> Conflict:
    """What the colleague saved beside what was typed here."""
    differences = [
        Difference(form.fields[name].label, mine, getattr(theirs, name))
        for name, mine in form.values().items()
        if mine != getattr(theirs, name)
    ]
    return Conflict(_("A colleague"), clock.now(), differences)


# --- One council ---------------------------------------------------------------------------------------


def _found(request: ActorRequest, pk: int) -> ExpertCouncil:
    return get_object_or_404(queries.councils_managed_by(request.actor), pk=pk)


def _of_body(request: ActorRequest, pk: int) -> ExpertCouncil:
    """For the body alone: to the NGO council the address is as good as absent."""
    row = _found(request, pk)
    if not of_body(request.actor, row):
        raise Http404
    return row


@require_safe
def council_desk(request: ActorRequest, pk: int) -> HttpResponse:
    """Everything about one council: candidates, composition, what can be done now."""
    return _page(request, _found(request, pk))


def _form(step: str, row: ExpertCouncil, data: Any = None) -> forms.Form | None:
    kind = FORMS.get(step)
    if kind is None:
        return None
    more: dict[str, Any] = {} if kind is f.RemarkForm else {"council": row}
    return kind(data, auto_id=f"id_{step}_%s", **more)


def _page(
    request: ActorRequest,
    row: ExpertCouncil,
    *,
    step: str = "",
    typed: forms.BaseForm | None = None,
    answered: int = 0,
    status: int = 200,
) -> HttpResponse:
    """The page; `typed` is the form that was not taken: of `step`, of the candidate `answered`, or the invitation."""
    works = of_body(request.actor, row)
    steps = {}
    for offer in COUNCIL.offers(row, request.actor):
        name = offer.step.name
        form = typed if step == name else _form(name, row)
        # What the step's own form asks for stands in nobody's way before it is typed.
        asked = set(form.fields) | {"office_from"} if form is not None else set()
        rest = [one for one in offer.findings if one.about not in asked]
        steps[name] = (replaced(offer, findings=rest), form)
    people = queries.candidates(row)
    if not works:
        people = [one for one in people if one.state == Place.CHOSEN]
    choosing = works and row.state == State.CHOOSING
    invites = choosing and (row.formed_alone or not selected_by(row, "self_nomination"))
    today = clock.today()
    return render(
        request,
        "oversight/council.html",
        {
            "council": row,
            "works": works,
            "approves": of_ngo_council(request.actor, row),
            "steps": steps,
            "candidates": [
                (one, _answer_form(one, typed if answered == one.pk else None, choosing))
                for one in people
            ],
            "open_answers": sum(one.state == Place.OFFERED for one in people),
            "members": [one for one in people if one.state == Place.CHOSEN],
            "chooses": row.state == State.CHOOSING,
            "seated": row.state in (State.IN_OFFICE, State.ENDED),
            "today": today,
            "invite": (typed if step == "invite" else f.InviteForm(auto_id="id_invite_%s"))
            if invites
            else None,
            "selection": edition_of(row).parameter(SELECTION),
            "self_nominates": selected_by(row, "self_nomination"),
            "entries": queries.entries(row),
        },
        status=status,
    )


def _answer_form(
    one: Nomination, typed: forms.BaseForm | None, choosing: bool
) -> forms.BaseForm | None:
    if not choosing or one.state == Place.WITHDRAWN:
        return None
    given = {Place.CHOSEN: "yes", Place.DECLINED: "no"}.get(Place(one.state))
    first = {"chosen": given, "reason": one.reason}
    return typed or f.AnswerForm(initial=first, auto_id=f"id_{one.pk}_%s")


@require_POST
def take(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """One step of the council."""
    if step not in FORMS and step not in PRESSED:
        raise Http404
    row = _found(request, pk)
    form = _form(step, row, request.POST)
    if form is None:
        COUNCIL.take(step, row, actor=request.actor)
        return _done(request, row, step)
    if form.is_valid():
        facts = form.cleaned_data | f.days_of(form)
        try:
            if not _is_warned(form, row, step, request, facts):
                COUNCIL.take(step, row, actor=request.actor, **facts)
                return _done(request, row, step)
        except Refused as refused:
            put_beside(form, refused)
    return _page(request, row, step=step, typed=form, status=422)


def _is_warned(
    form: forms.Form, row: ExpertCouncil, step: str, request: ActorRequest, facts: Any
) -> bool:
    """Whether something unusual was said for the first time, so that the step waits for a tick (SO-X-13)."""
    if not isinstance(form, f.OfficeForm):
        return False
    found = COUNCIL.findings(step, row, request.actor, **facts)
    warnings = [str(one.message) for one in found if one.severity is Severity.WARNING]
    return bool(warnings) and not form.ask_again(warnings)


def _done(request: ActorRequest, row: ExpertCouncil, step: str) -> HttpResponse:
    messages.success(request, _("Done: %(step)s.") % {"step": str(COUNCIL[step].title)})
    if not of_body(
        request.actor, row
    ):  # a composition that it returned is no longer laid before it
        return redirect("oversight:council_list")
    return redirect("oversight:council_desk", row.pk)


# --- Who sits on it --------------------------------------------------------------------------------------


@require_POST
def answer(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """Choose a candidate or not."""
    row = _of_body(request, pk)
    one = get_object_or_404(row.nominations.select_related("council"), pk=number)
    form = f.AnswerForm(request.POST, auto_id=f"id_{one.pk}_%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            nomination.answer(
                one, chosen=given["chosen"] == "yes", reason=given["reason"], actor=request.actor
            )
        except Refused as refused:
            put_beside(form, refused)
        else:
            messages.success(request, _("The answer is saved; the candidate does not see it yet."))
            return redirect("oversight:council_desk", pk)
    return _page(request, row, typed=form, answered=one.pk, status=422)


@require_POST
def invite(request: ActorRequest, pk: int) -> HttpResponse:
    """Put somebody into the composition, where the body forms it on its own."""
    row = _of_body(request, pk)
    form = f.InviteForm(request.POST, auto_id="id_invite_%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            nomination.invite(row, given["email"], given["experience"], actor=request.actor)
        except Refused as refused:
            put_beside(form, refused)
        else:
            messages.success(request, _("Put into the composition; a letter says so."))
            return redirect("oversight:council_desk", pk)
    return _page(request, row, step="invite", typed=form, status=422)


@require_http_methods(GET_POST)
def replace(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """A member leaves a council in office; perhaps another person comes."""
    row = _of_body(request, pk)
    one = get_object_or_404(
        row.nominations.filter(state=Place.CHOSEN).select_related("person"), pk=number
    )
    form = f.ReplaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            nomination.replace(row, one, given["email"], given, actor=request.actor)
        except Refused as refused:
            put_beside(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("oversight:council_desk", pk)
    if row.state != State.IN_OFFICE or one.until is not None:
        raise Refused(nomination.REPLACE, [moved_on(nomination.REPLACE, row, "state")])
    return render(
        request,
        "oversight/council_replace.html",
        {
            "council": row,
            "member": one,
            "form": form,
            "offer": Offer(nomination.REPLACE, []),
            "approval": selected_by(row, "approval_by_council"),
            "selection": edition_of(row).parameter(SELECTION),
        },
        status=422 if form.is_bound else 200,
    )
