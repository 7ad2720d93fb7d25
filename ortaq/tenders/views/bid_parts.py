"""A page of a draft: shown, saved while somebody types, merged with what others wrote."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ortaq.documents.writing import answering, page, reading
from ortaq.documents.writing.merge import Merged
from ortaq.documents.writing.places import links
from ortaq.law.tender import RUBRIC
from ortaq.people.actor import ActorRequest
from ortaq.tenders.content import checks
from ortaq.tenders.content.parts import Part
from ortaq.tenders.content.parts import part as part_of
from ortaq.tenders.content.whole import Whole
from ortaq.tenders.procedure import bid_draft as draft
from ortaq.tenders.procedure import bid_vault as vault

from . import bid_places as places
from .bid import GET_POST, own, own_draft


@require_http_methods(GET_POST)
def part(request: ActorRequest, pk: int, key: str) -> HttpResponse:
    """The form. A post by htmx saves what was typed and answers with what changed; a plain post
    saves all, does what its button says and comes back.
    """
    one = part_of(key)
    if one is None:
        raise Http404
    if request.method != "POST":
        whole = own_draft(request, pk)
        return render(request, "tenders/bid_part.html", _context(request, whole, one))
    bid = own(request, pk)
    whole = vault.whole_of(bid)
    layout = whole.layout(one)
    sent = reading.read(request.POST, layout, whole.draft.data)
    step = reading.step_of(request.POST, layout)
    merged, after = draft.save(bid, sent.edits, actor=request.actor, step=step)
    whole = Whole(bid, whole.edition, after, whole.services)
    if request.headers.get("HX-Request") == "true":
        return _saved(request, whole, one, sent, merged)
    if sent.refused:
        context = _context(request, whole, one, sent)
        return render(request, "tenders/bid_part.html", context, status=422)
    anchor = page.anchor_of(request.POST, step)
    address = reverse("tenders:bid_part", args=[pk, key])
    return answering.saved(request, merged, anchor, address)


def _context(
    request: ActorRequest, whole: Whole, one: Part, sent: reading.Reading | None = None
) -> dict[str, Any]:
    """What the page of a part shows."""
    findings = checks.everything(whole)
    layout = whole.layout(one)
    return {
        **places.frame(whole, findings, request.actor, here=one.key),
        "findings": answering.findings_of(findings, one.key),
        "asked": None,
        "part": one,
        "scored": [
            criterion
            for criterion in whole.edition.rubric(RUBRIC).criteria
            if criterion.key in one.criteria
        ],
        "dumping": whole.edition.parameter("dumping.threshold"),
        "sections": page.sections(
            layout, whole.draft.data, person=answering.person_of(request), reading=sent
        ),
        "refused": answering.refusals_of(sent),
        "conflict": _conflict(request, whole, one),
    }


def _saved(
    request: ActorRequest, whole: Whole, one: Part, sent: reading.Reading, merged: Merged
) -> HttpResponse:
    """The answer to a save while typing: versions, what is missing, what collided."""
    findings = answering.findings_of(checks.everything(whole), one.key)
    context = {
        "row": whole.draft,
        "findings": findings,
        "links": links(places.address_of, whole.bid.pk, findings),
        "units": answering.units_of(merged, whole.draft.version),
        "refused": answering.refusals_of(sent),
        "conflict": _conflict(request, whole, one),
        "others": merged.others,
    }
    # 422 tells the page that some text is not saved, so it keeps it and says so.
    status = 422 if sent.refused else 200
    return render(request, "documents/writing/saved.html", context, status=status)


# --- Conflicts ---------------------------------------------------------------------------------------


def _conflict(request: ActorRequest, whole: Whole, one: Part) -> dict[str, Any] | None:
    """The reader's own open conflict on this page, with both texts."""
    person = answering.person_of(request)
    kept = whole.draft.conflicts.get(person)
    if kept is None:
        return None
    differences = page.differences(whole.layout(one), kept.data, whole.flat)
    address = reverse("tenders:bid_conflict", args=[whole.bid.pk])
    return answering.conflict_of(whole.draft, person, differences, f"{address}?part={one.key}")


@require_POST
def settle(request: ActorRequest, pk: int) -> HttpResponse:
    """Choose between two people's texts."""
    bid = own(request, pk)
    mine = answering.chosen(request.POST)
    one = part_of(request.GET.get("part", "")) or part_of("experience")
    assert one is not None
    draft.settle(bid, mine, actor=request.actor)
    messages.success(request, _("Saved."))
    return redirect("tenders:bid_part", pk, one.key)
