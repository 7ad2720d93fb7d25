"""Panels, their composition, and candidates from the register."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ortaq.core import journal
from ortaq.faces.paging import key_page
from ortaq.faces.parts import Column, Entry
from ortaq.people.actor import ActorRequest
from ortaq.registry import queries as registry
from ortaq.registry.forms import direction_choices
from ortaq.registry.models import Expert
from ortaq.review import composition, queries
from ortaq.review.forms import ProlongForm, ReasonForm, SecretaryForm, SendForm, filled
from ortaq.review.models import Panel, Seat
from ortaq.review.procedure import PANEL

from .shared import View, context, find, offer, step_address

PANELS = [Column(gettext_lazy("Commission")), Column(gettext_lazy("State"))]
SEATS = [
    Column(gettext_lazy("Person")),
    Column(gettext_lazy("Office")),
    Column(gettext_lazy("Side")),
    Column(gettext_lazy("Since")),
    Column(""),
]
FORMER = [*SEATS[:4], Column(gettext_lazy("Left on")), Column(gettext_lazy("Reason"))]
CANDIDATES = [
    Column(gettext_lazy("Expert")),
    Column(gettext_lazy("Directions")),
    Column(gettext_lazy("Side")),
    Column(""),
]
ENTERED = {
    "begin": gettext_lazy("The commission was founded"),
    "conflicts_detected": gettext_lazy("Conflicts of interest were found in the register"),
}


@require_safe
def panels(request: ActorRequest) -> HttpResponse:
    """My commissions: those I sit on and those my organisation formed."""
    page = key_page(queries.panels_visible_to(request.actor), request.GET, order=("-id",))
    return render(request, "review/panels.html", {"page": page, "columns": PANELS})


@require_safe
def panel(request: ActorRequest, pk: int) -> HttpResponse:
    """Where the commission's work stands, and what the reader can do next."""
    view = find(request, pk)
    steps = []
    for name, form in (("send_declarations", SendForm()), ("approve", None)):
        if found := offer(view, request, name):
            steps.append((found, step_address(view.panel, name), form))
    # Its own requirements are about what is typed, so it is offered without asking them.
    prolong = PANEL["prolong"]
    prolongs = view.panel.state in prolong.sources and prolong.by(request.actor, view.panel)
    return render(
        request,
        "review/panel.html",
        context(
            view,
            steps=steps,
            prolong_form=ProlongForm() if prolongs else None,
            prolong_address=step_address(view.panel, "prolong"),
            shares=composition.shares(composition.seats_of(view.panel)),
            findings=composition.findings(view.panel) if view.runs else [],
            recusals=composition.after_recusals(view.panel) if view.organises else [],
            history=_history(view.panel) if view.runs else None,
        ),
    )


def seats(request: ActorRequest, pk: int) -> HttpResponse:
    """The composition: who sits, who sat, the secretary."""
    view = find(request, pk)
    secretary = SecretaryForm(request.POST or None) if view.organises else None
    if request.method == "POST":
        if secretary is None:
            raise Http404
        if secretary.is_valid():
            PANEL.take(
                "seat_secretary",
                view.panel,
                actor=request.actor,
                person=secretary.cleaned_data["email"],
            )
            messages.success(request, _("The secretary is appointed."))
            return redirect("review:seats", pk)
    present = composition.seats_of(view.panel)
    experts = [seat.expert for seat in present if seat.expert is not None]
    barred = composition.bars(view.panel, experts) if view.organises else {}
    former = view.panel.seats.exclude(until=None).select_related("person").order_by("-until", "-id")
    return render(
        request,
        "review/seats.html",
        context(
            view,
            seats=[(seat, barred.get(seat.expert_id or 0, [])) for seat in present],
            shares=composition.shares(present),
            findings=composition.findings(view.panel, present) if view.runs else [],
            former=former if view.runs else [],
            columns=SEATS,
            former_columns=FORMER,
            secretary=secretary,
            may_seat=view.organises and _takes_members(view.panel),
        ),
    )


def _takes_members(panel: Panel) -> bool:
    """Members are taken on while the commission is formed, and where an application lost its points."""
    if panel.state == Panel.State.MEETING:
        return queries.unscored(panel).exists()
    return panel.state in PANEL["seat"].sources


def seat(request: ActorRequest, pk: int, seat: int) -> HttpResponse:
    """Release a member, or begin to look for a substitute."""
    view = find(request, pk)
    if not view.organises:
        raise Http404
    found = get_object_or_404(view.panel.seats.select_related("person"), pk=seat, until=None)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        PANEL.take(
            "release",
            view.panel,
            actor=request.actor,
            seat=found,
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, _("The person has left the commission."))
        return redirect("review:seats", pk)
    substitutable = (
        found.role == Seat.Role.MEMBER and view.panel.state in PANEL["substitute"].sources
    )
    more = {"seat": found, "form": form, "substitutable": substitutable}
    return render(request, "review/seat.html", context(view, **more))


def candidates(request: ActorRequest, pk: int) -> HttpResponse:
    """The register as the organiser picks from it: what bars each, and a button for the others.

    `?instead=SEAT` substitutes the member on that seat.
    """
    view = find(request, pk)
    if not view.organises:
        raise Http404
    leaving = _leaving(view, request.GET.get("instead", ""))
    if request.method == "POST":
        return _seat(request, view, leaving)
    search, direction = request.GET.get("q", ""), request.GET.get("direction", "")
    side = request.GET.get("side", "")
    side = side if side in Expert.Side.values else ""
    rows = registry.available(search=search, direction=direction, side=side)
    seated = view.panel.seats.filter(until=None).values("person")
    page = key_page(
        rows.exclude(person__in=seated), request.GET, order=("sort", "id"), size=registry.PAGE
    )
    barred = composition.bars(view.panel, page.rows)
    present = composition.seats_of(view.panel)
    return render(
        request,
        "review/candidates.html",
        context(
            view,
            page=page,
            candidates=[(expert, barred[expert.pk]) for expert in page.rows],
            columns=CANDIDATES,
            leaving=leaving,
            search=search,
            direction=direction,
            side=side,
            directions=direction_choices(),
            sides=Expert.Side.choices,
            findings=composition.findings(view.panel, present),
            shares=composition.shares(present),
        ),
    )


def _leaving(view: View, number: str) -> Seat | None:
    if not number:
        return None
    if not (number.isascii() and number.isdigit()):
        raise Http404
    seats = view.panel.seats.select_related("person")
    return get_object_or_404(seats, pk=number[:18], until=None, role=Seat.Role.MEMBER)


def _seat(request: ActorRequest, view: View, leaving: Seat | None) -> HttpResponse:
    number = request.POST.get("expert", "")
    if not (number.isascii() and number.isdigit()):
        raise Http404
    expert = get_object_or_404(Expert.objects.select_related("person"), pk=number[:18])
    facts: dict[str, Any] = {"expert": expert, "confirmed": bool(request.POST.get("confirmed"))}
    if leaving is None:
        PANEL.take("seat", view.panel, actor=request.actor, **facts)
        messages.success(request, _("%(name)s sits on the commission.") % {"name": expert.name})
        return redirect("review:candidates", view.panel.pk)
    facts |= filled(ReasonForm(request.POST))
    PANEL.take("substitute", view.panel, actor=request.actor, seat=leaving, **facts)
    messages.success(request, _("%(name)s sits on the commission.") % {"name": expert.name})
    return redirect("review:seats", view.panel.pk)


@require_POST
def panel_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Send the declarations, approve the composition, prolong scoring."""
    view = find(request, pk)
    if step not in ("send_declarations", "approve", "prolong"):
        raise Http404
    if not PANEL[step].by(request.actor, view.panel):
        raise PermissionDenied
    form = {"send_declarations": SendForm, "prolong": ProlongForm}.get(step)
    facts = filled(form(request.POST)) if form else {}
    PANEL.take(step, view.panel, actor=request.actor, **facts)
    messages.success(request, _("Done: %(state)s.") % {"state": view.panel.get_state_display()})
    return redirect("review:panel", pk)


def _history(panel: Panel) -> list[Entry]:
    """The panel's journal: steps, instants and hashes."""
    titles: dict[str, Any] = {name: step.title for name, step in PANEL.steps.items()} | ENTERED
    return [
        Entry(
            entry.at,
            titles.get(entry.step, entry.step),
            text=entry.facts.get("reason", ""),
            hash=entry.hash,
        )
        for entry in journal.history(panel).order_by("-number")[:100]
    ]
