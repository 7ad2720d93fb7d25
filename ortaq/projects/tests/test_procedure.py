"""The contract as steps: every state × step × role, the chain, the limits, two at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ortaq.core import journal
from ortaq.core.models import Duty
from ortaq.core.procedure import SYSTEM, Refused
from ortaq.people.models import Membership
from ortaq.projects.models import Activity, Contract, Indicator
from ortaq.projects.procedure.contract import CONTRACT, edit, sign
from ortaq.testing.together import at_once

from . import scenes

pytestmark = pytest.mark.django_db
STATES = ("draft", "approving", "agreed", "signed", "declined")
WHO = ("gulnara", "talgat", "clerk", "aliya", "bolat", "dana", "system")
# Who may take which step from which state; every other combination is refused.
ALLOWED = {
    ("draft", "edit", "gulnara"),
    ("draft", "edit", "talgat"),
    ("draft", "edit", "aliya"),
    ("draft", "edit", "bolat"),
    ("draft", "send", "gulnara"),
    ("draft", "send", "talgat"),
    ("draft", "decline", "gulnara"),
    ("draft", "decline", "talgat"),
    ("draft", "decline", "aliya"),
    ("approving", "agree", "gulnara"),  # her turn
    ("approving", "return", "gulnara"),
    ("approving", "decline", "gulnara"),
    ("approving", "decline", "talgat"),
    ("approving", "decline", "aliya"),
    ("agreed", "number", "gulnara"),
    ("agreed", "number", "talgat"),
    ("agreed", "sign", "gulnara"),
    ("agreed", "sign", "talgat"),
    ("agreed", "decline", "gulnara"),
    ("agreed", "decline", "talgat"),
    ("agreed", "decline", "aliya"),
}


@pytest.fixture
def people(clock):
    clock.set(scenes.NOW)
    return scenes.cast()


def codes(refused) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def in_state(people, state: str) -> Contract:
    if state == "approving":
        return scenes.approving(people)
    if state == "agreed":
        return scenes.agreed(people)
    if state == "signed":
        return scenes.signed(people)
    made = scenes.contract(people)
    if state == "declined":
        CONTRACT.take("decline", made, actor=people.aliya, remark="Бас тартамыз")
    return made


def facts(step: str) -> dict[str, Any]:
    if step == "sign":
        return scenes.paper()
    if step == "number":
        return {"number": "15", "concluded_on": date(2020, 6, 20)}
    if step == "edit":
        return {"block": "general", "version": 0, "save": lambda _contract: None}
    return {"remark": "Ескерту"}


@pytest.mark.req("GR-K-02", "GR-K-04")
@pytest.mark.parametrize("state", STATES)
def test_every_step_from_every_state_by_everybody(people, state):
    from django.db import transaction

    contract = in_state(people, state)
    taken, reasons = set(), set()
    for step in CONTRACT.steps:
        for who in WHO:
            actor = SYSTEM if who == "system" else getattr(people, who)
            point = transaction.savepoint()
            try:
                CONTRACT.take(step, contract, actor=actor, **facts(step))
            except Refused as refused:
                reasons |= {f.code for f in refused.findings}
            else:
                taken.add((state, step, who))
            transaction.savepoint_rollback(point)
            contract.refresh_from_db()
    assert taken == {one for one in ALLOWED if one[0] == state}
    assert reasons <= {"not_yours", "moved_on"}


# --- The chain -----------------------------------------------------------------------------------


@pytest.mark.req("GR-K-04")
def test_each_in_the_chain_agrees_in_turn_the_grantee_last(people):
    contract = scenes.approving(people)

    steps = ["agree"] * 4 + ["accept"]
    for step, actor in zip(steps, people.chain, strict=True):
        for other in people.chain:
            for wrong in {"agree", "accept"} - ({step} if other is actor else set()):
                with pytest.raises(Refused) as refused:
                    CONTRACT.take(wrong, contract, actor=other)
                assert codes(refused) == ["not_yours"]
        CONTRACT.take(step, contract, actor=actor)

    assert contract.state == "agreed"
    roles = [(place.role, place.person, place.agreed) for place in contract.approvals.all()]
    assert roles == [
        ("responsible_executor", people.gulnara.user, True),
        ("department_director", people.talgat.user, True),
        ("deputy_chair", people.zhanna.user, True),
        ("board_chair", people.nurlan.user, True),
        ("grantee", people.aliya.user, True),
    ]


@pytest.mark.req("GR-K-04")
def test_whoever_returns_says_why_and_the_chain_begins_anew(people):
    contract = scenes.approving(people, agreed=2)
    with pytest.raises(Refused) as refused:
        CONTRACT.take("return", contract, actor=people.zhanna, remark="  ")
    assert codes(refused) == ["no_remark"]

    CONTRACT.take("return", contract, actor=people.zhanna, remark="Сметаны түзетіңіз")

    assert contract.state == "draft"
    returned = contract.approvals.get(agreed=False)
    assert (returned.person, returned.remark) == (people.zhanna.user, "Сметаны түзетіңіз")
    CONTRACT.take("send", contract, actor=people.gulnara)
    assert set(contract.approvals.values_list("agreed", "remark")) == {(None, "")}


def test_whoever_left_the_operator_agrees_no_more(people):
    contract = scenes.approving(people, agreed=1)
    Membership.objects.filter(user=people.talgat.user).update(ends_on=date(2020, 6, 1))
    from ortaq.people.actor import actor_for

    with pytest.raises(Refused) as refused:
        CONTRACT.take("agree", contract, actor=actor_for(people.talgat.user))

    assert codes(refused) == ["not_yours"]


@pytest.mark.req("GR-K-04")
def test_the_duty_moves_along_the_chain(people):
    contract = scenes.contract(people)

    def duties() -> list[tuple[str, str]]:
        rows = Duty.objects.filter(subject=f"projects.contract:{contract.pk}", done_at=None)
        return list(rows.values_list("code", "bearer"))

    operator = f"organisation:{people.operator.pk}"
    assert duties() == [("complete_contract", operator)]
    CONTRACT.take("send", contract, actor=people.gulnara)
    assert duties() == [("agree-responsible_executor", people.gulnara.key)]
    for actor in people.chain[:4]:
        CONTRACT.take("agree", contract, actor=actor)
    assert duties() == [("agree-grantee", f"organisation:{people.ngo.pk}")]
    CONTRACT.take("accept", contract, actor=people.aliya)
    assert duties() == [("sign_contract", operator)]


# --- What is missing -----------------------------------------------------------------------------


def errors(contract, people) -> list[str]:
    found = CONTRACT.findings("send", contract, people.gulnara)
    return sorted(f.code for f in found if f.severity == "error")


def warnings(contract, people) -> list[str]:
    found = CONTRACT.findings("send", contract, people.gulnara)
    return sorted(f.code for f in found if f.severity == "warning")


def test_a_complete_contract_lacks_nothing(people):
    contract = scenes.contract(people)

    assert (errors(contract, people), warnings(contract, people)) == ([], [])


@pytest.mark.req("GR-K-05")
@pytest.mark.parametrize(
    ("tiyn", "found"), [(40_000_000, []), (40_000_001, ["advance_above_limit"])]
)
def test_the_advance_is_forty_per_cent_and_not_a_tiyn_more(people, tiyn, found):
    assert errors(scenes.contract(people, advance_tiyn=tiyn), people) == found


@pytest.mark.req("GR-K-06", "GR-X-07")
def test_material_support_is_ten_per_cent_of_the_grant_and_other_money_is_free(people):
    contract = scenes.contract(people)
    line = contract.budget.get(category="material_support_lines")
    line.unit_cost_tiyn = line.grant_tiyn = 100_000_00
    line.save()
    contract.budget.filter(category="salaries_lines").update(
        unit_cost_tiyn=850_000_00, grant_tiyn=850_000_00
    )
    assert errors(contract, people) == []

    line.unit_cost_tiyn, line.own_tiyn = 900_000_00, 800_000_00
    line.save()
    assert errors(contract, people) == []

    line.grant_tiyn, line.own_tiyn = 100_000_01, 799_999_99
    line.save()
    assert errors(contract, people) == ["estimate_differs", "material_support_above_limit"]


@pytest.mark.req("GR-K-07")
def test_the_estimate_is_the_sum_of_the_contract_and_its_lines_add_up(people):
    contract = scenes.contract(people, sum_tiyn=1_000_001_00, advance_tiyn=0)
    assert errors(contract, people) == ["estimate_differs"]

    contract = scenes.contract(people, source="award:2")
    contract.budget.filter(key="~b1").update(own_tiyn=1)
    assert errors(contract, people) == ["line_differs"]


@pytest.mark.req("GR-I-01", "GR-I-02")
def test_block_one_is_whole_and_names_are_written_as_the_form_says(people):
    contract = scenes.contract(people)
    contract.general = {**contract.general, "territory": " ", "grantee": "«Әлем» қоры."}
    contract.save()

    assert errors(contract, people) == ["general_row_missing"]
    assert warnings(contract, people) == ["name_not_as_written"]


@pytest.mark.req("GR-I-03", "GR-K-10", "GR-I-11")
def test_the_team_has_staff_and_the_three_roles(people):
    contract = scenes.contract(people)
    contract.team.filter(role="pr").delete()
    assert errors(contract, people) == []
    assert warnings(contract, people) == ["employees_differ", "role_missing"]

    contract.team.filter(table="staff").delete()
    assert errors(contract, people) == ["no_staff"]


@pytest.mark.req("GR-I-04", "GR-K-11")
@pytest.mark.parametrize("section", Activity.Section.values)
def test_tasks_presentation_and_information_work_are_all_obligatory(people, section):
    contract = scenes.contract(people)
    contract.budget.update(activity=None)
    contract.activities.filter(section=section).delete()

    assert "section_missing" in errors(contract, people)


@pytest.mark.req("GR-I-04", "GR-I-06")
def test_every_activity_has_indicators_and_every_indicator_a_number(people):
    contract = scenes.contract(people)
    first, second, _third = contract.activities.all()
    first.indicators.all().delete()
    second.indicators.update(planned="бірнеше", minimum=None, reading="")
    assert errors(contract, people) == ["indicators_without_number", "no_indicators"]

    Indicator.objects.create(activity=first, position=1, text="Саны", planned="5", minimum=5)
    second.indicators.update(minimum=3)
    assert errors(contract, people) == []


@pytest.mark.req("GR-I-10")
def test_nought_is_a_planned_level_and_an_empty_one_is_not(people):
    contract = scenes.contract(people)
    contract.social_effect = {**contract.social_effect, "ngos_covered": None}
    contract.save()

    assert errors(contract, people) == ["effect_missing"]


@pytest.mark.req("GR-I-11", "GR-K-09")
def test_blocks_that_contradict_one_another_are_pointed_out(people):
    contract = scenes.contract(people)
    contract.social_effect = {
        **contract.social_effect,
        "employees": 4,
        "specialists": 2,
        "partners": 5,
        "direct_beneficiaries": 301,  # three activities with 100 participants each
    }
    contract.ends_on = date(2020, 12, 20)
    contract.starts_on = date(2020, 8, 1)  # the activities are in July
    contract.save()
    contract.budget.update(activity=None)

    assert errors(contract, people) == []
    assert warnings(contract, people) == [
        "beneficiaries_differ",
        "cost_without_activity",
        "employees_differ",
        "outside_the_term",
        "partners_differ",
        "specialists_differ",
    ]


def test_the_chain_needs_a_person_at_every_place(people):
    contract = scenes.contract(people)
    contract.approvals.filter(role="deputy_chair").update(person=None)

    assert errors(contract, people) == ["chain_incomplete"]


# --- Editing -------------------------------------------------------------------------------------


def test_two_who_edit_one_block_do_not_overwrite_each_other(people):
    contract = scenes.contract(people)
    saved: list[Contract] = []
    edit(contract, "team", 0, saved.append, actor=people.aliya)

    with pytest.raises(Refused) as refused:
        edit(contract, "team", 0, saved.append, actor=people.gulnara)
    assert codes(refused) == ["block_changed"]
    edit(contract, "plan", 0, saved.append, actor=people.gulnara)  # another block is free

    assert len(saved) == 2
    assert contract.versions == {"team": 1, "plan": 1}
    facts_written = [e.facts for e in journal.history(contract) if e.step == "edit"]
    assert facts_written == [
        {"block": "team", "version": 1},
        {"block": "plan", "version": 1},
    ]


def test_terms_and_chain_are_the_operators(people):
    contract = scenes.contract(people)

    for block in ("terms", "approvals"):
        with pytest.raises(Refused) as refused:
            edit(contract, block, 0, lambda _contract: None, actor=people.aliya)
        assert codes(refused) == ["not_yours"]
        edit(contract, block, 0, lambda _contract: None, actor=people.gulnara)


# --- Signing -------------------------------------------------------------------------------------


@pytest.mark.req("GR-K-01", "GR-K-02")
def test_signing_takes_number_date_and_scan(people):
    contract = scenes.agreed(people)
    with pytest.raises(Refused) as refused:
        sign(contract, actor=people.gulnara)
    assert codes(refused) == ["paper_missing"] * 3

    with pytest.raises(Refused) as refused:
        sign(contract, actor=people.gulnara, **scenes.paper() | {"concluded_on": date(2020, 6, 21)})
    assert codes(refused) == ["concluded_in_future"]

    sign(contract, actor=people.gulnara, **scenes.paper("15/2020"))
    assert (contract.state, contract.number) == ("signed", "15/2020")
    entry = journal.history(contract).last()
    assert entry is not None
    assert contract.scan is not None
    assert entry.facts["scan"] == contract.scan.sha256


@pytest.mark.req("GR-K-01")
def test_a_number_is_given_once_by_one_body(people):
    scenes.signed(people, "15")
    second = scenes.agreed(people, source="award:2")

    with pytest.raises(Refused) as refused:
        sign(second, actor=people.talgat, **scenes.paper("15"))

    assert codes(refused) == ["number_taken"]
    assert second.state == "agreed"
    sign(second, actor=people.talgat, **scenes.paper("16"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same", [True, False], ids=["one contract", "one number for two"])
def test_two_officers_who_sign_at_once(clock, same):
    clock.set(scenes.NOW)
    people = scenes.cast()
    first = scenes.agreed(people)
    second = first if same else scenes.agreed(people, source="award:2")
    papers = [scenes.paper("15"), scenes.paper("16" if same else "15")]
    mine, theirs = (Contract.objects.get(pk=contract.pk) for contract in (first, second))

    answers = at_once(
        lambda: sign(mine, actor=people.gulnara, **papers[0]),
        lambda: sign(theirs, actor=people.talgat, **papers[1]),
        at=scenes.NOW,
    )

    (refused,) = (answer for answer in answers if isinstance(answer, Refused))
    assert [f.code for f in refused.findings] == ["moved_on" if same else "number_taken"]
    assert Contract.objects.filter(state="signed").count() == 1


def test_a_contract_that_is_not_concluded_keeps_the_reason(people):
    contract = scenes.agreed(people)

    CONTRACT.take("decline", contract, actor=people.aliya, remark="Жобадан бас тартамыз.")

    assert (contract.state, contract.decline_reason) == ("declined", "Жобадан бас тартамыз.")
    assert not Duty.objects.filter(
        subject=f"projects.contract:{contract.pk}", done_at=None
    ).exists()
