"""Pages of one bid: begin it, see what is missing, hand it in, see its receipt, read it opened."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import canonical, clock, journal
from ortaq.core.files import CHUNK, MAX_BYTES
from ortaq.core.procedure import Offer
from ortaq.documents.downloads import paper_download
from ortaq.documents.paper import Paper
from ortaq.documents.render import html
from ortaq.documents.writing.places import nearest_gap
from ortaq.faces.parts import Entry
from ortaq.law.findings import stops
from ortaq.people.actor import ActorRequest
from ortaq.people.models import Organisation
from ortaq.tenders import sealing, shares
from ortaq.tenders.content import checks, manifest
from ortaq.tenders.content.draft import FileOfDraft
from ortaq.tenders.content.parts import edition_of
from ortaq.tenders.content.whole import Whole
from ortaq.tenders.forms.bid import SLOTS, FileForm, StartForm
from ortaq.tenders.models import Bid, BidFile, Tender
from ortaq.tenders.papers import bid as papers
from ortaq.tenders.policy import bid as policy
from ortaq.tenders.procedure import bid as procedure
from ortaq.tenders.procedure import bid_draft as draft
from ortaq.tenders.procedure import bid_vault as vault
from ortaq.tenders.procedure.bid import BID
from ortaq.tenders.procedure.bid_submission import bidder
from ortaq.tenders.procedure.opening import opened_if_due
from ortaq.tenders.procedure.tender import OPEN
from ortaq.tenders.queries import bid as queries

from . import bid_places as places

GET_POST = ["GET", "HEAD", "POST"]


def found(request: ActorRequest, pk: int) -> Bid:
    """The bid if this person may know of it; the same 404 for hidden and absent ones. Who asks for a
    sealed bid of others stands in the journal.
    """
    bid = queries.page_of(request.actor).filter(pk=pk).first()
    if bid is None:
        hidden = Bid.objects.filter(pk=pk, state=Bid.State.SUBMITTED).first()
        if hidden is not None:
            vault.note_refusal(hidden, request.actor, "not_visible")
        raise Http404
    if opened_if_due(bid.lot.tender).state != "announced" and bid.state == Bid.State.SUBMITTED:
        bid = get_object_or_404(queries.page_of(request.actor), pk=pk)
    return bid


def own(request: ActorRequest, pk: int) -> Bid:
    """The bid if it is the NGO's own."""
    bid = found(request, pk)
    if not policy.is_bidder(request.actor, bid):
        raise Http404
    return bid


def own_draft(request: ActorRequest, pk: int) -> Whole:
    """The NGO's own draft with its content; a bid that is none any more has no pages to write on."""
    bid = own(request, pk)
    if not policy.is_draft(request.actor, bid):
        raise Http404
    return vault.look(bid, request.actor)


# --- Before and beside ---------------------------------------------------------------------------


@require_safe
def mine(request: ActorRequest) -> HttpResponse:
    """The bids of the NGO acted for."""
    ngo = request.actor.acting_for
    is_ngo = ngo is not None and ngo.kind == Organisation.Kind.NGO
    bids = queries.of_ngo(request.actor) if is_ngo else []
    return render(request, "tenders/bid_list.html", {"bids": bids, "is_ngo": is_ngo})


@require_http_methods(GET_POST)
def new(request: ActorRequest, lot: int) -> HttpResponse:
    """Begin a bid for a lot, or see why one's organisation may not."""
    wanted = get_object_or_404(queries.lots_open_to_bids(), pk=lot)
    opened_if_due(wanted.tender)
    actor, acting = request.actor, request.actor.acting_for
    may_begin = policy.may_begin(actor, wanted)
    if request.method == "POST" and not may_begin:
        raise PermissionDenied
    context: dict[str, Any] = {"lot": wanted, "may_begin": may_begin, "form": None}
    if may_begin and acting is not None:
        mine = Bid.objects.filter(organisation=acting)
        # What was put away and not taken back has nothing to copy.
        earlier = mine.exclude(draft=b"").select_related("lot__topic").order_by("-id")
        form = StartForm(
            request.POST or None, earlier=earlier, initial={"language": actor.language}
        )
        if request.method == "POST" and form.is_valid():
            bid = draft.begin(
                wanted,
                acting,
                actor=actor,
                language=form.cleaned_data["language"],
                source=form.cleaned_data.get("source"),
            )
            return redirect("tenders:bid", bid.pk)
        findings = list(bidder(acting, edition_of(wanted), clock.now()))
        there = mine.filter(lot=wanted).exclude(state=Bid.State.WITHDRAWN).first()
        context |= {"findings": findings, "barred": bool(stops(findings)), "there": there}
        context["form"] = form
    return render(request, "tenders/bid_new.html", context)


# --- One bid -------------------------------------------------------------------------------------


@require_safe
def overview(request: ActorRequest, pk: int) -> HttpResponse:
    """A draft: what there is and what is missing. Later: its receipts and what became of it."""
    bid, actor = found(request, pk), request.actor
    is_bidder = policy.is_bidder(actor, bid)
    if is_bidder and policy.is_draft(actor, bid):
        whole = vault.look(bid, actor)
        findings = [
            *bidder(bid.organisation, whole.edition, clock.now()),
            *checks.everything(whole),
        ]
        context = {
            **places.frame(whole, findings, actor),
            "nearest": nearest_gap(places.address_of, pk, findings),
            "discard": Offer(procedure.DISCARD, []) if policy.may_discard(actor, bid) else None,
        }
        return render(request, "tenders/bid_draft.html", context)
    receipts = bid.receipts.all()
    offers = BID.offers(bid, actor) if is_bidder else []
    return render(
        request,
        "tenders/bid.html",
        {
            "bid": bid,
            "is_bidder": is_bidder,
            "readable": policy.may_read(actor, bid),
            "receipt": receipts.last(),
            "withdraw": next((one for one in offers if one.step is procedure.WITHDRAW), None),
            "may_begin": is_bidder and policy.may_begin(actor, bid.lot),
            "entries": _history(bid) if is_bidder else [],
        },
    )


def _history(bid: Bid) -> list[Entry]:
    """The journal of a bid, with every look at it; who acted is told by role elsewhere."""
    titles = {
        **{name: step.title for name, step in BID.steps.items()},
        "begin": _("Begin the bid"),
        "open": OPEN.title,
        "opening_failed": _("It could not be opened"),
        "looked_at": _("Somebody of your organisation looked at the sealed bid"),
        "look_refused": _("Somebody else asked for the sealed bid and was refused"),
        "attached": _("A file was added"),
        "signed": _("Signed electronically"),
        "removed": _("A file was taken out"),
        "refused": _("An attempt was refused"),
    }
    return [
        Entry(entry.at, titles[entry.step], hash=entry.hash)
        for entry in journal.history(bid)
        if entry.step in titles
    ]


@require_http_methods(GET_POST)
def submit(request: ActorRequest, pk: int) -> HttpResponse:
    """What stands in the way, the declaration, and the button."""
    bid = own(request, pk)
    if request.method == "POST":
        procedure.submit(
            bid,
            actor=request.actor,
            declared=request.POST.get("declared") == "on",
            code=request.POST.get("code", ""),
        )
        messages.success(request, _("Your bid has arrived, sealed. Keep the receipt."))
        return redirect("tenders:bid_receipt", pk)
    if not policy.is_draft(request.actor, bid):
        return redirect("tenders:bid", pk)
    whole = vault.look(bid, request.actor)
    offers = BID.offers(bid, request.actor, declared=True, whole=whole)
    offer = next((one for one in offers if one.step is procedure.SUBMIT), None)
    findings = offer.findings if offer else checks.everything(whole)
    return render(
        request,
        "tenders/bid_submit.html",
        {
            **places.frame(whole, findings, request.actor, here="submit"),
            "offer": offer,
            "code": shares.new_code() if bid.lot.tender.opening == Tender.Opening.TWO else "",
        },
    )


@require_safe
def receipt(request: ActorRequest, pk: int) -> HttpResponse:
    """The latest receipt, to be printed and kept."""
    bid = own(request, pk)
    made = bid.receipts.last()
    if made is None:
        raise Http404
    return render(request, "tenders/bid_receipt.html", {"bid": bid, "receipt": made})


@require_POST
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    code = request.POST.get("code", "").strip()
    procedure.withdraw(own(request, pk), actor=request.actor, code=code)
    messages.success(
        request, _("The bid is withdrawn. Until the deadline you can hand in another one.")
    )
    return redirect("tenders:bid", pk)


@require_POST
def discard(request: ActorRequest, pk: int) -> HttpResponse:
    """Throw a draft away with all that was written and attached."""
    BID.take(procedure.DISCARD, own(request, pk), actor=request.actor)
    messages.success(request, _("The draft is discarded."))
    return redirect("tenders:bids")


# --- Reading it ------------------------------------------------------------------------------------


def readable(request: ActorRequest, pk: int) -> tuple[Bid, dict[str, Any]]:
    """A bid with its content: as opened, or before that as its own NGO wrote it."""
    bid = found(request, pk)
    if not policy.may_read(request.actor, bid):
        raise Http404
    if bid.content is not None:
        return bid, bid.content
    return bid, manifest.manifest(vault.look(bid, request.actor))


@require_safe
def content(request: ActorRequest, pk: int) -> HttpResponse:
    """The whole bid to be read."""
    bid, said = readable(request, pk)
    asked = request.GET.get("language", "")
    language = asked if asked in ("kk", "ru") else bid.language
    files = [(one, reverse("tenders:bid_file", args=[pk, one["token"]])) for one in said["files"]]
    return render(
        request,
        "tenders/bid_content.html",
        {"bid": bid, "paper": html(_paper(bid, said, language)), "files": files},
    )


@require_safe
def canonical_content(request: ActorRequest, pk: int) -> HttpResponse:
    """The content as opened, byte for byte: its SHA-256 is the commitment of the receipt."""
    bid = found(request, pk)
    if bid.content is None:
        raise Http404
    response = HttpResponse(canonical.canonical(bid.content), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{bid.number}.json"'
    return response


@require_safe
def paper(request: ActorRequest, pk: int, language: str, kind: str) -> FileResponse:
    """The bid as pdf or docx, in Kazakh or Russian."""
    if language not in ("kk", "ru"):
        raise Http404
    bid, said = readable(request, pk)
    return paper_download(_paper(bid, said, language), kind, f"{bid}-{language}".strip("#"))


def _paper(bid: Bid, said: dict[str, Any], language: str) -> Paper:
    return papers.specification(bid, said, queries.services_of(bid.lot), language)


# --- Files -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A place for files on the page: what belongs there, what is there."""

    slot: str
    title: Any
    files: list[FileOfDraft]


class InMemory(MemoryFileUploadHandler):
    """Takes what is sent in memory: a file of a bid never lies readable on a disk, not for a moment.

    What is larger than any file may be goes to the next handler, to be refused by its size.
    """

    # A body that is read in pieces of 64 KB is copied many times over on its way from the socket.
    chunk_size = CHUNK

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - named by Django
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        self.activated = content_length <= MAX_BYTES + CHUNK

    def file_complete(self, file_size: int) -> Any:
        if self.activated:
            self.file.getvalue()  # type: ignore[attr-defined]  # trims its buffer, which is then read without a copy
        return super().file_complete(file_size)


class OnDisk(TemporaryFileUploadHandler):
    """The next handler, which reads in the same pieces."""

    chunk_size = CHUNK


@csrf_exempt  # checked by `_files`, once it is settled where the upload goes
@require_http_methods(GET_POST)
def files(request: ActorRequest, pk: int) -> HttpResponse:
    """What can be attached, what is there, one form to add a file to each place."""
    request.upload_handlers = [InMemory(request), OnDisk(request)]
    return _files(request, pk)


@csrf_protect
def _files(request: ActorRequest, pk: int) -> HttpResponse:
    bid = own_draft(request, pk).bid
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        slot = form.cleaned_data["slot"]
        try:
            draft.attach(bid, form.cleaned_data["file"], actor=request.actor, slot=slot)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("The file is added."))
            return redirect(f"{request.path}#{slot}")
    bid.refresh_from_db(fields=["draft", "version"])
    whole = vault.look(bid, request.actor)
    failed = form.is_bound and not form.is_valid()
    context = {
        **places.frame(whole, checks.everything(whole), request.actor, here="files"),
        "places": [Place(slot, title, whole.draft.of_slots([slot])) for slot, title in SLOTS],
        "form": form,
        "failed": failed,
    }
    return render(request, "tenders/bid_files.html", context, status=422 if failed else 200)


@require_safe
def file(request: ActorRequest, pk: int, token: str) -> FileResponse:
    """A file's content, decrypted for whoever may read the bid."""
    bid, said = readable(request, pk)
    row = get_object_or_404(BidFile, bid=bid, token=token)
    one = next((one for one in said["files"] if one["token"] == token), None)
    key = bytes(row.key)
    if not key and (written := vault.draft_of(bid).file(token)):
        key = bytes.fromhex(written.key)
    try:
        readable_content = vault.content_of(row, key)
    except sealing.Sealed:
        one = None
    if one is None:
        raise Http404
    answer = FileResponse(
        io.BytesIO(readable_content),
        as_attachment=True,
        filename=one["name"],
        content_type=one["kind"],
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def remove(request: ActorRequest, pk: int, token: str) -> HttpResponse:
    bid = own(request, pk)
    gone = draft.detach(bid, token, actor=request.actor)
    if gone is None:
        raise Http404
    messages.success(request, _("The file is taken out."))
    return redirect(f"{reverse('tenders:bid_files', args=[pk])}#{gone.slot}")
