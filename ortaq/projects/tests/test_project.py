"""A project is opened by its award, with what was signed kept apart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from ortaq.core import journal
from ortaq.core.procedure import Refused
from ortaq.faces import say
from ortaq.projects import baseline, spelling, tally
from ortaq.projects.procedure.project import PROJECT
from ortaq.projects.queries.progress import progress_of

from . import scenes

pytestmark = pytest.mark.django_db


@pytest.mark.req("GR-K-05")
def test_the_signed_contract_opens_the_project_with_its_advance_and_what_was_signed() -> None:
    project = scenes.running(scenes.cast())
    assert project.baseline_sha256 == baseline.sha256(baseline.of(project.contract))
    assert [(t.is_advance, t.planned_tiyn) for t in project.tranches.all()] == [
        (True, 400_000 * scenes.TENGE),
        (False, 600_000 * scenes.TENGE),
    ]
    assert project.indicators == 3
    assert not list(tally.drifts())


@pytest.mark.req("IM-010", "IM-041")
def test_what_the_text_of_a_place_leaves_open_is_given_once_and_then_changed_by_request(
    clock,
) -> None:
    clock.set(scenes.NOW)
    people = scenes.cast()
    project = scenes.running(people)
    activity = project.contract.activities.get(key="~a1")
    activity.indicators.update(reading="per_event", minimum=20)
    place = activity.places.get()

    def give(actor: Any, events: int | None, pk: int = 0) -> list[str]:
        values = {pk or place.pk: ("110000000", events)}
        try:
            PROJECT.take("places", project, actor=actor, activity=activity, values=values)
        except Refused as refused:
            return [one.code for one in refused.findings]
        return []

    def must() -> list[int]:
        lines = progress_of(project, date(2020, 7, 1)).lines
        return [one.target.first for one in lines if one.target and one.indicator.activity_id == activity.pk]  # fmt: skip

    assert give(people.dana, 4) == ["not_yours"]
    assert (give(people.bolat, 4), must()) == ([], [80])
    assert give(people.bolat, 1) == ["number_given"]  # nobody makes it easier for himself
    assert (give(people.gulnara, 3), must()) == ([], [60])
    # What an approved change says in words is read, and stands above what was given.
    activity.place = "Көкшетау – 2 іс-шара; Атбасар"
    activity.save()
    spelling.keep_in_step(project.contract)
    rows = [(one.name, one.region, one.events) for one in activity.places.all()]
    assert rows == [("Көкшетау", "110000000", 2), ("Атбасар", "", None)]
    assert give(people.gulnara, 9) == ["number_in_the_text"]


@pytest.mark.req("GR-I-16")
def test_what_the_sources_leave_open_is_cited_from_the_act_of_the_contract(clock) -> None:
    clock.set(scenes.NOW)
    people = scenes.cast()
    project = scenes.running(people)
    step = PROJECT["terminate"]
    assert PROJECT.clause(step, project).startswith("grants_rules/2020 ")

    project.contract.act, project.contract.edition = "tender_scoring", "2019"
    assert PROJECT.clause(step, project).startswith("tender_scoring/2019 ")
    assert say.law_address(PROJECT.clause(step, project)).startswith("/law/tender_scoring/2019/#")

    # Also where a refusal is written down: a clock set back.
    project.contract.save()
    clock.set(scenes.NOW - timedelta(days=1))
    with pytest.raises(Refused):
        PROJECT.take(step, project, actor=people.gulnara, reason="Себебі бар")
    kept = journal.history(project).latest("number").facts["why"]
    assert [one["cite"].partition(" ")[0] for one in kept] == ["tender_scoring/2019"]
