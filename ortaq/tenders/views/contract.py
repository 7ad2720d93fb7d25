"""The contract of a social order, as both sides see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.core.procedure import Offer, Refused
from ortaq.documents.downloads import stored_download
from ortaq.law.findings import Finding
from ortaq.law.tender import RUBRIC
from ortaq.people.actor import ActorRequest
from ortaq.planning.models import ExpectedIndicator
from ortaq.projects import signing
from ortaq.projects.models import Contract
from ortaq.projects.queries.contract import contracts_visible_to
from ortaq.signing import modes
from ortaq.tenders.choices import edition_of
from ortaq.tenders.content.parts import slug
from ortaq.tenders.forms.commission import (
    NumberForm,
    RemarkForm,
    RequisitesForm,
    SignForm,
    TermsForm,
)
from ortaq.tenders.models import Lot, Order
from ortaq.tenders.policy.order import is_customer, side_of, writes_for_supplier
from ortaq.tenders.procedure import contract as procedure
from ortaq.tenders.procedure import contract_checks as checks
from ortaq.tenders.procedure.contract_draft import draft as draft_of

PERCENT = 100
WITH_REMARK = ("return", "contest", "decline")


@require_POST
def draft(request: ActorRequest, pk: int) -> HttpResponse:
    """Make the contract with the winner of a lot, or go to the one that was made already."""
    lots = Lot.objects.filter(tender__published_at__isnull=False).select_related(
        "tender__customer", "topic", "specification"
    )
    found = draft_of(get_object_or_404(lots, pk=pk), request.actor)
    return redirect("tenders:order", found.pk)


def _found(request: ActorRequest, pk: int) -> Contract:
    """A contract of a social order for its two parties; 404 for all others. A draft is the
    customer's until it is sent (SO-T-103).
    """
    rows = contracts_visible_to(request.actor).filter(
        instrument=Contract.Instrument.SOCIAL_ORDER, order__isnull=False
    )
    rows = rows.select_related(
        "grantor",
        "grantee",
        "scan",
        "project",
        "order__lot__tender",
        "order__lot__specification",
        "order__signed_by",
        "order__confirmed_by",
    ).defer("project__baseline")
    contract = get_object_or_404(rows, pk=pk)
    if contract.state == Contract.State.DRAFT and not is_customer(request.actor, contract):
        raise Http404
    return contract


def _form(step: str, contract: Contract, order: Order, data: Any = None, files: Any = None) -> Any:
    """The step's own form, if it asks for something."""
    if step == "terms":
        percent = contract.advance_tiyn * PERCENT // contract.sum_tiyn
        initial = {
            "advance_percent": percent,
            "starts_on": contract.starts_on,
            "ends_on": contract.ends_on,
        }
        return TermsForm(data, initial=initial)
    if step == "requisites":
        return RequisitesForm(data, initial=order.requisites)
    if step == "number":
        given = {"number": contract.number, "concluded_on": contract.concluded_on}
        return NumberForm(data, initial=given, auto_id="given_%s")
    if step == "sign":
        return SignForm(data, files)
    return RemarkForm(data) if step in WITH_REMARK else None


# What a step's own form asks for stands in nobody's way before it is typed.
ASKED = {"remark", "scan", "number", "concluded_on", "ends_on", "advance_percent"}


@require_safe
def order(request: ActorRequest, pk: int) -> HttpResponse:
    """The contract: sum, days, promises as obligations, requisites, signatures, the next step."""
    return _page(request, _found(request, pk))


def _page(
    request: ActorRequest,
    contract: Contract,
    typed: dict[str, Any] | None = None,
    refusal: Sequence[Finding] = (),
) -> HttpResponse:
    """The page; `typed` is the form of a step that was not taken, with all that was entered."""
    found = checks.of(contract)
    offers = []
    for offer in procedure.ORDER.offers(contract, request.actor):
        name = offer.step.name
        findings = [one for one in offer.findings if one.about not in ASKED]
        if name in ("contest", "confirm", "sign", "number") and findings:
            continue  # the other side's turn, said by the page itself
        if name in ("number", "conclude") and not _electronically(name, contract, findings):
            continue
        form = (typed or {}).get(name) or _form(name, contract, found)
        offers.append((Offer(offer.step, findings), form))
    offers.sort(key=lambda one: one[0].step.name in WITH_REMARK)  # what leads on comes first
    lot = found.lot
    services = {slug(one): one for one in lot.specification.services.all()}
    edition = edition_of(lot.tender)
    rubric = edition.rubric(RUBRIC)
    return render(
        request,
        "tenders/order.html",
        {
            "contract": contract,
            "order": found,
            "tender": lot.tender,
            "lot": lot,
            "offers": offers,
            "refusal": refusal,
            "only_electronically": signing.mode_of(contract) == modes.REQUIRED,
            "files": bool(request.FILES),
            "side": side_of(request.actor, contract),
            "sees_requisites": is_customer(request.actor, contract)
            or writes_for_supplier(request.actor, contract),
            "requisites": _requisites(found),
            "advance": edition.parameter("advance.max"),
            "scores": [
                (one, found.promises["scores"][one.key])
                for one in rubric.criteria
                if one.key in found.promises["scores"]
            ],
            "plan": [
                (row, services.get(str(row.get("service") or ""))) for row in found.promises["plan"]
            ],
            "services": _services(found, services),
            "indicators": [
                (
                    row,
                    dict(ExpectedIndicator.Level.choices).get(row.get("level"), ""),
                    dict(ExpectedIndicator.Nature.choices).get(row.get("nature"), ""),
                )
                for row in found.promises["indicators"]
            ],
        },
        status=409 if refusal else 422 if typed else 200,
    )


def _electronically(step: str, contract: Contract, findings: Sequence[Finding]) -> bool:
    """Whether a step towards electronic signatures is shown: the conclusion when nothing is in its way,
    or where there is no other and both have only to sign.
    """
    mode = signing.mode_of(contract)
    if mode == modes.OFF or step == "number":
        return mode != modes.OFF
    return not findings or (mode == modes.REQUIRED and signing.is_numbered(contract))


def _requisites(found: Order) -> list[tuple[Any, str]]:
    labels = RequisitesForm().fields
    return [(labels[name].label, found.requisites.get(name, "")) for name in checks.REQUISITES]


def _services(found: Order, services: dict[str, Any]) -> list[tuple[Any, dict[str, Any]]]:
    by_key = {one.key: one for one in services.values()}
    return [(by_key.get(row.get("key")), row) for row in found.promises["services"]]


@require_POST
def take(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """One step of the contract, with what its form asks for."""
    contract = _found(request, pk)
    if step not in procedure.ORDER.steps:
        raise Http404
    form: forms.Form | None = _form(
        step, contract, checks.of(contract), request.POST, request.FILES
    )
    facts: dict[str, Any] = {}
    if form is not None:
        if not form.is_valid():
            return _page(request, contract, {step: form})
        facts = dict(form.cleaned_data)
        if step == "requisites":
            facts = {"requisites": facts}
        if isinstance(form, SignForm):
            try:
                facts["scan"] = form.stored(request.actor.user)
            except ValidationError as error:
                form.add_error("scan", error)
                return _page(request, contract, {step: form})
    try:
        procedure.take(step, contract, actor=request.actor, **facts)
    except Refused as refused:
        if form is None or any(one.about not in form.fields for one in refused.findings):
            raise
        return _page(request, contract, {step: form}, refused.findings)
    messages.success(request, _("Done: %(state)s.") % {"state": contract.get_state_display()})
    if contract.state == Contract.State.DRAFT and not is_customer(request.actor, contract):
        return redirect("projects:contracts")
    return redirect("tenders:order", pk)


@require_safe
def scan(request: ActorRequest, pk: int) -> FileResponse:
    """The signed copy, for both sides."""
    contract = _found(request, pk)
    if contract.scan is None:
        raise Http404
    return stored_download(contract.scan)
