"""What every page of a commission needs: the panel one may see, its tabs, its steps on offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from ortaq.core.procedure import Offer
from ortaq.people.actor import ActorRequest
from ortaq.review import policy, queries
from ortaq.review.gate import OPEN
from ortaq.review.models import Panel, Seat
from ortaq.review.procedure import PANEL


@dataclass(frozen=True, slots=True)
class View:
    """A panel as one reader sees it: what they are on it, and so which pages it has for them."""

    panel: Panel
    seat: Seat | None
    organises: bool

    @property
    def is_member(self) -> bool:
        return self.seat is not None and self.seat.role == Seat.Role.MEMBER

    @property
    def is_secretary(self) -> bool:
        return self.seat is not None and self.seat.role == Seat.Role.SECRETARY

    @property
    def runs(self) -> bool:
        return self.organises or self.is_secretary

    @property
    def has_dossiers(self) -> bool:
        """A member has a list of dossiers to score."""
        return self.is_member and self.panel.state in OPEN

    @property
    def elects(self) -> bool:
        """The members elect chair and deputy, from the final composition on."""
        early = (Panel.State.FORMING, Panel.State.DECLARING)
        return self.panel.state not in early

    @property
    def shows_progress(self) -> bool:
        return self.runs and self.panel.state in OPEN

    @property
    def discusses(self) -> bool:
        """The points are open to those who take part in the meeting."""
        return self.panel.points_open_at is not None


def find(request: ActorRequest, pk: int) -> View:
    """The panel with `pk`, if the reader may see it; else 404, the same as for one that is not."""
    panel = get_object_or_404(queries.panels_visible_to(request.actor), pk=pk)
    if panel.appointed or panel.evaluates:  # have pages of their own
        raise Http404
    return View(
        panel, queries.my_seat(panel, request.actor.user), policy.organises(request.actor, panel)
    )


def step_address(panel: Panel, step: str) -> str:
    return reverse("review:panel_step", args=[panel.pk, step])


def offer(view: View, request: ActorRequest, name: str, **facts: Any) -> Offer | None:
    """One step as the reader could take it; None when it is not theirs or not now."""
    step = PANEL[name]
    state = PANEL.state_of(view.panel)
    if state not in step.sources or not step.by(request.actor, view.panel):
        return None
    return Offer(step, PANEL.findings(name, view.panel, request.actor, **facts))


def context(view: View, **more: Any) -> Mapping[str, Any]:
    return {"view": view, "panel": view.panel, **more}
