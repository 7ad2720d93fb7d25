"""A visit from its beginning to its report."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from ortaq.core import clock as house
from ortaq.core.models import Duty
from ortaq.core.procedure import Refused
from ortaq.oversight.models import Instrument, Observation, Visit
from ortaq.oversight.procedure import report as reporting
from ortaq.oversight.procedure.visit import VISIT
from ortaq.oversight.queries.visit import visits_visible_to

from .scenes import NOW, YEAR, Cast, ordered, planned

pytestmark = pytest.mark.django_db
MAY = house.at(date(YEAR, 5, 15), 11)


@pytest.fixture
def cast(clock) -> Cast:
    clock.set(NOW)
    return ordered()


@pytest.fixture
def begun(cast, clock) -> Visit:
    visit = planned(cast).visits.order_by("planned_on")[0]
    clock.set(MAY)
    VISIT.take("start", visit, actor=cast.saule)
    return visit


def write(visit: Visit, cast: Cast) -> None:
    """Verdicts and conclusion in both languages, and the tools brought to an end."""
    typed = dict.fromkeys(reporting.texts_of(visit), "Мәтін")
    typed |= {name: "met" for name in typed if name.endswith("_verdict")}
    assert reporting.write(visit, typed, version=visit.version, actor=cast.saule)
    Instrument.objects.filter(visit=visit).update(done_at=MAY)


@pytest.mark.req("SO-M-08")
def test_the_ngo_learns_of_a_visit_when_it_begins(cast, clock):
    visit = planned(cast).visits.order_by("planned_on")[0]
    assert not visits_visible_to(cast.aliya).exists()
    assert set(Duty.objects.filter(code="visit").values_list("bearer", flat=True)) == {
        cast.saule.key
    }

    clock.set(MAY)
    VISIT.take("start", visit, actor=cast.saule)

    assert visits_visible_to(cast.aliya).get() == visit
    for stranger in (cast.dana, cast.kanat, cast.nurbol, cast.erlan):
        assert not visits_visible_to(stranger).exists()


@pytest.mark.req("SO-M-03", "SO-M-04", "SO-M-05", "SO-M-06", "SO-M-07", "SO-M-15")
def test_a_report_is_formed_when_nothing_is_missing_and_stays_as_it_was(cast, begun):
    with pytest.raises(Refused) as refused:
        VISIT.take("report", begun, actor=cast.saule)
    codes = [one.code for one in refused.value.findings]
    assert codes == ["too_few_tools", *["no_verdict"] * 4, "no_conclusion", "no_conclusion"]

    write(begun, cast)
    Observation.objects.create(
        visit=begun,
        number=1,
        once=uuid.uuid4(),
        indicator="process",
        weight=Observation.Weight.SERIOUS,
        text="Тізім жоқ",
        seen_at=MAY,
    )
    with pytest.raises(Refused) as refused:
        VISIT.take("report", begun, actor=cast.saule)
    assert [one.code for one in refused.value.findings] == ["no_action"]

    Observation.objects.update(withdrawn_at=MAY, withdrawn_reason="Тізім табылды")
    VISIT.take("report", begun, actor=cast.saule)

    assert begun.state == Visit.State.REPORTED
    assert begun.content is not None
    assert begun.content["verdicts"]["process"]["verdict"] == "met"
    assert len(begun.content_sha256) == 64
    with pytest.raises(Refused):
        reporting.write(begun, {"conclusion_kk": "Басқа"}, version=begun.version, actor=cast.saule)


@pytest.mark.req("SO-M-01")
@pytest.mark.parametrize("stranger", ["aliya", "dana", "kanat", "erlan", "nurbol"])
def test_nobody_but_the_body_and_its_expert_works_at_a_visit(cast, begun, stranger):
    with pytest.raises(Refused) as refused:
        reporting.write(begun, {}, version=begun.version, actor=getattr(cast, stranger))
    assert refused.value.has("not_yours")
