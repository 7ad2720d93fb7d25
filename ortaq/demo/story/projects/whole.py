"""Two NGOs keep their promise: the second tranche comes, the estimate is spent nearly whole, what is left of each indicator is proved."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ortaq.core import clock
from ortaq.demo.story.beat import Beat, beat
from ortaq.demo.story.outcome import a_scan
from ortaq.projects.models import BudgetLine, Contract, Evidence, Expense, Project
from ortaq.projects.procedure import evidence, money, working_estimate
from ortaq.projects.procedure.tranches import TRANCHES
from ortaq.projects.procedure.working_estimate import WORKING
from ortaq.projects.queries.progress import progress_of

from . import data, found
from .data import GRANT, ORDER

PERCENT = 100


def beats() -> Iterator[Beat]:
    for number, told in enumerate(data.running()["whole"]):
        instrument = ORDER if told.get("order") else GRANT
        if "estimate_at" in told:
            yield beat(told["estimate_at"], agree_estimate, told)
        yield beat(told["paid_at"], pay, told, instrument)
        yield beat(told["at"], spend, number, told, instrument)
        yield beat(told["at"], prove, told, instrument, uuid.uuid5(data.FORMS, f"whole {number}"))
        yield beat(told["accepted_at"], accept, told, instrument)


def agree_estimate(told: dict[str, Any]) -> None:
    """The supplier of a social order writes its working estimate in the shares of the story; the akimat agrees."""
    project = found.project(told["ngo"], ORDER)
    if project.contract.budget.exists():
        return

    def save(contract: Contract) -> None:
        left = contract.sum_tiyn
        whole = contract.activities.earliest("position")
        for position, (category, item, percent) in enumerate(told["lines"], 1):
            tiyn = contract.sum_tiyn * percent // PERCENT if percent else left
            left -= tiyn
            BudgetLine.objects.create(
                contract=contract,
                key=f"w{position}",
                year=told["at"].year,
                position=position,
                category=category,
                activity=None if category == "salaries_lines" else whole,
                item=item,
                quantity=Decimal(1),
                unit_cost_tiyn=tiyn,
                grant_tiyn=tiyn,
            )

    working_estimate.edit(project, 0, save, actor=found.accountant(told["ngo"]))
    WORKING.take("ask", project.working_estimate, actor=found.accountant(told["ngo"]))
    WORKING.take("agree", project.working_estimate, actor=found.officer(ORDER))


def pay(told: dict[str, Any], instrument: str) -> None:
    """What was not paid yet, whole."""
    project = found.project(told["ngo"], instrument)
    for tranche in project.tranches.filter(paid_on=None):
        TRANCHES.take(
            "pay_tranche",
            project,
            actor=found.officer(instrument),
            number=tranche.number,
            paid_on=clock.today(),
            paid_tiyn=tranche.planned_tiyn,
            document=f"{instrument[:1].upper()}-{project.pk:03}-{tranche.number}",
        )


def spend(number: int, told: dict[str, Any], instrument: str) -> None:
    """One expense on what is left of each line; a little stays, as it does."""
    project = found.project(told["ngo"], instrument)
    year = told["at"].year
    for line in project.contract.budget.filter(year=year).select_related("activity", "contract"):
        counted = line.expenses.exclude(state=Expense.State.VOIDED)
        left = line.grant_tiyn - sum(counted.values_list("sum_tiyn", flat=True))
        sum_tiyn = left * told["percent"] // PERCENT // data.TENGE * data.TENGE
        if sum_tiyn <= 0:
            continue
        expense = Expense(
            line=line,
            activity=line.activity,
            document=Expense.Document.PAYMENT_ORDER,
            document_number=f"{project.pk}-{line.position}-{line.pk}",
            spent_on=told["at"].date(),
            payee=told["payee"],
            what_for=line.item,
            sum_tiyn=sum_tiyn,
            scan=a_scan(f"{line.key}-{told['ngo']}.pdf", f"Payment for {line.key}"),
        )
        form = uuid.uuid5(data.FORMS, f"whole {number} {line.key}")
        money.record(project, expense, form, actor=found.accountant(told["ngo"]))


def prove(told: dict[str, Any], instrument: str, form: uuid.UUID) -> None:
    """One summary note for what is still to be proved of all indicators; `form` makes it once."""
    project = found.project(told["ngo"], instrument)
    proves = [
        evidence.Proves(line.indicator, *rest(line.target, line.done))
        for line in progress_of(project, clock.today()).lines
        if line.target is not None and not line.done.reaches(line.target)
    ]
    if not proves:
        return
    fields = {
        "kind": Evidence.Kind.NOTE,
        "title": told["note"],
        "text": told["note"],
        "day": told["at"].date(),
    }
    evidence.add(
        project, form, [evidence.Piece(fields, proves=proves)], actor=found.head(told["ngo"])
    )


def rest(target: Any, done: Any) -> tuple[int, int | None]:
    """What a note has to say so that target is reached: the first number, and the second of a pair."""
    first = max(target.first - done.first, 0)
    if target.second is None:
        return max(first, 1), None
    return first, max(target.second - (done.second or 0), 0)


def accept(told: dict[str, Any], instrument: str) -> None:
    """The body admits the expenses and accepts the note."""
    project, officer = found.project(told["ngo"], instrument), found.officer(instrument)
    if project.state == Project.State.CLOSED:
        return
    waiting = project.expenses.filter(state=Expense.State.RECORDED)
    money.admit_all(project, waiting.values_list("number", flat=True), actor=officer)
    attached = project.evidence.filter(state=Evidence.State.ATTACHED)
    if numbers := list(attached.values_list("number", flat=True)):
        evidence.take(evidence.ACCEPT, project, numbers, actor=officer)
