"""The pages of an appointed commission: who sits on it, what it votes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from ortaq.core.procedure import Offer
from ortaq.faces.parts import Column
from ortaq.people.actor import ActorRequest
from ortaq.review import policy, queries
from ortaq.review.commission import findings, sitting
from ortaq.review.forms import (
    LeaveForm,
    MemberForm,
    OrderForm,
    SecretaryForm,
    SuccessorForm,
    VoteForm,
    filled,
)
from ortaq.review.models import Motion, Panel, Seat
from ortaq.review.procedure import COMMISSION
from ortaq.review.procedure import motion as motions
from ortaq.review.queries.panels import my_seat

SEATS = [
    Column(gettext_lazy("Person")),
    Column(gettext_lazy("Office")),
    Column(gettext_lazy("Since")),
    Column(""),
]
FORMER = [*SEATS[:3], Column(gettext_lazy("Left on")), Column(gettext_lazy("Reason"))]
MOTIONS = [
    Column(pgettext_lazy("put to the vote", "Question")),
    Column(gettext_lazy("Put on")),
    Column(gettext_lazy("Decision")),
]


@dataclass(frozen=True, slots=True)
class View:
    """An appointed commission as one reader sees it."""

    panel: Panel
    seat: Seat | None
    organises: bool

    @property
    def is_member(self) -> bool:
        return self.seat is not None and self.seat.role == Seat.Role.MEMBER


def find(request: ActorRequest, pk: int) -> View:
    """The commission with `pk`, if the reader may see it; else 404, as for one that is not."""
    panel = get_object_or_404(queries.panels_visible_to(request.actor), pk=pk)
    if not panel.appointed:
        raise Http404
    return View(panel, my_seat(panel, request.actor.user), policy.organises(request.actor, panel))


def commission(request: ActorRequest, pk: int) -> HttpResponse:
    """The composition and the votes; the organiser fills and appoints it here (SO-T-065..072)."""
    view = find(request, pk)
    forms: dict[str, Any] = {}
    if view.organises and view.panel.state == Panel.State.APPOINTING:
        forms = {"take_on": MemberForm(), "secretary": SecretaryForm(), "appoint": OrderForm()}
    elif view.organises and view.panel.state == Panel.State.IN_OFFICE:
        forms = {"secretary": SecretaryForm()}
    if request.method == "POST":
        done = _posted(request, view, forms)
        if done is not None:
            return done
    seats = list(sitting(view.panel))
    former = view.panel.seats.exclude(until=None).select_related("person").order_by("-until", "-id")
    rows = view.panel.motions.order_by("-id")
    appoint = COMMISSION["appoint"]
    offer = None
    if "appoint" in forms:
        offer = Offer(appoint, findings(view.panel))
    return render(
        request,
        "review/commission.html",
        {
            "view": view,
            "panel": view.panel,
            "seats": seats,
            "members": sum(seat.role == Seat.Role.MEMBER for seat in seats),
            "former": former,
            "findings": findings(view.panel) if not offer else [],
            "motions": rows,
            "forms": forms,
            "offer": offer,
            "leave": LeaveForm() if view.is_member and view.panel.state == "in_office" else None,
            "columns": SEATS,
            "former_columns": FORMER,
            "motion_columns": MOTIONS,
        },
    )


def _posted(request: ActorRequest, view: View, forms: dict[str, Any]) -> HttpResponse | None:
    """Take the step that was posted; None leads back to the page with what was typed."""
    action = request.POST.get("action", "")
    actor, panel = request.actor, view.panel
    if action == "ask_to_leave" and view.is_member:
        COMMISSION.take("ask_to_leave", panel, actor=actor, **filled(LeaveForm(request.POST)))
        messages.success(request, _("The organiser knows that you wish to leave."))
    elif action == "take_off" and "take_on" in forms:
        seat = _seat(view, request.POST.get("seat", ""))
        COMMISSION.take("take_off", panel, actor=actor, seat=seat)
    elif action == "appoint" and "appoint" in forms:
        COMMISSION.take("appoint", panel, actor=actor, **filled(OrderForm(request.POST)))
        messages.success(request, _("The commission is in office."))
    elif action in ("take_on", "secretary") and action in forms:
        form = forms[action] = type(forms[action])(request.POST)
        if not form.is_valid():
            return None
        facts = {"person": form.cleaned_data["email"]}
        if action == "take_on":
            facts["chair"] = form.cleaned_data["chair"]
        COMMISSION.take(action, panel, actor=actor, **facts)
        messages.success(
            request,
            _("%(name)s sits on the commission.") % {"name": form.cleaned_data["email"].full_name},
        )
    else:
        raise Http404
    return redirect("review:commission", panel.pk)


def _seat(view: View, number: str) -> Seat:
    if not (number.isascii() and number.isdigit()):
        raise Http404
    seats = view.panel.seats.select_related("person")
    return get_object_or_404(seats, pk=number[:18], until=None)


def successor(request: ActorRequest, pk: int, seat: int) -> HttpResponse:
    """Somebody leaves and somebody else comes by one decision, so that the number stays odd."""
    view = find(request, pk)
    if not view.organises or view.panel.state != Panel.State.IN_OFFICE:
        raise Http404
    found = _seat(view, str(seat))
    form = SuccessorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        COMMISSION.take(
            "release",
            view.panel,
            actor=request.actor,
            seat=found,
            successor=form.cleaned_data["email"],
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, _("The composition is changed."))
        return redirect("review:commission", pk)
    context = {"view": view, "panel": view.panel, "seat": found, "form": form}
    return render(request, "review/successor.html", context)


# --- Votes -------------------------------------------------------------------------------------------


def _motion(request: ActorRequest, pk: int) -> Motion:
    visible = queries.panels_visible_to(request.actor).values("pk")
    return get_object_or_404(
        Motion.objects.filter(panel__in=visible).select_related("panel"), pk=pk
    )


@require_POST
def motion_vote(request: ActorRequest, pk: int) -> HttpResponse:
    """A member's vote; back to the page on which the question stands."""
    motion = _motion(request, pk)
    facts = filled(VoteForm(request.POST))
    side = {"for": True, "against": False}.get(facts["side"] or "")
    motions.vote(motion, actor=request.actor, in_favour=side, remark=facts["remark"] or "")
    messages.success(request, _("Your vote is kept."))
    return redirect(motion.address)


@require_POST
def motion_close(request: ActorRequest, pk: int) -> HttpResponse:
    """Chair or secretary end a vote in which not all have voted."""
    motion = _motion(request, pk)
    motions.close(motion, actor=request.actor)
    messages.success(
        request, _("The vote is over: %(state)s.") % {"state": motion.get_state_display()}
    )
    return redirect(motion.address)
