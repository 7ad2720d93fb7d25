"""The plan of monitoring: who does it is decided by the threshold, how often by the edition."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from ortaq.core.procedure import Refused
from ortaq.oversight.models import MonitoringPlan, Visit
from ortaq.oversight.procedure import plan as planning
from ortaq.oversight.procedure import visit as visiting
from ortaq.oversight.procedure.plan import PLAN
from ortaq.oversight.procedure.visit import VISIT
from ortaq.projects.models import Contract, Project

from .scenes import NOW, YEAR, Cast, engaged, ordered, planned

pytestmark = pytest.mark.django_db
Way = MonitoringPlan.Way
# 3450 tenge in 2023.
THRESHOLD_TIYN = 500 * 3450 * 100
TWO = ("indicators", "documents")


@pytest.fixture
def cast(clock) -> Cast:
    clock.set(NOW)
    return ordered()


def priced(cast: Cast, sum_tiyn: int) -> Project:
    Contract.objects.filter(pk=cast.project.contract_id).update(sum_tiyn=sum_tiyn)
    return Project.objects.get(pk=cast.project.pk)


@pytest.mark.req("SO-M-09", "SO-M-10", "SO-M-11", "SO-X-10")
@pytest.mark.parametrize(
    ("sum_tiyn", "way"),
    [(THRESHOLD_TIYN, Way.OWN), (THRESHOLD_TIYN + 1, Way.EXPERT), (100, Way.OWN)],
)
def test_exactly_the_threshold_is_monitored_by_the_body_itself_and_both_figures_are_kept(
    cast, sum_tiyn, way
):
    plan = planning.open_plan(priced(cast, sum_tiyn), YEAR, actor=cast.saule)

    assert plan.way == way
    assert (plan.amount_tiyn, plan.threshold_tiyn) == (sum_tiyn, THRESHOLD_TIYN)
    assert plan.index_tiyn == 3450 * 100


@pytest.mark.req("SO-X-10")
def test_a_decision_stands_when_the_contract_changes_until_it_is_taken_anew(cast):
    plan = planned(cast, approved=False)
    priced(cast, THRESHOLD_TIYN * 2)

    plan.refresh_from_db()
    assert plan.way == Way.OWN
    PLAN.take("decide", plan, actor=cast.saule)

    assert (plan.way, plan.amount_tiyn) == (Way.EXPERT, THRESHOLD_TIYN * 2)


@pytest.mark.req("SO-M-10")
def test_above_the_threshold_each_visit_needs_the_independent_expert(cast):
    priced(cast, THRESHOLD_TIYN + 1)
    plan = planned(cast, approved=False)

    with pytest.raises(Refused) as refused:
        PLAN.take("approve", plan, actor=cast.saule)
    assert refused.value.has("no_expert")

    engagement = engaged(cast)
    for visit in plan.visits.all():
        asked = visiting.Planned(visit.planned_on, "", TWO, engagement=engagement.pk)
        VISIT.take("move", visit, actor=cast.saule, asked=asked, version=visit.version)
    PLAN.take("approve", plan, actor=cast.saule)

    assert plan.state == MonitoringPlan.State.APPROVED


@pytest.mark.req("SO-M-02", "SO-X-09")
def test_a_sixth_visit_is_refused_and_a_single_one_wants_a_reason(cast):
    days = [date(YEAR, month, 10) for month in range(4, 9)]
    plan = planned(cast, *days, approved=False)
    sixth = visiting.Planned(date(YEAR, 10, 10), "", TWO)
    with pytest.raises(Refused) as refused:
        visiting.put(plan, uuid.uuid4(), sixth, actor=cast.saule)
    assert refused.value.has("too_many_visits")

    for visit in list(plan.visits.all())[1:]:
        VISIT.take("call_off", visit, actor=cast.saule, remark="Қайталанады")
    with pytest.raises(Refused) as refused:
        PLAN.take("approve", plan, actor=cast.saule)
    assert refused.value.has("no_reason")
    PLAN.take("approve", plan, actor=cast.saule, reason="Жоба бес апта жүреді")

    assert plan.reason == "Жоба бес апта жүреді"
    assert visiting.put(plan, uuid.uuid4(), sixth, actor=cast.saule).number == 6


@pytest.mark.req("SO-M-07", "SO-M-08")
@pytest.mark.parametrize(
    ("tools", "day", "code"),
    [
        (("documents",), date(YEAR, 5, 1), "too_few_tools"),
        (("documents", "documents"), date(YEAR, 5, 1), "too_few_tools"),
        (("documents", "horoscope"), date(YEAR, 5, 1), "unknown_tool"),
        (TWO, date(YEAR, 2, 28), "day_outside"),
        (TWO, date(YEAR, 11, 21), "day_outside"),
    ],
)
def test_a_visit_has_two_tools_of_the_edition_and_a_day_of_the_project(cast, tools, day, code):
    plan = planned(cast, approved=False)
    with pytest.raises(Refused) as refused:
        visiting.put(plan, uuid.uuid4(), visiting.Planned(day, "", tools), actor=cast.saule)
    assert refused.value.has(code)


@pytest.mark.req("SO-18-04", "SO-18-06")
def test_the_edition_of_2018_asks_for_one_visit_in_each_quarter_and_knows_no_threshold(cast, clock):
    Contract.objects.filter(pk=cast.project.contract_id).update(
        starts_on=date(2021, 3, 1), ends_on=date(2021, 11, 20)
    )
    clock.set(NOW.replace(year=2021))
    # The journal of the scene is younger than this day; the edition is what is asked for here.
    plan = MonitoringPlan(
        project=Project.objects.get(pk=cast.project.pk),
        year=2021,
        act="rules_social_order",
        edition="2018",
        decided_at=NOW,
        amount_tiyn=1,
    )
    found = planning.decision(plan.project, 2021, planning.edition_of(plan), date(2021, 3, 1))
    lacking = planning.enough(plan, [date(2021, 5, 1), date(2021, 11, 1)])

    assert (found.way, found.threshold_tiyn) == (Way.LOT, None)
    assert lacking[0].numbers == {"quarters": [1, 3]}


def test_a_form_sent_twice_plans_one_visit_and_two_officers_do_not_overwrite_each_other(cast):
    plan, once = planned(cast, approved=False), uuid.uuid4()
    asked = visiting.Planned(date(YEAR, 6, 1), "Көкшетау", TWO)
    first = visiting.put(plan, once, asked, actor=cast.saule)
    assert visiting.put(plan, once, asked, actor=cast.marat) == first

    later = visiting.Planned(date(YEAR, 6, 5), "Көкшетау", TWO)
    VISIT.take("move", first, actor=cast.saule, asked=later, version=0)
    with pytest.raises(Refused) as refused:
        VISIT.take("move", first, actor=cast.marat, asked=asked, version=0)
    assert refused.value.has("changed_meanwhile")


@pytest.mark.req("SO-M-01")
@pytest.mark.parametrize("stranger", ["kanat", "aliya", "nurbol", "erlan"])
def test_only_the_body_that_ordered_plans_monitoring(cast, stranger):
    actor = getattr(cast, stranger)
    with pytest.raises(Refused):
        planning.open_plan(cast.project, YEAR, actor=actor)
    plan = planned(cast, approved=False)
    with pytest.raises(Refused):
        visiting.put(plan, uuid.uuid4(), visiting.Planned(date(YEAR, 6, 1), "", TWO), actor=actor)


@pytest.mark.req("SO-M-02", "SO-X-09")
def test_when_the_year_is_over_it_is_closed_with_what_was_held(cast, clock):
    plan = planned(cast)
    with pytest.raises(Refused) as refused:
        PLAN.take("end", plan, actor=cast.saule)
    assert refused.value.has("year_not_over", "visits_open")

    for visit in plan.visits.all():
        VISIT.take("call_off", visit, actor=cast.saule, remark="Жоба тоқтатылды")
    clock.set(NOW.replace(year=YEAR + 1))
    entry = PLAN.take("end", plan, actor=cast.saule)

    assert entry.facts["held"] == 0
    assert entry.facts["too_few"]
    assert not Visit.objects.filter(state=Visit.State.PLANNED).exists()
