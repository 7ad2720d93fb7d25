"""The pages of the experts' register."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ortaq.core import regions
from ortaq.faces.paging import key_page
from ortaq.faces.parts import Column
from ortaq.people.actor import ActorRequest
from ortaq.registry import policy, procedure, queries
from ortaq.registry.forms import (
    EntryForm,
    ProposalForm,
    ReasonForm,
    TieEndForm,
    TieForm,
    direction_choices,
    directions,
)
from ortaq.registry.models import Expert
from ortaq.registry.procedure import EXPERT

from .shared import history, offers, one_of, reason

EXPERTS = [
    Column(gettext_lazy("Expert"), sort="name"),
    Column(gettext_lazy("Directions")),
    Column(gettext_lazy("Side")),
    Column(gettext_lazy("State")),
]
TIES = [
    Column(gettext_lazy("Organisation")),
    Column(gettext_lazy("Tie")),
    Column(gettext_lazy("Since")),
    Column(gettext_lazy("No longer since")),
    Column(gettext_lazy("Source")),
    Column(""),
]


@require_safe
def experts(request: ActorRequest) -> HttpResponse:
    """The register, as far as the reader may see it."""
    chosen = {
        "direction": one_of(request.GET.get("direction"), dict(direction_choices())),
        "side": one_of(request.GET.get("side"), Expert.Side.values),
        "state": one_of(request.GET.get("state"), Expert.State.values),
    }
    search = request.GET.get("q", "")
    rows = queries.register(queries.experts_visible_to(request.actor), search=search, **chosen)
    backwards = request.GET.get("sort") == "-name"
    order = ("-sort", "-id") if backwards else ("sort", "id")
    context = {
        "page": key_page(rows, request.GET, order=order, size=queries.PAGE),
        "columns": EXPERTS,
        "search": search,
        "chosen": chosen,
        "narrowed": bool(search or any(chosen.values())),
        "directions": direction_choices(),
        "sides": Expert.Side.choices,
        "states": Expert.State.choices,
        "sees_register": policy.may_see_register(request.actor),
        "may_propose": policy.may_propose(request.actor),
        "own": Expert.objects.filter(person=request.actor.user).first(),
    }
    return render(request, "registry/experts.html", context)


@require_safe
def expert(request: ActorRequest, pk: int) -> HttpResponse:
    """One entry: directions with their findings, ties, the steps that the reader may take."""
    found = get_object_or_404(queries.experts_visible_to(request.actor), pk=pk)
    may_amend = policy.may_amend(request.actor, found)
    # The ties of others are personal: only who records them, and the person, read them.
    sees_ties = policy.may_record_ties(request.actor, found)
    context = {
        "expert": found,
        "region": regions.find(found.region_code),
        "directions": found.directions.order_by("id"),
        "findings": procedure.qualification(found),
        "ties": queries.ties_of(found) if sees_ties else None,
        "tie_columns": TIES,
        "keeps_register": policy.keeps_register(request.actor),
        "may_amend": may_amend and found.state in procedure.AMEND.sources,
        "offers": offers(EXPERT, "registry:expert_step", found, request.actor),
        "reason_form": ReasonForm(),
        "history": history(EXPERT, found),
    }
    return render(request, "registry/expert.html", context)


def nominate(request: ActorRequest) -> HttpResponse:
    """Nominate oneself (GR-C-03); who has an entry already finds it instead."""
    user = request.actor.user
    if user is None:
        raise PermissionDenied
    if known := Expert.objects.filter(person=user).first():
        return redirect("registry:expert", known.pk)
    form, rows = EntryForm(request.POST or None), directions(None, request.POST or None)
    if request.method == "POST" and form.is_valid() & rows.is_valid():
        found = procedure.propose(
            person=user,
            by=None,
            directions=rows.rows(),
            actor=request.actor,
            **_entry(form),
        )
        messages.success(request, _("You are proposed for the register. The operator decides."))
        return redirect("registry:expert", found.pk)
    context = {"form": form, "rows": rows, "own": True}
    return render(request, "registry/entry.html", context)


def propose(request: ActorRequest) -> HttpResponse:
    """An NGO or the operator proposes somebody (GR-C-02, GR-C-03)."""
    if not policy.may_propose(request.actor):
        raise Http404
    form, rows = ProposalForm(request.POST or None), directions(None, request.POST or None)
    if request.method == "POST" and form.is_valid() & rows.is_valid():
        try:
            with transaction.atomic():
                found = procedure.propose(
                    person=form.person(),
                    by=request.actor.acting_for,
                    directions=rows.rows(),
                    actor=request.actor,
                    **_entry(form),
                )
        except IntegrityError:
            form.add_error("email", _("Somebody else proposed this person just now."))
        else:
            messages.success(request, _("The expert is proposed and gets a letter."))
            return redirect("registry:expert", found.pk)
    return render(request, "registry/entry.html", {"form": form, "rows": rows})


def amend(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct an entry; the operator looks at it once more."""
    found = get_object_or_404(queries.experts_visible_to(request.actor), pk=pk)
    if not policy.may_amend(request.actor, found):
        raise Http404
    form = EntryForm.of(found, request.POST or None)
    rows = directions(found, request.POST or None)
    if request.method == "POST" and form.is_valid() & rows.is_valid():
        EXPERT.take("amend", found, actor=request.actor, directions=rows.rows(), **_entry(form))
        messages.success(request, _("The entry is amended and waits for the operator."))
        return redirect("registry:expert", found.pk)
    return render(request, "registry/entry.html", {"form": form, "rows": rows, "expert": found})


def add_tie(request: ActorRequest, pk: int) -> HttpResponse:
    """Record, or declare, a tie to an organisation (GR-C-11)."""
    found = get_object_or_404(queries.experts_visible_to(request.actor), pk=pk)
    if not policy.may_record_ties(request.actor, found):
        raise Http404
    form = TieForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        procedure.record_tie(found, form.save(commit=False), actor=request.actor)
        messages.success(request, _("The tie is recorded."))
        return redirect("registry:expert", found.pk)
    return render(request, "registry/tie.html", {"form": form, "expert": found})


def end_tie(request: ActorRequest, pk: int, tie: int) -> HttpResponse:
    """Say since when a tie no longer holds; by whoever keeps the register, never by the expert."""
    if not policy.keeps_register(request.actor):
        raise Http404
    found = get_object_or_404(queries.experts_visible_to(request.actor), pk=pk)
    row = get_object_or_404(queries.ties_of(found), pk=tie, until=None)
    form = TieEndForm(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        procedure.end_tie(found, row, form.cleaned_data["until"], actor=request.actor)
        messages.success(request, _("The tie has ended."))
        return redirect("registry:expert", found.pk)
    return render(request, "registry/tie.html", {"form": form, "expert": found, "tie": row})


@require_POST
def expert_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Register, decline, take out, propose again."""
    found = get_object_or_404(queries.experts_visible_to(request.actor), pk=pk)
    if step not in EXPERT.steps or step == procedure.AMEND.name:
        raise Http404
    EXPERT.take(step, found, actor=request.actor, reason=reason(request))
    messages.success(request, _("Done: %(state)s.") % {"state": found.get_state_display()})
    # Whoever took themselves out may still look at the entry.
    return redirect("registry:expert", found.pk)


def _entry(form: EntryForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("employer", "employer_name", "region_code")}
