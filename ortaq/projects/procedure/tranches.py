"""Tranches: how the body divides the contract's sum, and what it paid (GR-K-05, SO-T-107).

plan_tranches   the body divides the sum that is not paid yet: days, sums, conditions
pay_tranche     the body records a payment with its document
unpay_tranche   a payment recorded by mistake is taken back, with the reason

All are entries in the project's own journal; further instalments than the advance are not in the sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Sum
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock
from ortaq.core.procedure import Attempt, Procedure, Step
from ortaq.law import grants as rules
from ortaq.law.findings import Finding, Severity
from ortaq.projects.models import Contract, Project, Tranche
from ortaq.projects.policy.project import accepts
from ortaq.projects.spending import clause, shown

PERCENT = 100
OPEN = (Project.State.RUNNING, Project.State.ACCEPTED)


def advance(contract: Contract, tiyn: int) -> Finding:
    """Whether an advance of `tiyn` stays within its share by the contract's edition: 40 % of a grant, 50 % of a social order."""
    edition = law.edition(contract.act, contract.edition)
    if contract.instrument == Contract.Instrument.GRANT:
        return rules.advance(edition, grant_tiyn=contract.sum_tiyn, advance_tiyn=tiyn)
    most, percent = edition.parameter("advance.max"), edition.number("advance.max")
    limit = contract.sum_tiyn * percent // PERCENT
    above = tiyn * PERCENT > contract.sum_tiyn * percent
    text = (
        _("The advance of {sum} is above {percent} per cent of the contract's sum, {limit}.")
        if above
        else _("The advance of {sum} is within {percent} per cent of the contract's sum, {limit}.")
    )
    return Finding(
        "advance_above_limit" if above else "advance_within_limit",
        Severity.ERROR if above else Severity.OK,
        format_lazy(text, sum=shown(tiyn), percent=percent, limit=shown(limit)),
        most.cite,
        {"amount_tiyn": tiyn, "limit_tiyn": limit, "percent": percent},
        "advance",
    )


def _advance_in_bounds(contract: Contract, tiyn: int) -> Iterable[Finding]:
    found = advance(contract, tiyn)
    if found.severity is Severity.ERROR:
        yield found


# --- The plan ------------------------------------------------------------------------------------


def sums_make_the_contract(project: Project, attempt: Attempt) -> Iterable[Finding]:
    """What is paid and what is planned make the contract's sum; the advance stays in its bounds."""
    planned: Sequence[Tranche] = attempt.facts.get("planned", ())
    paid = project.tranches.exclude(paid_on=None).aggregate(sum=Sum("paid_tiyn"))["sum"] or 0
    total = paid + sum(one.planned_tiyn for one in planned)
    contract = project.contract
    if total != contract.sum_tiyn:
        yield Finding(
            "tranches_differ",
            Severity.ERROR,
            format_lazy(
                _("Paid and planned tranches make {total}, the contract is {sum}."),
                total=shown(total),
                sum=shown(contract.sum_tiyn),
            ),
            clause(contract, "line"),
            {"total_tiyn": total, "sum_tiyn": contract.sum_tiyn},
            "planned_tiyn",
        )
    for one in planned:
        if one.is_advance:
            yield from _advance_in_bounds(contract, one.planned_tiyn)


def _planned(project: Project, attempt: Attempt) -> Mapping[str, Any]:
    """The unpaid tranches become those typed, in their order; paid ones stay."""
    project.tranches.filter(paid_on=None).delete()
    taken = set(project.tranches.values_list("number", flat=True))
    free = (number for number in range(1, 1000) if number not in taken)
    rows = attempt.facts["planned"]
    for one in rows:
        one.pk, one.project, one.number = None, project, next(free)
        one._state.adding = True
        one.save()
    return {"planned": [[one.number, one.planned_tiyn] for one in rows]}


# --- Payments ------------------------------------------------------------------------------------


def _tranche(project: Project, attempt: Attempt) -> Tranche | None:
    return project.tranches.filter(number=attempt.facts.get("number") or 0).first()


def payment_in_bounds(project: Project, attempt: Attempt) -> Iterable[Finding]:
    """A tranche is paid once, after the contract was concluded, within the contract's sum and the advance's share."""
    contract, facts = project.contract, attempt.facts
    tranche = _tranche(project, attempt)
    tiyn, day = facts.get("paid_tiyn"), facts.get("paid_on")
    if tranche is None or tranche.paid_on is not None:
        yield _error(contract, "paid_already_tranche", _("This tranche is paid already."), "number")
        return
    if not isinstance(tiyn, int) or tiyn <= 0:
        yield _error(contract, "no_sum", _("State a sum above zero."), "paid_tiyn")
        return
    if day is None or day > clock.day_of(attempt.now):
        yield _error(
            contract, "paid_in_future", _("A payment cannot have a date in the future."), "paid_on"
        )
    elif contract.concluded_on and day < contract.concluded_on:
        message = _("Money is paid after the contract is concluded, not before.")
        yield _error(contract, "paid_before_contract", message, "paid_on")
    rest = contract.sum_tiyn - project.paid_tiyn
    if tiyn > rest:
        message = format_lazy(_("Of the contract's sum {rest} is not paid yet."), rest=shown(rest))
        yield _error(contract, "paid_beyond_contract", message, "paid_tiyn")
    if tranche.is_advance:
        yield from _advance_in_bounds(contract, tiyn)


def _error(contract: Contract, code: str, message: Any, about: str) -> Finding:
    return Finding(code, Severity.ERROR, message, clause(contract, "line"), about=about)


def _paid(project: Project, attempt: Attempt) -> Mapping[str, Any]:
    tranche = _tranche(project, attempt)
    assert tranche is not None  # the requirement has seen it
    tranche.paid_on, tranche.paid_tiyn = attempt.facts["paid_on"], attempt.facts["paid_tiyn"]
    tranche.document = str(attempt.facts.get("document") or "")
    tranche.save(update_fields=["paid_on", "paid_tiyn", "document"])
    _keep_paid(project)
    return {"number": tranche.number, "paid_tiyn": tranche.paid_tiyn, "paid_on": tranche.paid_on}


def is_paid_and_why(project: Project, attempt: Attempt) -> Iterable[Finding]:
    tranche = _tranche(project, attempt)
    if tranche is None or tranche.paid_on is None:
        yield _error(project.contract, "not_paid", _("This tranche is not paid."), "number")
    if not str(attempt.facts.get("reason") or "").strip():
        yield _error(project.contract, "no_reason", _("Say why."), "reason")


def _unpaid(project: Project, attempt: Attempt) -> Mapping[str, Any]:
    tranche = _tranche(project, attempt)
    assert tranche is not None
    before = tranche.paid_tiyn
    tranche.paid_on = tranche.paid_tiyn = None
    tranche.document, tranche.remark = "", str(attempt.facts["reason"]).strip()
    tranche.save(update_fields=["paid_on", "paid_tiyn", "document", "remark"])
    _keep_paid(project)
    return {"number": tranche.number, "paid_tiyn": before}


def _keep_paid(project: Project) -> None:
    project.paid_tiyn = project.tranches.aggregate(sum=Sum("paid_tiyn"))["sum"] or 0
    project.save(update_fields=["paid_tiyn"])


TRANCHES: Procedure[Project] = Procedure(
    Project,
    (
        Step(
            "plan_tranches",
            _("Divide the sum into tranches"),
            source=OPEN,
            target=None,
            by=accepts,
            requires=(sums_make_the_contract,),
            effect=_planned,
            cite="GR-K-05",
        ),
        Step(
            "pay_tranche",
            _("Record the payment"),
            source=OPEN,
            target=None,
            by=accepts,
            requires=(payment_in_bounds,),
            effect=_paid,
            cite="GR-K-05",
        ),
        Step(
            "unpay_tranche",
            _("Take the payment back"),
            source=OPEN,
            target=None,
            by=accepts,
            requires=(is_paid_and_why,),
            effect=_unpaid,
            cite="GR-K-05",
        ),
    ),
)
