"""Pages of a project's money: the estimate as a living table, the working estimate, tranches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import money as tenge
from ortaq.core.procedure import Refused
from ortaq.documents.downloads import table_download
from ortaq.documents.spreadsheet import Sheet, Value
from ortaq.documents.spreadsheet import tenge as cell
from ortaq.faces.parts import Bar
from ortaq.faces.tones import Tone
from ortaq.people.actor import ActorRequest
from ortaq.projects import months
from ortaq.projects.forms import BLOCKS
from ortaq.projects.forms.blocks import RemarkForm
from ortaq.projects.forms.money import PaymentForm, TranchePlan
from ortaq.projects.models import Project, WorkingEstimate
from ortaq.projects.policy import project as policy
from ortaq.projects.procedure import working_estimate as working
from ortaq.projects.procedure.tranches import TRANCHES, advance
from ortaq.projects.procedure.working_estimate import WORKING
from ortaq.projects.queries import expense as of_expenses
from ortaq.projects.queries import money as queries
from ortaq.projects.spending import clause, estimate_agreed

from .found import found, tab

GET_POST = ["GET", "HEAD", "POST"]


def money_tab(
    request: ActorRequest,
    project: Project,
    template: str,
    part: str = "estimate",
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page of a `part` of the project's money: `template` extends projects/money_tab.html."""
    documents = policy.sees_people(request.actor, project)
    return tab(
        request, project, template, status=status, in_money=part, documents=documents, **context
    )


def whole(text: str) -> int:
    """The number that a form or address says; 0 for what is none, which fits nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@require_safe
def money(request: ActorRequest, pk: int) -> HttpResponse:
    """What is planned, spent, admitted and left by line, source, year and month."""
    project = found(request, pk)
    return money_tab(
        request,
        project,
        "projects/money.html",
        living=queries.living_estimate(project),
        paid=queries.paid(project),
        totals=of_expenses.totals(project.expenses.all()),
        burn=_bars(queries.by_month(project)),
        agreed=estimate_agreed(project),
    )


@require_safe
def table(request: ActorRequest, pk: int) -> FileResponse:
    """The estimate as a workbook: each line with what was signed, is planned, spent, admitted and left of the contract's money."""
    project = found(request, pk)
    head = [
        _("Year"), _("Cost item"), _("Line of the estimate"), _("As signed, tenge"), _("Planned, tenge"),
        _("Spent, tenge"), _("Admitted, tenge"), _("Left, tenge"), _("Own contribution, tenge"),
        _("Other sources, tenge"),
    ]  # fmt: skip
    rows = _cells(queries.living_estimate(project))
    sheet = Sheet(_("Estimate"), head, rows, (6, 30, 40, 14, 14, 14, 14, 14, 14, 14))
    return table_download([sheet], f"estimate-{project.pk}")


def _cells(living: queries.Living) -> Iterator[list[Value]]:
    language = get_language() or "kk"
    for group in (group for year in living.years for group in year.groups):
        for one in group.lines:
            grant, money = one.money.grant, one.money
            signed = grant.planned if one.signed is None else one.signed
            sums = (signed, grant.planned, grant.spent, grant.admitted, grant.left,
                    money.own.planned, money.other.planned)  # fmt: skip
            yield [group.year, group.item.say(language), one.line.item, *map(cell, sums)]


def _bars(rows: list[queries.Month]) -> list[Bar]:
    language = get_language() or "kk"
    return [
        Bar(
            months.said([row.month], language),
            row.spent,
            tenge.show(row.spent),
            Tone.INFO,
        )
        for row in rows
    ]


# --- The working estimate ------------------------------------------------------------------------


@require_http_methods(GET_POST)
def working_estimate(request: ActorRequest, pk: int) -> HttpResponse:
    """The lines of a contract that came without any: written by the supplier, agreed by the body."""
    project = found(request, pk)
    there = WorkingEstimate.objects.filter(project=project).first()
    if there is None and project.contract.budget.exists():
        raise Http404  # signed with the contract: changed by change requests only
    writes = policy.records(request.actor, project) and (
        there is None or there.state == WorkingEstimate.State.DRAFT
    )
    if request.method == "POST" and not writes:
        raise PermissionDenied
    return _working_estimate(request, project, there, writes=bool(writes))


def _working_estimate(
    request: ActorRequest,
    project: Project,
    there: WorkingEstimate | None,
    *,
    writes: bool,
    status: int = 200,
    remark_form: RemarkForm | None = None,
) -> HttpResponse:
    findings: list[Any] = []
    rows = None
    if writes:
        sent = request.method == "POST" and remark_form is None
        rows = BLOCKS["budget"](request.POST if sent else None, contract=project.contract)
        if sent:
            status = 422
            if rows.is_valid():
                sent_version = whole(request.POST.get("version", ""))
                try:
                    working.edit(project, sent_version, rows.save, actor=request.actor)
                except Refused as refused:
                    if not refused.has("changed_meanwhile"):
                        raise
                    findings, status = refused.findings, 409
                else:
                    messages.success(request, _("Saved."))
                    return redirect("projects:working_estimate", project.pk)
    offers = {one.step.name: one for one in WORKING.offers(there, request.actor)} if there else {}
    return money_tab(
        request,
        project,
        "projects/money_estimate.html",
        status=status,
        estimate=there,
        living=queries.living_estimate(project),
        rows=rows,
        findings=findings,
        version=there.version if there else 0,
        cite=clause(project.contract, "line"),
        offers=offers,
        remark_form=remark_form or RemarkForm(),
    )


@require_POST
def working_estimate_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Send to the body, agree, return."""
    project = found(request, pk)
    there = WorkingEstimate.objects.filter(project=project).first()
    if there is None or step not in ("ask", "agree", "return"):
        raise Http404
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _working_estimate(
            request, project, there, writes=False, status=422, remark_form=form
        )
    WORKING.take(step, there, actor=request.actor, remark=form.cleaned_data["remark"])
    messages.success(request, _("Done: %(step)s.") % {"step": str(WORKING[step].title)})
    return redirect("projects:working_estimate", project.pk)


# --- Tranches ------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
def tranches(request: ActorRequest, pk: int) -> HttpResponse:
    """What the body pays when and under which condition, what it paid; it divides the rest anew."""
    project = found(request, pk)
    if request.method == "POST":
        if not policy.accepts(request.actor, project):
            raise PermissionDenied
        plan = TranchePlan(request.POST, project)
        refused: list[Any] = []
        if plan.is_valid():
            try:
                TRANCHES.take("plan_tranches", project, actor=request.actor, planned=plan.planned())
            except Refused as no:
                refused = no.findings
            else:
                messages.success(request, _("Saved."))
                return redirect("projects:tranches", project.pk)
        return _tranches(request, project, status=422, plan=plan, refused=refused)
    return _tranches(request, project)


def _tranches(
    request: ActorRequest, project: Project, *, status: int = 200, **more: Any
) -> HttpResponse:
    rows = queries.paid(project)
    accepts = policy.accepts(request.actor, project)
    payments = {}
    if accepts:
        payments = {
            one.number: PaymentForm(
                initial={"number": one.number, "paid_tiyn": one.planned_tiyn},
                auto_id=f"id_{one.number}_%s",
            )
            for one in rows.tranches
            if one.paid_on is None
        }
    payments |= more.pop("payments", {})
    return money_tab(
        request,
        project,
        "projects/money_tranches.html",
        "tranches",
        status=status,
        paid=rows,
        shown=[(one, payments.get(one.number)) for one in rows.tranches],
        advances=[
            advance(project.contract, one.paid_tiyn or one.planned_tiyn)
            for one in rows.tranches
            if one.is_advance
        ],
        **{"plan": TranchePlan(None, project) if accepts else None, **more},
    )


@require_POST
def tranche_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Record a payment, or take one back."""
    project = found(request, pk)
    if step == "unpay_tranche":
        TRANCHES.take(
            step,
            project,
            actor=request.actor,
            number=whole(request.POST.get("number", "")),
            reason=request.POST.get("reason", "")[:2000],
        )
        messages.success(request, _("The payment is taken back."))
        return redirect("projects:tranches", project.pk)
    if step != "pay_tranche":
        raise Http404
    if not policy.accepts(request.actor, project):
        raise PermissionDenied
    form = PaymentForm(request.POST)
    number = 0
    if form.is_valid():
        number = form.cleaned_data["number"]
        try:
            TRANCHES.take(step, project, actor=request.actor, **form.cleaned_data)
        except Refused as refused:
            if refused.has("not_yours", "moved_on"):
                raise
            for finding in refused.findings:
                place = finding.about if finding.about in form.fields else None
                form.add_error(place if place != "number" else None, str(finding.message))
        else:
            messages.success(request, _("The payment is recorded."))
            return redirect("projects:tranches", project.pk)
    if not number:
        number = whole(request.POST.get("number", ""))
    return _tranches(request, project, status=422, payments={number: form})
