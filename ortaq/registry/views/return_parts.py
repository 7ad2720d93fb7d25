"""The pages of a return that is being written: shown, saved while somebody types, merged with what others wrote, sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ortaq.documents.writing import answering, page, reading
from ortaq.documents.writing.merge import Merged
from ortaq.documents.writing.page import element_id
from ortaq.documents.writing.places import links
from ortaq.people.actor import ActorRequest
from ortaq.registry.content import checks
from ortaq.registry.content import word as word_form
from ortaq.registry.content.parts import PAPERS, PARTS, Part, after, layout, paper_rows, part_of
from ortaq.registry.content.parts import part as part_named
from ortaq.registry.content.whole import Whole, load
from ortaq.registry.forms.annual_return import PaperForm, WordForm
from ortaq.registry.models import AnnualReturn
from ortaq.registry.policy import annual_return as policy
from ortaq.registry.procedure import ANNUAL_RETURN
from ortaq.registry.procedure import return_draft as draft
from ortaq.registry.procedure.return_checks import latest

from . import return_places as places
from .annual_return import readable

GET_POST = ["GET", "HEAD", "POST"]
NEXT = "next"


def written(request: ActorRequest, pk: int) -> AnnualReturn:
    """The return if this person writes it now, for the NGO or as the officer who has its paper: nobody else sees what is not sent."""
    row = readable(request, pk)
    if not policy.may_write(request.actor, row):
        raise Http404
    return row


@require_http_methods(GET_POST)
def part(request: ActorRequest, pk: int, key: str) -> HttpResponse:
    """A page of the form. A post by htmx saves what was typed and answers with what changed; a plain post saves all, does what
    its button says and comes back, or goes on to the next page.
    """
    one = part_named(key)
    if one is None:
        raise Http404
    if request.method != "POST":
        row = written(request, pk)
        if not hasattr(row, "draft"):
            return redirect("registry:annual_return", pk)  # it is begun there
        return render(request, "registry/return_part.html", _context(request, load(row), one))
    row = readable(request, pk)
    asked = layout(one)
    sent = reading.read(request.POST, asked, load(row).draft.data)
    step = reading.step_of(request.POST, asked)
    merged, _draft = draft.save(row, sent.edits, actor=request.actor, step=step)
    whole = load(row)
    if request.headers.get("HX-Request") == "true":
        return _saved(request, whole, one, sent, merged)
    if sent.refused:
        context = _context(request, whole, one, sent)
        return render(request, "registry/return_part.html", context, status=422)
    anchor = page.anchor_of(request.POST, step)
    address = reverse("registry:return_part", args=[pk, key])
    if request.POST.get("do") == NEXT and not (merged.conflicts or merged.kept):
        following = after(one)
        if following is None:
            return redirect("registry:return_finish", pk)
        return redirect("registry:return_part", pk, following.key)
    return answering.saved(request, merged, anchor, address)


def _context(
    request: ActorRequest, whole: Whole, one: Part, sent: reading.Reading | None = None
) -> dict[str, Any]:
    """What a page of the form shows."""
    findings = checks.everything(whole)
    shown = page.sections(
        layout(one), whole.draft.data, person=answering.person_of(request), reading=sent
    )
    said = latest(whole.annual_return)
    return {
        **places.frame(whole, findings, request.actor, here=one.key),
        "findings": answering.findings_of(findings, one.key),
        "asked": None,
        "part": one,
        "is_last": after(one) is None,
        "number": PARTS.index(one) + 1,
        "of": len(PARTS) + 1,
        "sections": shown,
        "refused": answering.refusals_of(sent),
        "conflict": _conflict(request, whole, one),
        "remarks": _remarks(said, one) if said and said.returned_at else [],
        "papers": _papers(whole) if PAPERS in one.sections else [],
        "paper_form": PaperForm(),
    }


def _remarks(said: Any, one: Part) -> list[tuple[str, str, str]]:
    """(address of the place, its label, the remark) of what was returned, on this page."""
    labels: dict[str, Any] = {}
    for group in layout(one).groups:
        labels |= {slot.path: slot.label for slot in group.slots}
        if group.rows:
            labels[group.rows.path] = group.section.title
    found = []
    for path, text in said.remarks.items():
        label = labels.get(path) or labels.get(path.partition("/~")[0])
        if label is not None:
            found.append((f"#{element_id(path)}", label, text))
    return found


def _papers(whole: Whole) -> list[dict[str, Any]]:
    """The checklist with what is attached to each of its rows."""
    return [
        {"row": row, "files": [one for one in whole.papers if one.paper == row.key]}
        for row in paper_rows()
    ]


def _saved(
    request: ActorRequest, whole: Whole, one: Part, sent: reading.Reading, merged: Merged
) -> HttpResponse:
    """The answer to a save while typing: versions, what is missing, what collided."""
    findings = answering.findings_of(checks.everything(whole), one.key)
    context = {
        "row": whole.draft,
        "findings": findings,
        "links": links(places.address_of, whole.annual_return.pk, findings),
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
    differences = page.differences(layout(one), kept.data, whole.flat)
    address = reverse("registry:return_conflict", args=[whole.annual_return.pk])
    return answering.conflict_of(whole.draft, person, differences, f"{address}?part={one.key}")


@require_POST
def settle(request: ActorRequest, pk: int) -> HttpResponse:
    """Choose between two people's texts."""
    row = readable(request, pk)
    mine = answering.chosen(request.POST)
    one = part_named(request.GET.get("part", "")) or PARTS[0]
    draft.settle(row, mine, actor=request.actor)
    messages.success(request, _("Saved."))
    return redirect("registry:return_part", pk, one.key)


@require_POST
def take_over(request: ActorRequest, pk: int) -> HttpResponse:
    """Put the contracts that Ortaq holds into the table of projects."""
    number = draft.take_over(readable(request, pk), actor=request.actor)
    messages.success(
        request,
        ngettext(
            "%(number)s contract is in your table now: read it.",
            "%(number)s contracts are in your table now: read them.",
            number,
        )
        % {"number": number},
    )
    return redirect("registry:return_part", pk, "projects")


# --- Papers, the form in Word --------------------------------------------------------------------------


def _papers_page(pk: int, paper: str) -> HttpResponse:
    address = reverse("registry:return_part", args=[pk, "papers"])
    return redirect(f"{address}#paper-{paper}" if paper else address)


@require_POST
def attach(request: ActorRequest, pk: int) -> HttpResponse:
    """Add a paper of the checklist."""
    row = readable(request, pk)
    form = PaperForm(request.POST, request.FILES)
    paper = request.POST.get("paper", "")
    if form.is_valid():
        try:
            draft.attach(row, form.cleaned_data["file"], actor=request.actor, paper=paper)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("The file is attached."))
    for said in form.errors.get("file", []):
        messages.error(request, str(said))
    return _papers_page(pk, paper if paper in {one.key for one in paper_rows()} else "")


@require_POST
def detach(request: ActorRequest, pk: int, paper: int) -> HttpResponse:
    """Take a paper out."""
    draft.detach(readable(request, pk), paper, actor=request.actor)
    messages.success(request, _("The file is taken out."))
    return _papers_page(pk, "")


@require_http_methods(GET_POST)
def word(request: ActorRequest, pk: int) -> HttpResponse:
    """Fill the return from the form in Word: what could be read is in the draft, what could not is named row by row."""
    row = written(request, pk)
    form = WordForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    filled = None
    if request.method == "POST" and form.is_valid():
        try:
            filled = word_form.read(form.cleaned_data["file"])
        except ValidationError as error:
            form.add_error("file", error)
        else:
            draft.fill(row, filled.data, actor=request.actor)
    whole = load(row)
    findings = checks.everything(whole)
    context = {**places.frame(whole, findings, request.actor, here="word"), "form": form}
    if filled is not None:
        context |= {
            "filled": filled,
            "unread": [(f, _place_of(pk, f.about)) for f in filled.findings],
        }
    return render(request, "registry/return_word.html", context, status=422 if form.errors else 200)


def _place_of(pk: int, path: str) -> str:
    """The place of the form that a finding on a file is about: `section/…`."""
    return places.address_of(pk, f"{part_of(path.partition('/')[0]).key}/{path}")


# --- The finish ----------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
def finish(request: ActorRequest, pk: int) -> HttpResponse:
    """What still stands in the way, the declaration and the button that sends (NG-016 step 8)."""
    row = readable(request, pk)
    actor = request.actor
    if request.method == "POST":
        step = "enter" if policy.enters(actor, row) else "send"
        declared = request.POST.get("declared") == "on"
        ANNUAL_RETURN.take(step, row, actor=actor, declared=declared)
        if step == "send":
            messages.success(
                request, _("You have successfully filled in the return on the work of your NGO.")
            )
            return redirect("registry:annual_return", pk)
        messages.success(request, _("The data are entered: check them and decide."))
        version = latest(row)
        return redirect("registry:return_version", pk, version.number if version else 1)
    if not policy.may_write(actor, row):
        return redirect("registry:annual_return", pk)
    if not hasattr(row, "draft"):
        return redirect("registry:annual_return", pk)
    whole = load(row)
    offers = {
        offer.step.name: offer
        for offer in ANNUAL_RETURN.offers(row, actor, declared=True, whole=whole, reason="-")
    }
    offer = offers.get("enter") or offers.get("send")
    findings = checks.everything(whole)
    if offer and offer.step.name == "send":
        findings = offer.findings
    context = {**places.frame(whole, findings, actor, here="finish"), "offer": offer}
    return render(request, "registry/return_finish.html", context)
