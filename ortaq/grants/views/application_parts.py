"""One form of a draft: shown, saved while somebody types, merged with what others wrote."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ortaq.documents.writing import answering, paths, reading
from ortaq.documents.writing.merge import Merged
from ortaq.documents.writing.page import anchor_of, differences, element_id
from ortaq.documents.writing.places import links
from ortaq.faces.parts import Conflict
from ortaq.grants.content import checks, page
from ortaq.grants.content.parts import BUDGET, CONTENT, written_parts
from ortaq.grants.content.whole import Whole, Written
from ortaq.grants.models import Application, ApplicationPart, PartChange, PartConflict
from ortaq.grants.policy import application as policy
from ortaq.grants.procedure import application_draft as draft
from ortaq.grants.queries import application as queries
from ortaq.people.actor import ActorRequest

from . import application_places as places
from .application import GET_POST, own, own_whole


def _written(request: ActorRequest, pk: int, key: str, year: int) -> tuple[Whole, Written]:
    whole = own_whole(request, pk)
    written = whole.one(key, year)
    if written is None:
        raise Http404
    return whole, written


@require_http_methods(GET_POST)
def part(request: ActorRequest, pk: int, key: str, year: int) -> HttpResponse:
    """The form. A post by htmx saves what was typed and answers with what changed; a plain post
    saves all, does what its button says and comes back.
    """
    whole, written = _written(request, pk, key, year)
    if request.method != "POST":
        if not policy.is_draft(request.actor, whole.application):
            return redirect("grants:application", pk)
        return render(request, _page(key), _context(request, whole, written))
    sent = reading.read(request.POST, written.layout, written.row.data)
    step = reading.step_of(request.POST, written.layout)
    merged = draft.save(written.row, sent.edits, actor=request.actor, step=step)
    if request.headers.get("HX-Request") == "true":
        return _saved(request, whole, written, sent, merged)
    if sent.refused:
        context = _context(request, whole, written, sent)
        return render(request, _page(key), context, status=422)
    anchor = anchor_of(request.POST, step)
    address = reverse("grants:application_part", args=[pk, key, year])
    return answering.saved(request, merged, anchor, address)


def _page(key: str) -> str:
    name = "application_budget" if key == BUDGET else "application_part"
    return f"grants/{name}.html"


def _context(
    request: ActorRequest, whole: Whole, written: Written, sent: reading.Reading | None = None
) -> dict[str, Any]:
    """What the page of a form shows."""
    person = request.actor.user.pk if request.actor.user else 0
    findings = checks.everything(whole)
    context: dict[str, Any] = {
        **places.frame(whole, findings, request.actor, here=written.part.place),
        "findings": answering.findings_of(findings, written.part.place),
        "asked": None,
        "part": written.part,
        "row": written.row,
        "refused": answering.refusals_of(sent),
        "conflict": _conflict(request, written),
        "months": _months(whole, written),
    }
    if written.part.key == BUDGET:
        context["grid"] = page.EstimatePage(whole, written, person=person, reading=sent)
        context["amount"] = whole.amount_of(written.part.year)
        context["calendar"] = reverse(
            "grants:application_part", args=[whole.application.pk, CONTENT, written.part.year]
        )
    else:
        context["sections"] = page.sections(written, person=person, reading=sent)
        earlier = queries.earlier_of(whole.application)
        empty = not paths.flatten(written.row.data) or written.row.version == 0
        context["earlier"] = (
            earlier.first() if empty and written.part.key in draft.PROFILE else None
        )
    return context


def _months(whole: Whole, written: Written) -> list[tuple[int, str]]:
    """The months of the calendar plan by number; a year of them while the term is not stated."""
    days = whole.months(written.part.year)
    if not days:
        return [(number, "") for number in range(1, 13)]
    return [(number, formats.date_format(day, "F Y")) for number, day in enumerate(days, 1)]


def _saved(
    request: ActorRequest,
    whole: Whole,
    written: Written,
    sent: reading.Reading,
    merged: Merged,
) -> HttpResponse:
    """The answer to a save while typing: versions, sums, what is missing, what collided."""
    context = _frame_of_saved(whole, written)
    context |= {
        "units": answering.units_of(merged, written.row.version),
        "refused": answering.refusals_of(sent),
        "conflict": _conflict(request, written)
        if merged.conflicts or written.row.pk in whole.open_conflicts
        else None,
        "others": merged.others,
    }
    # 422 tells the page that some text is not saved, so it keeps it and says so.
    status = 422 if sent.refused else 200
    return render(request, "grants/application_saved.html", context, status=status)


def _frame_of_saved(whole: Whole, written: Written) -> dict[str, Any]:
    findings = answering.findings_of(checks.everything(whole), written.part.place)
    context: dict[str, Any] = {
        "application": whole.application,
        "row": written.row,
        "findings": findings,
        "links": links(places.address_of, whole.application.pk, findings),
    }
    if written.part.key == BUDGET:
        grid = page.EstimatePage(whole, written, person=0)
        context |= {"grid": grid, "amount": whole.amount_of(written.part.year)}
        context["lines"] = [
            (element_id(f"budget/lines/{line.id}"), line) for line in grid.estimate.lines
        ]
        context["items"] = _all_items(grid.items())
    return context


def _all_items(items: Any) -> list[page.ItemOfEstimate]:
    """Every cost item that shows a sum, however deep."""
    return [one for item in items for one in (item, *_all_items(item.items)) if one.is_group]


# --- Conflicts ---------------------------------------------------------------------------------------


def _conflict(request: ActorRequest, written: Written) -> dict[str, Any] | None:
    """The reader's own open conflict on this form, with both texts."""
    found = written.row.conflicts.filter(person=request.actor.user, settled_at=None).first()
    if found is None:
        return None
    flat = paths.flatten(written.row.data)
    later: PartChange | None = (
        written.row.changes.filter(version__gt=found.base_version)
        .exclude(person=request.actor.user)
        .select_related("person")
        .order_by("-version")
        .first()
    )
    shown = Conflict(
        later.person.full_name if later else _("Another person"),
        later.made_at if later else found.made_at,
        differences(written.layout, found.data, flat),
    )
    address = reverse("grants:application_conflict", args=[written.row.application_id, found.pk])
    return {"address": address, "shown": shown}


@require_POST
def settle(request: ActorRequest, pk: int, conflict: int) -> HttpResponse:
    """Choose between two people's texts."""
    application = own(request, pk)
    found = get_object_or_404(
        PartConflict.objects.select_related("part"), pk=conflict, part__application=application
    )
    mine = [path for path in found.data if request.POST.get(f"keep-{path}") == "mine"]
    draft.settle(found, mine, actor=request.actor)
    messages.success(request, _("Saved."))
    return redirect("grants:application_part", pk, *_place(application, found.part))


def _place(application: Application, row: ApplicationPart) -> tuple[str, int]:
    """The part of the address that names a form."""
    parts = written_parts(application)
    return next((p.key, p.year) for p in parts if (p.form_id, p.year) == (row.form, row.year))


@require_POST
def copy(request: ActorRequest, pk: int, key: str, year: int) -> HttpResponse:
    """Fill an empty form from the NGO's latest earlier application."""
    whole, _found = _written(request, pk, key, year)
    earlier = queries.earlier_of(whole.application).first()
    if earlier is None or not draft.copy(
        earlier, whole.application, actor=request.actor, keys=[key]
    ):
        messages.warning(request, _("There was nothing to copy, or something stands here already."))
    else:
        messages.success(request, _("Copied. Look it through and change what is different."))
    return redirect("grants:application_part", pk, key, year)
