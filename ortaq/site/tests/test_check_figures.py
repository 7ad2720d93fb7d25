"""`ortaq check` finds what does not follow from its rows, and says nothing where all is well."""

from __future__ import annotations

import io
import uuid
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from ortaq.core import clock as house_clock
from ortaq.core.models import JournalEntry
from ortaq.projects.models import Expense, Project
from ortaq.projects.procedure.money import record
from ortaq.projects.tests import scenes

pytestmark = pytest.mark.django_db


def said() -> str:
    out = io.StringIO()
    try:
        call_command("check", stdout=out, stderr=out)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


@pytest.mark.req("IM-070")
def test_a_changed_figure_a_changed_sum_and_a_changed_journal_are_found(clock):
    clock.set(scenes.NOW)
    people = scenes.cast()
    project = scenes.running(people)
    clock.set(house_clock.at(date(2020, 8, 20), 10))
    typed = Expense(
        line=project.contract.budget.get(key="~b1"),
        document="invoice",
        document_number="7",
        spent_on=date(2020, 8, 10),
        payee="«Кеңсе» ЖШС",
        sum_tiyn=500,
    )
    record(project, typed, uuid.uuid4(), actor=people.bolat)
    assert "hold together" in said()
    Project.objects.filter(pk=project.pk).update(covered=9)
    Expense.objects.update(admitted_tiyn=100)
    JournalEntry.objects.filter(subject=f"projects.expense:{typed.pk}").update(step="void")
    found = said()
    assert f"projects.project:{project.pk} covered: kept 9, counted 0" in found
    assert "expense 1: the admitted sum does not go with the state" in found
    assert "its content was changed after it was written" in found
    # The kept sum of what is admitted is 0, the row says 100: four faults in all.
    assert "4 faults" in found
