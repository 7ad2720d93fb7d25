"""Drafts of applications and bids: read with what they lack, filled in part by part. A person hands them in, on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from ninja import Router

from ortaq.api import procedure as of_tokens
from ortaq.api.bearer import Bearer, OwnRequest, may
from ortaq.api.models import Token
from ortaq.api.problems import Problem, error, said
from ortaq.api.schemas import DraftOut, Id, PartIn, PartOut
from ortaq.core.keys import key_of
from ortaq.core.procedure import Refused, moved_on, not_yours
from ortaq.documents.writing import answering, paths, reading, values
from ortaq.documents.writing.merge import Edit, Merged
from ortaq.documents.writing.slots import Layout, Slot
from ortaq.faces import say
from ortaq.grants.content import checks as of_applications
from ortaq.grants.models import Application
from ortaq.grants.policy import application as applications
from ortaq.grants.procedure import application_draft
from ortaq.grants.procedure.application import SUBMIT as HAND_IN
from ortaq.grants.queries.application import own_of, whole_of
from ortaq.law.findings import Finding
from ortaq.tenders.content import checks as of_bids
from ortaq.tenders.content.parts import part as part_of_bid
from ortaq.tenders.content.whole import Whole
from ortaq.tenders.models import Bid
from ortaq.tenders.policy import bid as bids
from ortaq.tenders.procedure import bid_draft
from ortaq.tenders.procedure import bid_vault as vault
from ortaq.tenders.queries.bid import page_of

from .shared import OWN, WRITES, answers

router = Router(auth=Bearer(), tags=["drafts"])
APPLICATION, BID = "applications/{int:pk}/", "bids/{int:pk}/"


# --- Applications ----------------------------------------------------------------------------------


@router.get(APPLICATION, response=answers(DraftOut, also=OWN), summary=_("One application"))
def application(request: OwnRequest, pk: Id) -> Any:
    """All its parts, and what stands in the way of handing it in."""
    one = _application(request, pk)
    whole = whole_of(one)
    found = of_applications.everything(whole)
    return {
        "id": one.pk,
        "state": one.state,
        "address": reverse("grants:application", args=[one.pk]),
        "parts": [
            _part(one.part.place, one.row.version, one.layout, one.row.data, found)
            for one in whole.written
        ],
        "findings": [said(finding) for finding in found],
    }


@router.post(
    f"{APPLICATION}{{slug:key}}/{{int:year}}/",
    response=answers(PartOut, also=WRITES),
    summary=_("Fill in a part of an application"),
)
def fill_application(request: OwnRequest, pk: Id, key: str, year: int, given: PartIn) -> Any:
    """What is named is written, all else stays. Where somebody else changed the same place since, nothing is (409)."""
    may(request.auth, Token.Scope.DRAFTS)
    one = _application(request, pk)
    if not applications.is_writer(request.auth.actor, one):
        raise Refused(HAND_IN, [not_yours(HAND_IN)])
    whole = whole_of(one)
    written = whole.one(key, year)
    if written is None:
        raise Http404
    if one.state != Application.State.DRAFT:
        raise Refused(HAND_IN, [moved_on(HAND_IN, one, "state")])
    edits = _edits(given, written.layout, written.row.data)
    with transaction.atomic():
        merged = application_draft.save(written.row, edits, actor=request.auth.actor)
        _together(merged)
        of_tokens.note(request.auth.token, key_of(one), "write", actor=request.auth.actor)
    found = of_applications.everything(whole)
    return _part(written.part.place, written.row.version, written.layout, written.row.data, found)


def _application(request: OwnRequest, pk: int) -> Application:
    one = own_of(request.auth.actor).filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


# --- Bids ------------------------------------------------------------------------------------------


@router.get(BID, response=answers(DraftOut, also=OWN), summary=_("One bid, while it is a draft"))
def bid(request: OwnRequest, pk: Id) -> Any:
    """Its parts, and what stands in the way of handing it in. What was handed in is sealed, also for its own NGO's programs."""
    one = _bid(request, pk)
    if one.state != Bid.State.DRAFT:
        return _draft_of_bid(one, None)
    return _draft_of_bid(one, vault.look(one, request.auth.actor))


@router.post(
    f"{BID}{{slug:key}}/",
    response=answers(PartOut, also=WRITES),
    summary=_("Fill in a part of a bid"),
)
def fill_bid(request: OwnRequest, pk: Id, key: str, given: PartIn) -> Any:
    """As a part of an application; what is written lies encrypted."""
    may(request.auth, Token.Scope.DRAFTS)
    one, part = _bid(request, pk), part_of_bid(key)
    if part is None:
        raise Http404
    if not bids.is_writer(request.auth.actor, one):
        raise Refused(bid_draft.EDIT, [not_yours(bid_draft.EDIT)])
    if one.state != Bid.State.DRAFT:
        raise Refused(bid_draft.EDIT, [moved_on(bid_draft.EDIT, one, "state")])
    whole = vault.whole_of(one)
    layout = whole.layout(part)
    edits = _edits(given, layout, whole.draft.data)
    with transaction.atomic():
        merged, after = bid_draft.save(one, edits, actor=request.auth.actor)
        _together(merged)
        of_tokens.note(request.auth.token, key_of(one), "write", actor=request.auth.actor)
    found = of_bids.everything(Whole(one, whole.edition, after, whole.services))
    return _part(part.key, after.version, layout, after.data, found)


def _bid(request: OwnRequest, pk: int) -> Bid:
    one = page_of(request.auth.actor).filter(pk=pk).first()
    if one is None or not bids.is_bidder(request.auth.actor, one):
        raise Http404
    return one


def _draft_of_bid(one: Bid, whole: Whole | None) -> dict[str, Any]:
    found = of_bids.everything(whole) if whole else []
    parts = whole.layouts if whole else []
    return {
        "id": one.pk,
        "state": one.known.state,
        "address": reverse("tenders:bid", args=[one.pk]),
        "parts": [
            _part(part.key, whole.draft.version, layout, whole.draft.data, found)
            for part, layout in parts
            if whole
        ],
        "findings": [said(finding) for finding in found],
    }


# --- What both share -------------------------------------------------------------------------------


def _edits(given: PartIn, layout: Layout, data: Mapping[str, Any]) -> list[Edit]:
    """What is given as the edits that a page would send. `Problem` for a place that the form does not have, and for what
    is no value of its kind: a page keeps what a person typed, a program mends it.
    """
    flat, posted = paths.flatten(data), QueryDict(mutable=True)
    wrong = []
    for path, value in given.values.items():
        slot = layout.slot(path)
        if slot is None:
            wrong.append(error("no_such_field", gettext_lazy("There is no such field."), path))
            continue
        posted[f"{reading.VERSION}{paths.unit_of(path)}"] = str(given.version)
        _type(posted, path, slot, value)
    for unit in [
        name.removeprefix(reading.VERSION)
        for name in list(posted)
        if name.startswith(reading.VERSION)
    ]:
        for path, slot in layout.slots_of_unit(unit):
            if path not in given.values:  # of a row: what is not named stays
                _type(posted, path, slot, flat.get(path))
    read = reading.read(posted, layout, data)
    wrong += read.refused.values()
    for edit in read.edits:
        for path, value in edit.values.items():
            slot = layout.slot(path)
            if path in given.values and slot and values.trouble(slot.kind, value):
                message = gettext_lazy("This is not of the kind that the documentation asks for.")
                wrong.append(error("wrong_kind", message, path, kind=slot.kind))
    if wrong:
        raise Problem("refused", wrong)
    return read.edits


def _type(posted: QueryDict, path: str, slot: Slot, value: Any) -> None:
    """A value as a page would send it; money is whole tiyn, as everywhere in the API."""
    if slot.kind == "months" and isinstance(value, list):
        posted.setlist(path, [str(number) for number in value])
    elif value not in (None, False):
        posted[path] = values.typed(slot.kind, value)


def _together(merged: Merged) -> None:
    """`Problem` (409) where somebody else wrote in the same places: a program reads them and decides anew."""
    if merged.conflicts:
        message = gettext_lazy("Somebody else changed this meanwhile. Read it, then send again.")
        raise Problem("conflict", [error("changed", message, path) for path in merged.conflicts])


def _part(
    place: str, version: int, layout: Layout, data: Mapping[str, Any], findings: list[Finding]
) -> dict[str, Any]:
    flat = paths.flatten(data)
    known = {path: value for path, value in flat.items() if layout.slot(path)}
    return {
        "part": place,
        "version": version,
        "places": [
            {
                "path": slot.path,
                "table": table,
                "label": say.text(slot.label),
                "kind": slot.kind,
                "limit": slot.limit,
                "required": slot.required,
                "choices": [str(choice) for choice, _words in slot.choices],
            }
            for group in layout.groups
            for table, slots in (
                ("", group.slots),
                (group.rows.path, group.rows.slots) if group.rows else ("", ()),
            )
            for slot in slots
        ],
        "values": known,
        "findings": [said(one) for one in answering.findings_of(findings, place)],
    }
