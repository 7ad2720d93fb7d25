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
from ortaq.documents.writing.page import element_id
from ortaq.documents.writing.places import links
from ortaq.faces.parts import Conflict
from ortaq.people.actor import ActorRequest
from ortaq.prizes.content import checks, prefilled
from ortaq.prizes.content.parts import PROJECTS, Part
from ortaq.prizes.content.parts import part as part_of
from ortaq.prizes.content.whole import Whole
from ortaq.prizes.models import ApplicationConflict
from ortaq.prizes.procedure import application_draft as draft
from ortaq.prizes.queries import application as queries

from . import application_places as places
from .application import GET_POST, own, own_draft


@require_http_methods(GET_POST)
def part(request: ActorRequest, pk: int, key: str) -> HttpResponse:
    """The form. A post by htmx saves what was typed and answers with what changed; a plain post saves all, does what its button
    says and comes back.
    """
    one = part_of(key)
    if one is None:
        raise Http404
    if request.method != "POST":
        whole = own_draft(request, pk)
        return render(request, "prizes/application_part.html", _context(request, whole, one))
    application = own(request, pk)
    whole = queries.whole_of(application)
    layout = whole.layout(one)
    sent = reading.read(request.POST, layout, application.content)
    step = reading.step_of(request.POST, layout)
    merged = draft.save(application, sent.edits, actor=request.actor, step=step)
    whole = queries.whole_of(application)
    if request.headers.get("HX-Request") == "true":
        return _saved(request, whole, one, sent, merged)
    if sent.refused:
        context = _context(request, whole, one, sent)
        return render(request, "prizes/application_part.html", context, status=422)
    anchor = page.anchor_of(request.POST, step)
    address = reverse("prizes:part", args=[pk, key])
    return answering.saved(request, merged, anchor, address)


def _context(
    request: ActorRequest, whole: Whole, one: Part, sent: reading.Reading | None = None
) -> dict[str, Any]:
    """What the page of a part shows."""
    findings = checks.everything(whole)
    content = whole.application.content
    context = {
        **places.frame(whole, findings, request.actor, here=one.key),
        "findings": answering.findings_of(findings, one.key),
        "asked": None,
        "part": one,
        "sections": page.sections(
            whole.layout(one), content, person=answering.person_of(request), reading=sent
        ),
        "refused": answering.refusals_of(sent),
        "conflict": _conflict(request, whole, one),
    }
    if one.key == "description":
        taken = {row["id"] for row in whole.projects}
        offered = prefilled.projects(whole.application)
        context["offered"] = [row for row in offered if row.row not in taken]
        context["years"] = whole.edition.parameter("prize.experience_years")
    return context


def _saved(
    request: ActorRequest, whole: Whole, one: Part, sent: reading.Reading, merged: Merged
) -> HttpResponse:
    """The answer to a save while typing: versions, what is missing, what collided."""
    findings = answering.findings_of(checks.everything(whole), one.key)
    application = whole.application
    context = {
        "row": places.frame(whole, findings, request.actor)["row"],
        "findings": findings,
        "links": links(places.address_of, application.pk, findings),
        "units": answering.units_of(merged, application.version),
        "refused": answering.refusals_of(sent),
        "conflict": _conflict(request, whole, one),
        "others": merged.others,
    }
    # 422 tells the page that some text is not saved, so it keeps it and says so.
    status = 422 if sent.refused else 200
    return render(request, "documents/writing/saved.html", context, status=status)


@require_POST
def take_over(request: ActorRequest, pk: int, project: int) -> HttpResponse:
    """Put a project that Ortaq holds into the table of annex 3 (PR-025)."""
    draft.take_over(own(request, pk), project, actor=request.actor)
    messages.success(request, _("The project is in the table. Look whether its results say all."))
    address = reverse("prizes:part", args=[pk, "description"])
    return redirect(f"{address}#{element_id(f'{PROJECTS}/~o{project}')}")


# --- Conflicts ---------------------------------------------------------------------------------------


def _conflict(request: ActorRequest, whole: Whole, one: Part) -> dict[str, Any] | None:
    """The reader's own open conflict on this page, with both texts."""
    application = whole.application
    found = application.conflicts.filter(
        person=answering.person_of(request), settled_at=None
    ).first()
    if found is None:
        return None
    differences = page.differences(whole.layout(one), found.data, whole.flat)
    if not differences:
        return None
    later = application.changes.filter(version__gt=found.base_version)
    other = (
        later.exclude(person=answering.person_of(request))
        .select_related("person")
        .order_by("version")
        .last()
    )
    shown = Conflict(
        other.person.full_name if other else _("Another person"),
        other.made_at if other else found.made_at,
        differences,
    )
    address = f"{reverse('prizes:conflict', args=[application.pk])}?part={one.key}"
    return {"address": address, "shown": shown}


@require_POST
def settle(request: ActorRequest, pk: int) -> HttpResponse:
    """Choose between two people's texts."""
    application = own(request, pk)
    mine = answering.chosen(request.POST)
    one = part_of(request.GET.get("part", "")) or part_of("questionnaire")
    assert one is not None
    found = ApplicationConflict.objects.filter(
        application=application, person=answering.person_of(request), settled_at=None
    ).first()
    if found is not None:
        draft.settle(found, mine, actor=request.actor)
    messages.success(request, _("Saved."))
    return redirect("prizes:part", pk, one.key)
