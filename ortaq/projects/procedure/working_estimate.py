"""The working estimate of a project whose contract came without lines: draft → asked → agreed (IM-035, IM-071).

edit    by the supplier: the lines
ask     by the supplier: their sum is that of the contract
agree   by the body
return  by the body, with a remark

The sources leave the estimate of social orders in free form and name no step for it: who writes and who agrees is our choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import Attempt, Procedure, Step, locked
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.actor import Actor
from ortaq.projects import estimate
from ortaq.projects.models import Contract, Project, WorkingEstimate
from ortaq.projects.policy.project import accepts, records
from ortaq.projects.spending import clause, shown

from .shared import nobody_was_faster, remark_given, said

State = WorkingEstimate.State


def _records(actor: Actor, working: WorkingEstimate) -> bool:
    return bool(records(actor, working.project))


def _accepts(actor: Actor, working: WorkingEstimate) -> bool:
    return bool(accepts(actor, working.project))


def _edited(working: WorkingEstimate, attempt: Attempt) -> Mapping[str, Any]:
    attempt.facts["save"](working.project.contract)
    working.version += 1
    working.save(update_fields=["version"])
    return {"version": working.version, "sum_tiyn": grant_of(working.project.contract)}


def grant_of(contract: Contract) -> int:
    """The contract's money of all lines, in tiyn."""
    return contract.budget.aggregate(sum=Sum("grant_tiyn"))["sum"] or 0


def complete(working: WorkingEstimate, attempt: Attempt) -> Iterable[Finding]:
    """Lines make the contract's sum, add up, and direct costs name an activity of the specification (IM-071)."""
    contract = working.project.contract
    lines = list(contract.budget.all())
    total = sum(line.grant_tiyn for line in lines)
    if total != contract.sum_tiyn:
        yield _error(
            contract,
            "estimate_differs",
            format_lazy(
                _("The lines make {total} of the contract's money, the contract is {sum}."),
                total=shown(total),
                sum=shown(contract.sum_tiyn),
            ),
        )
    if any(not line.adds_up for line in lines):
        message = _("In some lines the three sources do not make quantity × unit cost.")
        yield _error(contract, "line_does_not_add_up", message)
    known = estimate.items_of(contract)
    if any(
        line.activity_id is None and line.category in known and known[line.category].direct
        for line in lines
    ):
        message = _(
            "Money is spent only on activities of the contract: some direct costs name none."
        )
        yield _error(contract, "cost_without_activity", message)


def _error(contract: Contract, code: str, message: Any) -> Finding:
    return Finding(code, Severity.ERROR, message, clause(contract, "line"), about="budget")


def _remarked(working: WorkingEstimate, attempt: Attempt) -> Mapping[str, Any]:
    working.remark = said(attempt, "remark")
    working.save(update_fields=["remark"])
    return {"sum_tiyn": grant_of(working.project.contract)}


def owed(working: WorkingEstimate) -> Iterable[Owed]:
    """The supplier writes, the body agrees."""
    contract = working.project.contract
    address = reverse("projects:working_estimate", args=[working.project_id])
    if working.state == State.DRAFT:
        yield Owed(
            "write_estimate",
            organisation(contract.grantee_id),
            Text("Жұмыс сметасын жасау", "Составить рабочую смету", "Write the working estimate"),
            None,
            address,
            "IM-035",
        )
    elif working.state == State.ASKED:
        yield Owed(
            "agree_estimate",
            organisation(contract.grantor_id),
            Text(
                "Жұмыс сметасын келісу",
                "Согласовать рабочую смету",
                "Agree to the working estimate",
            ),
            None,
            address,
            "IM-071",
        )


WORKING: Procedure[WorkingEstimate] = Procedure(
    WorkingEstimate,
    (
        Step(
            "edit",
            _("Write the working estimate"),
            source=State.DRAFT,
            target=None,
            by=_records,
            requires=(nobody_was_faster,),
            effect=_edited,
            cite="IM-035",
        ),
        Step(
            "ask",
            _("Send the estimate to be agreed"),
            source=State.DRAFT,
            target=State.ASKED,
            by=_records,
            requires=(complete,),
            effect=_remarked,
            cite="IM-071",
        ),
        Step(
            "agree",
            _("Agree to the estimate"),
            source=State.ASKED,
            target=State.AGREED,
            by=_accepts,
            requires=(complete,),
            effect=_remarked,
            cite="IM-071",
        ),
        Step(
            "return",
            _("Return with a remark"),
            source=State.ASKED,
            target=State.DRAFT,
            by=_accepts,
            requires=(remark_given,),
            effect=_remarked,
            cite="IM-071",
        ),
    ),
    duties=owed,
)


@transaction.atomic
def edit(project: Project, version: int, save: Callable[[Contract], None], *, actor: Actor) -> None:
    """Save the lines by `save`, which gets the contract; `version` is the one that the page showed.

    Raises `Refused` when somebody was faster, the estimate is no draft any more, or the actor does not record for the NGO;
    `ValueError` for a project whose contract was signed with its lines: those change by change requests.
    """
    locked(Project, project.pk)
    working = WorkingEstimate.objects.filter(project=project).first()
    if working is None:
        if project.contract.budget.exists():
            raise ValueError(project.pk)
        working = WORKING.begin(WorkingEstimate(project=project), actor=actor)
    WORKING.take("edit", working, actor=actor, version=version, save=save)
