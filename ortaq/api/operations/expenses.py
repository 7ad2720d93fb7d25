"""Expenses of a project: read, recorded with the copy of their document, voided, corrected."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from ninja import File, Router, Status, UploadedFile

from ortaq.api import procedure as of_tokens
from ortaq.api.bearer import Bearer, OwnRequest, may
from ortaq.api.models import Token
from ortaq.api.problems import Problem, error, of_forms
from ortaq.api.schemas import (
    ExpenseBase,
    ExpenseCorrection,
    ExpenseIn,
    ExpenseOut,
    ExpensesOut,
    FileOut,
    Id,
    Limit,
    VoidIn,
)
from ortaq.core.files import SCANS, store
from ortaq.core.keys import key_of
from ortaq.core.procedure import Refused, not_yours
from ortaq.projects.forms.money import SALT, ExpenseForm
from ortaq.projects.models import Expense, Project
from ortaq.projects.policy import project as policy
from ortaq.projects.procedure import money as procedure
from ortaq.projects.procedure.money import EXPENSE, RECORD

from .events import key_used
from .own import found_project
from .shared import OWN, WRITES, Once, answers, filled, once_of, written

router = Router(auth=Bearer(), tags=["expenses"])
EXPENSES = "projects/{int:pk}/expenses/"
ONE = f"{EXPENSES}{{int:number}}/"
SAME = (
    "number", "state", "sum_tiyn", "admitted_tiyn", "source", "document", "document_number", "spent_on", "payee",
    "payee_is_organisation", "payee_number", "what_for", "for_holding_event", "reason", "warned", "remark", "void_reason",
    "added_at",
)  # fmt: skip


@router.get(EXPENSES, response=answers(ExpensesOut, also=OWN), summary=_("Expenses of a project"))
def expenses(request: OwnRequest, pk: Id, after: Id | None = None, limit: Limit = 50) -> Any:
    """The last recorded first; `after` is a number of an expense."""
    rows = _seen(request, pk).expenses.select_related("replaces").order_by("-number")
    if after is not None:
        rows = rows.filter(number__lt=after)
    found = list(rows[: limit + 1])
    following = found[limit - 1].number if len(found) > limit else None
    return {"items": [_expense(one) for one in found[:limit]], "next": following}


@router.get(ONE, response=answers(ExpenseOut, also=OWN), summary=_("One expense"))
def expense(request: OwnRequest, pk: Id, number: Id) -> Any:
    return _expense(_found(_seen(request, pk), number))


@router.post(EXPENSES, response=written(ExpenseOut), summary=_("Record an expense"))
def record(request: OwnRequest, pk: Id, given: ExpenseIn, idempotency_key: Once) -> Any:
    """As on the page: errors refuse it; warnings refuse it while `reason` is empty, and stay with it. The same key makes one."""
    project = _recording(request, pk)
    expense = _typed(request, project, given)
    expense.replaces = _replaced(project, given.replaces)
    once = once_of(request.auth.organisation, idempotency_key)
    made, new = procedure.record(project, expense, once, actor=request.auth.actor)
    return _recorded(request, given, made, new)


@router.post(f"{ONE}correct/", response=written(ExpenseOut), summary=_("Correct an expense"))
def correct_expense(
    request: OwnRequest, pk: Id, number: Id, given: ExpenseCorrection, idempotency_key: Once
) -> Any:
    """Voids it with the reason and records it anew as it should be, both or neither. What the body admitted, it takes back first."""
    project = _recording(request, pk)
    before = _found(project, number)
    expense = _typed(request, project, given)
    if given.scan is None:
        expense.scan = before.scan
    once = once_of(request.auth.organisation, idempotency_key)
    made, new = procedure.mend(before, expense, once, remark=given.remark, actor=request.auth.actor)
    if made.replaces_id != before.pk:
        raise key_used()
    if new:
        of_tokens.note(request.auth.token, key_of(before), "void", actor=request.auth.actor)
    return _recorded(request, given, made, new)


def _typed(request: OwnRequest, project: Project, given: ExpenseBase) -> Expense:
    """The expense as the form of the page reads it, unsaved; raises `Problem` where it is not valid."""
    said = given.dict(include=set(ExpenseBase.model_fields) - {"sum_tiyn", "scan"})
    said["payee_is_organisation"] = "yes" if given.payee_is_organisation else "no"
    # The form reads tenge as people write them; two decimals of a whole number of tiyn are exact.
    said["sum_tiyn"] = f"{given.sum_tiyn // 100}.{given.sum_tiyn % 100:02}"
    form = filled(ExpenseForm(project=project), said | {"kept": given.scan})
    valid = form.is_valid()
    form.keep(request.auth.actor.user)
    if given.scan and form.file is None:
        form.add_error("scan", gettext_lazy("There is no such file. Send it again."))
    if not valid or not form.is_valid():
        raise of_forms(form, {})
    return form.expense()


def _recorded(request: OwnRequest, given: ExpenseBase, made: Expense, new: bool) -> Any:
    """The answer for a row that the key made now or before; `Problem` where that row is another one."""
    same = (given.sum_tiyn, given.line, given.spent_on)
    if not new and (made.sum_tiyn, made.line_id, made.spent_on) != same:
        raise key_used()
    if new:
        of_tokens.note(request.auth.token, key_of(made), "begin", actor=request.auth.actor)
    return Status(201 if new else 200, _expense(made))


@router.post(f"{ONE}void/", response=answers(ExpenseOut, also=WRITES), summary=_("Void an expense"))
def void(request: OwnRequest, pk: Id, number: Id, given: VoidIn) -> Any:
    """With the reason. What was recorded is never edited: the mended one is recorded anew and names this as `replaces`."""
    one = _found(_recording(request, pk), number)
    EXPENSE.take("void", one, actor=request.auth.actor, remark=given.remark)
    of_tokens.note(request.auth.token, key_of(one), "void", actor=request.auth.actor)
    return _expense(one)


@router.post("files/", response=answers(FileOut, also=OWN), summary=_("Send a copy of a document"))
def send_file(request: OwnRequest, file: File[UploadedFile]) -> Any:
    """PDF, PNG or JPG up to 20 MB; what comes back is named as `scan` of an expense."""
    may(request.auth, Token.Scope.EXPENSES)
    try:
        kept = store(file, name=file.name or "", person=request.auth.actor.user, allowed=SCANS)
    except ValidationError as refused:
        raise Problem(
            "refused",
            [error(str(refused.code or "invalid"), " ".join(refused.messages), "file")],
        ) from None
    return {
        "file": signing.dumps(kept.pk, salt=SALT),
        "name": kept.name,
        "size": kept.size,
        "sha256": kept.sha256,
    }


# --- Finding, showing --------------------------------------------------------------------------------


def _seen(request: OwnRequest, pk: int) -> Project:
    """The project for whoever may see its documents, as on the pages."""
    project = found_project(request, pk)
    if not policy.sees_people(request.auth.actor, project):
        raise Refused(RECORD, [not_yours(RECORD)])
    return project


def _recording(request: OwnRequest, pk: int) -> Project:
    project = found_project(request, pk)
    may(request.auth, Token.Scope.EXPENSES)
    if not policy.records(request.auth.actor, project):
        raise Refused(RECORD, [not_yours(RECORD)])
    return project


def _found(project: Project, number: int) -> Expense:
    one = project.expenses.select_related("replaces").filter(number=number).first()
    if one is None:
        raise Http404
    one.project = project
    return one


def _replaced(project: Project, number: int | None) -> Expense | None:
    """The voided expense that the new one stands for."""
    if number is None:
        return None
    voided = project.expenses.filter(number=number, state=Expense.State.VOIDED).first()
    if voided is None:
        message = gettext_lazy("There is no voided expense with this number.")
        raise Problem("refused", [error("not_voided", message, "replaces")])
    return voided


def _expense(one: Expense) -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in SAME}
    return shown | {
        "line": one.line_id,
        "event": one.event_id,
        "activity": one.activity_id,
        "replaces": one.replaces.number if one.replaces else None,
        "has_scan": one.scan_id is not None,
    }
