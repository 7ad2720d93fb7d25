"""Expenses: recorded → admitted, admitted in part or not admitted; voided instead of edited (IM-036, IM-070).

record    by the NGO while the project runs; warnings want a reason, errors stop
void      by the NGO, with the reason; what replaces it is recorded anew, both at once by `mend`
admit     by the body, the whole sum
partly    by the body, a part of the sum, with a remark
refuse    by the body, with the reason
reopen    by the body: its own decision is taken back, with the reason

No source says how the body looks at expenses (GR-I-16): one decision for each, which it may take back while the project is open.
Kept sums of the project follow in the same transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core import clock
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, locked, not_yours
from ortaq.law.findings import Finding, Severity, stops
from ortaq.people.actor import Actor
from ortaq.projects import once
from ortaq.projects.models import Expense, Project
from ortaq.projects.policy.project import accepts, records
from ortaq.projects.spending import against, clause

from .shared import by_its_act, said

State = Expense.State
MOST_AT_ONCE = 200


def _records(actor: Actor, expense: Expense) -> bool:
    return bool(records(actor, expense.project))


def _accepts(actor: Actor, expense: Expense) -> bool:
    return bool(accepts(actor, expense.project))


# --- The kept sums -------------------------------------------------------------------------------


def _count(expense: Expense, *, spent: int = 0, admitted: int = 0) -> None:
    """Add to the kept sums of the project, which follow the contract's money only."""
    if expense.source == Expense.Source.GRANT:
        Project.objects.filter(pk=expense.project_id).update(
            spent_tiyn=F("spent_tiyn") + spent, admitted_tiyn=F("admitted_tiyn") + admitted
        )


# --- Requirements --------------------------------------------------------------------------------


def _missing(expense: Expense, about: str, message: Any) -> Finding:
    where = clause(expense.project.contract, "document")
    return Finding(f"no_{about}", Severity.ERROR, message, where, about=about)


def reason_given(expense: Expense, attempt: Attempt) -> Iterable[Finding]:
    if not said(attempt, "remark"):
        yield _missing(expense, "remark", _("Say why."))


def part_of_the_sum(expense: Expense, attempt: Attempt) -> Iterable[Finding]:
    """More than nothing and less than all: those are other decisions."""
    admitted = attempt.facts.get("admitted_tiyn")
    if not isinstance(admitted, int) or not 0 < admitted < expense.sum_tiyn:
        yield Finding(
            "not_a_part",
            Severity.ERROR,
            _("State a sum above zero and below that of the expense."),
            clause(expense.project.contract, "document"),
            {"admitted_tiyn": admitted, "sum_tiyn": expense.sum_tiyn},
            "admitted_tiyn",
        )


# --- Effects -------------------------------------------------------------------------------------


def _decided(expense: Expense, attempt: Attempt, admitted: int | None) -> Mapping[str, Any]:
    before = expense.admitted_tiyn or 0
    expense.admitted_tiyn, expense.remark = admitted, said(attempt, "remark")
    expense.decided_at = attempt.now
    expense.decided_by = attempt.actor.user
    expense.save(update_fields=["admitted_tiyn", "remark", "decided_at", "decided_by"])
    _count(expense, admitted=(admitted or 0) - before)
    return {"sum_tiyn": expense.sum_tiyn, "admitted_tiyn": admitted}


def _admitted(expense: Expense, attempt: Attempt) -> Mapping[str, Any]:
    return _decided(expense, attempt, expense.sum_tiyn)


def _partly(expense: Expense, attempt: Attempt) -> Mapping[str, Any]:
    return _decided(expense, attempt, attempt.facts["admitted_tiyn"])


def _refused(expense: Expense, attempt: Attempt) -> Mapping[str, Any]:
    return _decided(expense, attempt, 0)


def _reopened(expense: Expense, attempt: Attempt) -> Mapping[str, Any]:
    return _decided(expense, attempt, None)


def _voided(expense: Expense, attempt: Attempt) -> Mapping[str, Any]:
    expense.void_reason, expense.admitted_tiyn = said(attempt, "remark"), None
    expense.save(update_fields=["void_reason", "admitted_tiyn"])
    _count(expense, spent=-expense.sum_tiyn)
    return {"sum_tiyn": expense.sum_tiyn, "source": expense.source}


EXPENSE: Procedure[Expense] = Procedure(
    Expense,
    (
        Step(
            "admit",
            _("Admit"),
            source=State.RECORDED,
            target=State.ADMITTED,
            by=_accepts,
            effect=_admitted,
            cite="GR-I-16",
        ),
        Step(
            "partly",
            _("Admit in part"),
            source=State.RECORDED,
            target=State.PARTLY,
            by=_accepts,
            requires=(part_of_the_sum, reason_given),
            effect=_partly,
            cite="GR-I-16",
        ),
        Step(
            "refuse",
            pgettext_lazy("expense", "Do not admit"),
            source=State.RECORDED,
            target=State.REFUSED,
            by=_accepts,
            requires=(reason_given,),
            effect=_refused,
            cite="GR-I-16",
        ),
        Step(
            "reopen",
            _("Take the decision back"),
            source=(State.ADMITTED, State.PARTLY, State.REFUSED),
            target=State.RECORDED,
            by=_accepts,
            requires=(reason_given,),
            effect=_reopened,
            cite="GR-I-16",
        ),
        # What the body admitted, it takes back first: nobody withdraws money from under a decision.
        Step(
            "void",
            _("Void"),
            source=(State.RECORDED, State.REFUSED),
            target=State.VOIDED,
            by=_records,
            requires=(reason_given,),
            effect=_voided,
            cite="IM-070",
            final=True,
        ),
    ),
    cites=by_its_act,
)
RECORD = Step(
    "record",
    _("Record the expense"),
    source=Project.State.RUNNING,
    target=None,
    by=records,
    cite="IM-070",
)


# --- Recording -----------------------------------------------------------------------------------


def record(
    project: Project, expense: Expense, form: uuid.UUID, *, actor: Actor
) -> tuple[Expense, bool]:
    """Record an expense as typed (unsaved, without project and number); whether it is new, since a form sent twice makes one.

    Raises `Refused` with errors, or with warnings while `expense.reason` is empty.
    """

    def build(fresh: Project, number: int) -> Expense:
        fresh.contract = project.contract
        if not records(actor, fresh):
            raise Refused(RECORD, [not_yours(RECORD)])
        found = against(fresh, expense)
        warned = [finding for finding in found if finding.severity is Severity.WARNING]
        if stops(found) or (warned and not expense.reason.strip()):
            raise Refused(RECORD, [*stops(found), *warned])
        expense.project, expense.once, expense.number = fresh, form, number
        expense.warned = sorted({finding.code for finding in warned})
        expense.reason = expense.reason.strip() if warned else ""
        expense.added_by, expense.added_at = actor.user, clock.now()
        EXPENSE.begin(
            expense,
            actor=actor,
            sum_tiyn=expense.sum_tiyn,
            source=expense.source,
            line=expense.line.key,
            warned=expense.warned,
        )
        _count(expense, spent=expense.sum_tiyn)
        return expense

    return once.make(Expense, project, form, build)


@transaction.atomic
def mend(
    before: Expense, expense: Expense, form: uuid.UUID, *, remark: str, actor: Actor
) -> tuple[Expense, bool]:
    """Void `before` for the reason `remark` and record `expense` (as for `record`) in its place, both or neither; whether it
    is new. Raises `Refused` where either step is.
    """
    same = Expense.objects.filter(project=before.project_id, once=form)
    if made := same.first():
        return made, False
    try:
        EXPENSE.take("void", before, actor=actor, remark=remark)
    except Refused:
        # Whoever sends the same twice at once waited for the first, and finds here what it made.
        if made := same.first():
            return made, False
        raise
    expense.replaces = before
    return record(before.project, expense, form, actor=actor)


@transaction.atomic
def record_pay(
    project: Project, pay: Sequence[Expense], form: uuid.UUID, *, actor: Actor
) -> list[Expense]:
    """Record the pay of several people for one month, all or nothing; the rows that are new.

    Raises `Refused` with the findings of all rows, each once.
    """
    made: list[Expense] = []
    found: dict[tuple[str, str], Finding] = {}
    locked(Project, project.pk)
    for expense in pay:
        row = uuid.uuid5(form, f"{expense.person_id} {expense.line_id}")
        try:
            recorded, new = record(project, expense, row, actor=actor)
        except Refused as refused:
            found |= {(one.code, str(one.message)): one for one in refused.findings}
        else:
            made += [recorded] * new
    if found:
        raise Refused(RECORD, list(found.values()))
    return made


def admit_all(project: Project, numbers: Iterable[int], *, actor: Actor) -> tuple[int, int]:
    """Admit whole what of these expenses is still recorded: how many, and their sum in tiyn. At most `MOST_AT_ONCE`."""
    rows = Expense.objects.filter(
        project=project, number__in=list(numbers)[:MOST_AT_ONCE], state=State.RECORDED
    )
    count = total = 0
    for expense in rows:
        expense.project = project
        try:
            EXPENSE.take("admit", expense, actor=actor)
        except Refused as refused:
            if not refused.has("moved_on"):
                raise
        else:
            count, total = count + 1, total + expense.sum_tiyn
    return count, total
