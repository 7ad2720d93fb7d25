"""Whom a project reached beyond its events: counted once, told in the reports with the plan beside it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.core.procedure import Refused
from ortaq.projects import once
from ortaq.projects.models import Project
from ortaq.projects.procedure import reach as procedure
from ortaq.projects.procedure.reach import Reached
from ortaq.projects.procedure.schedule import make
from ortaq.projects.queries.reach import reached
from ortaq.projects.reporting.checks import findings_of
from ortaq.projects.reporting.content import assemble

from . import scenes

pytestmark = pytest.mark.django_db
NGO = Reached("«Қамқор» ҚБ")


@pytest.fixture
def people(clock):
    clock.set(scenes.NOW)
    return scenes.cast()


@pytest.fixture
def project(people, clock) -> Project:
    made = scenes.running(people)
    clock.set(house_clock.at(date(2020, 8, 3), 10))
    return made


def record(project: Project, actor: Any, kind: str, line: Reached, day: int = 20) -> list[str]:
    try:
        procedure.record(project, once.new(), kind, date(2020, 7, day), [line], actor=actor)
    except Refused as refused:
        return [one.code for one in refused.findings]
    return []


@pytest.mark.req("GR-I-10")
def test_an_ngo_counts_once_until_its_line_is_struck_out(people, project):
    assert record(project, people.gulnara, "ngo", NGO) == ["not_yours"]
    assert record(project, people.bolat, "ngo", NGO) == []
    assert record(project, people.aliya, "ngo", Reached("«ҚАМҚОР» ҚБ")) == ["counted_already"]
    procedure.strike(project, 1, "Басқа ұйым екен", actor=people.bolat)
    assert record(project, people.aliya, "ngo", NGO) == []
    assert (reached(project).ngos, project.reach.count()) == (1, 2)
    steps = [entry.step for entry in journal.history(project)]
    assert [step for step in steps if "reach" in step] == ["reach_record", "reach_strike", "reach_record"]  # fmt: skip


@pytest.mark.req("GR-I-10", "IM-062")
def test_the_social_effect_stands_planned_and_done_in_both_creative_reports(people, project, clock):
    record(project, people.bolat, "ngo", NGO)
    record(project, people.bolat, "indirect", Reached("Облыстық арна", 5_000))
    interim = assemble(make(project, final=False, actor=people.aliya))
    row = interim.content["tables"]["work_done/activities"][-1]
    assert (row["participants"], "5000" in row["comments"]["kk"]) == (None, True)
    clock.set(house_clock.at(date(2020, 11, 21), 9))
    final = assemble(make(project, final=True, actor=people.aliya))
    path = "goal_results/text/planned_vs_actual"
    assert final.content["lines"][path]["ru"].splitlines()[:2] == [
        "Прямые бенефициары, человек: план 100, выполнено 0.",
        "Косвенные бенефициары через СМИ, человек: план 0, выполнено 5000.",
    ]
    # The figures say nothing of why: that is still asked for.
    assert path in {one.about for one in findings_of(final) if one.code == "missing"}
