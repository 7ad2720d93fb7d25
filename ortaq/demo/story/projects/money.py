"""The advance is paid; accountants record what was spent; the body admits it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from ortaq.core import clock
from ortaq.demo.story.beat import Beat, beat
from ortaq.demo.story.outcome import a_scan
from ortaq.projects.models import Expense
from ortaq.projects.procedure import money
from ortaq.projects.procedure.tranches import TRANCHES

from . import data, found
from .data import GRANT


def beats() -> Iterator[Beat]:
    for instrument, told in data.running()["term"].items():
        yield beat(told["paid_at"], pay, instrument)
    for number, told in enumerate(data.running()["expense"]):
        yield beat(told["at"], spend, number, told)
    yield beat(data.running()["admitted_at"], admit)


def pay(instrument: str) -> None:
    """The advance of every contract that has none paid yet."""
    for number, project in enumerate(found.projects(instrument), 1):
        advance = project.tranches.filter(is_advance=True, paid_on=None).first()
        if advance is not None:
            TRANCHES.take(
                "pay_tranche",
                project,
                actor=found.officer(instrument),
                number=advance.number,
                paid_on=clock.today(),
                paid_tiyn=advance.planned_tiyn,
                document=f"{instrument[:1].upper()}-{number:03}",
            )


def spend(number: int, told: dict[str, Any]) -> None:
    """One expense of each NGO that has it."""
    for ngo in told["ngos"]:
        project = found.project(ngo, GRANT)
        line = found.line(project, told["line"])
        expense = Expense(
            line=line,
            activity=line.activity,
            document=told["document"],
            document_number=f"{number + 1}-{project.pk}",
            spent_on=told["at"].date(),
            payee=told["payee"],
            what_for=told["what"],
            sum_tiyn=line.grant_tiyn * told["percent"] // 100 // data.TENGE * data.TENGE,
            reason=told.get("reason", ""),
            scan=a_scan(f"{number + 1}-{ngo}.pdf", f"Document {number + 1} of {ngo}"),
        )
        form = uuid.uuid5(data.FORMS, f"expense {number} {ngo}")
        money.record(project, expense, form, actor=found.accountant(ngo))


def admit() -> None:
    """Gulnara admits what is in order so far; of what goes beyond its line she admits nothing."""
    gulnara = found.officer(GRANT)
    for project in found.projects(GRANT):
        rows = project.expenses.filter(state=Expense.State.RECORDED)
        money.admit_all(
            project, rows.filter(warned=[]).values_list("number", flat=True), actor=gulnara
        )
        for expense in rows.exclude(warned=[]):
            expense.project = project
            remark = data.running()["beyond_line"]
            money.EXPENSE.take("refuse", expense, actor=gulnara, remark=remark)
