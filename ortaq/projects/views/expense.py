"""Pages of expenses: the list with the body's decisions, one expense, recording it, the list as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import money as tenge
from ortaq.core.procedure import Refused
from ortaq.documents.downloads import stored_download, table_download
from ortaq.documents.spreadsheet import Sheet, Value
from ortaq.documents.spreadsheet import tenge as cell
from ortaq.law.findings import Finding, Severity
from ortaq.people.actor import ActorRequest
from ortaq.projects import months, once
from ortaq.projects.forms.money import DecisionForm, ExpenseForm
from ortaq.projects.models import Expense, Project
from ortaq.projects.policy import project as policy
from ortaq.projects.procedure import money as procedure
from ortaq.projects.procedure.money import EXPENSE
from ortaq.projects.queries import contract as of_contract
from ortaq.projects.queries import expense as queries
from ortaq.projects.queries.money import by_line
from ortaq.projects.spending import against

from .found import found, recording, seeing_people
from .money import money_tab, whole

GET_POST = ["GET", "HEAD", "POST"]
STEPS = ("admit", "partly", "refuse", "reopen", "void")
# What the next of several expenses most often shares with the one before.
ALIKE = ("line", "event", "activity", "source", "document", "spent_on")
AGAIN = (
    *ALIKE, "sum_tiyn", "document_number", "payee", "payee_number", "what_for", "for_holding_event",
)  # fmt: skip
ASKED = ("line", "source", "state", "month", "q")


# --- The list ------------------------------------------------------------------------------------


@require_safe
def expenses(request: ActorRequest, pk: int) -> HttpResponse:
    project = seeing_people(request, pk)
    asked = {name: request.GET.get(name, "")[:200] for name in ASKED}
    lines = by_line(project)
    contract = project.contract
    language = get_language() or "kk"
    return money_tab(
        request,
        project,
        "projects/money_expenses.html",
        "expenses",
        page=queries.expense_page(project, request.GET),
        totals=queries.totals(queries.expenses(project, request.GET)),
        asked=asked,
        filtered={name: value for name, value in asked.items() if value},
        lines=lines,
        one=next((one for one in lines if str(one.line.pk) == asked["line"]), None),
        sources=Expense.Source.choices,
        states=Expense.State.choices,
        months=[
            (month, months.said([month], language))
            for month in months.between(contract.starts_on, contract.ends_on)
        ],
    )


@require_POST
def admit(request: ActorRequest, pk: int) -> HttpResponse:
    """The ticked expenses are admitted whole."""
    project = found(request, pk)
    if not policy.accepts(request.actor, project):
        raise PermissionDenied
    numbers = [whole(number) for number in request.POST.getlist("number")]
    count, total = procedure.admit_all(project, numbers, actor=request.actor)
    text = ngettext(
        "%(count)s expense is admitted: %(sum)s.",
        "%(count)s expenses are admitted: %(sum)s.",
        count,
    )
    messages.success(request, text % {"count": count, "sum": tenge.show(total)})
    kept = {name: request.POST[name][:200] for name in ASKED if request.POST.get(name)}
    return redirect(f"{reverse('projects:expenses', args=[project.pk])}?{urlencode(kept)}")


@require_safe
def table(request: ActorRequest, pk: int) -> FileResponse:
    """The expenses that the list shows, all pages of them, as a workbook."""
    project = seeing_people(request, pk)
    rows = queries.expenses(project, request.GET).select_related("line", "event")
    head = [
        _("No."), _("Date of the document"), _("Document"), _("Document number"), _("Payee"),
        _("BIN or IIN of the payee"), _("Line of the estimate"), _("Source of the money"),
        _("What for"), _("Sum, tenge"), _("Admitted, tenge"), _("State"), _("Remark"),
    ]  # fmt: skip
    sheet = Sheet(_("Expenses"), head, _cells(rows), (6, 12, 18, 16, 30, 14, 30, 20, 30, 14, 14))
    return table_download([sheet], f"expenses-{project.pk}")


def _cells(rows: QuerySet[Expense]) -> Iterator[list[Value]]:
    for one in rows.order_by("number").iterator(chunk_size=500):
        yield [
            one.number, one.spent_on, one.get_document_display(), one.document_number, one.payee,
            one.payee_number, one.line.item, one.get_source_display(), one.what_for,
            cell(one.sum_tiyn), cell(one.admitted_tiyn), one.get_state_display(),
            one.remark or one.void_reason,
        ]  # fmt: skip


# --- Recording -----------------------------------------------------------------------------------


@require_http_methods(GET_POST)
def new(request: ActorRequest, pk: int) -> HttpResponse:
    """Record an expense; `like` begins with what the one before had, `again` with all of a voided one."""
    project = recording(request, pk)
    if request.method != "POST":
        form = ExpenseForm(project=project, initial=_initial(request, project))
        if "like" in request.GET:
            form.fields["sum_tiyn"].widget.attrs["autofocus"] = True
        return _new(request, project, form, once.new())
    form = ExpenseForm(request.POST, request.FILES, project=project)
    valid = form.is_valid()
    form.keep(request.actor.user)
    findings: list[Finding] = []
    sent = once.read(request.POST.get("once"))
    if valid and form.is_valid():
        expense = form.expense()
        expense.replaces = _replaced(project, request.POST.get("again", ""))
        try:
            made, is_new = procedure.record(project, expense, sent, actor=request.actor)
        except Refused as refused:
            findings = refused.findings
            if all(one.severity is Severity.WARNING for one in findings):
                form.add_error("reason", _("Look at what is said above, then say why."))
        else:
            said = {"number": made.number, "sum": tenge.show(made.sum_tiyn)}
            text = _("Expense %(number)s is recorded: %(sum)s.") if is_new else _("This form was sent before: expense %(number)s is recorded once, %(sum)s.")  # fmt: skip
            messages.success(request, text % said)
            if "more" in request.POST:
                address = reverse("projects:expense_new", args=[project.pk])
                return redirect(f"{address}?like={made.number}")
            return redirect("projects:expense", project.pk, made.number)
    return _new(request, project, form, sent, findings, status=422)


def _new(
    request: ActorRequest,
    project: Project,
    form: ExpenseForm,
    sent: Any,
    findings: list[Finding] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    return money_tab(
        request,
        project,
        "projects/money_expense_new.html",
        "new",
        status=status,
        form=form,
        once=sent,
        again=(request.POST if request.method == "POST" else request.GET).get("again", "")[:9],
        findings=findings or [],
        payees=queries.payees(project),
    )


def _initial(request: ActorRequest, project: Project) -> dict[str, Any]:
    asked = request.GET
    like, again = asked.get("like", ""), asked.get("again", "")
    before = _by_number(project, like or again)
    if before is None:
        return {name: asked[name][:20] for name in ("line", "event") if asked.get(name)}
    found = {name: getattr(before, name) for name in (ALIKE if like else AGAIN)}
    for name in ("line", "event", "activity"):
        found[name] = getattr(before, f"{name}_id")
    return found | {"payee_is_organisation": "yes" if before.payee_is_organisation else "no"}


def _by_number(project: Project, number: str) -> Expense | None:
    return project.expenses.filter(number=whole(number)).first()


def _replaced(project: Project, number: str) -> Expense | None:
    """The voided expense that the new one stands for."""
    before = _by_number(project, number)
    return before if before and before.state == Expense.State.VOIDED else None


@require_POST
def check(request: ActorRequest, pk: int) -> HttpResponse:
    """What can be said against the expense as typed so far; nothing is recorded."""
    project = recording(request, pk)
    form = ExpenseForm(request.POST, project=project)
    form.is_valid()
    findings = _mistyped(form)
    known = {"no_scan"} | ({"no_payee_number"} if form.has_error("payee_number") else set())
    findings += [one for one in against(project, form.expense()) if one.code not in known]
    return render(request, "projects/money_against.html", {"findings": findings})


def _mistyped(form: ExpenseForm) -> list[Finding]:
    """What is typed and cannot be; what is not typed yet is nobody's mistake."""
    return [
        Finding(
            name,
            Severity.ERROR,
            f"{form[name].label}: {' '.join(error.messages)}",
            about=name,
        )
        for name, errors in form.errors.as_data().items()
        for error in errors
        if error.code != "required"
    ]


# --- One expense ---------------------------------------------------------------------------------


def _expense(project: Project, number: int) -> Expense:
    rows = project.expenses.select_related(
        "line", "event", "activity", "scan", "person", "decided_by", "added_by", "replaces"
    )
    expense = get_object_or_404(rows, number=number)
    expense.project = project
    return expense


@require_safe
def expense(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    project = seeing_people(request, pk)
    return _shown(request, project, _expense(project, number), DecisionForm())


def _shown(
    request: ActorRequest, project: Project, expense: Expense, form: DecisionForm, status: int = 200
) -> HttpResponse:
    titles = {name: step.title for name, step in EXPENSE.steps.items()}
    titles["begin"] = _("The expense is recorded")
    offers = {
        one.step.name: replace(one, findings=[]) for one in EXPENSE.offers(expense, request.actor)
    }
    return money_tab(
        request,
        project,
        "projects/money_expense.html",
        "expenses",
        status=status,
        expense=expense,
        form=form,
        offers=offers,
        said=[_named(code) for code in expense.warned],
        replaced_by=expense.replaced_by.first(),
        entries=of_contract.history_of(expense, titles),
    )


def _named(code: str) -> str:
    """A warning that was given when the expense was recorded, in few words."""
    return {
        "beyond_line": _("beyond the rest of the line"),
        "before_the_term": _("before the term of the project"),
        "after_the_term": _("after the term of the project"),
        "other_year": _("line of another year"),
        "other_activity": _("line of another activity"),
        "holding_handed_over": _("an organisation is paid for holding an event"),
        "same_document": _("the same document is recorded already"),
        "paid_already": _("pay of this month is recorded already"),
        "material_support_above_limit": _("material support above its share"),
    }.get(code, code)


@require_POST
def take(request: ActorRequest, pk: int, number: int, step: str) -> HttpResponse:
    """Admit, admit in part, do not admit, take the decision back, void."""
    project = seeing_people(request, pk)
    if step not in STEPS:
        raise Http404
    expense = _expense(project, number)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _shown(request, project, expense, form, 422)
    try:
        EXPENSE.take(step, expense, actor=request.actor, **form.cleaned_data)
    except Refused as refused:
        if any(one.about not in form.fields for one in refused.findings):
            raise
        for one in refused.findings:
            form.add_error(one.about, str(one.message))
        return _shown(request, project, expense, form, 422)
    messages.success(request, _("Done: %(step)s.") % {"step": str(EXPENSE[step].title)})
    if step == "void":
        address = reverse("projects:expense_new", args=[project.pk])
        return redirect(f"{address}?again={number}")
    return redirect("projects:expense", project.pk, number)


@require_safe
def scan(request: ActorRequest, pk: int, number: int) -> FileResponse:
    """The copy of the document."""
    expense = _expense(seeing_people(request, pk), number)
    if expense.scan is None:
        raise Http404
    return stored_download(expense.scan)
