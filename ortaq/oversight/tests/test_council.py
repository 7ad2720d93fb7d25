"""Expert councils: announced, people put themselves forward, the NGO council approves, three years in office."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from ortaq.core import clock as house
from ortaq.core.models import Letter
from ortaq.core.procedure import Refused
from ortaq.oversight.models import ExpertCouncil, Nomination
from ortaq.oversight.procedure import council as councils
from ortaq.oversight.procedure import nomination
from ortaq.oversight.procedure.council import COUNCIL
from ortaq.oversight.procedure.evaluation import members_on
from ortaq.planning.models import Council

from .scenes import NOW, YEAR, Cast, an_expert, ordered

pytestmark = pytest.mark.django_db
State = ExpertCouncil.State
ME = {"experience": "Он жыл жастармен жұмыс істеймін", "education": "Педагог"}
TEXTS = {
    "title_kk": "Сараптамалық кеңес",
    "title_ru": "Экспертный совет",
    "announcement_kk": "Кандидаттарды шақырамыз",
    "announcement_ru": "Приглашаем кандидатов",
}
MINUTES: dict[str, Any] = {
    "approved_on": date(YEAR, 3, 13),
    "approval_number": "4",
    "office_from": date(YEAR, 3, 14),
    "office_until": date(YEAR + 3, 3, 13),
}


@pytest.fixture
def cast(clock) -> Cast:
    clock.set(NOW)
    return ordered()


@pytest.fixture
def announced(cast) -> ExpertCouncil:
    made = councils.begin(cast.akimat, TEXTS, actor=cast.saule)
    COUNCIL.take("announce", made, actor=cast.saule)
    return made


def of_ngos(cast: Cast) -> Council:
    return Council.objects.create(
        body=cast.akimat, kind=Council.Kind.COOPERATION, name_kk="ҮЕҰ-мен кеңес"
    )


def later(clock, days: int) -> None:
    clock.set(NOW + timedelta(days=days))


@pytest.mark.req("SO-E-05", "SO-E-06", "SO-E-07", "SO-E-09")
def test_a_council_goes_from_announcement_to_office(cast, announced, clock):
    assert announced.nominations_until == house.end_of(date(YEAR, 3, 11))
    nomination.nominate(announced, ME, actor=cast.erlan)
    not_taken = nomination.nominate(announced, ME, actor=an_expert("Асанов", "Асан"))
    with pytest.raises(Refused) as refused:
        COUNCIL.take("choose", announced, actor=cast.saule)
    assert refused.value.has("nominations_open")

    later(clock, 12)
    COUNCIL.take("choose", announced, actor=cast.saule)
    mine = announced.nominations.get(person=cast.erlan.user)
    nomination.answer(mine, chosen=True, reason="", actor=cast.saule)
    with pytest.raises(Refused) as refused:
        COUNCIL.take("lay", announced, actor=cast.saule)
    assert {one.code for one in refused.value.findings} == {"candidates_open", "no_ngo_council"}
    with pytest.raises(Refused):
        nomination.answer(not_taken, chosen=False, reason=" ", actor=cast.saule)
    nomination.answer(not_taken, chosen=False, reason="Тәжірибесі басқа салада", actor=cast.saule)
    COUNCIL.take("lay", announced, actor=cast.saule, laid_before=of_ngos(cast))
    COUNCIL.take("approve", announced, actor=cast.saule, **MINUTES)

    assert announced.state == State.IN_OFFICE
    assert members_on(announced, date(YEAR, 3, 14)) == [cast.erlan.user]
    assert members_on(announced, date(YEAR, 3, 13)) == []
    assert Letter.objects.get(kind="chosen").recipient == cast.erlan.user


@pytest.mark.req("SO-E-08")
def test_where_nobody_was_put_forward_the_body_forms_the_council_itself(cast, announced, clock):
    later(clock, 12)
    COUNCIL.take("choose", announced, actor=cast.saule)
    assert announced.formed_alone
    assert cast.erlan.user is not None
    nomination.invite(announced, cast.erlan.user, "Он жыл", actor=cast.saule)

    assert not announced.nominations.get().own


@pytest.mark.req("SO-X-26", "SO-E-08")
def test_a_late_candidate_is_kept_and_taken_only_by_a_reasoned_decision(cast, announced, clock):
    nomination.nominate(announced, ME, actor=cast.erlan)
    later(clock, 11)
    late = nomination.nominate(announced, ME, actor=an_expert("Асанов", "Асан"))
    assert late.late
    COUNCIL.take("choose", announced, actor=cast.saule)
    assert not announced.formed_alone
    with pytest.raises(Refused) as refused:
        nomination.invite(announced, cast.dana.user, "Он жыл", actor=cast.saule)
    assert refused.value.has("not_alone")
    with pytest.raises(Refused) as refused:
        nomination.answer(late, chosen=True, reason="", actor=cast.saule)
    assert refused.value.has("no_reason")


@pytest.mark.req("SO-E-05")
def test_officers_of_the_body_do_not_sit_on_its_council(cast, announced):
    with pytest.raises(Refused) as refused:
        nomination.nominate(announced, ME, actor=cast.marat)
    assert refused.value.has("works_for_the_body")


@pytest.mark.req("SO-X-18")
def test_a_composition_that_is_returned_is_chosen_anew(cast, announced, clock):
    nomination.nominate(announced, ME, actor=cast.erlan)
    later(clock, 12)
    COUNCIL.take("choose", announced, actor=cast.saule)
    nomination.answer(announced.nominations.get(), chosen=True, reason="", actor=cast.saule)
    COUNCIL.take("lay", announced, actor=cast.saule, laid_before=of_ngos(cast))
    COUNCIL.take("return", announced, actor=cast.saule, remark="Заңгер жоқ")

    assert (announced.state, announced.remark) == (State.CHOOSING, "Заңгер жоқ")


@pytest.mark.req("SO-E-05", "SO-X-13")
def test_a_term_longer_than_three_years_is_warned_about_and_allowed(cast, announced, clock):
    nomination.nominate(announced, ME, actor=cast.erlan)
    later(clock, 12)
    COUNCIL.take("choose", announced, actor=cast.saule)
    nomination.answer(announced.nominations.get(), chosen=True, reason="", actor=cast.saule)
    COUNCIL.take("lay", announced, actor=cast.saule, laid_before=of_ngos(cast))
    long = MINUTES | {"office_until": date(YEAR + 3, 3, 14)}
    warned = COUNCIL.findings("approve", announced, cast.saule, **long)
    assert [(one.code, one.severity.value) for one in warned] == [("term_too_long", "warning")]
    assert COUNCIL.findings("approve", announced, cast.saule, **MINUTES) == []

    COUNCIL.take("approve", announced, actor=cast.saule, **long)
    leaves = announced.nominations.get(state=Nomination.State.CHOSEN)
    with pytest.raises(Refused) as refused:
        nomination.replace(announced, leaves, cast.dana.user, {"reason": ""}, actor=cast.saule)
    assert {one.code for one in refused.value.findings} == {"no_reason", "no_day"}
    values = {"reason": "Көшіп кетті", "approved_on": date(YEAR, 3, 13), "experience": "Бес жыл"}
    nomination.replace(announced, leaves, cast.dana.user, values, actor=cast.saule)
    assert members_on(announced, date(YEAR, 3, 14)) == [cast.dana.user]


@pytest.mark.req("SO-E-07")
@pytest.mark.parametrize("stranger", ["kanat", "aliya", "erlan", "nurbol"])
def test_only_the_body_forms_its_council(cast, announced, stranger, clock):
    actor = getattr(cast, stranger)
    with pytest.raises(Refused):
        councils.begin(cast.akimat, TEXTS, actor=actor)
    later(clock, 12)
    with pytest.raises(Refused) as refused:
        COUNCIL.take("choose", announced, actor=actor)
    assert refused.value.has("not_yours")
