"""The five tools of a visit: sheets, answers, what a finished tool says."""

from __future__ import annotations

import uuid
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from ortaq.core import clock as house
from ortaq.core.procedure import Refused
from ortaq.oversight.models import Answer, Instrument, MonitoringPlan, Visit
from ortaq.oversight.procedure import instrument as tools
from ortaq.oversight.procedure import plan as planning
from ortaq.oversight.procedure import visit as visiting
from ortaq.oversight.procedure.instrument import INSTRUMENT
from ortaq.oversight.procedure.plan import PLAN
from ortaq.oversight.procedure.visit import VISIT
from ortaq.oversight.queries.instrument import dynamics
from ortaq.oversight.sheets import merge, texts_of
from ortaq.oversight.tools import TOOLS, tool_of
from ortaq.oversight.tools.asked import keys
from ortaq.projects.reporting.content import mark_of

from .scenes import NOW, YEAR, Cast, begun_with_all_tools, engaged, ordered

pytestmark = pytest.mark.django_db
MAY, SEPTEMBER = (house.at(date(YEAR, month, 15), 11) for month in (5, 9))


@pytest.fixture
def cast(clock) -> Cast:
    clock.set(NOW)
    return ordered()


@pytest.fixture
def visit(cast, clock) -> Visit:
    return begun_with_all_tools(cast, clock, MAY)


def row(visit: Visit, tool: str) -> Instrument:
    found = visit.instruments.get(tool=tool)
    found.visit = visit
    return found


def typed(found: Instrument, cast: Cast, **texts: str) -> None:
    """Saule types these texts, having seen what stands there now."""
    seen = {name: mark_of(texts_of(found.content).get(name, "")) for name in texts}
    tools.write(found, texts, seen, actor=cast.saule)


def finish(found: Instrument, cast: Cast) -> dict[str, Any]:
    INSTRUMENT.take("finish", found.visit, actor=cast.saule, tool=found.tool)
    found.refresh_from_db()
    content: dict[str, Any] = found.content
    return content


def codes(found: Instrument) -> list[str]:
    return [one.about for one in tools.lacks(found)]


@pytest.mark.req("SO-M-08", "SO-M-03")
def test_indicators_stand_as_the_records_said_when_the_visit_began(cast, visit):
    found = row(visit, "indicators")
    facts = found.content["facts"]["rows"]
    assert facts

    first, *rest = (one["key"] for one in facts)
    assert codes(found) == [f"judgement-{first}"]
    typed(found, cast, **{f"judgement-{key}": "agrees" for key in rest})
    typed(found, cast, **{f"judgement-{first}": "differs", "conclusion_ru": "Почти"})
    assert codes(found) == [f"remark-{first}"]
    typed(found, cast, **{f"remark-{first}": "Тізімде 12 адам"})
    # Only what the sheet offers is taken.
    typed(found, cast, **{f"judgement-{first}": "differs", "judgement-0": "agrees"})
    content = finish(found, cast)

    assert content["figures"]["differs"] == 1
    assert content["figures"]["agrees"] == len(rest)
    assert "judgement-0" not in content["texts"]
    assert content["summary"]["ru"].endswith("\nПочти")
    with pytest.raises(Refused) as refused:
        typed(found, cast, conclusion_ru="Иначе")
    assert refused.value.has("finished")
    INSTRUMENT.take("take_up", visit, actor=cast.saule, tool="indicators")
    found.refresh_from_db()
    assert found.done_at is None
    assert "summary" not in found.content


@pytest.mark.req("SO-M-08")
def test_the_mystery_shopper_marks_every_question_or_says_why_not(cast, visit):
    found = row(visit, "mystery_shopper")
    assert codes(found)[:3] == ["place", "came", "service"]

    asked = keys("SO-MS", "points")
    marks = dict.fromkeys(asked, "5") | {asked[0]: "2", asked[1]: "-"}
    typed(found, cast, place="Көкшетау", came="2023-05-14T15:30", service="Кеңес")
    typed(found, cast, **{f"points-{key}": mark for key, mark in marks.items()})
    assert codes(found) == [f"comment-{asked[0]}"]
    typed(found, cast, **{f"comment-{asked[0]}": "Телефон өшірулі"})

    figures = finish(found, cast)["figures"]
    assert figures["marked"] == len(asked) - 1
    assert figures["mean"] == f"{2 + 5 * (len(asked) - 2)}/{len(asked) - 1}"


@pytest.mark.req("SO-M-08")
def test_documents_are_a_checklist_of_the_contract_and_money_in_doubt_is_added_up(cast, visit):
    found = row(visit, "documents")
    facts = found.content["facts"]
    assert facts["activities"]
    names = [
        one.name for part in TOOLS["documents"].parts(found) for r in part.rows for one in r.fields
    ]
    judged = {name: "true" for name in names if name.startswith("judgement-")}

    wrong = f"activity-{facts['activities'][0]['key']}"
    typed(found, cast, **judged | {f"judgement-{wrong}": "missing"})
    assert codes(found) == [f"remark-{wrong}"]
    typed(found, cast, **{f"remark-{wrong}": "Хаттама жоқ"})
    figures = finish(found, cast)["figures"]

    assert (figures["missing"], figures["true"]) == (1, len(judged) - 1)
    assert figures["doubtful_tiyn"] == 0


@pytest.mark.req("SO-M-08")
def test_a_link_counts_once_among_the_mentions(cast, visit):
    found, once = row(visit, "networks"), uuid.uuid4()
    values = {
        "network": "Instagram",
        "link": "https://example.kz/post/1",
        "seen_on": date(YEAR, 5, 10),
        "tone": "bad",
        "text": "",
    }
    for _twice in range(2):
        tools.mention(found, once, values, None, actor=cast.saule)
    with pytest.raises(Refused) as refused:
        tools.mention(found, uuid.uuid4(), values, None, actor=cast.saule)
    assert refused.value.has("twice")
    assert codes(found) == ["period"]

    typed(found, cast, period="Сәуір–мамыр")
    assert finish(found, cast)["figures"] == {
        "mentions": 1,
        "good": 0,
        "even": 0,
        "bad": 1,
        "networks": {"Instagram": 1},
    }


@pytest.mark.req("SO-M-04", "SO-M-08")
def test_a_questionnaire_counts_each_form_once_and_only_while_it_is_open(cast, visit, clock):
    found, once = row(visit, "survey"), uuid.uuid4()
    assert tools.answer(found, once, {"satisfied": 5}, way="link") is None
    tools.open_until(found, date(YEAR, 5, 20), actor=cast.saule)
    for _twice in range(2):
        assert tools.answer(found, once, {"satisfied": 5}, way="link") is not None
    tools.answer(found, uuid.uuid4(), {"satisfied": 3, "useful": 4}, way="link")
    clock.set(house.at(date(YEAR, 5, 21), 0, 1))
    assert tools.answer(found, uuid.uuid4(), {"satisfied": 1}, way="link") is None
    tools.answer(found, uuid.uuid4(), {"satisfied": 3}, way="phone", actor=cast.saule)
    twice = tools.answer(found, uuid.uuid4(), {"satisfied": 3}, way="phone", actor=cast.saule)
    assert twice is not None
    with pytest.raises(Refused) as refused:
        tools.strike_out(found, twice.pk, " ", actor=cast.saule)
    assert refused.value.has("no_reason")
    # What beneficiaries wrote themselves stands; what was entered twice counts once, and stays.
    for answer in (twice, found.answers.filter(way="link").earliest("pk")):
        tools.strike_out(found, answer.pk, "Екі рет енгізілген", actor=cast.saule)
    assert found.answers.filter(struck_at=None).count() == 3

    figures = finish(found, cast)["figures"]
    assert (Answer.objects.count(), figures["answers"]) == (4, 3)
    assert figures["satisfaction"] == "220/3"  # 11 points ÷ 3 ÷ 5 × 100
    assert figures["questions"]["satisfied"]["marks"] == [0, 0, 2, 0, 1]
    assert figures["questions"]["useful"]["mean"] == 4
    with pytest.raises(Refused):
        tools.answer(found, uuid.uuid4(), {"satisfied": 1}, way="phone", actor=cast.saule)


@pytest.mark.req("SO-M-08")
def test_satisfaction_is_compared_with_earlier_visits(cast, visit, clock):
    first = row(visit, "survey")
    tools.answer(first, uuid.uuid4(), {"satisfied": 3}, way="phone", actor=cast.saule)
    finish(first, cast)
    later = visit.plan.visits.get(number=2)
    clock.set(SEPTEMBER)
    VISIT.take("start", later, actor=cast.saule)
    second = row(later, "survey")
    tools.answer(second, uuid.uuid4(), {"satisfied": 4}, way="interview", actor=cast.saule)

    seen = dynamics(second, tool_of(second).figures(second))

    assert [(one.satisfaction, one.moved) for one in seen] == [
        (Fraction(60), None),
        (Fraction(80), Fraction(20)),
    ]


def test_what_two_people_typed_is_never_lost():
    content = {"texts": {"a": "их", "b": "их"}, "writers": {"a": "person:2", "b": "person:2"}}
    shown = {"a": mark_of("старое"), "b": mark_of("старое"), "c": mark_of("")}

    merged = merge(content, {"a": "моё", "b": "старое", "c": "моё"}, shown, writer="person:1")

    assert merged.texts == {"a": "их", "b": "их", "c": "моё"}
    assert merged.conflicts == {"a": "моё"}
    again = merge(content, {"a": "моё"}, shown, writer="person:1", insist=["a"])
    assert again.texts["a"] == "моё"


@pytest.mark.req("SO-M-12", "SO-M-13")
def test_only_the_body_and_the_expert_past_the_gate_write_sheets(cast, clock):
    engaged(cast, cleared=False)
    plan: MonitoringPlan = planning.open_plan(cast.project, YEAR, actor=cast.saule)
    asked = visiting.Planned(
        date(YEAR, 5, 15),
        "",
        tuple(TOOLS),
        engagement=cast.project.engagements.get().pk,
    )
    made = visiting.put(plan, uuid.uuid4(), asked, actor=cast.saule)
    PLAN.take("approve", plan, actor=cast.saule, reason="Жоба қысқа")
    clock.set(MAY)
    VISIT.take("start", made, actor=cast.saule)
    found = row(Visit.objects.get(), "networks")

    for stranger in (cast.aliya, cast.dana, cast.kanat, cast.nurbol, cast.erlan):
        with pytest.raises(Refused) as refused:
            tools.write(found, {"period": "x"}, {}, actor=stranger)
        assert refused.value.has("not_yours")
