"""Pages of contracts: the list, the tabs of one contract, its edit forms and steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq import law
from ortaq.core.procedure import Offer, Refused
from ortaq.documents.downloads import paper_download, stored_download
from ortaq.law import grants as rules
from ortaq.people.actor import ActorRequest
from ortaq.projects import completeness, signing
from ortaq.projects.forms import BLOCKS, ActivityForm, NumberForm, RemarkForm, SignForm
from ortaq.projects.models import Activity, Contract
from ortaq.projects.papers import contract as papers
from ortaq.projects.policy import contract as policy
from ortaq.projects.procedure import contract as procedure
from ortaq.projects.procedure.contract import CONTRACT
from ortaq.projects.queries import contract as queries
from ortaq.projects.small_checks import Limits
from ortaq.signing import modes, requirement

GET_POST = ["GET", "HEAD", "POST"]
# Two forms of one page ask for number and date.
NUMBER_IDS = "given_%s"
# What a step's own fields ask for stands in nobody's way before it is typed.
ASKED = {
    "return": {"remark"},
    "decline": {"remark"},
    "number": {"number", "concluded_on"},
    "sign": {"number", "concluded_on", "scan"},
}
TAKEN = ("send", "agree", "accept", "return", "number", "sign", "decline")
# Blocks with a form of their own, and the tab on which each stands.
TABS = {
    "general": "projects:contract",
    "terms": "projects:contract",
    "team": "projects:team",
    "plan": "projects:plan",
    "budget": "projects:budget",
    "effect": "projects:effect",
    "approvals": "projects:approvals",
}


@require_safe
def contracts(request: ActorRequest) -> HttpResponse:
    return render(
        request,
        "projects/contract_list.html",
        {
            "page": queries.contract_list(request.actor, request.GET),
            "query": request.GET.get("q", "")[:200],
            "state": request.GET.get("state", ""),
            "states": Contract.State.choices,
        },
    )


def _found(request: ActorRequest, pk: int) -> Contract:
    """The contract for its parties; the same 404 for hidden and absent."""
    return get_object_or_404(queries.contract_head(request.actor), pk=pk)


# --- Tabs ----------------------------------------------------------------------------------------


def _tab(
    request: ActorRequest, contract: Contract, tab: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    actor = request.actor
    draft = contract.state == Contract.State.DRAFT
    return render(
        request,
        f"projects/contract_{tab}.html",
        {
            "contract": contract,
            "tab": tab,
            "edits": draft and policy.may_edit(actor, contract),
            "sets_terms": draft and policy.is_grantor(actor, contract),
            **context,
        },
        status=status,
    )


@require_safe
def general(request: ActorRequest, pk: int) -> HttpResponse:
    contract = _found(request, pk)
    edition = law.edition(contract.act, contract.edition)
    return _tab(
        request,
        contract,
        "general",
        rows=[
            (label, contract.general.get(row, "")) for row, label in completeness.GENERAL.items()
        ],
        advance=rules.advance(
            edition, grant_tiyn=contract.sum_tiyn, advance_tiyn=contract.advance_tiyn
        ),
        papers=papers.NAMES,
        limits=Limits.of(contract.small_grants) if contract.small_grants else None,
    )


@require_safe
def team(request: ActorRequest, pk: int) -> HttpResponse:
    contract = _found(request, pk)
    return _tab(
        request,
        contract,
        "team",
        tables=queries.team_of(contract, request.actor),
        contacts=policy.sees_contacts(request.actor, contract),
    )


@require_safe
def plan(request: ActorRequest, pk: int) -> HttpResponse:
    contract = _found(request, pk)
    return _tab(request, contract, "plan", tasks=queries.plan_of(contract))


@require_safe
def budget(request: ActorRequest, pk: int) -> HttpResponse:
    contract = _found(request, pk)
    found = queries.budget_of(contract)
    return _tab(
        request,
        contract,
        "budget",
        budget=found,
        difference=found.total.grant - contract.sum_tiyn,
    )


@require_safe
def effect(request: ActorRequest, pk: int) -> HttpResponse:
    contract = _found(request, pk)
    rows = [
        (label, contract.social_effect.get(row))
        for row, label in completeness.SOCIAL_EFFECT.items()
    ]
    return _tab(request, contract, "effect", rows=rows)


@require_safe
def approvals(request: ActorRequest, pk: int) -> HttpResponse:
    """The chain, and the steps that can be taken now."""
    return _approvals(request, _found(request, pk))


def _approvals(
    request: ActorRequest, contract: Contract, *, status: int = 200, **forms: Any
) -> HttpResponse:
    offers = {}
    for offer in CONTRACT.offers(contract, request.actor):
        name = offer.step.name
        if name in TAKEN:
            asked = ASKED.get(name, set())
            found = [finding for finding in offer.findings if finding.about not in asked]
            offers[name] = replace(offer, findings=found)
    send: Offer | None = offers.get("send")
    concluding: dict[str, Any] = {}
    if contract.state == Contract.State.AGREED:
        given = {"number": contract.number, "concluded_on": contract.concluded_on}
        mode = signing.mode_of(contract)
        concluding = {
            "electronically": mode != modes.OFF,
            "on_paper": mode != modes.REQUIRED,
            "numbered": signing.is_numbered(contract),
            "signed_by_all": requirement.all_signed(signing.CONTRACT, contract),
            "number_form": NumberForm(initial=given, auto_id=NUMBER_IDS),
            "sign_form": SignForm(initial=given),
        }
    return _tab(
        request,
        contract,
        "approvals",
        status=status,
        places=contract.approvals.all(),
        turn=policy.next_approval(contract),
        offers=offers,
        missing=send.findings if send else [],
        links=_links(contract),
        **{"remark_form": RemarkForm(), **concluding, **forms},
    )


def _links(contract: Contract) -> dict[str, str]:
    """Where what a finding is about can be mended: by its `about` and by every part of it."""
    from django.urls import reverse

    found = {block: reverse("projects:edit", args=[contract.pk, block]) for block in BLOCKS}
    found["plan"] = reverse("projects:plan", args=[contract.pk])
    found |= {f"general.{row}": found["general"] for row in completeness.GENERAL}
    return found | {"terms.ends_on": found["terms"], "advance": found["terms"],
                    "material_support": found["budget"]}  # fmt: skip


@require_safe
def history(request: ActorRequest, pk: int) -> HttpResponse:
    contract = _found(request, pk)
    titles = {name: step.title for name, step in CONTRACT.steps.items()}
    titles["begin"] = _("Filled from the application")
    titles["signed"] = _("Signed electronically")
    return _tab(request, contract, "journal", entries=queries.history_of(contract, titles))


# --- Editing a draft -------------------------------------------------------------------------------


@require_http_methods(GET_POST)
def edit(request: ActorRequest, pk: int, block: str) -> HttpResponse:
    """The form of one block. What was typed is never lost: it stands there after every refusal."""
    contract = _draft(request, pk, block)
    if block not in BLOCKS:
        raise Http404
    form = BLOCKS[block](request.POST if request.method == "POST" else None, contract=contract)
    return _edit(request, contract, block, form)


@require_http_methods(GET_POST)
def new_activity(request: ActorRequest, pk: int) -> HttpResponse:
    contract = _draft(request, pk, "plan")
    data = request.POST if request.method == "POST" else None
    return _edit(request, contract, "plan", ActivityForm(data, contract=contract))


@require_http_methods(GET_POST)
def edit_activity(request: ActorRequest, pk: int, activity: int) -> HttpResponse:
    """One activity with its indicators, or its end."""
    contract = _draft(request, pk, "plan")
    found = get_object_or_404(Activity, contract=contract, pk=activity)
    if request.method == "POST" and "delete" in request.POST:
        return _delete(request, contract, found)
    data = request.POST if request.method == "POST" else None
    return _edit(
        request, contract, "plan", ActivityForm(data, contract=contract, activity=found), found
    )


def _draft(request: ActorRequest, pk: int, block: str) -> Contract:
    """The contract for whoever changes this block of drafts."""
    contract = _found(request, pk)
    if not policy.may_edit_block(request.actor, contract, block):
        raise PermissionDenied
    return contract


def _edit(
    request: ActorRequest,
    contract: Contract,
    block: str,
    form: Any,
    activity: Activity | None = None,
) -> HttpResponse:
    findings, status = [], 200
    version = contract.versions.get(block, 0)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                seen = _version(request)
                procedure.edit(contract, block, seen, form.save, actor=request.actor)
            except Refused as refused:
                if {finding.code for finding in refused.findings} != {"block_changed"}:
                    raise
                findings, status = refused.findings, 409
            else:
                messages.success(request, _("Saved."))
                if "more" in request.POST:
                    return redirect(request.path)
                return redirect(TABS[block], contract.pk)
    return _tab(
        request,
        contract,
        "edit_activity" if block == "plan" else "edit",
        status=status,
        block=block,
        title=queries.BLOCKS[block],
        form=form,
        rows=getattr(form, "rows", form if hasattr(form, "management_form") else None),
        activity=activity,
        version=version,
        findings=findings,
        back=TABS[block],
    )


def _version(request: ActorRequest) -> int:
    """The version that the page showed; one that is no number fits none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _delete(request: ActorRequest, contract: Contract, activity: Activity) -> HttpResponse:
    try:
        procedure.delete_activity(activity, _version(request), actor=request.actor)
    except ProtectedError:
        messages.error(
            request,
            _("Lines of the estimate pay for this activity. Move or delete them first."),
        )
        return redirect("projects:activity", contract.pk, activity.pk)
    messages.success(request, _("The activity is deleted."))
    return redirect("projects:plan", contract.pk)


# --- Steps -----------------------------------------------------------------------------------------


@require_POST
def take(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Send, agree, accept, return, give a number, sign or decline."""
    if step not in TAKEN:
        raise Http404
    contract = _found(request, pk)
    if step == "number":
        return _conclude(
            request, contract, NumberForm(request.POST, auto_id=NUMBER_IDS), procedure.number
        )
    if step == "sign" and not requirement.all_signed(signing.CONTRACT, contract):
        return _conclude(request, contract, SignForm(request.POST, request.FILES), procedure.sign)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _approvals(request, contract, status=422, remark_form=form)
    CONTRACT.take(step, contract, actor=request.actor, remark=form.cleaned_data["remark"])
    messages.success(request, _("Done: %(step)s.") % {"step": str(CONTRACT[step].title)})
    return redirect("projects:approvals", contract.pk)


def _conclude(
    request: ActorRequest, contract: Contract, form: NumberForm, take: Callable[..., None]
) -> HttpResponse:
    """Number and date, and for paper the scan: what is wrong stands beside its field."""
    if not policy.is_grantor(request.actor, contract):
        raise PermissionDenied
    name = "sign_form" if isinstance(form, SignForm) else "number_form"
    if form.is_valid():
        try:
            take(contract, actor=request.actor, **form.facts(request.actor.user))
        except ValidationError as error:
            form.add_error("scan", error)
        except Refused as refused:
            if any(finding.about not in form.fields for finding in refused.findings):
                raise
            for finding in refused.findings:
                form.add_error(finding.about, str(finding.message))
        else:
            said = _("The signed contract is recorded."), _("Number and date are given.")
            messages.success(request, said[name == "number_form"])
            return redirect("projects:approvals", contract.pk)
    return _approvals(request, contract, status=422, **{name: form})


@require_safe
def scan(request: ActorRequest, pk: int) -> FileResponse:
    """The scan of the signed contract."""
    contract = _found(request, pk)
    if contract.scan is None:
        raise Http404
    return stored_download(contract.scan)


@require_safe
def paper(request: ActorRequest, pk: int, name: str, language: str, kind: str) -> FileResponse:
    """Annex 3, the estimate or the calendar plan."""
    contract = _found(request, pk)
    if name not in papers.NAMES or language not in papers.LANGUAGES:
        raise Http404
    made = papers.make(name, contract, language, request.actor)
    return paper_download(made, kind, f"{name}-{contract.pk}-{language}")
