"""A page of a draft: shown, saved while somebody types, merged with what others wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ortaq.documents.writing import page, paths, reading
from ortaq.documents.writing.merge import Merged
from ortaq.documents.writing.page import element_id
from ortaq.faces.parts import Conflict
from ortaq.law.tender import RUBRIC
from ortaq.people.actor import ActorRequest
from ortaq.people.models import User
from ortaq.tenders.content import checks
from ortaq.tenders.content.draft import Draft
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
    if merged.conflicts:
        messages.warning(
            request, _("Somebody else changed the same place meanwhile: choose what stays.")
        )
    elif merged.kept:
        messages.warning(
            request, _("Somebody else changed this row meanwhile, so it stays. Look at it first.")
        )
    elif not anchor:
        messages.success(request, _("Saved."))
    address = reverse("tenders:bid_part", args=[pk, key])
    return redirect(f"{address}#{anchor}" if anchor and not merged.conflicts else address)


def _context(
    request: ActorRequest, whole: Whole, one: Part, sent: reading.Reading | None = None
) -> dict[str, Any]:
    """What the page of a part shows."""
    findings = checks.everything(whole)
    layout = whole.layout(one)
    return {
        **places.frame(whole, findings, request.actor, here=one.key),
        "findings": _of(findings, one),
        "asked": None,
        "part": one,
        "scored": [
            criterion
            for criterion in whole.edition.rubric(RUBRIC).criteria
            if criterion.key in one.criteria
        ],
        "dumping": whole.edition.parameter("dumping.threshold"),
        "sections": page.sections(layout, whole.draft.data, person=_person(request), reading=sent),
        "refused": _refusals(sent),
        "conflict": _conflict(request, whole, one),
    }


def _of(findings: list[Any], one: Part) -> list[Any]:
    return [finding for finding in findings if finding.about.startswith(f"{one.key}/")]


def _refusals(sent: reading.Reading | None) -> list[tuple[str, Any]]:
    return [(element_id(path), finding) for path, finding in (sent.refused if sent else {}).items()]


def _person(request: ActorRequest) -> int:
    return int(request.actor.user.pk) if request.actor.user else 0


def _saved(
    request: ActorRequest, whole: Whole, one: Part, sent: reading.Reading, merged: Merged
) -> HttpResponse:
    """The answer to a save while typing: versions, what is missing, what collided."""
    changed = {paths.unit_of(path) for path in merged.before}
    findings = _of(checks.everything(whole), one)
    context = {
        "row": whole.draft,
        "findings": findings,
        "links": places.links(whole.bid.pk, findings),
        "units": [
            (unit, f"{element_id(unit)}-v", whole.draft.version)
            for unit in merged.current
            if unit in changed
        ],
        "refused": _refusals(sent),
        "conflict": _conflict(request, whole, one),
        "others": bool(sent.edits) and _others_wrote(request, whole.draft, sent),
    }
    # 422 tells the page that some text is not saved, so it keeps it and says so.
    status = 422 if sent.refused else 200
    return render(request, "documents/writing/saved.html", context, status=status)


def _others_wrote(request: ActorRequest, after: Draft, sent: reading.Reading) -> bool:
    """Whether somebody else has changed this draft since the page showed it."""
    shown = max(edit.version for edit in sent.edits)
    return any(change.person_id != _person(request) for change in after.since(shown))


# --- Conflicts ---------------------------------------------------------------------------------------


def _conflict(request: ActorRequest, whole: Whole, one: Part) -> dict[str, Any] | None:
    """The reader's own open conflict on this page, with both texts."""
    found = whole.draft.conflicts.get(_person(request))
    if found is None:
        return None
    differences = page.differences(whole.layout(one), found.data, whole.flat)
    if not differences:
        return None
    others = [c for c in whole.draft.since(found.base_version) if c.person_id != _person(request)]
    who = User.objects.filter(pk=others[-1].person_id).first() if others else None
    shown = Conflict(
        who.full_name if who else _("Another person"),
        datetime.fromisoformat(others[-1].at if others else found.at),
        differences,
    )
    address = f"{reverse('tenders:bid_conflict', args=[whole.bid.pk])}?part={one.key}"
    return {"address": address, "shown": shown}


@require_POST
def settle(request: ActorRequest, pk: int) -> HttpResponse:
    """Choose between two people's texts."""
    bid = own(request, pk)
    prefix = "keep-"
    mine = [
        name.removeprefix(prefix)
        for name, value in request.POST.items()
        if name.startswith(prefix) and value == "mine"
    ]
    one = part_of(request.GET.get("part", "")) or part_of("experience")
    assert one is not None
    draft.settle(bid, mine, actor=request.actor)
    messages.success(request, _("Saved."))
    return redirect("tenders:bid_part", pk, one.key)
